import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  buildNeededPolicy,
  buildPolicyForImport,
  neededForExisting,
  neededForImport,
} from '../../source/aws/needed-policy.ts';

const place = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  alias: 'alias/a',
  bucket: 'keyferry-a-*',
};
const anyKey = 'arn:aws:kms:us-east-1:000000000000:key/*';
const tagged = { Null: { 'aws:ResourceTag/keyferry:ceremony': 'false' } };

test('the least policy has a statement for everything and the conditions that narrow it', () => {
  const { Statement } = buildNeededPolicy(place);
  for (const { action } of neededForImport)
    assert.ok(
      Statement.some(({ Action }) => Action.includes(action)),
      action,
    );
  const conditions = JSON.stringify(Statement.map(({ Condition }) => Condition));
  for (const key of ['kms:KeyOrigin', 'kms:WrappingAlgorithm', 'kms:WrappingKeySpec', 'kms:ExpirationModel'])
    assert.match(conditions, new RegExp(key));
  const resources = Statement.map(({ Resource }) => Resource);
  assert.ok(resources.includes('arn:aws:kms:us-east-1:000000000000:alias/a'));
  assert.deepEqual(
    Statement.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action),
    [['kms:CreateKey']],
  );
  assert.ok(Statement.every(({ Action }) => Action.every((action) => !action.includes('*'))));
  assert.match(JSON.stringify(buildNeededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws-cn:s3/);
  assert.doesNotMatch(JSON.stringify(buildNeededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws:/);
});

test('the least policy is one statement for each resource and condition, with no action twice', () => {
  const { Statement } = buildNeededPolicy(place);
  const keys = Statement.map(({ Resource, Condition }) => JSON.stringify([Resource, Condition]));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(
    Statement.map(({ Sid }) => Sid),
    Statement.map((_, index) => `KeyferryNeeds${index + 1}`),
  );
  const actionsOn = (end: string) =>
    Statement.filter(({ Resource }) => Resource.endsWith(end)).flatMap((one) => one.Action);
  assert.deepEqual(
    actionsOn('/*').filter((action) => action.startsWith('s3:')),
    ['s3:PutObject', 's3:GetObject'],
  );
  assert.deepEqual(
    buildNeededPolicy(place, [
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:DescribeKey', on: 'key' },
      { action: 's3:ListBucket', on: 'bucket' },
    ]).Statement,
    [
      {
        Sid: 'KeyferryNeeds1',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: anyKey,
        Condition: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' }, ...tagged },
      },
      { Sid: 'KeyferryNeeds2', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::keyferry-a-*' },
    ],
  );
});

test('a key that exists already is known by its ARN, and need not have the tag of a ceremony', () => {
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1';
  const { Statement } = buildNeededPolicy({ ...place, keyArn }, neededForExisting);
  assert.ok(Statement.some(({ Resource }) => Resource === keyArn));
  assert.doesNotMatch(JSON.stringify(Statement), /ResourceTag|key\/\*/);
  // An import into such a key makes no key, and changes no policy, tags or aliases.
  assert.doesNotMatch(JSON.stringify(Statement), /CreateKey|CreateAlias|TagResource|PutKeyPolicy/);
});

test('an import is allowed with an expiry and without one, and with each hash of the wrapping', () => {
  const { Statement } = buildNeededPolicy(place);
  const wanted = (action: string, name: string) =>
    Statement.find(({ Action }) => Action.includes(action))?.Condition?.StringEquals?.[name];
  assert.deepEqual([...(wanted('kms:ImportKeyMaterial', 'kms:ExpirationModel') ?? [])].toSorted(), [
    'KEY_MATERIAL_DOES_NOT_EXPIRE',
    'KEY_MATERIAL_EXPIRES',
  ]);
  assert.deepEqual([...(wanted('kms:GetParametersForImport', 'kms:WrappingAlgorithm') ?? [])].toSorted(), [
    'RSAES_OAEP_SHA_1',
    'RSAES_OAEP_SHA_256',
  ]);
});

test('whatever changes or uses a key needs the tag of a ceremony on it, and a key is made with that tag alone', () => {
  const { Statement } = buildPolicyForImport(place);
  const onKeys = Statement.filter(({ Resource }) => Resource === anyKey);
  const withoutTag = onKeys.filter(({ Condition }) => Condition?.Null?.[Object.keys(tagged.Null)[0] ?? ''] !== 'false');
  assert.deepEqual(
    withoutTag.map(({ Action }) => Action),
    [['kms:TagResource'], ['kms:DescribeKey', 'kms:ListResourceTags'], ['kms:UpdateAlias']],
  );
  const conditionFor = (action: string) => Statement.find(({ Action }) => Action.includes(action))?.Condition;
  const givesTag = { 'aws:RequestTag/keyferry:ceremony': 'false' };
  const noBypass = { 'kms:BypassPolicyLockoutSafetyCheck': 'false' };
  // ForAllValues alone would be true for a request without tags.
  assert.deepEqual(conditionFor('kms:TagResource'), {
    StringEqualsIfExists: { 'kms:KeyOrigin': 'EXTERNAL' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['keyferry:ceremony'] },
    Null: givesTag,
  });
  assert.deepEqual(conditionFor('kms:CreateKey'), {
    StringEquals: { 'kms:KeyOrigin': 'EXTERNAL', 'kms:KeySpec': 'SYMMETRIC_DEFAULT' },
    BoolIfExists: noBypass,
    Null: givesTag,
  });
  assert.deepEqual(conditionFor('kms:PutKeyPolicy'), {
    StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' },
    BoolIfExists: noBypass,
    ...tagged,
  });
});

test('where the alias is not known yet, any is meant, and the own tags of a new key may be set with that of the ceremony', () => {
  const { alias: _, ...anywhere } = place;
  const resources = buildNeededPolicy(anywhere).Statement.map(({ Resource }) => Resource);
  assert.ok(resources.includes('arn:aws:kms:us-east-1:000000000000:alias/*'), resources.join());
  const tags = [{ key: 'team', value: 'pay' }];
  const { Statement } = buildPolicyForImport({ ...place, tags });
  const { Condition } = Statement.find(({ Action }) => Action.includes('kms:TagResource')) ?? {};
  assert.deepEqual(Condition?.['ForAllValues:StringEquals'], { 'aws:TagKeys': ['keyferry:ceremony', 'team'] });
});

test('what no ARN can limit has statements of its own, which say what it is for', () => {
  const { Statement } = buildPolicyForImport(place);
  assert.deepEqual(
    Statement.filter(({ Resource }) => Resource === '*').map(({ Sid, Action }) => [Sid.replace(/\d+$/, ''), Action]),
    [
      ['KeyferryNeeds', ['kms:CreateKey']],
      ['KeyferryWayBack', ['kms:ListKeys', 'kms:ListAliases']],
      [
        'KeyferryConvenience',
        [
          's3:ListAllMyBuckets',
          ...['iam:GetRole', 'iam:GetUser', 'iam:ListRoles', 'iam:ListUsers', 'iam:SimulatePrincipalPolicy'],
        ],
      ],
    ],
  );
});

test('the policy for a first import fits into a managed policy, with the longest names that there are', () => {
  // IAM counts no white space. IAM user guide, "IAM and AWS STS quotas".
  const longest = buildPolicyForImport({
    partition: 'aws-us-gov',
    region: 'ap-southeast-1',
    accountId: '000000000000',
    bucket: 'b'.repeat(63),
  });
  assert.ok(JSON.stringify(longest).replaceAll(/\s/g, '').length <= 6144);
});
