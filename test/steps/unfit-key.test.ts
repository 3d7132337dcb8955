import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { lookAtKey, unfitProblem } from '../../source/steps/look-at-key.ts';
import { answeringKms, inTurn } from '../aws/answering-clients.ts';
import { between } from '../faults/between.ts';
import { connectionOf, waitingKey } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { makeConnected, makeServices } from '../services.ts';
import { actingIn } from './acting.ts';
import { problemOf } from './ceremony.ts';

const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');

test('a key that takes no material is told why: its origin, its kind, or that it will be deleted', async (t) => {
  const { services } = await makeServices(t);
  const purpose = { what: "Can't import into", otherOrigin: 'Name another.', afterDeletion: 'Then it is gone.' };
  const problemOf = (more: Partial<KeyMetadata>) =>
    unfitProblem({ ...waitingKey, ...more }, services, { connection }, purpose);
  for (const KeyState of ['PendingImport', 'Enabled', 'Disabled'] as const)
    assert.equal(problemOf({ KeyState }), undefined);
  const made = problemOf({ Origin: 'AWS_KMS' });
  assert.deepEqual([made?.what, made?.next], ["Can't import into one.", ['Name another.']]);
  assert.match(made?.why ?? '', /^Its origin is AWS_KMS: /);
  assert.match(problemOf({ KeySpec: 'RSA_2048' })?.why ?? '', /^It is a key of the kind RSA_2048;/);
  const DeletionDate = new Date('2026-12-01T10:00:00Z');
  const dated = problemOf({ KeyState: 'PendingDeletion', DeletionDate });
  assert.equal(dated?.why, 'It will be deleted at 2026-12-01 10:00 UTC. Then it is gone.');
  assert.match(dated?.next[0] ?? '', /aws kms cancel-key-deletion .*--key-id one/);
  const replica = problemOf({ KeyState: 'PendingReplicaDeletion' });
  assert.deepEqual([replica?.code, replica?.why], ['PendingReplicaDeletion', 'It will be deleted. Then it is gone.']);
});

test('while KMS lists all material of a key that waits for some, it is asked again a few times, and then the person is told', async (t) => {
  const folder = join(newFolder(), 'state');
  const [key] = seedKeys(folder, 'us-east-1', [{ validTo: null }]);
  const practice = await practise(t, { folder });
  const { endpoint, decide, close } = await between(practice.server.endpoint);
  t.after(close);
  const { services, waiting } = await makeConnected(t, { practice, endpoint });
  const purpose = { what: "Can't import into", otherOrigin: '', afterDeletion: '', neverHad: 'It never had any.' };
  const look = () => lookAtKey({ facts: { connection }, services, pause: waiting.pause }, key?.keyId ?? '', purpose);
  assert.equal((await look()).all.length, 1);
  decide((call) =>
    call === 'kms:DescribeKey'
      ? { changeBody: (body) => body.replace('"KeyState":"Enabled"', '"KeyState":"PendingImport"') }
      : undefined,
  );
  const { kind, what } = await problemOf(look());
  assert.deepEqual([kind, what], ['waiting', "Can't see which material is missing."]);
  assert.deepEqual(
    waiting.waits.map(({ milliseconds }) => milliseconds),
    [2000, 4000, 8000, 16_000],
  );
});

/** A look at a key of which KMS tells this; it gives these lists of materials in turn, the last one again and again. */
function looking(t: TestContext, metadata: Partial<KeyMetadata>, ...lists: readonly (readonly string[])[]) {
  let listed = 0;
  const list = inTurn(lists);
  const kms = answeringKms((_, command) => {
    const KeyMetadata = { KeyId: 'one', Arn: 'arn:one', Origin: 'EXTERNAL', KeySpec: 'SYMMETRIC_DEFAULT', ...metadata };
    if (command === 'DescribeKey') return { KeyMetadata: KeyMetadata as KeyMetadata };
    listed += 1;
    return {
      Rotations: list().map((ImportState, index) => ({
        KeyMaterialId: `${index}`,
        KeyMaterialState: index === 0 ? ('CURRENT' as const) : ('PENDING_ROTATION' as const),
        KeyMaterialDescription: 'a description',
        ImportState: ImportState as 'IMPORTED',
      })),
    };
  });
  const acting = actingIn(t, { step: 'find-key', kms, facts: { connection } });
  const purpose = { what: "Can't look at", otherOrigin: 'o', afterDeletion: 'a', neverHad: 'It never had any.' };
  return { ...acting, look: () => lookAtKey(acting.context, 'one', purpose), listed: () => listed };
}

test('a list that lags behind is asked for again until a material is missing, and only while the key waits for some', async (t) => {
  const [there, gone] = [['IMPORTED'], ['PENDING_IMPORT']];
  const lagging = looking(t, { KeyState: 'PendingImport' }, there, there, gone);
  assert.equal((await lagging.look()).all[0]?.isImported, false);
  assert.deepEqual([lagging.listed(), lagging.waits.map(({ next }) => next)], [3, [2, 3]]);
  const enabled = looking(t, { KeyState: 'Enabled' }, there);
  assert.equal((await enabled.look()).metadata.KeyId, 'one');
  assert.equal(enabled.listed(), 1);
  const rotating = looking(t, { KeyState: 'PendingImport' }, ['IMPORTED', 'PENDING_IMPORT']);
  assert.equal((await problemOf(rotating.look())).kind, 'waiting', 'what waits for a rotation is not missing');
});

test('a key that never had material is told with both ways to its first import', async (t) => {
  const { what, why, next } = await problemOf(looking(t, { KeyState: 'PendingImport' }, []).look());
  assert.equal(what, 'It never had any.');
  assert.match(why ?? '', /^arn:one waits for its first import\./);
  assert.match(next.join('\n'), /finish that one\.\nWhere somebody else made it: keyferry import-existing arn:one$/);
});

test('an unfit key is refused before its materials are listed', async (t) => {
  const { look, listed } = looking(t, { Origin: 'AWS_KMS' }, ['IMPORTED']);
  assert.equal((await problemOf(look())).what, "Can't look at one.");
  assert.equal(listed(), 0);
});

test('a replica is not sent the description that its primary key has', async (t) => {
  for (const [MultiRegionKeyType, description] of [
    ['REPLICA', null],
    ['PRIMARY', 'a description'],
  ] as const) {
    const replicated = { KeyState: 'Enabled', MultiRegionConfiguration: { MultiRegionKeyType } } as const;
    const { all } = await looking(t, replicated, ['IMPORTED']).look();
    assert.deepEqual(
      all.map((material) => [material.description, material.isImported]),
      [[description, true]],
    );
  }
});
