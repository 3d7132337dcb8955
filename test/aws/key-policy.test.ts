import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allows, buildKeyPolicy, listAbilities } from '../../source/aws/key-policy.ts';
import { findPolicyProblem } from '../../source/aws/policy-lint.ts';

const arn = (name: string) => `arn:aws:iam::111122223333:${name}`;
const choices = {
  partition: 'aws',
  accountId: '111122223333',
  administrators: [arn('role/Admin')],
  users: [arn('role/App')],
  administratorsMayDelete: false,
};
const caller = { principalArn: arn('role/Admin'), accountId: '111122223333', administrators: [arn('role/Admin')] };

test("the policy has the console's Sids in its order", () => {
  assert.deepEqual(
    buildKeyPolicy(choices).Statement.map(({ Sid }) => Sid),
    [
      'Enable IAM User Permissions',
      'Allow access for Key Administrators',
      'Allow use of the key',
      'Allow attachment of persistent resources',
    ],
  );
});

test('the table says who can do what', () => {
  assert.deepEqual(listAbilities(buildKeyPolicy(choices)), [
    { principal: arn('root'), manage: true, import: true, use: true, deleteMaterial: true, deleteKey: true },
    { principal: arn('role/Admin'), manage: true, import: true, use: false, deleteMaterial: true, deleteKey: false },
    { principal: arn('role/App'), manage: false, import: false, use: true, deleteMaterial: false, deleteKey: false },
  ]);
});

test('administrators may delete only when that was said', () => {
  const may = buildKeyPolicy({ ...choices, administratorsMayDelete: true });
  assert.equal(allows(may, arn('role/Admin'), 'kms:ScheduleKeyDeletion'), true);
  assert.equal(allows(buildKeyPolicy(choices), arn('role/Admin'), 'kms:ScheduleKeyDeletion'), false);
});

test('an action is allowed by its whole name, or by what stands before a star', () => {
  const policy = buildKeyPolicy(choices);
  assert.equal(allows(policy, arn('role/App'), 'kms:GenerateDataKeyWithoutPlaintext'), true);
  for (const action of ['kms:Decryp', 'kms:Decrypt2', 'kms:DescribeKeys', 'kms:Generate'])
    assert.equal(allows(policy, arn('role/App'), action), false, action);
  // What hangs on a condition is not allowed outright.
  assert.equal(allows(policy, arn('role/App'), 'kms:CreateGrant'), false);
  const { Condition } = policy.Statement.find(({ Action }) => Action.includes('kms:CreateGrant')) ?? {};
  assert.deepEqual(Condition, { Bool: { 'kms:GrantIsForAWSResource': 'true' } });
});

test('administrators can do the whole import and a later one', () => {
  const policy = buildKeyPolicy(choices);
  for (const action of [
    'GetParametersForImport',
    'ImportKeyMaterial',
    'DeleteImportedKeyMaterial',
    'RotateKeyOnDemand',
    'PutKeyPolicy',
  ])
    assert.equal(allows(policy, arn('role/Admin'), `kms:${action}`), true, action);
});

test('an empty list makes no empty statement', () => {
  const policy = buildKeyPolicy({ ...choices, administrators: [], users: [] });
  assert.equal(policy.Statement.length, 1);
  assert.equal(findPolicyProblem(policy, { ...caller, administrators: [] }), undefined);
});

test('another partition has its own root', () => {
  assert.match(
    JSON.stringify(buildKeyPolicy({ ...choices, partition: 'aws-cn' })),
    /arn:aws-cn:iam::111122223333:root/,
  );
});

test('a policy that nobody of the account could change is refused here', () => {
  const built = buildKeyPolicy(choices);
  const withoutRoot = { ...built, Statement: built.Statement.filter(({ Sid }) => Sid === 'Allow use of the key') };
  assert.match(findPolicyProblem(withoutRoot, caller) ?? '', /could change this policy/);
});

test('a policy past 32 KiB is refused here', () => {
  const many = Array.from({ length: 500 }, (_, index) =>
    arn(`role/a-role-with-a-long-name-to-fill-the-policy-${index}`),
  );
  assert.match(findPolicyProblem(buildKeyPolicy({ ...choices, users: many }), caller) ?? '', /32768/);
});

test('a strict policy has a condition on each use, and no statement for nobody', () => {
  const strict = { ...choices, policyKind: 'strict', region: 'eu-west-1', importers: [arn('role/Importer')] } as const;
  const conditions = Object.fromEntries(
    buildKeyPolicy(strict).Statement.map(({ Sid, Principal, Condition }) => [Sid, [Principal.AWS, Condition]]),
  );
  assert.deepEqual(conditions, {
    'Account, by IAM': [[arn('root')], undefined],
    Custodians: [[arn('role/Admin')], undefined],
    Importers: [[arn('role/Importer')], undefined],
    'Importers prove': [
      [arn('role/Importer')],
      { StringEquals: { 'kms:EncryptionContext:purpose': 'keyferry-proof' } },
    ],
    Users: [[arn('role/App')], { StringEquals: { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' } }],
    'Users look': [[arn('role/App')], undefined],
  });
  const fewer = buildKeyPolicy({ ...strict, importers: [], users: [], administratorsMayDelete: true });
  assert.deepEqual(
    fewer.Statement.map(({ Sid }) => Sid),
    ['Account, by IAM', 'Custodians', 'Custodians may delete'],
  );
});
