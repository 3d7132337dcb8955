import assert from 'node:assert/strict';
import { day, type Fact, refused } from './fact.ts';
import { importPrivateKey, pkcs8, privateKey } from './private-keys.ts';

/** Section 1.2. */
export const limitFacts: readonly Fact[] = [
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
      for (const PendingWindowInDays of [6, 31, 366])
        await refused(w.kms('ScheduleKeyDeletion', { KeyId, PendingWindowInDays }), 'ValidationException');
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
