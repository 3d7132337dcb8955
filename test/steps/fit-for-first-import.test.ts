import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Facts } from '../../source/steps/facts.ts';
import { unfitForFirst } from '../../source/steps/fit-for-first-import.ts';
import { findDifferences, refuseOtherKey } from '../../source/steps/key-as-asked.ts';
import { connectionOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { problemOf } from './ceremony.ts';

const facts: Facts = { connection: connectionOf('arn:aws:iam::000000000000:user/alice') };
const services = makeOfflineServices();

const waits: KeyMetadata = {
  KeyId: '1234',
  Arn: 'arn:of:the:key',
  KeyManager: 'CUSTOMER',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  KeyState: 'PendingImport',
  Origin: 'EXTERNAL',
  MultiRegion: false,
};

test('a key takes a first material only while it waits for one and has never had any', () => {
  const unfit = (more: Partial<KeyMetadata>, listsMaterials?: boolean) =>
    unfitForFirst({ metadata: { ...waits, ...more }, listsMaterials }, services, facts);
  assert.equal(unfit({}), undefined);
  assert.equal(unfit({}, false), undefined);
  const primary = { MultiRegionKeyType: 'PRIMARY' } as const;
  assert.equal(unfit({ MultiRegion: true, MultiRegionConfiguration: primary }), undefined);
  const replica = { MultiRegionKeyType: 'REPLICA', PrimaryKey: { Arn: 'arn:of:the:primary' } } as const;
  for (const [problem, kind, why, next] of [
    [
      unfit({ MultiRegionConfiguration: replica }),
      'fixable',
      /^It is a replica of arn:of:the:primary, and takes only the bytes/,
      /keyferry reimport$/,
    ],
    [
      unfit({ KeyState: 'Enabled' }),
      'fixable',
      /^It is Enabled: it has its material already/,
      /keyferry expiry --key 1234$/,
    ],
    [unfit({ KeyState: 'Disabled' }), 'fixable', /^It is Disabled: it has its material already/, /keyferry expiry/],
    [unfit({ CurrentKeyMaterialId: 'a' }), 'fixable', /^It had material before/, /keyferry reimport$/],
    [unfit({}, true), 'fixable', /^It had material before/, /keyferry reimport$/],
    [
      unfit({ KeyState: 'Creating' }),
      'waiting',
      /^It is Creating now, and takes no material as long/,
      /^Wait a minute/,
    ],
  ] as const) {
    assert.equal(problem?.kind, kind);
    assert.equal(problem?.what, "Can't import the first material into 1234.");
    assert.match(problem?.why ?? '', why);
    assert.match(problem?.next[0] ?? '', next);
  }
  for (const more of [{ Origin: 'AWS_KMS' }, { KeySpec: 'HMAC_256' }, { KeyState: 'PendingDeletion' }] as const)
    assert.notEqual(unfit(more), undefined, JSON.stringify(more));
});

test('a key that KMS made otherwise than it was asked for is refused with each difference', async () => {
  assert.deepEqual(findDifferences(waits, false), []);
  const { MultiRegion: _, ...silent } = waits;
  assert.deepEqual(findDifferences(silent, true), [], 'what KMS does not tell is not compared');
  const differences = findDifferences(
    { ...waits, Origin: 'AWS_KMS', KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' },
    true,
  );
  assert.deepEqual(differences, [
    'Origin is AWS_KMS, and EXTERNAL was asked for',
    'KeySpec is RSA_2048, and SYMMETRIC_DEFAULT was asked for',
    'KeyUsage is SIGN_VERIFY, and ENCRYPT_DECRYPT was asked for',
    'MultiRegion is false, and true was asked for',
  ]);
  const key = { keyId: '1234', keyArn: 'arn:of:the:key' };
  refuseOtherKey({ ...key, differences: [] }, facts, services);
  refuseOtherKey(key, facts, services);
  const problem = await problemOf((async () => refuseOtherKey({ ...key, differences }, facts, services))());
  assert.ok(problem.why?.endsWith(`${differences.join('; ')}.`));
  assert.match(problem.next.at(-1) ?? '', /aws kms schedule-key-deletion --key-id 1234 /);
  assert.deepEqual([problem.code, problem.endsHere], ['OtherKey', true]);
});
