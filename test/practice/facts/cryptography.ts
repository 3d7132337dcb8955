import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { identityNamed, practiceIdentities } from '../../../source/practice/identities.ts';
import { type Fact, refused, there, type World } from './fact.ts';
import { policyFor } from './names.ts';
import { importPrivateKey, pkcs8, privateKey } from './private-keys.ts';

const Plaintext = Buffer.from('twelve bytes');

const layout: readonly Fact[] = [
  ...(
    [
      ['Encrypt', '0102020078', { Plaintext }, Plaintext.length],
      ['GenerateDataKey', '0102030078', { KeySpec: 'AES_256' }, 32],
    ] as const
  ).map(
    ([name, header, input, size]): Fact => [
      '1.6',
      `the ciphertext of ${name}: header, material id, DER of the captured form, content 11 bytes longer`,
      async (w) => {
        const { KeyId, KeyMaterialId } = await w.imported();
        const answer = await w.kms(name, { KeyId, ...input });
        const blob = Buffer.from(answer.CiphertextBlob ?? []);
        assert.equal(blob.toString('hex', 0, 5), header);
        assert.equal(blob.toString('hex', 5, 37), KeyMaterialId);
        assert.equal(blob[37], 1);
        const der = blob.subarray(58);
        assert.equal(blob.readUInt32BE(54), der.length);
        const form =
          /^30..06092a864886f70d010706a0..30..0201003[0]..06092a864886f70d010701301e060960864801650304012e3011040c.{24}02011080(..)(.*)$/;
        const [, length = '', content = ''] = form.exec(der.toString('hex')) ?? [];
        assert.equal(content.length / 2, Number.parseInt(length, 16));
        assert.equal(content.length / 2, size + 11 + 16);
      },
    ],
  ),
  [
    '1.6',
    'a blob of one Region decrypts in every related one',
    async (w) => {
      const { KeyId, material, ReplicaArn } = await w.family();
      await w.import(KeyId, material, {}, there);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext });
      const opened = await w.kms('Decrypt', { CiphertextBlob }, there);
      assert.deepEqual([opened.KeyId, Buffer.from(opened.Plaintext ?? [])], [ReplicaArn, Plaintext]);
    },
  ],
  [
    '1.6',
    'Encrypt names no material; Decrypt and GenerateDataKey do, with the ARN of the key',
    async (w) => {
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      const encrypted = await w.kms('Encrypt', { KeyId, Plaintext });
      assert.deepEqual([encrypted.KeyMaterialId, encrypted.KeyId], [undefined, Arn]);
      const opened = await w.kms('Decrypt', { CiphertextBlob: encrypted.CiphertextBlob });
      assert.deepEqual(
        [opened.KeyMaterialId, opened.KeyId, opened.EncryptionAlgorithm],
        [KeyMaterialId, Arn, 'SYMMETRIC_DEFAULT'],
      );
      for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext']) {
        const made = await w.kms(name, { KeyId, KeySpec: 'AES_256' });
        assert.deepEqual([made.KeyMaterialId, made.KeyId], [KeyMaterialId, Arn]);
        assert.equal(made.Plaintext !== undefined, name === 'GenerateDataKey');
      }
    },
  ],
  [
    '1.6',
    'ReEncrypt names both materials',
    async (w) => {
      const [one, other] = [await w.imported(), await w.imported()];
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId: one.KeyId, Plaintext });
      const moved = await w.kms('ReEncrypt', { CiphertextBlob, DestinationKeyId: other.KeyId });
      assert.deepEqual(
        [moved.SourceKeyMaterialId, moved.DestinationKeyMaterialId],
        [one.KeyMaterialId, other.KeyMaterialId],
      );
    },
  ],
  [
    '1.6',
    'a blob made before a rotation names the older material and still opens',
    async (w) => {
      const { KeyId, KeyMaterialId } = await w.imported();
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext });
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      assert.notEqual((await w.describe(KeyId)).CurrentKeyMaterialId, KeyMaterialId);
      assert.equal((await w.kms('Decrypt', { CiphertextBlob })).KeyMaterialId, KeyMaterialId);
    },
  ],
];

/** Imported private keys do what the same key does anywhere else: the bytes are really used. */
const pairs: readonly Fact[] = [
  ...(
    [
      ['RSA_2048', 'RSASSA_PSS_SHA_256'],
      ['RSA_3072', 'RSASSA_PKCS1_V1_5_SHA_384'],
      ['ECC_NIST_P256', 'ECDSA_SHA_256'],
      ['ECC_NIST_P384', 'ECDSA_SHA_384'],
      ['ECC_NIST_P521', 'ECDSA_SHA_512'],
      ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
      ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
    ] as const
  ).map(
    ([KeySpec, SigningAlgorithm]): Fact => [
      '1.1',
      `an imported ${KeySpec} signs with ${SigningAlgorithm}, and its public key is that of the material`,
      async (w) => {
        const key = privateKey(KeySpec);
        const { KeyId } = await w.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
        await importPrivateKey(w, KeyId, pkcs8(key));
        const { PublicKey } = await w.kms('GetPublicKey', { KeyId });
        const expected = createPublicKey(createPrivateKey({ key: pkcs8(key), format: 'der', type: 'pkcs8' }));
        assert.deepEqual(Buffer.from(PublicKey ?? []), expected.export({ type: 'spki', format: 'der' }));
        const { Signature } = await w.kms('Sign', { KeyId, SigningAlgorithm, Message: Plaintext });
        await w.kms('Verify', { KeyId, SigningAlgorithm, Message: Plaintext, Signature });
        if (KeySpec === 'ECC_NIST_EDWARDS25519') {
          assert.deepEqual(Buffer.from(Signature ?? []), sign(null, Plaintext, key));
        }
      },
    ],
  ),
  [
    '1.1',
    'ECC_NIST_P256 for KEY_AGREEMENT derives the secret that its peer derives',
    async (w) => {
      const secrets = [];
      const ids = [];
      for (let index = 0; index < 2; index += 1) {
        const { KeyId } = await w.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' });
        await importPrivateKey(w, KeyId, pkcs8(privateKey('ECC_NIST_P256')));
        ids.push(KeyId);
      }
      for (const [one = '', other] of [ids, ids.toReversed()]) {
        const { PublicKey } = await w.kms('GetPublicKey', { KeyId: other });
        const input = { KeyId: one, PublicKey, KeyAgreementAlgorithm: 'ECDH' };
        secrets.push(((await w.kms('DeriveSharedSecret', input)) as { SharedSecret?: Uint8Array }).SharedSecret);
      }
      assert.deepEqual(secrets[0], secrets[1]);
    },
  ],
];

const statement = (Sid: string, principal: string, Action: unknown, more: object = {}) => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: principal },
  Action,
  Resource: '*',
  ...more,
});

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

const policies: readonly Fact[] = [
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
        const Statement = [statement('s', principal as unknown as string, 'kms:*')];
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
      const as = identityNamed('bob').credentials;
      await refused(w.kms('DescribeKey', { KeyId }, { as }), 'AccessDeniedException');
    },
  ],
  [
    '1.7',
    "the console's template: administrators import and do not encrypt, users encrypt and do not import",
    async (w) => {
      const [alice, bob, carl] = ['alice', 'bob', 'chen'].map((name) => ({ as: identityNamed(name).credentials }));
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
      const Policy = JSON.stringify({ ...policy, Id: 'x'.repeat(32_768) });
      await refused(w.key({ Policy }), 'LimitExceededException');
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
    },
  ],
  [
    '1.7',
    'import operations are not for other accounts',
    async (w) => {
      const as = practiceIdentities.securityAdmin.credentials;
      const KeyId = 'arn:aws:kms:us-east-1:111122223333:key/00000000-0000-4000-8000-000000000000';
      const input = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
      await refused(w.kms('GetParametersForImport', input, { as }), 'AccessDeniedException');
    },
  ],
];

/** Sections 1.6 and 1.7, and the use of imported pairs. */
export const cryptographyFacts: readonly Fact[] = [...layout, ...pairs, ...policies];
