import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Fact, refused, type World } from './fact.ts';
import { policyFor } from './policy-for.ts';

const Plaintext = Buffer.from('twelve bytes');

const statement = (Sid: string, principal: string | readonly string[], Action: unknown, more: object = {}) => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action,
  Resource: '*',
  ...more,
});

/** A key policy by which alice may do something where a condition is met, and the account decides on all else. */
function aliceWhere(w: World, StringEquals: Readonly<Record<string, string>>, Action: unknown = 'kms:*'): string {
  const Statement = [
    statement('root', `arn:aws:iam::${w.account}:root`, 'kms:*'),
    statement('alice', `arn:aws:iam::${w.account}:user/alice`, Action, { Condition: { StringEquals } }),
  ];
  return JSON.stringify({ Statement });
}

const keyAdministrators =
  'Create* Describe* Enable* List* Put* Update* Revoke* Disable* Get* Delete* TagResource UntagResource ScheduleKeyDeletion CancelKeyDeletion RotateKeyOnDemand ImportKeyMaterial';

/** The console's template for a symmetric key with imported material: alice administers, bob uses. */
function consolePolicy(w: World): string {
  const of = (who: string) => `arn:aws:iam::${w.account}:${who}`;
  const named = (words: string) => words.split(' ').map((word) => `kms:${word}`);
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-consolepolicy-3',
    Statement: [
      statement('Enable IAM User Permissions', of('root'), 'kms:*'),
      statement('Allow access for Key Administrators', of('user/alice'), named(keyAdministrators)),
      statement(
        'Allow use of the key',
        of('user/bob'),
        named('Encrypt Decrypt ReEncrypt* GenerateDataKey* DescribeKey'),
      ),
      statement(
        'Allow attachment of persistent resources',
        of('user/bob'),
        named('CreateGrant ListGrants RevokeGrant'),
        {
          Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
        },
      ),
    ],
  });
}

const malformed = 'MalformedPolicyDocumentException';

const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';

/** Section 1.7, and what 1.2 says about policies. */
export const policyFacts: readonly Fact[] = [
  [
    '1.7',
    'the default policy of the API, printed as AWS prints it, with PolicyName default',
    async (w) => {
      const { KeyId } = await w.key();
      const { Policy = '', PolicyName } = await w.kms('GetKeyPolicy', { KeyId });
      assert.equal(PolicyName, 'default');
      assert.ok(Policy.startsWith('{\n  "Version" : "2012-10-17",\n  "Id" : "key-default-1",\n  "Statement" : [ {'));
      assert.deepEqual((JSON.parse(Policy) as { Statement: object[] }).Statement, [
        statement('Enable IAM User Permissions', `arn:aws:iam::${w.account}:root`, 'kms:*'),
      ]);
    },
  ],
  [
    '1.7',
    'a policy that locks its caller out, unless the caller insists',
    async (w) => {
      const Policy = policyFor(w, `arn:aws:iam::${w.account}:user/alice`);
      const text = 'The new key policy will not allow you to update the key policy in the future.';
      await refused(w.key({ Policy }), malformed, text);
      const { KeyId } = await w.key();
      await refused(w.kms('PutKeyPolicy', { KeyId, Policy }), malformed, text);
      await w.kms('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: true });
    },
  ],
  ...['user/nobody', 'group/admins', 'role/app-deployer'].map(
    (who): Fact => [
      '1.7',
      `${who} is no principal of the account`,
      async (w) => {
        const principal = [`arn:aws:iam::${w.account}:root`, `arn:aws:iam::${w.account}:${who}`];
        const Statement = [statement('s', principal, 'kms:*')];
        await refused(w.key({ Policy: JSON.stringify({ Statement }) }), malformed, invalidPrincipals);
      },
    ],
  ),
  [
    '1.7',
    'a new principal is unknown for a while',
    async (w) => {
      const arn = `arn:aws:iam::${w.account}:role/SecurityAdmin`;
      await w.control({ newPrincipals: [arn] }, async () => {
        const create = () => w.key({ Policy: policyFor(w, arn) });
        await refused(create(), malformed, invalidPrincipals);
        await refused(create(), malformed, invalidPrincipals);
        await create();
      });
    },
  ],
  [
    '1.7',
    'a key is unknown for a while after CreateKey',
    async (w) =>
      w.control({ newKeyTries: 1 }, async () => {
        const { KeyId, Arn } = await w.key();
        await refused(w.kms('DescribeKey', { KeyId }), 'NotFoundException', `Key '${Arn}' does not exist`);
        await w.describe(KeyId);
      }),
  ],
  [
    '1.7',
    'a key is pending import for a while after ImportKeyMaterial',
    async (w) =>
      w.control({ newMaterialTries: 2 }, async () => {
        const { KeyId, Arn } = await w.imported();
        const use = () => w.kms('Encrypt', { KeyId, Plaintext });
        assert.equal((await w.describe(KeyId)).KeyState, 'PendingImport');
        await refused(use(), 'KMSInvalidStateException', `${Arn} is pending import.`);
        await use();
        assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
      }),
  ],
  [
    '1.7',
    'a statement without Action or Resource is taken and void',
    async (w) => {
      const root = statement('root', `arn:aws:iam::${w.account}:root`, 'kms:*');
      const { Action: _, ...noAction } = statement('void', `arn:aws:iam::${w.account}:user/bob`, '');
      const { Resource: _resource, ...noResource } = statement('void', `arn:aws:iam::${w.account}:user/bob`, 'kms:*');
      const { KeyId } = await w.key({ Policy: JSON.stringify({ Statement: [root, noAction, noResource] }) });
      const as = w.practice.server.credentialsOf('bob');
      await refused(w.kms('DescribeKey', { KeyId }, { as }), 'AccessDeniedException');
    },
  ],
  [
    '1.7',
    "the console's template: administrators import and do not encrypt, users encrypt and do not import",
    async (w) => {
      const [alice, bob, carl] = ['alice', 'bob', 'chen'].map((name) => ({
        as: w.practice.server.credentialsOf(name),
      }));
      const { KeyId } = await w.key({ Policy: consolePolicy(w) });
      const denied = (call: Promise<unknown>) => refused(call, 'AccessDeniedException');
      const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
      await denied(w.kms('GetParametersForImport', parameters, bob));
      await w.kms('GetParametersForImport', parameters, alice);
      await w.import(KeyId, randomBytes(32), {}, alice);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext }, bob);
      await w.kms('Decrypt', { CiphertextBlob }, bob);
      await denied(w.kms('Encrypt', { KeyId, Plaintext }, alice));
      await denied(w.kms('ScheduleKeyDeletion', { KeyId }, bob));
      await denied(w.kms('DescribeKey', { KeyId }, carl));
      const grant = { KeyId, GranteePrincipal: `arn:aws:iam::${w.account}:user/chen`, Operations: ['Decrypt'] };
      await denied(w.kms('CreateGrant', grant, bob));
      await w.kms('CreateGrant', grant);
      await w.kms('Decrypt', { CiphertextBlob }, carl);
    },
  ],
  [
    '1.7',
    'more than 32 KiB of policy (code of the quota page)',
    async (w) => {
      const policy = JSON.parse(policyFor(w, `arn:aws:iam::${w.account}:root`)) as object;
      const policyOf = (bytes: number) => {
        const text = JSON.stringify({ ...policy, Id: '' });
        return text.replace('"Id":""', `"Id":"${'x'.repeat(bytes - text.length)}"`);
      };
      await w.key({ Policy: policyOf(32_768) });
      await refused(w.key({ Policy: policyOf(32_769) }), 'LimitExceededException');
    },
  ],
  [
    '1.2',
    'a policy is written in TAB, LF, CR and U+0020 to U+00FF',
    async (w) => {
      const policy = policyFor(w, `arn:aws:iam::${w.account}:root`);
      await w.key({ Policy: policy.replace('{', '{\t\r\n"Id":"é",') });
      await refused(w.key({ Policy: policy.replace('{', '{"Id":"鍵",') }), 'ValidationException');
    },
  ],
  [
    '1.2',
    'the only policy name is default',
    async (w) => {
      const { KeyId } = await w.key();
      await w.kms('GetKeyPolicy', { KeyId, PolicyName: 'default' });
      await refused(w.kms('GetKeyPolicy', { KeyId, PolicyName: 'other' }), 'NotFoundException');
      const Policy = policyFor(w, `arn:aws:iam::${w.account}:root`);
      await refused(w.kms('PutKeyPolicy', { KeyId, Policy, PolicyName: 'other' }), 'NotFoundException');
    },
  ],
  ...(
    [
      ['kms:KeyOrigin', 'EXTERNAL', 'AWS_KMS'],
      ['kms:WrappingAlgorithm', 'RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'],
      ['kms:WrappingKeySpec', 'RSA_2048', 'RSA_4096'],
      ['kms:MultiRegion', 'false', 'true'],
      ['kms:KeySpec', 'SYMMETRIC_DEFAULT', 'HMAC_256'],
      ['kms:KeyUsage', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC'],
      ['kms:CallerAccount', '000000000000', '111122223333'],
    ] as const
  ).map(
    ([name, right, wrong]): Fact => [
      '1.7',
      `a condition on ${name} is kept to`,
      async (w) => {
        const input = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
        const as = w.practice.server.credentialsOf('alice');
        for (const given of [right, wrong]) {
          const { KeyId } = await w.key({ Policy: aliceWhere(w, { [name]: given }) });
          const asked = w.kms('GetParametersForImport', { KeyId, ...input }, { as });
          await (given === right ? asked : refused(asked, 'AccessDeniedException'));
        }
      },
    ],
  ),
  [
    '1.7',
    'a condition on kms:ExpirationModel is kept to',
    async (w) => {
      const expires = { 'kms:ExpirationModel': 'KEY_MATERIAL_EXPIRES' };
      const { KeyId } = await w.key({ Policy: aliceWhere(w, expires, 'kms:ImportKeyMaterial') });
      const where = { as: w.practice.server.credentialsOf('alice') };
      await refused(w.import(KeyId, randomBytes(32), {}, where), 'AccessDeniedException');
      await w.import(KeyId, randomBytes(32), { ValidTo: new Date(w.now + 86_400_000) }, where);
    },
  ],
  [
    '1.7',
    'conditions on the kind of a multi-Region key and on the Region that is asked for are kept to',
    async (w) => {
      const { KeyId } = await w.key({ Origin: 'AWS_KMS', MultiRegion: true });
      const where = { as: w.practice.server.credentialsOf('alice') };
      const allowed = (condition: Readonly<Record<string, string>>) =>
        w.kms('PutKeyPolicy', { KeyId, Policy: aliceWhere(w, condition) });
      await allowed({ 'kms:MultiRegionKeyType': 'REPLICA' });
      await refused(w.kms('DescribeKey', { KeyId }, where), 'AccessDeniedException');
      await allowed({ 'kms:MultiRegionKeyType': 'PRIMARY' });
      await w.kms('DescribeKey', { KeyId }, where);
      const replicate = (ReplicaRegion: string) => w.kms('ReplicateKey', { KeyId, ReplicaRegion }, where);
      await allowed({ 'kms:ReplicaRegion': 'eu-west-1' });
      await refused(replicate('eu-west-2'), 'AccessDeniedException');
      await replicate('eu-west-1');
      w.pass(5000);
      const move = (PrimaryRegion: string) => w.kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion }, where);
      await allowed({ 'kms:PrimaryRegion': 'eu-west-1' });
      await refused(move('eu-west-2'), 'AccessDeniedException');
      await move('eu-west-1');
    },
  ],
  [
    '1.7',
    'a condition on the bypass of the lockout check is kept to by PutKeyPolicy',
    async (w) => {
      const { KeyId } = await w.key();
      const Policy = policyFor(w, `arn:aws:iam::${w.account}:user/alice`);
      const Condition = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': 'true' } };
      const Deny = { Effect: 'Deny', Action: 'kms:PutKeyPolicy', Resource: '*', Condition };
      const policies = { SecurityAdmin: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }, Deny] }] };
      await w.control({ policies }, async () => {
        const bypass = { BypassPolicyLockoutSafetyCheck: true };
        await refused(w.kms('PutKeyPolicy', { KeyId, Policy, ...bypass }), 'AccessDeniedException');
        await refused(w.kms('PutKeyPolicy', { KeyId, Policy, BypassPolicyLockoutSafetyCheck: false }), malformed);
      });
    },
  ],
  [
    '1.7',
    'a condition on the encryption context is kept to',
    async (w) => {
      const isRed = { 'kms:EncryptionContext:team': 'red' };
      const { KeyId } = await w.key({ Policy: aliceWhere(w, isRed, ['kms:Encrypt', 'kms:Decrypt']) });
      await w.import(KeyId, randomBytes(32));
      const where = { as: w.practice.server.credentialsOf('alice') };
      const encrypt = (team: string) =>
        w.kms('Encrypt', { KeyId, Plaintext, EncryptionContext: { team, more: 'x' } }, where);
      await refused(encrypt('blue'), 'AccessDeniedException');
      const { CiphertextBlob } = await encrypt('red');
      for (const named of [{}, { KeyId }])
        await w.kms('Decrypt', { ...named, CiphertextBlob, EncryptionContext: { more: 'x', team: 'red' } }, where);
      await refused(w.kms('Decrypt', { CiphertextBlob }, where), 'AccessDeniedException');
    },
  ],
  [
    '1.7',
    'import operations are not for other accounts',
    async (w) => {
      const as = w.practice.server.credentialsOf('SecurityAdmin');
      const KeyId = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000';
      const input = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
      await refused(w.kms('GetParametersForImport', input, { as }), 'AccessDeniedException');
    },
  ],
];
