import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { quote } from '../../source/ceremony/shell-word.ts';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { program } from './program.ts';
import { howMuch } from './set-up.ts';
import { type SessionOptions, TerminalSession } from './terminal-session.ts';
import { assertFinished, walkToTheEnd } from './walk.ts';

const colour = /\u001B\[(?:3[0-7]|9[0-7]|38)[;m]/;
const beyondAscii = /[^\x00-\x7f]/;
const drawing = /[─│✔❯█░▏┌└]/;

type Variant = {
  readonly name: string;
  readonly options: Omit<SessionOptions, 'cwd'>;
  readonly holds?: (written: string) => void;
};

/** The whole practice ceremony, as different people and terminals would have it. */
const variants: readonly Variant[] = [
  { name: 'slow keys', options: { link: 'slow typing' } },
  { name: 'a link that takes 300 ms and merges every read', options: { link: 'laggy' } },
  { name: '40x12', options: { columns: 40, rows: 12 } },
  {
    name: 'NO_COLOR',
    options: { env: { NO_COLOR: '1' } },
    holds: (written) => assert.doesNotMatch(written, colour),
  },
  {
    name: 'LANG=C',
    options: { env: { LANG: 'C' } },
    holds: (written) => {
      assert.doesNotMatch(written, beyondAscii);
      assert.match(written, colour);
    },
  },
  {
    name: 'a screen reader',
    options: { env: { KEYFERRY_SCREEN_READER: '1' } },
    holds: (written) => {
      assert.doesNotMatch(written, drawing);
      for (const said of [
        'list: radio: (checked)',
        'textbox: Region: us-east-1',
        'checkbox: ',
        'Done: ',
        'Now: ',
        'To do: ',
      ])
        assert.ok(written.includes(said), said);
    },
  },
];

function open(t: TestContext, options: SessionOptions): TerminalSession {
  const session = new TerminalSession(['--practice'], options);
  t.after(() => session.kill('SIGKILL'));
  return session;
}

for (const { name, options, holds } of sampleOf(variants, 3)) {
  test(`a practice ceremony with ${name}`, async (t) => {
    const cwd = newFolder();
    const session = open(t, { ...options, cwd });
    await walkToTheEnd(session);
    await assertFinished(cwd);
    holds?.(session.written);
  });
}

/** What a terminal is told to be, and what must then hold of the first two screens. */
const kinds: readonly (readonly [env: Readonly<Record<string, string>>, holds: (written: string) => void])[] = [
  [{ TERM: 'linux' }, (written) => assert.doesNotMatch(written, beyondAscii)],
  [{ CI: 'true' }, (written) => assert.match(written, colour)],
  [{ CI: 'false' }, (written) => assert.match(written, colour)],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, (written) => assert.match(written, colour)],
  [{ FORCE_COLOR: '0' }, (written) => assert.doesNotMatch(written, colour)],
  // Light and dark backgrounds: no colour of background is ever set, and no text in white or black.
  [{ COLORFGBG: '0;15' }, (written) => assert.doesNotMatch(written, /\u001B\[(?:4[0-7]|10[0-7]|48|30|37|97)[;m]/)],
  [{ INK_SCREEN_READER: 'true' }, (written) => assert.doesNotMatch(written, drawing)],
];

for (const [env, holds] of sampleOf(kinds, 2)) {
  test(
    Object.entries(env)
      .map((pair) => pair.join('='))
      .join(' '),
    async (t) => {
      const session = open(t, { cwd: newFolder(), env });
      await session.shows('In which Region?');
      session.send('\r');
      await session.shows(howMuch);
      session.send('\u0003');
      await session.shows('Stop here?');
      session.send('\r');
      assert.equal(await session.ends(), 130);
      holds(session.written);
    },
  );
}

test('an answer of the terminal that the line echoed before the first frame does not damage it', async (t) => {
  const words = `printf '^[]11;rgb:1e1e/1e1e/1e1e^[\\\\'; exec ${quote(process.execPath)} ${quote(program)} --practice`;
  const session = open(t, { cwd: newFolder(), command: ['/bin/sh', '-c', words] });
  await session.shows('In which Region?');
  assert.match(session.screen()[0] ?? '', /^ Keyferry +PRACTICE$/);
  assert.ok(session.written.includes('^[]11;rgb:1e1e/1e1e/1e1e^[\\'));
});
