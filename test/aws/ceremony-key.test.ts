import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { createAlias } from '../../source/aws/aliases.ts';
import { findKeyOfCeremony } from '../../source/aws/ceremony-key.ts';
import { createExternalKey } from '../../source/aws/kms.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { passTime } from '../practice/key-makers.ts';
import { denyCaller, enabledKey, practise, tryOnce } from '../practice/practising.ts';
import { callsOf } from './calls-of.ts';

const root = 'arn:aws:iam::000000000000:root';
const policyFor = (principal: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' }],
  });

/** Practice AWS, a client that tries once and notes what it calls, and a key of a ceremony. */
async function withKey(t: TestContext, settings: Settings = {}) {
  const practice = await practise(t, { settings });
  const { endpoint, credentials, credentialsOf } = practice.server;
  const clientOf = (name?: string) =>
    new KMSClient(tryOnce({ endpoint, credentials: name === undefined ? credentials : credentialsOf(name) }));
  const kms = clientOf();
  t.after(() => kms.destroy());
  const calls = callsOf(kms);
  const make = async (ceremonyId: string) =>
    (await createExternalKey(kms, { policy: policyFor(root), description: '', ceremonyId })).KeyId;
  /** A key whose policy names somebody else alone, so that our caller may not look at it. */
  const makeHidden = async (ceremonyId: string) => {
    const other = clientOf('secops-1');
    t.after(() => other.destroy());
    const policy = policyFor('arn:aws:iam::000000000000:user/secops-1');
    return (await createExternalKey(other, { policy, description: '', ceremonyId })).KeyId ?? '';
  };
  const find = (begunAt: Date, ceremonyId = 'this-one') => findKeyOfCeremony(kms, ceremonyId, { begunAt });
  const foundKey = async (...given: Parameters<typeof find>) => {
    const search = await find(...given);
    return search.found === 'key' ? search.key.KeyId : search.found;
  };
  return { practice, kms, clientOf, calls, make, makeHidden, find, foundKey, begunAt: practice.clock.now };
}

for (const operation of ['kms:ListResourceTags', 'kms:DescribeKey'])
  for (const [fault, name] of [
    ['fail', 'KMSInternalException'],
    ['throttle', 'ThrottlingException'],
  ] as const) {
    test(`a key that cannot be looked at (${operation}: ${fault}) is not taken for one that was never made`, async (t) => {
      const { find, foundKey, make, begunAt } = await withKey(t, { faults: [{ operation, do: fault, times: 1 }] });
      const KeyId = await make('this-one');
      await assert.rejects(find(begunAt), { name });
      assert.equal(await foundKey(begunAt), KeyId);
      assert.equal(await foundKey(begunAt, 'another'), 'none');
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
  const search = await findKeyOfCeremony(kms, 'this-one', { begunAt, report });
  assert.equal(search.found === 'key' && search.key.KeyId, KeyId);
  assert.equal(calls.filter((call) => call === 'ListResourceTagsCommand').length, 1);
  assert.deepEqual(told.at(-1), [3, 3]);
});

test('a key is found though the clock of this machine is ahead of that of KMS', async (t) => {
  const { foundKey, make, begunAt } = await withKey(t);
  const KeyId = await make('this-one');
  assert.equal(await foundKey(new Date(begunAt.getTime() + 14 * 60_000)), KeyId);
});

test('a key whose tags or description are denied is unknown, or found by what is allowed', async (t) => {
  const { practice, find, foundKey, make, begunAt } = await withKey(t);
  const KeyId = await make('this-one');
  denyCaller(practice, 'kms:ListResourceTags');
  assert.deepEqual(await find(begunAt), {
    found: 'unknown',
    unseenKeyIds: [KeyId],
    deniedActions: ['kms:ListResourceTags'],
  });
  denyCaller(practice, 'kms:ListResourceTags', 'kms:DescribeKey');
  assert.deepEqual(await find(begunAt), {
    found: 'unknown',
    unseenKeyIds: [KeyId],
    deniedActions: ['kms:ListResourceTags', 'kms:DescribeKey'],
  });
  denyCaller(practice, 'kms:ListKeys');
  assert.deepEqual(await find(begunAt), {
    found: 'unknown',
    unseenKeyIds: [],
    deniedActions: ['kms:ListKeys'],
  });
  denyCaller(practice, 'kms:DescribeKey');
  assert.equal(await foundKey(begunAt), KeyId);
  assert.equal(await foundKey(begunAt, 'another'), 'none');
});

test('a hidden key is unknown, unless an alias shows that it is older; a key that is found counts more', async (t) => {
  const { practice, clientOf, find, foundKey, make, makeHidden, begunAt } = await withKey(t);
  const hidden = await makeHidden('another');
  assert.deepEqual(await find(begunAt), {
    found: 'unknown',
    unseenKeyIds: [hidden],
    deniedActions: ['kms:ListResourceTags', 'kms:DescribeKey'],
  });
  const owner = clientOf('secops-1');
  t.after(() => owner.destroy());
  await createAlias(owner, 'alias/of-others', hidden);
  assert.equal(await foundKey(begunAt), 'unknown');
  passTime(practice, 3_600_000);
  assert.equal(await foundKey(practice.clock.now), 'none');
  const KeyId = await make('this-one');
  await makeHidden('another');
  assert.equal(await foundKey(practice.clock.now), KeyId);
});
