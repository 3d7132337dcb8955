import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as kmsSdk from '@aws-sdk/client-kms';
import { allows, buildKeyPolicy, letsUse, listAbilities, listSelfServing } from '../../source/aws/key-policy.ts';
import { findPolicyProblem } from '../../source/aws/policy-lint.ts';
import { appliesTo } from '../../source/aws/policy-statements.ts';
import { describeDuties, isStrictKnown } from '../../source/aws/strict-policy.ts';
import { operationsOfSdk } from '../practice/send-named.ts';

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

/** Whether the administrator may do each of these things, under the choices with these changes. */
const administratorMay = (changes: object, ...actions: string[]) =>
  actions.map((action) => allows(buildKeyPolicy({ ...choices, ...changes }), arn('role/Admin'), `kms:${action}`));

test('administrators may delete only when that was said', () => {
  const deletion = ['ScheduleKeyDeletion', 'CancelKeyDeletion'];
  assert.deepEqual(administratorMay({ administratorsMayDelete: true }, ...deletion), [true, true]);
  assert.deepEqual(administratorMay({}, ...deletion), [false, false]);
});

test('administrators of a multi-Region key may replicate it and move its primary key', () => {
  const regions = ['ReplicateKey', 'UpdatePrimaryRegion'];
  assert.deepEqual(administratorMay({ multiRegion: true }, ...regions), [true, true]);
  assert.deepEqual(administratorMay({ multiRegion: false }, ...regions), [false, true]);
});

test('a strict policy lets each of its people do their own part, of all that KMS can do, and nothing else', () => {
  const custodian = arn('role/Custodian');
  const importer = arn('role/Importer');
  const people = { administrators: [custodian], importers: [importer], users: [arn('role/App')] };
  const policyWith = (administratorsMayDelete: boolean) =>
    buildKeyPolicy({ ...choices, ...people, policyKind: 'strict', region: 'us-east-1', administratorsMayDelete });
  const partOf = (principal: string, policy = policyWith(false)) =>
    operationsOfSdk(kmsSdk)
      .filter((name) =>
        policy.Statement.some(
          (statement) => [statement.Principal.AWS].flat().includes(principal) && appliesTo(statement, `kms:${name}`),
        ),
      )
      .toSorted()
      .join(' ');
  const withoutLooking = (part: string) => part.replaceAll(/\b(Describe|Get|List)\w+ ?/g, '').trimEnd();
  assert.equal(
    partOf(arn('role/App')),
    'Decrypt DescribeKey Encrypt GenerateDataKey GenerateDataKeyPair GenerateDataKeyPairWithoutPlaintext ' +
      'GenerateDataKeyWithoutPlaintext ReEncrypt',
  );
  assert.equal(
    partOf(importer),
    'Decrypt DescribeKey GenerateDataKey GetParametersForImport ImportKeyMaterial ListKeyRotations ListResourceTags',
  );
  const care = 'CreateAlias DeleteAlias DisableKey EnableKey RevokeGrant RotateKeyOnDemand TagResource UntagResource';
  const names = 'UpdateAlias UpdateKeyDescription';
  assert.equal(withoutLooking(partOf(custodian)), `CancelKeyDeletion ${care} ${names}`);
  assert.deepEqual(
    partOf(custodian, policyWith(true))
      .split(' ')
      .filter((name) => !partOf(custodian).split(' ').includes(name)),
    ['DeleteImportedKeyMaterial', 'ScheduleKeyDeletion'],
  );
  const ofAccount = 'CancelKeyDeletion CreateAlias DeleteAlias PutKeyPolicy RevokeGrant TagResource UntagResource';
  assert.equal(withoutLooking(partOf(arn('root'))), `${ofAccount} ${names}`);
  for (const principal of [custodian, arn('root')])
    for (const name of ['DescribeKey', 'GetKeyPolicy', 'GetKeyRotationStatus', 'ListGrants', 'ListKeyRotations'])
      assert.ok(partOf(principal).split(' ').includes(name), `${principal} ${name}`);
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

const strictChoices = {
  ...choices,
  policyKind: 'strict',
  region: 'eu-west-1',
  importers: [arn('role/Importer')],
} as const;

test('under a strict policy nobody has two duties, use goes through S3 alone, and the account gives rights to others', () => {
  const strict = buildKeyPolicy(strictChoices);
  const nothing = { manage: false, import: false, use: false, deleteMaterial: false, deleteKey: false } as const;
  assert.deepEqual(listAbilities(strict), [
    { ...nothing, principal: arn('root') },
    { ...nothing, principal: arn('role/Admin'), manage: true },
    { ...nothing, principal: arn('role/Importer'), import: true },
    { ...nothing, principal: arn('role/App'), use: 'S3' },
  ]);
  assert.deepEqual(listSelfServing(strict), [arn('root')]);
  const may = buildKeyPolicy({ ...strictChoices, administratorsMayDelete: true });
  assert.deepEqual(listAbilities(may)[1], {
    ...nothing,
    principal: arn('role/Admin'),
    manage: true,
    deleteMaterial: true,
    deleteKey: true,
  });
});

test('whether somebody may use the key counts use through S3, and not the proof of an import', () => {
  const [console, strict] = [buildKeyPolicy(choices), buildKeyPolicy(strictChoices)];
  for (const policy of [console, strict]) assert.equal(letsUse(policy, arn('role/App')), true);
  for (const name of ['role/Importer', 'role/Admin', 'role/Other'])
    assert.equal(letsUse(strict, arn(name)), false, name);
  assert.equal(letsUse(console, arn('root')), true);
  assert.equal(letsUse(strict, arn('root')), false);
});

test('administrators may replicate a key only where it is for several Regions', () => {
  for (const multiRegion of [true, false])
    assert.equal(
      allows(buildKeyPolicy({ ...choices, multiRegion }), arn('role/Admin'), 'kms:ReplicateKey'),
      multiRegion,
    );
});

test('the duties of a strict policy are told with who has them, their limits, and what each action is for', () => {
  const text = describeDuties({ ...strictChoices, importers: [], administratorsMayDelete: true }).join('\n');
  for (const part of [
    `Account, by IAM:\n  ${arn('root')}\n  - kms:PutKeyPolicy: change this policy`,
    `Custodians:\n  ${arn('role/Admin')}\n  - kms:DescribeKey: see state and expiry`,
    `Custodians may delete:\n  ${arn('role/Admin')}\n  - kms:DeleteImportedKeyMaterial: take the material away at once`,
    'Importers:\n  nobody\n  - kms:GetParametersForImport: fetch a wrapping key and its token',
    'Importers prove, only in a proof (encryption context purpose=keyferry-proof):\n  nobody\n',
    `Users, only through S3 (s3.eu-west-1.amazonaws.com):\n  ${arn('role/App')}\n  - kms:GenerateDataKey*: encrypt an object`,
    `Users look:\n  ${arn('role/App')}\n  - kms:DescribeKey: see state and expiry\n`,
  ])
    assert.ok(text.includes(part), part);
  // What is told is what the policy says.
  for (const { Sid, Action } of buildKeyPolicy({ ...strictChoices, administratorsMayDelete: true }).Statement)
    for (const action of Action) assert.ok(text.includes(`  - ${action}: `), `${Sid}: ${action}`);
  assert.doesNotMatch(describeDuties(strictChoices).join('\n'), /may delete|^ {2}nobody$/m);
});

test('a strict policy is offered where the name of S3 is known, in China under its own domain', () => {
  const partitions = ['aws', 'aws-us-gov', 'aws-cn', 'aws-iso', 'aws-eusc', ''];
  assert.deepEqual(partitions.map(isStrictKnown), [true, true, true, false, false, false]);
  const china = JSON.stringify(buildKeyPolicy({ ...strictChoices, partition: 'aws-cn', region: 'cn-north-1' }));
  assert.match(china, /"kms:ViaService":"s3\.cn-north-1\.amazonaws\.com\.cn"/);
});
