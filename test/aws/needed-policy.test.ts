import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neededForImport, neededPolicy } from '../../source/aws/needed-policy.ts';

const place = {
  partition: 'aws',
  region: 'us-east-1',
  accountId: '000000000000',
  alias: 'alias/a',
  bucket: 'keyferry-a-*',
};

test('the least policy has a statement for everything and the conditions that narrow it', () => {
  const { Statement } = neededPolicy(place);
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
  assert.match(JSON.stringify(neededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws-cn:s3/);
  assert.doesNotMatch(JSON.stringify(neededPolicy({ ...place, partition: 'aws-cn' })), /arn:aws:/);
});

test('the least policy is one statement for each resource and condition, with no action twice', () => {
  const { Statement } = neededPolicy(place);
  const keys = Statement.map(({ Resource, Condition }) => JSON.stringify([Resource, Condition]));
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(
    Statement.map(({ Sid }) => Sid),
    Statement.map((_, index) => `Keyferry${index + 1}`),
  );
  const actionsOn = (end: string) =>
    Statement.filter(({ Resource }) => Resource.endsWith(end)).flatMap((one) => one.Action);
  assert.deepEqual(
    actionsOn('/*').filter((action) => action.startsWith('s3:')),
    ['s3:PutObject', 's3:GetObject'],
  );
  assert.deepEqual(
    neededPolicy(place, [
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:Decrypt', on: 'key' },
      { action: 'kms:DescribeKey', on: 'key' },
      { action: 's3:ListBucket', on: 'bucket' },
    ]).Statement,
    [
      {
        Sid: 'Keyferry1',
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: 'arn:aws:kms:us-east-1:000000000000:key/*',
        Condition: { StringEquals: { 'kms:KeyOrigin': 'EXTERNAL' } },
      },
      { Sid: 'Keyferry2', Effect: 'Allow', Action: ['s3:ListBucket'], Resource: 'arn:aws:s3:::keyferry-a-*' },
    ],
  );
});
