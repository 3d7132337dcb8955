import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExternalKey } from '../../source/aws/external-key.ts';
import type { KnownKey } from '../../source/ceremonies/known-keys.ts';
import { actionsOn } from '../../source/status/actions.ts';
import { type ListedKey, listKeys } from '../../source/status/listed-key.ts';
import { gone, keyOf, knownOf, material, never, period } from './samples.ts';

/** Every action on a key, those that can be done first: its id alone, or with the reason against it. Null: no folder knows it. */
function actions(key: Partial<ExternalKey>, known: Partial<KnownKey> | null = {}): readonly string[] {
  const [listed] = listKeys([keyOf('a', key)], known === null ? [] : [knownOf('a', known)], period);
  assert.ok(listed !== undefined);
  return actionsOn(listed).map(({ id, reason }) => (reason === undefined ? id : `${id}: ${reason}`));
}

test('what can be done with a key is by its state now; all else stays, with the reason', () => {
  const had = 'import-existing: it had material, and takes only the same bytes back';
  assert.deepEqual(actions({}), ['encrypt', 'expiry', 'check-backup', 'reimport: KMS has all of its material', had]);
  assert.deepEqual(actions(gone), [
    'reimport',
    had,
    'encrypt: not while it has no material',
    'expiry: not while it has no material',
    'check-backup: not while it has no material',
  ]);
  assert.deepEqual(actions(never, null), [
    'import-existing',
    'reimport: it never had material',
    'encrypt: not while it has no material',
    'expiry: not while it has no material',
    'check-backup: not while it has no material',
  ]);
  assert.deepEqual(actions({ keyState: 'Disabled' }), [
    'expiry',
    'check-backup',
    'reimport: KMS has all of its material',
    had,
    'encrypt: not while it is Disabled',
  ]);
});

test('of a key that waits for material and whose materials may not be read, nobody is told that KMS has them all, or had none', () => {
  const unread = (materials: ExternalKey['materials']) =>
    actions({ keyState: 'PendingImport', materials, notRead: ['materials'] });
  for (const materials of [[], [material()]]) assert.equal(unread(materials)[0], 'reimport');
  assert.ok(unread([]).includes('import-existing: it may have had material, and would take only the same bytes back'));
});

test('a key that waits for its deletion, is of another kind or in a passing state has reasons alone', () => {
  const all = (key: Partial<ExternalKey>, reason: string) =>
    assert.deepEqual(
      actions(key),
      ['reimport', 'import-existing', 'encrypt', 'expiry', 'check-backup'].map((to) => `${to}: ${reason}`),
    );
  all({ keyState: 'PendingDeletion' }, 'it waits for its deletion');
  all({ keyState: 'PendingReplicaDeletion' }, 'it waits for its deletion');
  all({ keySpec: 'RSA_2048' }, 'Keyferry does this with SYMMETRIC_DEFAULT keys; this is RSA_2048');
  all({ keyState: 'PendingDeletion', keySpec: 'RSA_2048' }, 'it waits for its deletion');
  all({ keyState: 'Updating' }, 'it is Updating now');
});

test('a ceremony that was not finished goes on first, and imports the first material itself', () => {
  const [first, ...others] = actions(never, { isFinished: false });
  assert.equal(first, 'go-on');
  const [listed] = listKeys([keyOf('a', never)], [knownOf('a', { isFinished: false })], period);
  assert.equal(listed && actionsOn(listed)[0]?.label, 'Go on with its ceremony');
  assert.ok(others.includes('import-existing: the unfinished ceremony here imports into it'), others.join('\n'));
});

test('material of a key that is kept elsewhere comes from a file that is wrapped there', () => {
  const kept = { keeper: 'payments HSM', backups: [] };
  const labels = (key: Partial<ExternalKey>) =>
    actionsOn(listKeys([keyOf('a', key)], [knownOf('a', kept)], period)[0] as ListedKey).map(({ label }) => label);
  assert.deepEqual(actions(gone, kept).slice(0, 1), ['reimport-wrapped']);
  assert.ok(labels(gone).includes('Bring its material back, wrapped by payments HSM'));
  assert.ok(labels({}).includes('Change when its material expires, wrapped by payments HSM'));
  assert.deepEqual(actions({}, kept), [
    'reimport-wrapped',
    'encrypt',
    'import-existing: it had material, and takes only the same bytes back',
    'check-backup: it is kept elsewhere',
  ]);
  assert.ok(actions(never, { ...kept, isFinished: false }).includes('reimport-wrapped: it never had material'));
});

test('a backup is checked where one is known here', () => {
  const why = (known: Partial<KnownKey> | null) => actions({}, known).find((one) => one.startsWith('check-backup'));
  assert.equal(why(null), 'check-backup: its folder is not here');
  assert.equal(why({ backups: [], hasUnopenedBackup: false }), 'check-backup: no backup of it is known here');
  assert.equal(why({ backups: [], hasUnopenedBackup: true }), 'check-backup');
  assert.equal(why({ keeper: 'payments HSM' }), 'check-backup', 'a backup of a key that is kept elsewhere, too');
});

test('material of one rotation that is missing can be brought back, while another is there', () => {
  const earlier = material({ keyMaterialId: 'b'.repeat(64), state: 'NON_CURRENT', importState: 'PENDING_IMPORT' });
  assert.ok(actions({ keyState: 'PendingImport', materials: [earlier, material()] }).includes('reimport'));
  // The state of the key may be older than the list of its materials.
  assert.ok(actions({ materials: [material(), earlier] }).includes('reimport'));
  for (const id of ['encrypt', 'expiry', 'check-backup'])
    assert.ok(actions({ materials: [material(), earlier] }).includes(id), `${id} needs only the material in use`);
  const waiting = material({ keyMaterialId: 'c'.repeat(64), state: 'PENDING_ROTATION', importState: 'PENDING_IMPORT' });
  assert.ok(actions({ materials: [material(), waiting] }).includes('reimport: KMS has all of its material'));
});
