import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { day, type Fact, hasExactly, refused, there } from './fact.ts';
import { importPrivateKey, pkcs8, privateKey } from './private-keys.ts';

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

const createKey: readonly Fact[] = [
  ...specs.map(
    ([KeySpec, KeyUsage, member, algorithms]): Fact => [
      '1.1',
      `${KeySpec} for ${KeyUsage} can be made with Origin EXTERNAL; ${member} and the deprecated spec are echoed`,
      async (w) => {
        const { metadata } = await w.key({ KeySpec, KeyUsage });
        const { KeyState, Enabled, CustomerMasterKeySpec } = metadata;
        assert.deepEqual([KeyState, Enabled, CustomerMasterKeySpec], ['PendingImport', false, KeySpec]);
        assert.deepEqual((metadata as unknown as Record<string, unknown>)[member], algorithms.split(' '));
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

const limits: readonly Fact[] = [
  [
    '1.2',
    'a description has up to 8192 characters',
    async (w) => {
      await w.key({ Description: 'x'.repeat(8192) });
      await refused(w.key({ Description: 'x'.repeat(8193) }), 'ValidationException');
    },
  ],
  [
    '1.2',
    'a tag has a key of 1 to 128 and a value of up to 256 characters',
    async (w) => {
      await w.key({ Tags: [{ TagKey: 'k'.repeat(128), TagValue: 'v'.repeat(256) }] });
      await refused(w.key({ Tags: [{ TagKey: 'k'.repeat(129), TagValue: '' }] }), 'ValidationException');
      await refused(w.key({ Tags: [{ TagKey: 'k', TagValue: 'v'.repeat(257) }] }), 'ValidationException');
    },
  ],
  [
    '1.2',
    'a key has up to 50 tags',
    async (w) => {
      const Tags = Array.from({ length: 50 }, (_, index) => ({ TagKey: `k${index}`, TagValue: '' }));
      const { KeyId } = await w.key({ Tags });
      const more = w.kms('TagResource', { KeyId, Tags: [{ TagKey: 'one more', TagValue: '' }] });
      await refused(more, 'TagException', 'Too many tags');
    },
  ],
  [
    '1.2',
    'at most 10 grant tokens',
    async (w) => {
      const { KeyId } = await w.imported();
      const encrypt = (count: number) =>
        w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1), GrantTokens: Array(count).fill('t') });
      await encrypt(10);
      await refused(encrypt(11), 'ValidationException');
    },
  ],
  [
    '1.2',
    'a key has up to 50 aliases',
    async (w) => {
      const { KeyId } = await w.key();
      const create = (name: string) =>
        w.kms('CreateAlias', { AliasName: `alias/${KeyId}-${name}`, TargetKeyId: KeyId });
      await Promise.all(Array.from({ length: 50 }, (_, index) => create(String(index))));
      await refused(create('more'), 'LimitExceededException');
    },
  ],
  [
    '1.2',
    'Encrypt takes 1 to 4096 bytes under a symmetric key',
    async (w) => {
      const { KeyId } = await w.imported();
      const encrypt = (size: number) => w.kms('Encrypt', { KeyId, Plaintext: Buffer.alloc(size) });
      await encrypt(4096);
      await refused(encrypt(4097), 'ValidationException');
      await refused(encrypt(0), 'ValidationException');
    },
  ],
  [
    '1.2',
    'a ciphertext has up to 6144 bytes',
    async (w) => refused(w.kms('Decrypt', { CiphertextBlob: Buffer.alloc(6145) }), 'ValidationException'),
  ],
  [
    '1.2',
    'the deletion window is 7 to 30 days, 30 if none is given',
    async (w) => {
      const { KeyId } = await w.key();
      for (const PendingWindowInDays of [6, 31, 366]) {
        await refused(w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays }), 'ValidationException');
      }
      const answer = await w.kms('ScheduleKeyDeletion', { KeyId });
      assert.equal(answer.PendingWindowInDays, 30);
      assert.equal(answer.DeletionDate?.getTime(), w.now + 30 * day);
    },
  ],
  ...(
    [
      ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
      ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
      ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
      ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
      ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
      ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
    ] as const
  ).map(
    ([KeySpec, EncryptionAlgorithm, most]): Fact => [
      '1.2',
      `${KeySpec} encrypts at most ${most} bytes with ${EncryptionAlgorithm}`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'EXTERNAL' });
        await importPrivateKey(w, KeyId, pkcs8(privateKey(KeySpec)));
        const encrypt = (size: number) =>
          w.kms('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: Buffer.alloc(size) });
        await encrypt(most);
        await refused(
          encrypt(most + 1),
          'ValidationException',
          `Algorithm ${EncryptionAlgorithm} and key spec ${KeySpec} cannot encrypt data larger than ${most} bytes.`,
        );
      },
    ],
  ),
  ...(
    [
      ['ListKeys', 1000],
      ['ListAliases', 100],
    ] as const
  ).map(
    ([name, most]): Fact => [
      '1.2',
      `${name} takes a Limit of 1 to ${most}, and no foreign marker`,
      async (w) => {
        await w.kms(name, { Limit: most });
        await refused(w.kms(name, { Limit: most + 1 }), 'ValidationException');
        await refused(w.kms(name, { Limit: 0 }), 'ValidationException');
        await refused(w.kms(name, { Marker: 'nonsense' }), 'InvalidMarkerException', 'UnknownError');
      },
    ],
  ),
  [
    '1.2',
    'ListKeys gives 100 keys and ListAliases 50 aliases a page if no Limit is given',
    async (w) => {
      const where = { region: 'ap-south-1' };
      const keys = await Promise.all(Array.from({ length: 101 }, () => w.key({}, where)));
      assert.equal((await w.kms('ListKeys', {}, where)).Keys?.length, 100);
      await Promise.all(
        keys
          .slice(0, 51)
          .map(({ KeyId }) => w.kms('CreateAlias', { AliasName: `alias/${KeyId}`, TargetKeyId: KeyId }, where)),
      );
      const page = await w.kms('ListAliases', {}, where);
      assert.deepEqual([page.Aliases?.length, page.Truncated], [50, true]);
    },
  ],
  [
    '1.2',
    'ListKeyRotations takes a Limit of 1 to 1000, and no foreign marker',
    async (w) => {
      const { KeyId } = await w.imported();
      await w.kms('ListKeyRotations', { KeyId, Limit: 1000 });
      await refused(w.kms('ListKeyRotations', { KeyId, Limit: 1001 }), 'ValidationException');
      await refused(w.kms('ListKeyRotations', { KeyId, Marker: 'x' }), 'InvalidMarkerException', 'UnknownError');
    },
  ],
  [
    '1.2',
    'a Region is written as its pattern says',
    async (w) => {
      const { KeyId } = await w.imported({ MultiRegion: true });
      await refused(w.kms('ReplicateKey', { KeyId, ReplicaRegion: 'Europe' }), 'ValidationException');
    },
  ],
];

const states: readonly Fact[] = [
  ...(['EnableKeyRotation', 'DisableKeyRotation'] as const).map(
    (name): Fact => [
      '1.4',
      `${name} is not for EXTERNAL keys`,
      async (w) => {
        const { KeyId, Arn } = await w.key();
        const text = `${Arn} origin is EXTERNAL which is not valid for this operation.`;
        await refused(w.kms(name, { KeyId }), 'UnsupportedOperationException', text);
      },
    ],
  ),
  ...(['GetParametersForImport', 'ImportKeyMaterial', 'DeleteImportedKeyMaterial'] as const).map(
    (name): Fact => [
      '1.4',
      `${name} is not for keys of AWS's own material, enabled or disabled`,
      async (w) => {
        const { KeyId, Arn } = await w.key({ Origin: 'AWS_KMS' });
        const inputs = {
          GetParametersForImport: { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' },
          ImportKeyMaterial: { ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1) },
          DeleteImportedKeyMaterial: {},
        };
        const text = `${Arn} origin is AWS_KMS which is not valid for this operation.`;
        for (const change of ['EnableKey', 'DisableKey']) {
          await w.kms(change, { KeyId });
          await refused(w.kms(name, { KeyId, ...inputs[name] }), 'UnsupportedOperationException', text);
        }
      },
    ],
  ),
  [
    '1.4',
    'GetKeyRotationStatus of an EXTERNAL key says that rotation is off',
    async (w) => {
      const { KeyId } = await w.key();
      assert.equal((await w.kms('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled, false);
    },
  ],
  [
    '1.4',
    'ScheduleKeyDeletion answers ARN, date, state and window',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      const { $metadata: _, ...answer } = (await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 })) as {
        $metadata: unknown;
      };
      const DeletionDate = new Date(w.now + 7 * day);
      assert.deepEqual(answer, { KeyId: Arn, DeletionDate, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    },
  ],
  [
    '1.4',
    'a primary with replicas waits for them: no date, PendingDeletionWindowInDays, and then its own window',
    async (w) => {
      const { KeyId } = await w.family();
      const answer = await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 8 });
      assert.deepEqual(
        [answer.KeyState, answer.DeletionDate, answer.PendingWindowInDays],
        ['PendingReplicaDeletion', undefined, 8],
      );
      assert.equal((await w.describe(KeyId)).PendingDeletionWindowInDays, 8);
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, there);
      const replicaGone = w.now + 7 * day;
      w.pass(7 * day + 1);
      const primary = await w.describe(KeyId);
      assert.deepEqual([primary.KeyState, primary.DeletionDate?.getTime()], ['PendingDeletion', replicaGone + 8 * day]);
    },
  ],
  [
    '1.4',
    'CancelKeyDeletion answers the ARN',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      await w.kms('ScheduleKeyDeletion', { KeyId });
      assert.equal((await w.kms('CancelKeyDeletion', { KeyId })).KeyId, Arn);
    },
  ],
  [
    '1.4',
    'what a deleted symmetric key encrypted is lost, though the material was kept (words unverified)',
    async (w) => {
      const { KeyId, material } = await w.imported();
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
      w.pass(7 * day + 1);
      const other = await w.key();
      await w.import(other.KeyId, material);
      await refused(
        w.kms('Decrypt', { CiphertextBlob }),
        'AccessDeniedException',
        'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
      );
      await refused(w.kms('DescribeKey', { KeyId }), 'NotFoundException');
    },
  ],
  [
    '1.4',
    'an HMAC key can be rebuilt from its material',
    async (w) => {
      const material = randomBytes(32);
      const macs = await Promise.all(
        [1, 2].map(async () => {
          const { KeyId } = await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
          await w.import(KeyId, material);
          return (await w.kms('GenerateMac', { KeyId, Message: Buffer.of(1), MacAlgorithm: 'HMAC_SHA_256' })).Mac;
        }),
      );
      assert.deepEqual(macs[0], macs[1]);
    },
  ],
];

/** Sections 1.1, 1.2 and 1.4; the table of 1.4 itself is in state-table.test.ts. */
export const keyFacts: readonly Fact[] = [...createKey, ...limits, ...states];
