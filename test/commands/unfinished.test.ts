import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { ceremonyTag } from '../../source/aws/kms.ts';
import type { PlaceOptions } from '../../source/commands/open-ceremony.ts';
import { findPracticeLeftOver, removeLeftOver } from '../../source/commands/practice-left-over.ts';
import { listUnfinished } from '../../source/commands/unfinished.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { importedUntil, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { denyCaller } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { bareAwsEnvironment } from '../ui/fixed-world.ts';
import { type Watch, watchedIo } from './watched-io.ts';
import { connected, done, finished, journal } from './written-journals.ts';

const past = new Date('2026-01-02T03:04:00.000Z');
const madeBy = (ceremony: string) => ({ tags: [{ TagKey: ceremonyTag, TagValue: ceremony }] });

/** What the command says of practice AWS in this folder, in paragraphs. */
async function listed(options: PlaceOptions = {}, watch: Watch = {}) {
  const { io, texts } = watchedIo(watch);
  const status = await listUnfinished({ practice: true, region: 'us-east-1', ...options }, io);
  return { status, parts: texts.out.split('\n\n'), ...texts };
}

test('each key that waits has its past and the one way on, and only a key that never had material may be deleted', async (t) => {
  const here = workIn(t);
  const state = join(here, 'keyferry-practice-aws');
  const begun = journal(join(here, 'keyferry-half'), 'journal.jsonl', 'first-import', connected);
  const [elsewhere, , underWay, expired, half, gone, complete] = seedKeys(state, 'us-east-1', [
    { ...madeBy('elsewhere'), alias: 'alias/elsewhere' },
    {},
    { ...madeBy('under-way'), validTo: null },
    { validTo: past },
    madeBy(begun.state.id ?? ''),
    { ...madeBy('gone'), validTo: past },
    { validTo: null },
  ]);
  assert.ok(elsewhere && underWay && expired && half && gone && complete);
  const made = (id: string) => done('make-key', { key: keyOf(id) });
  journal(join(here, 'keyferry-under-way'), 'journal.jsonl', 'first-import', connected, made(underWay.keyId));
  journal(
    join(here, 'keyferry-expired'),
    'journal.jsonl',
    'first-import',
    connected,
    made(expired.keyId),
    done('import', { imported: importedUntil(past) }),
    finished,
  );
  journal(join(here, 'keyferry-complete'), 'journal.jsonl', 'first-import', connected, made(complete.keyId), finished);
  const { status, out, parts } = await listed();
  assert.equal(status, 0);
  assert.equal(parts[0], '5 keys wait to be finished in us-east-1. Each costs 1 USD a month.');
  assert.equal(parts.length, 6);
  assert.ok(out.endsWith('\n'));
  const linesOf = ({ keyId }: { readonly keyId: string }) => {
    const [name, how = '', ...ways] =
      parts
        .find((part) => part.startsWith(keyId))
        ?.trimEnd()
        .split('\n  ') ?? [];
    const [, words] = /^made \d{4}-\d\d-\d\d \d\d:\d\d UTC, (.*)$/.exec(how) ?? [];
    return [name?.slice(keyId.length), words, ...ways];
  };
  const never = 'never had material. Nothing was encrypted with it.';
  const unreadable = 'What it encrypted is unreadable until that comes back.';
  const notHere = 'Its folder is not here: continue where the ceremony was begun.';
  const deletion = ({ keyId }: { readonly keyId: string }) =>
    `Or delete: aws kms schedule-key-deletion --key-id ${keyId} --pending-window-in-days 7 --region us-east-1`;
  assert.deepEqual(linesOf(elsewhere), ['  alias/elsewhere', never, notHere, deletion(elsewhere)]);
  assert.deepEqual(linesOf(half), ['', never, 'Continue:  keyferry --workdir keyferry-half', deletion(half)]);
  assert.deepEqual(linesOf(underWay), [
    '',
    'has its material. Its ceremony is not finished.',
    'Continue:  keyferry --workdir keyferry-under-way',
  ]);
  assert.deepEqual(linesOf(expired), [
    '',
    `had material, which expired at 2026-01-02 03:04 UTC. ${unreadable}`,
    'Bring it back: keyferry reimport --workdir keyferry-expired',
  ]);
  assert.deepEqual(linesOf(gone), [
    '',
    `had material, which has expired or was deleted. ${unreadable}`,
    notHere,
    'Or bring it back from a backup: keyferry reimport --practice --region us-east-1',
  ]);
});

test('what could not be seen is said after the list, also where no key waits', async (t) => {
  const state = join(workIn(t), 'keyferry-practice-aws');
  const [key] = seedKeys(state, 'us-east-1', [{ ...madeBy('elsewhere'), alias: 'alias/elsewhere' }]);
  denyCaller({ folder: state }, 'kms:ListAliases');
  const withoutAliases = await listed();
  const [first, ofKey, unseen] = withoutAliases.parts;
  assert.equal(first, '1 key waits for material in us-east-1. Each costs 1 USD a month.');
  assert.ok(ofKey?.startsWith(`${key?.keyId}\n`), ofKey);
  assert.match(unseen ?? '', /^The aliases of us-east-1 are not known.*\n$/);
  // A key of which nobody can tell whether it ever had material is not to be deleted.
  denyCaller({ folder: state }, 'kms:ListKeyRotations');
  const untold = await listed();
  assert.match(untold.out, new RegExp(`\\n${key?.keyId} `));
  assert.doesNotMatch(untold.out, /Or delete|never had material/);
  denyCaller({ folder: state }, 'kms:DescribeKey');
  const { status, parts } = await listed();
  assert.deepEqual([status, parts[0]], [0, "No key of Keyferry's waits for its material in us-east-1."]);
  assert.match(parts[1] ?? '', /^1 key in us-east-1 could not be looked at: /);
  denyCaller({ folder: state }, 'kms:ListKeys');
  const refused = await listed();
  assert.doesNotMatch(refused.err, /add --practice/);
  assert.deepEqual([refused.status, refused.out], [1, '']);
  assert.match(refused.err, /Can't look for unfinished keys\.\n/);
  assert.match(refused.err, /Nothing was changed\./);
});

test('with a folder that is named, its account is looked at, and what it knows counts', async (t) => {
  workIn(t);
  const w = join(newFolder(), 'w');
  const [key] = seedKeys(join(w, 'keyferry-practice-aws'), 'us-east-1', [{}]);
  journal(w, 'journal.jsonl', 'first-import', connected, done('make-key', { key: keyOf(key?.keyId ?? '') }));
  const { status, parts } = await listed({ workdir: w });
  assert.deepEqual([status, parts.length], [0, 2]);
  assert.match(parts[1] ?? '', /^ {2}Continue: {2}keyferry --workdir \S+w$/m);
});

test('whoever has no account is told of the practice account here, where no flag names another', async (t) => {
  const here = workIn(t);
  keepEnvironment(t);
  bareAwsEnvironment(here);
  const hint = /\n *> For the practice account here, add --practice\.\n$/;
  const onAws = { practice: false };
  const without = await listed(onAws);
  assert.equal(without.status, 1);
  assert.doesNotMatch(without.err, hint);
  seedKeys(join(here, 'keyferry-practice-aws'), 'us-east-1', []);
  const beside = await listed(onAws);
  assert.equal(beside.status, 1);
  assert.match(beside.err, hint);
  assert.equal(beside.err.replace(hint, '\n'), without.err, 'and of all else as without it');
  assert.match(beside.err, /Can't look for unfinished keys\.\n/);
  assert.doesNotMatch((await listed({ ...onAws, profile: 'nope' })).err, hint);
});

test('progress is told on a terminal alone, whoever stops is told of no list, and the account is free after each look', async (t) => {
  const state = join(workIn(t), 'keyferry-practice-aws');
  seedKeys(state, 'us-east-1', [{}]);
  assert.equal((await listed()).err, '');
  assert.match((await listed({}, { isTTY: true })).err, /Keys of us-east-1/);
  const reason = new Error('stopped by the person');
  await assert.rejects(listed({}, { signal: AbortSignal.abort(reason) }), reason);
  const leftOver = findPracticeLeftOver(state);
  assert.ok(leftOver !== undefined);
  assert.deepEqual(removeLeftOver(leftOver), [`Removed ${state}`]);
});

test('the keys of the Region that is named are the ones that are listed', async (t) => {
  const state = join(workIn(t), 'keyferry-practice-aws');
  const [key] = seedKeys(state, 'eu-west-1', [madeBy('elsewhere')]);
  const { status, parts } = await listed({ region: 'eu-west-1' });
  assert.deepEqual([status, parts.length], [0, 2]);
  assert.match(parts[0] ?? '', /^1 key waits for material in eu-west-1\./);
  assert.ok(parts[1]?.startsWith(key?.keyId ?? 'no key'));
});
