import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluateAccess, policyName, rowsOf, wordOf } from '../../source/aws/existing-policy.ts';
import { readPolicy } from '../../source/aws/policy-statements.ts';

const accountId = '111122223333';
const role = `arn:aws:iam::${accountId}:role/teams/SecurityAdmin`;
const root = `arn:aws:iam::${accountId}:root`;
const key = 'kms:ImportKeyMaterial';

const read = (...Statement: readonly object[]) => {
  const policy = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement }));
  assert.ok(policy !== undefined);
  return policy;
};
const allow = (principals: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: principals },
  Action: 'kms:*',
  Resource: '*',
  ...more,
});
const deny = (principal: string, more: object = {}) => ({ ...allow(principal, more), Effect: 'Deny' });
const condition = { Condition: { StringEquals: { 'kms:ViaService': 's3.us-east-1.amazonaws.com' } } };

const words: readonly (readonly [says: string, statements: readonly object[], word: string])[] = [
  ['a statement that names the caller', [allow(role)], 'named'],
  ['one of several names', [allow(['arn:aws:iam::444455556666:root', role])], 'named'],
  ['everyone', [{ ...allow('*'), Principal: '*' }], 'named'],
  ['the account root', [allow(root)], 'iam'],
  ['the number of the account', [allow(accountId)], 'iam'],
  ['another account', [allow('arn:aws:iam::444455556666:root')], 'not named'],
  ['another role', [allow(`${role}2`)], 'not named'],
  ['no statement', [], 'not named'],
  ['an allowance under a condition', [allow(role, condition)], 'maybe'],
  ['the account under a condition', [allow(root, condition)], 'maybe'],
  ['a name beside an allowance under a condition', [allow(role, condition), allow(role)], 'named'],
  ['an action pattern', [allow(role, { Action: ['kms:Get*', 'KMS:importkey*'] })], 'named'],
  ['a single character', [allow(role, { Action: 'kms:Import?eyMaterial' })], 'named'],
  ['a dot is no pattern', [allow(role, { Action: 'kms.ImportKeyMaterial' })], 'not named'],
  ['a statement without any action', [allow(role, { Action: undefined })], 'not named'],
  ['another action', [allow(role, { Action: 'kms:ImportKey' })], 'not named'],
  ['all actions but this', [allow(role, { Action: undefined, NotAction: 'kms:Import*' })], 'not named'],
  ['all actions but another', [allow(role, { Action: undefined, NotAction: 'kms:Delete*' })], 'named'],
  ['a denial for everyone', [allow(role), deny('*')], 'denied'],
  ['a denial for the account', [allow(role), deny(root)], 'denied'],
  ['a denial of another action', [allow(role), deny('*', { Action: 'kms:Delete*' })], 'named'],
  ['a denial alone', [deny(role)], 'denied'],
  ['a denial of another action alone', [deny(role, { Action: 'kms:Delete*' })], 'not named'],
  [
    'a denial for all but the caller and another',
    [allow(role), { ...deny(''), Principal: undefined, NotPrincipal: { AWS: [`${role}2`, role] } }],
    'named',
  ],
  ['a denial for another', [allow(role), deny(`${role}2`)], 'named'],
  [
    'a denial for all but the caller',
    [allow(role), { ...deny(''), Principal: undefined, NotPrincipal: { AWS: role } }],
    'named',
  ],
  [
    'a denial for all but another',
    [allow(role), { ...deny(''), Principal: undefined, NotPrincipal: { AWS: `${role}2` } }],
    'denied',
  ],
  ['a denial under a condition', [allow(role), deny('*', condition)], 'maybe'],
  [
    'a denial of plain HTTP, as a list',
    [allow(role), deny('*', { Condition: { Bool: { 'aws:SecureTransport': ['false'] } } })],
    'named',
  ],
  [
    'a denial of plain HTTP and of more',
    [allow(role), deny('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' }, ...condition.Condition } })],
    'maybe',
  ],
  ['a denial of TLS', [allow(role), deny('*', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })], 'maybe'],
  ['an allowance of plain HTTP', [allow(role, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })], 'maybe'],
  ['an allowance to nobody', [{ ...allow(role), Principal: undefined }], 'not named'],
  ['a denial to nobody', [allow(role), { ...deny(role), Principal: undefined }], 'named'],
  [
    'a denial of plain HTTP',
    [allow(role), deny('*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    'named',
  ],
];

for (const [says, statements, word] of words)
  test(`a key policy with ${says} says of the caller: ${word}`, () => {
    assert.equal(wordOf(read(...statements), role, accountId, key), word);
  });

test('a policy is a table of who may manage, import, use and delete, by itself', () => {
  const uploader = `arn:aws:iam::${accountId}:role/uploader`;
  const policy = read(
    allow(root, { Action: ['kms:PutKeyPolicy', 'kms:DisableKey', 'kms:ScheduleKeyDeletion'] }),
    allow(role, { Action: ['kms:GetParametersForImport', 'kms:ImportKeyMaterial', 'kms:DeleteImportedKeyMaterial'] }),
    allow(uploader, { Action: ['kms:GenerateDataKey*', 'kms:CreateGrant'], ...condition }),
    { Effect: 'Allow', Principal: { Service: 'logs.amazonaws.com' }, Action: 'kms:Decrypt', Resource: '*' },
    deny('*', { Action: 'kms:ScheduleKeyDeletion' }),
  );
  assert.deepEqual(
    rowsOf(policy).map((row) => [row.principal, row.manage, row.import, row.use, row.deleteMaterial, row.deleteKey]),
    [
      [root, 'yes', 'no', 'no', 'no', 'no'],
      [role, 'no', 'yes', 'no', 'yes', 'no'],
      [uploader, 'no', 'no', 'maybe', 'no', 'no'],
      ['logs.amazonaws.com', 'no', 'no', 'yes', 'no', 'no'],
    ],
  );
  assert.deepEqual(
    rowsOf(policy).map((row) => [row.changePolicy, row.makeGrants]),
    [
      ['yes', 'no'],
      ['no', 'no'],
      ['no', 'maybe'],
      ['no', 'no'],
    ],
  );
  assert.equal(evaluateAccess(policy, root, 'kms:Decrypt'), 'no');
});

test('in each partition, the account root is that of the caller, and a denial gives nobody a right', () => {
  const inChina = (arn: string) => arn.replace('arn:aws:', 'arn:aws-cn:');
  assert.equal(wordOf(read(allow(inChina(root))), inChina(role), accountId, key), 'iam');
  assert.equal(wordOf(read(allow(root)), inChina(role), accountId, key), 'not named');
  assert.equal(evaluateAccess(read(deny(`${role}2`)), `${role}2`, key), 'no');
  assert.equal(evaluateAccess(read(deny(role, condition)), role, key), 'no');
  assert.deepEqual(rowsOf(read(deny(role))), []);
});

test('principals go by the names that people know', () => {
  const names = [
    '*',
    root,
    accountId,
    '444455556666',
    'arn:aws:iam::444455556666:root',
    role,
    'arn:aws:iam::444455556666:user/eve',
    'logs.amazonaws.com',
    'AIDAQ3EGUIA7EXAMPLE12',
  ].map((principal) => policyName(principal, accountId));
  assert.deepEqual(names, [
    'everyone',
    'account root',
    'account root',
    'account 444455556666',
    'account 444455556666',
    'role SecurityAdmin',
    'user eve of 444455556666',
    'logs.amazonaws.com',
    'AIDAQ3EGUIA7EXAMPLE12',
  ]);
});

test('what is no policy is not read as one', () => {
  for (const text of ['', '{', '[]', '{"Statement":{"Effect":"Perhaps"}}', '{"Version":"2012-10-17"}'])
    assert.equal(readPolicy(text), undefined, text);
  assert.equal(readPolicy(JSON.stringify({ Statement: allow(role) }))?.length, 1);
});

test('a pattern of an action with many stars takes no time', () => {
  assert.equal(wordOf(read(allow(role, { Action: `kms:${'*'.repeat(40)}!` })), role, accountId, key), 'not named');
});
