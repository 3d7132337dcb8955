import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { findKeyOfCeremony } from '../../source/aws/ceremony-key.ts';
import { createExternalKey } from '../../source/aws/kms.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { newFolder } from '../new-folder.ts';
import { passTime } from '../practice/key-makers.ts';
import { enabledKey, practise } from '../practice/practising.ts';

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
  ],
});

/** Practice AWS, a client that tries once and notes what it calls, and a key of a ceremony. */
async function withKey(t: TestContext, settings: Settings = {}) {
  const practice = await practise(t, { folder: newFolder({ inMemory: true }), settings });
  const { endpoint, credentials } = practice.server;
  const kms = new KMSClient({ region: 'us-east-1', endpoint, credentials, maxAttempts: 1 });
  t.after(() => kms.destroy());
  const calls: string[] = [];
  kms.middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'initialize' },
  );
  const make = async (ceremonyId: string) =>
    (await createExternalKey(kms, { policy, description: '', ceremonyId })).KeyId;
  return { practice, kms, calls, make, begunAt: practice.clock.now };
}

for (const operation of ['kms:ListResourceTags', 'kms:DescribeKey'])
  for (const [fault, name] of [
    ['fail', 'KMSInternalException'],
    ['throttle', 'ThrottlingException'],
  ] as const) {
    test(`a key that cannot be looked at (${operation}: ${fault}) is not taken for one that was never made`, async (t) => {
      const { kms, make, begunAt } = await withKey(t, { faults: [{ operation, do: fault, times: 1 }] });
      const KeyId = await make('this-one');
      await assert.rejects(findKeyOfCeremony(kms, 'this-one', { begunAt }), { name });
      assert.equal((await findKeyOfCeremony(kms, 'this-one', { begunAt }))?.KeyId, KeyId);
      assert.equal(await findKeyOfCeremony(kms, 'another', { begunAt }), undefined);
    });
  }

test('tags are read only of keys for imported material that were made since the ceremony began', async (t) => {
  const { practice, kms, calls, make } = await withKey(t);
  await make('this-one');
  await enabledKey(practice.kms());
  passTime(practice, 3_600_000);
  const begunAt = practice.clock.now;
  const KeyId = await make('this-one');
  const told: (readonly [number, number])[] = [];
  const report = (looked: number, all: number) => void told.push([looked, all]);
  calls.length = 0;
  assert.equal((await findKeyOfCeremony(kms, 'this-one', { begunAt, report }))?.KeyId, KeyId);
  assert.equal(calls.filter((call) => call === 'ListResourceTagsCommand').length, 1);
  assert.deepEqual(told.at(-1), [3, 3]);
});

test('a key is found though the clock of this machine is ahead of that of KMS', async (t) => {
  const { kms, make, begunAt } = await withKey(t);
  const KeyId = await make('this-one');
  const ahead = new Date(begunAt.getTime() + 14 * 60_000);
  assert.equal((await findKeyOfCeremony(kms, 'this-one', { begunAt: ahead }))?.KeyId, KeyId);
});

test("a key that the caller may not look at is not the ceremony's", async (t) => {
  const { kms, make, begunAt } = await withKey(t, { deny: { SecurityAdmin: ['kms:ListResourceTags'] } });
  await make('this-one');
  assert.equal(await findKeyOfCeremony(kms, 'this-one', { begunAt }), undefined);
});
