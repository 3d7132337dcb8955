import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { lookAtKey, unfitProblem } from '../../source/steps/look-at-key.ts';
import { between } from '../faults/between.ts';
import { connectionOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { makeConnected, makeServices } from '../services.ts';
import { problemOf } from './ceremony.ts';

const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');

test('a key that takes no material is told why: its origin, its kind, or that it will be deleted', async (t) => {
  const { services } = await makeServices(t);
  const purpose = { what: "Can't import into", otherOrigin: 'Name another.', afterDeletion: 'Then it is gone.' };
  const fit = { KeyId: 'one', Origin: 'EXTERNAL', KeyState: 'PendingImport', KeySpec: 'SYMMETRIC_DEFAULT' } as const;
  const problemOf = (more: Partial<KeyMetadata>) =>
    unfitProblem({ ...fit, ...more }, services, { connection }, purpose);
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
