import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { ChoiceQuestion } from '../../source/ceremony/question.ts';
import {
  actionsQuestion,
  bringNewKey,
  type Found,
  knownKeysQuestion,
  listedKeysQuestion,
} from '../../source/commands/your-keys-questions.ts';
import { listKeys } from '../../source/status/listed-key.ts';
import { cells } from '../../source/terminal/cells.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { openPlain } from '../../source/ui/plain/open-plain.ts';
import { expiring, gone, keyOf, knownOf, never, now, period } from '../status/samples.ts';
import { assertStored } from '../stored-text.ts';
import type { FakeServices } from './fake-ceremony.ts';
import { ScreenSession } from './screen-session.ts';

const place = { source: 'profile:ops', region: 'us-east-1' } as const;
const known = [
  knownOf('a', { alias: 'alias/payments-2026', source: place.source, validTo: '2026-11-24T09:00:00.000Z' }),
  knownOf('f', { alias: 'alias/my-photos', source: place.source, validTo: '2026-12-23T20:10:00.000Z' }),
];
const keys = listKeys(
  [
    keyOf('a', { ...gone, aliases: ['alias/payments-2026'] }),
    keyOf('f', { ...expiring(27), aliases: ['alias/my-photos'] }),
    keyOf('b', { aliases: ['alias/archive'] }),
    keyOf('d', never),
    keyOf('e', { keyState: 'PendingDeletion', deletionDate: period.now, aliases: ['alias/old'] }),
  ],
  known,
  period,
);
const found: Found = { keys, hidden: 2, asOf: now };
const failed: Found = { problem: { kind: 'fixable', what: "Can't look at your keys.", why: 'No route.', next: [] } };
const shown = { startRow: undefined, canGoBack: true, ellipsis: '…' };

/** How the list is shown after a person has connected for a new key. */
const atNew = { startRow: bringNewKey, canGoBack: false };

/** Every page of your keys, in the order in which a person meets them. */
const pagesFor = (isWide: boolean): readonly (readonly [name: string, question: ChoiceQuestion])[] => [
  ['as the folders know', knownKeysQuestion(known, [place], [])],
  ['as AWS tells', listedKeysQuestion(place, async () => found, { ...shown, isWide })],
  ['of an account that no folder knows', listedKeysQuestion(place, async () => found, { ...shown, ...atNew, isWide })],
  ['AWS did not tell', listedKeysQuestion(place, async () => failed, { ...shown, isWide })],
  ...keys.map(
    (listed) =>
      [
        `what to do, ${listed.key.keyState} ${listed.alias ?? ''}`,
        actionsQuestion(listed, now, { ...shown, isWide }),
      ] as const,
  ),
];

function store(t: TestContext, name: string, texts: readonly string[]): void {
  const text = texts.map((each) => each.replaceAll(/ +$/gm, '').trimEnd()).join('\n\n');
  assertStored(t, `${text}\n`, new URL(`../frames/your-keys/${name}.txt`, import.meta.url));
}

for (const [columns, rows] of [
  [80, 24],
  [60, 20],
] as const)
  test(`your keys on a screen of ${columns}x${rows}: each page fits, and none has a checklist`, async (t) => {
    const frames: string[] = [];
    for (const [name, question] of pagesFor(columns >= 80)) {
      const session = await ScreenSession.open({ size: { columns, rows }, ceremony: { steps: [] } });
      session.screen.ask(question).catch(() => {});
      await session.until(/↑↓ move/);
      await session.settled();
      const frame = await session.shown();
      const lines = frame.split('\n');
      assert.ok(lines.length < rows && lines.every((line) => cells(line) <= columns), frame);
      frames.push(`== ${name}\n${frame}`);
      await session.screen.close();
    }
    store(t, `${columns}x${rows}`, frames);
  });

test('your keys with a screen reader: each page in words', async (t) => {
  const frames: string[] = [];
  for (const [name, question] of pagesFor(true)) {
    const session = await ScreenSession.open({ ceremony: { steps: [] }, env: { KEYFERRY_SCREEN_READER: '1' } });
    session.screen.ask(question).catch(() => {});
    await session.until(/Keys:/);
    await session.settled();
    const frame = await session.shown();
    assert.doesNotMatch(frame, /[─❯│▏]/);
    frames.push(`== ${name}\n${frame}`);
    await session.screen.close();
  }
  store(t, 'spoken', frames);
});

test('your keys line by line: the same pages', async (t) => {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  let written = '';
  stdout.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  const screen = openPlain<FakeServices>({
    terminal: readTerminal({ env: { TERM: 'dumb' }, stdin: { isTTY: true }, stdout: { isTTY: true, columns: 80 } }),
    stdin,
    stdout,
    ceremony: { steps: [] },
    practice: false,
    onHangup: () => [],
    savedNow: () => 'everything',
    onStop: () => {},
    process,
  });
  const texts: string[] = [];
  for (const [name, question] of pagesFor(true)) {
    written = '';
    const answer = screen.ask(question, 'gone back');
    stdin.write('<\n');
    assert.equal(await answer, 'gone back');
    texts.push(`== ${name}\n${written}`);
  }
  await screen.close();
  store(t, 'plain', texts);
});
