import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedStart } from '../../source/aws/policy-pattern.ts';
import { findUploadDenials, type PlannedUpload } from '../../source/aws/upload-denials.ts';

const role = 'arn:aws:iam::111122223333:role/app';
const upload: PlannedUpload = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '111122223333',
  callerArn: 'arn:aws:sts::111122223333:assumed-role/app/me',
  principalArn: role,
  bucket: 'a-bucket',
  keyArn: 'new',
  isTls: true,
};
const theirs = 'arn:aws:kms:eu-west-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const keyName = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const kind = 's3:x-amz-server-side-encryption';

/** Judges one Deny statement: `yes`, `maybe`, or `no`. */
function judge(statement: object, changes: Partial<PlannedUpload> = {}): 'yes' | 'maybe' | 'no' {
  const full = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:PutObject',
    Resource: 'arn:aws:s3:::a-bucket/*',
    ...statement,
  };
  const [denial] = findUploadDenials(JSON.stringify({ Statement: [full] }), { ...upload, ...changes }) ?? [];
  if (denial === undefined) return 'no';
  return denial.isSure ? 'yes' : 'maybe';
}

const wantsTheirs = { StringNotEquals: { [keyName]: theirs } };

test('a statement that leaves another key free surely denies a new key, however it is written', () => {
  for (const Condition of [
    wantsTheirs,
    { StringNotEqualsIfExists: { [keyName]: theirs } },
    { StringNotLike: { [keyName]: [`${theirs}*`, 'arn:aws:kms:eu-central-1:*'] } },
    { ArnNotEquals: { [keyName]: theirs } },
    { ArnNotLikeIfExists: { [keyName.toUpperCase()]: theirs } },
    { 'ForAnyValue:StringNotEquals': { [keyName]: theirs } },
    { Null: { [keyName]: 'false' }, StringNotEquals: { [keyName]: theirs } },
    { StringNotEquals: { [kind]: 'AES256' } },
    { Null: { [keyName]: false } },
    { StringNotEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
  ])
    assert.equal(judge({ Condition }), 'yes', JSON.stringify(Condition));
});

test('a statement that this upload does as it wants denies nothing', () => {
  for (const Condition of [
    { StringNotEquals: { [kind]: 'aws:kms' } },
    { Null: { [kind]: 'true' } },
    { StringNotEqualsIfExists: { [kind]: ['aws:kms', 'AES256'] } },
    { StringNotLike: { [keyName]: 'arn:aws:kms:eu-west-1:111122223333:key/*' } },
    { Bool: { 'aws:SecureTransport': 'false' } },
    { ArnNotEquals: { 'aws:PrincipalArn': role } },
    { StringEquals: { [kind]: 'AES256' } },
    { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
  ])
    assert.equal(judge({ Condition }), 'no', JSON.stringify(Condition));
  assert.equal(judge({ Condition: wantsTheirs }, { keyArn: theirs }), 'no');
});

test('what cannot be judged here only may deny, and counts where it is about encryption', () => {
  const address = { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
  assert.equal(judge({ Condition: { ...wantsTheirs, ...address } }), 'maybe');
  assert.equal(judge({ Condition: address }), 'no');
  assert.equal(judge({ Condition: wantsTheirs }, { keyArn: 'unknown' }), 'maybe');
  assert.equal(judge({ Condition: { StringNotEquals: { [keyName]: 'alias/theirs' } } }), 'maybe');
  // S3 may find the ARN behind the bare id of this same key.
  assert.equal(
    judge({ Condition: { StringNotEquals: { [keyName]: theirs.slice(-36) } } }, { keyArn: theirs }),
    'maybe',
  );
  assert.equal(
    judge({ Condition: { StringNotEquals: { [keyName]: `arn:aws:kms:*:key/\${aws:PrincipalTag/key}` } } }),
    'maybe',
  );
  assert.equal(judge({ Condition: { StringNotLike: { [keyName]: 'arn:aws:kms:*:key/ff*' } } }), 'maybe');
  assert.equal(
    judge({ Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...wantsTheirs } }, { isTls: undefined }),
    'maybe',
  );
});

test('a statement counts only where it is about these objects, uploads and this caller', () => {
  const Condition = wantsTheirs;
  for (const [says, statement, changes] of [
    ['yes', { Resource: '*' }],
    ['yes', { Resource: ['arn:aws:s3:::a-bucket', 'arn:aws:s3:::a-*'] }],
    ['no', { Resource: 'arn:aws:s3:::a-bucket' }],
    ['no', { Resource: 'arn:aws:s3:::another/*' }],
    ['maybe', { Resource: 'arn:aws:s3:::a-bucket/team/*' }],
    ['yes', { Resource: 'arn:aws:s3:::a-bucket/team/*' }, { key: 'team/a.txt' }],
    ['no', { Resource: 'arn:aws:s3:::a-bucket/team/*' }, { key: 'other/a.txt' }],
    ['no', { Resource: undefined, NotResource: 'arn:aws:s3:::a-bucket/*' }],
    ['yes', { Resource: undefined, NotResource: 'arn:aws:s3:::another/*' }],
    ['yes', { Action: ['s3:GetObject', 'S3:Put*'] }],
    ['no', { Action: 's3:PutObjectAcl' }],
    ['no', { Action: undefined, NotAction: 's3:*' }],
    ['yes', { Action: undefined, NotAction: 's3:Get*' }],
    ['yes', { Principal: { AWS: [role] } }],
    ['yes', { Principal: { AWS: '111122223333' } }],
    ['no', { Principal: { AWS: 'arn:aws:iam::111122223333:role/other' } }],
    ['no', { Principal: { Service: 'logging.s3.amazonaws.com' } }],
    ['maybe', { Principal: { CanonicalUser: 'abc' } }],
    ['yes', { Principal: undefined, NotPrincipal: { AWS: 'arn:aws:iam::111122223333:role/other' } }],
    ['maybe', { Principal: undefined, NotPrincipal: { AWS: role } }],
    ['no', { Principal: undefined, NotPrincipal: { AWS: [role, upload.callerArn, 'arn:aws:iam::111122223333:root'] } }],
    ['maybe', { Principal: { AWS: 'arn:aws:iam::111122223333:role/other' } }, { principalArn: undefined }],
    ['no', { Principal: { AWS: 'arn:aws:iam::444455556666:role/other' } }, { principalArn: undefined }],
    ['yes', { Principal: { AWS: upload.callerArn } }, { principalArn: undefined }],
    // The session is meant by its own ARN, and the caller's role is perhaps one of those that are named.
    ['yes', { Principal: { AWS: upload.callerArn } }],
    ['yes', { Principal: { AWS: ['*', `${role}2`] } }, { principalArn: undefined }],
    [
      'maybe',
      { Principal: { AWS: ['arn:aws:iam::111122223333:user/other', `${role}2`] } },
      { principalArn: undefined },
    ],
    ['no', { Principal: { AWS: 'arn:aws:iam::111122223333:user/other' } }, { principalArn: undefined }],
    [
      'yes',
      { Resource: 'arn:aws:s3:::a-bucket/*', Condition: { StringEquals: { [kind]: 'aws:kms' } } },
      { keyArn: 'unknown' },
    ],
    ['no', { Effect: 'Allow' }],
  ] as const)
    assert.equal(judge({ Condition, ...statement }, changes), says, JSON.stringify(statement));
});

test('a denial names its statement and the keys that it leaves free; a text that is no policy gives none', () => {
  const policy = {
    Statement: {
      Sid: 'OnlyTheirs',
      Effect: 'Deny',
      Principal: '*',
      Action: '*',
      Resource: '*',
      Condition: wantsTheirs,
    },
  };
  assert.deepEqual(findUploadDenials(JSON.stringify(policy), upload), [
    { sid: 'OnlyTheirs', isSure: true, wantedKeys: [theirs], wantedEncryption: [] },
  ]);
  for (const text of ['', '{}', 'null', '{"Statement":[{"Effect":"Perhaps"}]}'])
    assert.equal(findUploadDenials(text, upload), undefined);
});

test('a pattern with many stars takes no time', () => {
  const pattern = `arn:aws:kms:${'*a'.repeat(2000)}`;
  assert.equal(judge({ Condition: { StringNotLike: { [keyName]: pattern } } }), 'yes');
});

test('a condition key that the upload does not have meets an operator that is negated, IfExists or ForAllValues', () => {
  const acl = { 's3:x-amz-acl': 'private' };
  for (const operator of [
    'StringNotEquals',
    'StringEqualsIfExists',
    'ForAllValues:StringEquals',
    'ForAnyValue:StringEqualsIfExists',
  ])
    assert.equal(judge({ Condition: { [operator]: acl } }), 'yes', operator);
  for (const operator of ['StringEquals', 'ForAnyValue:StringEquals', 'ForAnyValue:StringNotEquals'])
    assert.equal(judge({ Condition: { [operator]: acl } }), 'no', operator);
});

test('what is known of the upload meets the conditions about it, each by its operator', () => {
  for (const [Condition, judgement] of [
    [{ Bool: { 'aws:SecureTransport': 'TRUE' } }, 'yes'],
    [{ StringEqualsIgnoreCase: { [kind]: 'AWS:KMS' } }, 'yes'],
    [{ StringEquals: { [kind]: 'AWS:KMS' } }, 'no'],
    [{ StringLike: { [kind]: 'aws:*' } }, 'yes'],
    [{ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/app' } }, 'yes'],
    [{ ArnEquals: { 'aws:PrincipalArn': role } }, 'yes'],
    [{ Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'true' } }, 'yes'],
    [{ StringEquals: { 'aws:PrincipalAccount': '111122223333' } }, 'yes'],
    [{ StringNotEquals: { 'aws:PrincipalAccount': '111122223333' } }, 'no'],
    [{ StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, 'yes'],
    [{ StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, 'no'],
    [{ StringEquals: { [kind]: 'alias/theirs' } }, 'no'],
    // What is no comparison of texts is for AWS alone.
    [{ NumericEquals: { [kind]: '1' } }, 'maybe'],
    [{ DateNotEquals: { [kind]: '2026-01-01' } }, 'maybe'],
    // Beside a condition that nobody knows here, only those about encryption count.
    [{ StringNotEquals: { [kind]: 'AES256', 'aws:PrincipalTag/team': 'a' } }, 'maybe'],
    [{ StringNotEquals: { [keyName]: theirs, 'aws:PrincipalTag/team': 'a' } }, 'maybe'],
    [{ StringNotEquals: { 'aws:PrincipalTag/team': 'a' } }, 'no'],
  ] as const)
    assert.equal(judge({ Condition }), judgement, JSON.stringify(Condition));
});

test('NotPrincipal leaves the caller out only where it names the account, the role and the session', () => {
  const root = 'arn:aws:iam::111122223333:root';
  const judged = (NotPrincipal: unknown) => judge({ Principal: undefined, NotPrincipal, Condition: wantsTheirs });
  assert.equal(judged({ AWS: [root, role, upload.callerArn] }), 'no');
  assert.equal(judged('*'), 'no');
  assert.equal(judged({ AWS: ['111122223333', role, upload.callerArn] }), 'no');
  for (const Aws of [
    [root, role],
    [root, upload.callerArn],
    [role, upload.callerArn],
  ])
    assert.equal(judged({ AWS: Aws }), 'maybe', Aws.join());
  assert.equal(judged({ AWS: `${role}2` }), 'yes');
});

test('a name with a variable, or one that is not known yet, may be meant', () => {
  const judged = (statement: object, key?: string) =>
    judge({ Condition: wantsTheirs, ...statement }, key === undefined ? {} : { key });
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a variable of IAM.
  const own = 'arn:aws:s3:::a-bucket/${aws:username}/*';
  assert.equal(judged({ Resource: own }, 'me/a'), 'maybe');
  assert.equal(judged({ Resource: undefined, NotResource: 'arn:aws:s3:::a-bucket/b*' }), 'maybe');
  // A pattern that ends with the slash means one object at most.
  assert.equal(judged({ Resource: 'arn:aws:s3:::a-bucket/' }), 'maybe');
  assert.equal(judged({ Resource: undefined, NotResource: 'arn:aws:s3:::a-bucket/b*' }, 'b1'), 'no');
  assert.equal(judged({ Resource: undefined, NotResource: 'arn:aws:s3:::a-bucket/b*' }, 'c'), 'yes');
  assert.deepEqual([fixedStart('a$b*c'), fixedStart(own), fixedStart('a?')], ['a$b', 'arn:aws:s3:::a-bucket/', 'a']);
});

test('only the values that a denial leaves free are named as wanted', () => {
  const Statement = [
    { Effect: 'Deny', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { [kind]: 'aws:kms' } } },
  ];
  const [denial] = findUploadDenials(JSON.stringify({ Statement }), upload) ?? [];
  assert.deepEqual(denial, { sid: undefined, isSure: true, wantedKeys: [], wantedEncryption: [] });
});
