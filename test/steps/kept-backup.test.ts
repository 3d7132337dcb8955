import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { findBackupOfKey, findKeptBackup, keepEarlierBackup } from '../../source/steps/kept-backup.ts';
import { openedBackup } from '../known-facts.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

/* Whoever goes back to an earlier step keeps the backup that was made, if it is of the same key and still as it was written. */

const secretOf = (value: string) =>
  ({ origin: 'generated', bytes: 32, checkValue: { method: 'AES-CMAC', value } }) as const;
const made = (file = openedBackup.file) => ({ ...openedBackup, file, sha256: sha256Of('sealed') });
const named = (alias: string) => ({ alias: `alias/${alias}`, description: '' });

/** A ceremony that has done steps with these facts in turn, and has this file in its folder. */
function after(
  t: TestContext,
  done: readonly (readonly [step: string, facts: Facts])[],
  files: Readonly<Record<string, string>>,
) {
  const facts: Facts = { secret: secretOf('AAAA'), description: named('a') };
  const acting = actingIn(t, { step: 'backup', facts });
  for (const [step, each] of done) acting.journal.append({ kind: 'done', step, facts: each });
  for (const [name, content] of Object.entries(files)) writeFileSync(acting.services.folder.file(name), content);
  const find = (now: Facts = facts) => findBackupOfKey(now, acting.services)?.path;
  return { ...acting, find, path: (name: string) => acting.services.folder.file(name) };
}

const first = ['secret-key', { secret: secretOf('AAAA') }] as const;
const backup = ['backup', { backup: made() }] as const;
const sealed = { 'a.key.age': 'sealed' };

test('a backup is found where it is of the key that the ceremony has now, under its old name or its new one', (t) => {
  const same = after(t, [first, backup], sealed);
  assert.equal(same.find(), same.path('a.key.age'));
  assert.equal(same.find({ secret: secretOf('AAAA') }), same.path('a.key.age'), 'before it is described');
  assert.equal(same.find({ secret: secretOf('BBBB'), description: named('a') }), undefined, 'it is of another key');
  assert.equal(same.find({ description: named('a') }), undefined, 'there is no key');
  const elsewhere = { secret: { origin: 'elsewhere', keeper: 'HSM' }, description: named('a') } as const;
  assert.equal(same.find(elsewhere), undefined);
  const renamed = after(t, [first, backup], { 'b.key.age': 'sealed' });
  assert.equal(renamed.find(), undefined);
  assert.equal(renamed.find({ secret: secretOf('AAAA'), description: named('b') }), renamed.path('b.key.age'));
});

for (const [what, done, files, isFound] of [
  ['that was never made', [first], sealed, false],
  ['without a key on record', [backup], sealed, false],
  ['that has changed', [first, backup], { 'a.key.age': 'sealed.' }, false],
  ['that is gone', [first, backup], {}, false],
  ['that was declined later', [first, backup, ['backup', { backup: { by: 'declined' } }]], sealed, false],
  ['that was made again', [first, ['backup', { backup: { by: 'declined' } }], backup], sealed, true],
  ['of the key before this one', [['secret-key', { secret: secretOf('BBBB') }], backup, first], sealed, false],
  ['before another key came and went', [first, backup, ['secret-key', { secret: secretOf('BBBB') }]], sealed, true],
  ['of a key that its own step has noted', [['backup', { backup: made(), secret: secretOf('AAAA') }]], sealed, true],
] as const)
  test(`a backup ${what} is ${isFound ? '' : 'not '}kept`, (t) => {
    const { find, path } = after(t, done, files);
    assert.equal(find(), isFound ? path('a.key.age') : undefined);
  });

test('while the step of the backup is done, there is none from before', (t) => {
  const { context, services, journal, path } = after(t, [first, backup], sealed);
  assert.equal(findKeptBackup(context.facts, services), undefined);
  journal.append({ kind: 'reopened', step: 'backup' });
  assert.equal(findKeptBackup(context.facts, services)?.path, path('a.key.age'));
});

test('a kept backup gets the name of the new alias, once there is room, and keeps its facts and its bytes', async (t) => {
  const { context, services, journal, path, reports } = after(t, [first, backup], sealed);
  journal.append({ kind: 'reopened', step: 'backup' });
  const rooms: string[] = [];
  const makeRoom = (name: string) => {
    assert.equal(existsSync(path('a.key.age')), true);
    rooms.push(name);
  };
  assert.deepEqual(await keepEarlierBackup(context, makeRoom), made(), 'it has its name');
  assert.deepEqual(rooms, []);
  const facts = { ...context.facts, description: named('b') };
  assert.deepEqual(await keepEarlierBackup({ ...context, facts }, makeRoom), made('b.key.age'));
  assert.deepEqual(rooms, ['b.key.age']);
  assert.equal(String(services.folder.read('b.key.age')), 'sealed');
  assert.equal(existsSync(path('a.key.age')), false);
  assert.equal(reports.at(-1)?.label, 'b.key.age, which was made before, stays');
});

test('a backup that is gone by then is told, and another one can be made', async (t) => {
  const { context, journal } = after(t, [first, backup], {});
  journal.append({ kind: 'reopened', step: 'backup' });
  const { what, remedies } = await problemOf(keepEarlierBackup(context, () => assert.fail('nothing is moved')));
  assert.equal(what, "Can't keep the backup that was made before.");
  assert.deepEqual(
    remedies?.map(({ label }) => label),
    ['Choose how to make it'],
  );
});
