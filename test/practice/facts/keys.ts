import assert from 'node:assert/strict';
import { day, type Fact, hasExactly, refused } from './fact.ts';

const always =
  'AWSAccountId KeyId Arn CreationDate Enabled Description KeyUsage KeyState Origin KeyManager CustomerMasterKeySpec KeySpec MultiRegion';

const symmetric = `${always} EncryptionAlgorithms`;

/** 1.1: every spec that can be imported, its usages, and the algorithms that its metadata lists. */
const specs: ReadonlyArray<readonly [spec: string, usage: string, member: string, algorithms: string]> = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'EncryptionAlgorithms', 'SYMMETRIC_DEFAULT'],
  ...['224', '256', '384', '512'].map(
    (size) => [`HMAC_${size}`, 'GENERATE_VERIFY_MAC', 'MacAlgorithms', `HMAC_SHA_${size}`] as const,
  ),
  ...['2048', '3072', '4096'].flatMap((size) => [
    [`RSA_${size}`, 'ENCRYPT_DECRYPT', 'EncryptionAlgorithms', 'RSAES_OAEP_SHA_1 RSAES_OAEP_SHA_256'] as const,
    [
      `RSA_${size}`,
      'SIGN_VERIFY',
      'SigningAlgorithms',
      'RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512',
    ] as const,
  ]),
  ...(
    [
      ['P256', '256'],
      ['P384', '384'],
      ['P521', '512'],
    ] as const
  ).flatMap(([curve, hash]) => [
    [`ECC_NIST_${curve}`, 'SIGN_VERIFY', 'SigningAlgorithms', `ECDSA_SHA_${hash}`] as const,
    [`ECC_NIST_${curve}`, 'KEY_AGREEMENT', 'KeyAgreementAlgorithms', 'ECDH'] as const,
  ]),
  ['ECC_SECG_P256K1', 'SIGN_VERIFY', 'SigningAlgorithms', 'ECDSA_SHA_256'],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', 'SigningAlgorithms', 'ED25519_SHA_512 ED25519_PH_SHA_512'],
];

/** Section 1.1: what CreateKey makes, and what DescribeKey shows of it. */
export const keyFacts: readonly Fact[] = [
  ...specs.map(
    ([KeySpec, KeyUsage, member, algorithms]): Fact => [
      '1.1',
      `${KeySpec} for ${KeyUsage} can be made with Origin EXTERNAL; ${member} and the deprecated spec are echoed`,
      async (w) => {
        const { metadata } = await w.key({ KeySpec, KeyUsage });
        const { KeyState, Enabled, CustomerMasterKeySpec } = metadata;
        assert.deepEqual([KeyState, Enabled, CustomerMasterKeySpec], ['PendingImport', false, KeySpec]);
        const members: Readonly<Record<string, unknown>> = { ...metadata };
        assert.deepEqual(members[member], algorithms.split(' '));
        hasExactly(metadata, `${always} ${member}`);
      },
    ],
  ),
  ...['ML_DSA_44', 'ML_DSA_65', 'ML_DSA_87'].map(
    (KeySpec): Fact => [
      '1.1',
      `${KeySpec} cannot be imported`,
      async (w) =>
        refused(
          w.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' }),
          'ValidationException',
          `KeySpec ${KeySpec} is not supported for Origin EXTERNAL`,
        ),
    ],
  ),
  [
    '1.1',
    'a fresh symmetric key has exactly the captured members, without expiry, material id and deletion date',
    async (w) => {
      const { KeyId, metadata } = await w.key();
      for (const found of [metadata, await w.describe(KeyId)]) {
        hasExactly(found, symmetric);
        assert.deepEqual([found.Description, found.KeyManager, found.MultiRegion], ['', 'CUSTOMER', false]);
      }
    },
  ],
  [
    '1.1',
    'a multi-Region key is mrk- and 32 hex, a primary without replicas',
    async (w) => {
      const { KeyId, Arn, metadata } = await w.key({ MultiRegion: true });
      assert.match(KeyId, /^mrk-[0-9a-f]{32}$/);
      const PrimaryKey = { Arn, Region: 'us-east-1' };
      const expected = { MultiRegionKeyType: 'PRIMARY', PrimaryKey, ReplicaKeys: [] };
      assert.deepEqual(metadata.MultiRegionConfiguration, expected);
    },
  ],
  [
    '1.1',
    'after the import: Enabled, ExpirationModel, CurrentKeyMaterialId, and ValidTo in whole seconds if it expires',
    async (w) => {
      const { KeyId, material } = await w.imported();
      const before = await w.describe(KeyId);
      hasExactly(before, `${symmetric} ExpirationModel CurrentKeyMaterialId`);
      assert.deepEqual([before.Enabled, before.KeyState], [true, 'Enabled']);
      const ValidTo = new Date(w.now + day + 700);
      await w.import(KeyId, material, { ValidTo });
      const after = await w.describe(KeyId);
      hasExactly(after, `${symmetric} ExpirationModel CurrentKeyMaterialId ValidTo`);
      assert.equal(after.ValidTo?.getTime(), Math.floor(ValidTo.getTime() / 1000) * 1000);
    },
  ],
  [
    '1.1',
    'CurrentKeyMaterialId is for symmetric keys only',
    async (w) => {
      const { KeyId } = await w.imported({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      hasExactly(await w.describe(KeyId), `${always} MacAlgorithms ExpirationModel`);
    },
  ],
  [
    '1.1',
    'pending import again, by deletion or expiry: expiry vanishes and CurrentKeyMaterialId stays',
    async (w) => {
      const deleted = await w.imported();
      await w.kms('DeleteImportedKeyMaterial', { KeyId: deleted.KeyId });
      const expired = await w.imported();
      await w.import(expired.KeyId, expired.material, { ValidTo: new Date(w.now + 10_000) });
      w.pass(11_000);
      for (const { KeyId, KeyMaterialId } of [deleted, expired]) {
        const found = await w.describe(KeyId);
        hasExactly(found, `${symmetric} CurrentKeyMaterialId`);
        assert.deepEqual([found.KeyState, found.CurrentKeyMaterialId], ['PendingImport', KeyMaterialId]);
      }
    },
  ],
];
