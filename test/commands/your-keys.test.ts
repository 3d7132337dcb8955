import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExternalKey } from '../../source/aws/external-key.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { ChoiceQuestion, Option } from '../../source/ceremony/question.ts';
import { findPracticeLeftOver, removeLeftOver } from '../../source/commands/practice-left-over.ts';
import {
  areOfPractice,
  chooseAtYourKeys,
  chooseListedKey,
  findKeysAt,
  finishedKeys,
  type YourKeysParts,
} from '../../source/commands/your-keys.ts';
import { bringNewKey, goBack, lookAgain, shownOn } from '../../source/commands/your-keys-questions.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { environmentOf } from '../faults/outside.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, practise } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { rowsOf } from '../rows-of.ts';
import { arnOf, expiring, gone, keyOf, knownOf, material, never } from '../status/samples.ts';

const place = { source: 'profile:ops', region: 'us-east-1' } as const;

/** A question as it was asked, with its rows, and the answer that a step back gives. */
type Asked = Pick<ChoiceQuestion, 'id' | 'ask' | 'help' | 'default'> & {
  readonly rows: readonly Option[];
  readonly back: string | undefined;
};

/** A person who answers with the labels of rows, or with values, one after another; and what that person was asked. */
function person(answers: readonly string[], more: Partial<YourKeysParts> = {}) {
  const asked: Asked[] = [];
  const looked: string[] = [];
  const parts: YourKeysParts = {
    known: [],
    first: [],
    findKeys: async ({ source, region }) => {
      looked.push(`${source} ${region}`);
      return { keys: [], hidden: 0 };
    },
    shown: { ellipsis: '…', isWide: true },
    signal: new AbortController().signal,
    ask: async (question, back) => {
      const rows = await rowsOf(question);
      const { id, ask, help, default: start } = question;
      const answer = answers[asked.length];
      asked.push({
        id,
        ask,
        rows,
        back,
        ...(help === undefined ? {} : { help }),
        ...(start === undefined ? {} : { default: start }),
      });
      assert.ok(answer !== undefined, `nobody has an answer to ${ask}`);
      return rows.find(({ label }) => label === answer)?.value ?? answer;
    },
    ...more,
  };
  return { parts, asked, looked };
}

const labels = ({ rows }: Pick<Asked, 'rows'>) => rows.map(({ label }) => label);

test('before AWS is asked, the keys of finished ceremonies alone are listed, the newest first', () => {
  const [old, open, recent] = [
    knownOf('a', { asOf: '2026-05-01T00:00:00.000Z' }),
    knownOf('b', { isFinished: false, asOf: '2026-05-02T00:00:00.000Z' }),
    knownOf('c', { asOf: '2026-05-03T00:00:00.000Z' }),
  ];
  assert.deepEqual(finishedKeys([old, open, recent]), [recent, old]);
});

test('with one key of an account among keys of practice AWS, the keys are not those of practice AWS', () => {
  const practised = ['a', 'b'].map((name) => knownOf(name, { source: 'practice' }));
  assert.equal(areOfPractice(practised), true);
  assert.equal(areOfPractice([...practised, knownOf('c', { source: 'profile:ops' })]), false);
});

test('a known key leads to the list of its place, with the cursor on it, and from there to an action or back', async () => {
  const west = knownOf('b', { region: 'eu-west-1', source: 'practice', validTo: '2026-05-04T10:00:00.000Z' });
  const known = [
    knownOf('a', { source: place.source, asOf: '2026-05-03T11:00:00.000Z' }),
    west,
    knownOf('c', { source: place.source, isFinished: false }),
  ];
  const first = [{ value: 'w', label: 'Continue w' }];
  const answers = ['alias/a', goBack, 'alias/b', 'alias/b', 'Encrypt objects with it'];
  const { parts, asked, looked } = person(answers, { known, first });
  const keys = [keyOf('b', { keyArn: west.keyArn, aliases: ['alias/b'] })];
  const findKeys: YourKeysParts['findKeys'] = async (at) => {
    await parts.findKeys(at);
    return { keys: at.region === 'eu-west-1' ? keys : [], hidden: 0 };
  };
  const choice = await chooseAtYourKeys({ ...parts, findKeys });
  assert.ok('key' in choice);
  assert.deepEqual([choice.action, choice.key.key.keyArn], ['encrypt', west.keyArn]);
  assert.deepEqual([choice.place.source, choice.place.region], ['practice', 'eu-west-1']);
  assert.deepEqual(looked, ['profile:ops us-east-1', 'practice eu-west-1']);
  const [fromFolders, list, , inWest, actions] = asked;
  assert.ok(fromFolders && list && inWest && actions);
  assert.deepEqual(labels(fromFolders), [
    'Continue w',
    'alias/a',
    'alias/b',
    'Ask AWS about the keys of us-east-1 (profile ops)',
    'Ask AWS about the keys of eu-west-1 (practice AWS)',
    'Bring a new key',
  ]);
  assert.match(fromFolders.rows[1]?.hint ?? '', /^us-east-1, does not expire, as of 2026-05-03 /);
  assert.match(fromFolders.rows[2]?.hint ?? '', /^eu-west-1, expires 2026-05-04 /);
  assert.equal(fromFolders.back, undefined);
  assert.deepEqual(labels(list), ['Look again', 'Bring a new key', 'Back to what the folders know']);
  assert.deepEqual([list.default, list.back, inWest.default], [arnOf('a'), goBack, west.keyArn]);
  assert.match(list.help ?? '', /Asked: profile ops\.$/);
  assert.equal(actions.back, goBack);
  assert.match(actions.help ?? '', /Its folder is keyferry-b\.\n/);
});

test('with one place, AWS is asked how the keys are now, and its row names the place', async () => {
  const { parts, asked, looked } = person(['Ask AWS how they are now', bringNewKey], {
    known: [knownOf('a', { source: 'environment' }), knownOf('b', { source: 'environment' })],
  });
  assert.deepEqual(await chooseAtYourKeys(parts), { action: 'new' });
  assert.equal(asked[0]?.rows.at(-2)?.hint, 'us-east-1, credentials of the environment');
  assert.deepEqual([asked[1]?.default, looked], [undefined, ['environment us-east-1']]);
});

test('at your keys a person may bring a new key, or take a row that came first', async () => {
  const known = [knownOf('a')];
  const first = [{ value: 'w', label: 'Continue w' }];
  assert.deepEqual(await chooseAtYourKeys(person([bringNewKey], { known, first }).parts), { action: 'new' });
  const ofRow = await chooseAtYourKeys(person(['Continue w'], { known, first }).parts);
  assert.deepEqual(ofRow, { action: 'first row', answer: 'w' });
});

test('what the folders know says whether the material has expired, and whether there is any', async () => {
  const { validTo: _, ...unfilled } = knownOf('b', { asOf: '2026-05-01T10:00:00.000Z' });
  const known = [knownOf('a', { validTo: '2026-05-03T10:00:00.000Z', source: 'instance-role' }), unfilled];
  const { parts, asked } = person([bringNewKey], { known });
  await chooseAtYourKeys(parts);
  const hints = asked[0]?.rows.map(({ label, hint }) => `${label}: ${hint}`) ?? [];
  assert.match(hints[0] ?? '', /^alias\/a: us-east-1, expired 2026-05-03 /);
  assert.match(hints[1] ?? '', /^alias\/b: us-east-1, no material imported, /);
  assert.match(asked[0]?.rows[2]?.label ?? '', /\(role of this machine\)$/);
});

const listOf = (answers: readonly string[], keys: readonly ExternalKey[], more: Partial<YourKeysParts> = {}) =>
  person(answers, { findKeys: async () => ({ keys, hidden: 0 }), ...more });
const fromNew = { startRow: bringNewKey, canGoBack: false };

test('after the list was looked at again, or a key was left, the list comes again with the cursor on that key', async () => {
  const keys = [keyOf('a', { aliases: ['alias/a'] }), keyOf('b', { ...gone, aliases: ['alias/b'] })];
  const answers = ['Look again', 'alias/a', goBack, 'alias/b', 'Bring its material back'];
  const { parts, asked } = listOf(answers, keys);
  const choice = await chooseListedKey(place, parts, fromNew);
  assert.ok(choice !== goBack && 'key' in choice);
  assert.deepEqual([choice.action, choice.key.key.keyArn, choice.place], ['reimport', arnOf('b'), place]);
  assert.deepEqual(
    asked.map(({ id, default: start, back }) => [id, start, back]),
    [
      ['your-keys', bringNewKey, undefined],
      ['your-keys', bringNewKey, undefined],
      ['action', undefined, goBack],
      ['your-keys', arnOf('a'), undefined],
      ['action', undefined, goBack],
    ],
  );
  const [list, , actions] = asked;
  assert.ok(list && actions);
  // What needs the person comes first, and a person who cannot go back is offered no way back.
  assert.deepEqual(labels(list), ['Bring a new key', 'alias/b', 'alias/a', 'Look again']);
  assert.deepEqual(
    list.rows.slice(1, 3).map(({ hint }) => hint),
    ['Pending import, material is gone, no backup known', 'Enabled, does not expire, no backup known'],
  );
  const disabled = actions.rows.filter((row) => row.disabled !== undefined).map(({ label }) => label);
  assert.deepEqual(disabled, ['Bring its material back', 'Import its first material', 'Check its backup']);
  assert.equal(actions.rows.at(-1)?.label, 'Back to your keys');
});

test('a key whose material expires within 30 days comes before one that waits for its first material', async () => {
  const soon = { materials: [material({ validTo: new Date(Date.now() + 29 * 86_400_000) })] };
  const keys = [keyOf('a', { ...never, aliases: ['alias/never'] }), keyOf('b', { ...soon, aliases: ['alias/soon'] })];
  const { parts, asked } = listOf([bringNewKey], keys);
  await chooseListedKey(place, parts, fromNew);
  assert.deepEqual(
    asked[0]?.rows.slice(1, 3).map(({ label }) => label),
    ['alias/soon', 'alias/never'],
  );
});

test('keys that may not be described are counted in a row that cannot be chosen, and a narrow list has no backups', async () => {
  const known = [knownOf('a')];
  const keys = [keyOf('a', { ...expiring(4000), aliases: ['alias/a'] })];
  const { parts, asked } = person([goBack, goBack], { known, findKeys: async () => ({ keys, hidden: 3 }) });
  const back = { startRow: undefined, canGoBack: true };
  assert.equal(await chooseListedKey(place, parts, back), goBack);
  assert.equal(await chooseListedKey(place, { ...parts, shown: { ellipsis: '…', isWide: false } }, back), goBack);
  const [wide, narrow] = asked;
  assert.deepEqual(wide?.rows[1], { value: 'hidden', label: '3 more', disabled: 'you may not describe them' });
  assert.match(wide?.rows[0]?.hint ?? '', /^Enabled, expires in \d+ d, backup proven 3 May 2026$/);
  assert.match(narrow?.rows[0]?.hint ?? '', /^Enabled, expires in \d+ d$/);
});

test('a key for which nothing can be done has its cursor on the way back', async () => {
  const keys = [keyOf('a', { keyState: 'PendingDeletion' }), keyOf('b')];
  const answers = [arnOf('a'), goBack, arnOf('b'), goBack, bringNewKey];
  const { parts, asked } = listOf(answers, keys);
  assert.deepEqual(await chooseListedKey(place, parts, fromNew), { action: 'new' });
  const actions = asked.filter(({ id }) => id === 'action');
  assert.deepEqual(
    actions.map(({ default: start }) => start),
    [goBack, undefined],
  );
  assert.match(actions[0]?.ask ?? '', /^What do you want to do with aaaa…aaaa\?$/);
});

test('a look that AWS refuses is told in a row that leads to the reason, and the person may look again', async () => {
  let looks = 0;
  const findKeys = async () => {
    looks += 1;
    if (looks === 1) throw new ProblemError({ kind: 'fixable', what: 'No look.', why: 'No route.', next: ['Wait.'] });
    return { keys: [keyOf('a', { aliases: ['alias/a'] })], hidden: 0 };
  };
  const { parts, asked } = person([lookAgain, bringNewKey], { findKeys });
  assert.deepEqual(await chooseListedKey(place, parts, fromNew), { action: 'new' });
  const [refused, seen] = asked;
  assert.ok(refused && seen);
  assert.deepEqual(labels(refused), ['Bring a new key', 'AWS did not tell. Read why', 'Look again']);
  const { leads } = refused.rows[1] ?? {};
  assert.ok(leads?.action === 'panel');
  assert.match(leads.panel.lines.join('\n'), /No route\./);
  assert.deepEqual(labels(seen), ['Bring a new key', 'alias/a', 'Look again']);
});

test('whoever stops during a look is not told of a problem', async () => {
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  const findKeys = async () => {
    stop.abort(reason);
    throw new Error('the request was cut off');
  };
  const { parts } = person([bringNewKey], { findKeys, signal: stop.signal });
  await assert.rejects(chooseListedKey(place, parts, fromNew), reason);
});

test('a list has room for backups from 80 columns on', () => {
  const shownAt = (columns: number) =>
    shownOn(readTerminal({ env: {}, stdin: { isTTY: true }, stdout: { isTTY: true, columns, rows: 24 } }));
  assert.deepEqual([shownAt(79).isWide, shownAt(80).isWide], [false, true]);
});

test('practice keys are looked for in the account of the folder that knows them, and no account is made for a look', async (t) => {
  const here = workIn(t);
  const elsewhere = newFolder();
  const at = { source: 'practice', region: 'us-east-1' } as const;
  const known = [
    knownOf('a', { folder: join(here, 'keyferry-a') }),
    knownOf('b', { ...at, folder: join(elsewhere, 'keyferry-b') }),
  ];
  const { signal } = new AbortController();
  const look = () => findKeysAt(at, { known, signal, endpointUrl: undefined });
  await assert.rejects(look(), /Can't look at your keys/);
  const [key] = seedKeys(join(elsewhere, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const { keys } = await look();
  assert.deepEqual(
    keys.map(({ keyId }) => keyId),
    [key?.keyId],
  );
  const stopped = { known, signal: AbortSignal.abort(new Error('stopped by the person')), endpointUrl: undefined };
  await assert.rejects(findKeysAt(at, stopped), /stopped by the person/);
  // After the looks nothing serves the account any more: it could not be removed then.
  const leftOver = findPracticeLeftOver(join(elsewhere, 'keyferry-practice-aws'));
  assert.ok(leftOver !== undefined);
  removeLeftOver(leftOver);
});

test('the keys of an account are looked for at the endpoint that was named, and practice here does not matter', async (t) => {
  workIn(t);
  const practice = await practise(t);
  await externalKey(practice.kms());
  keepEnvironment(t);
  Object.assign(process.env, environmentOf(practice.server.credentials));
  const at = { source: 'environment', region: 'us-east-1' } as const;
  const { signal } = new AbortController();
  const { keys } = await findKeysAt(at, { known: [], signal, endpointUrl: practice.server.endpoint });
  assert.equal(keys.length, 1);
});
