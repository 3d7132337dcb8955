import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { parametersFor } from '../practising.ts';
import { day, type Fact, noMessage, refused, type World } from './fact.ts';
import { curve } from './material-forms.ts';
import { importPrivateKey, pkcs8, privateKey } from './private-keys.ts';
import { sendMaterial } from './send-material.ts';

const garbage = { ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.alloc(256) };

/** 2.5: what is wrong with a request is said before the token is looked at. */
const beforeToken: ReadonlyArray<readonly [what: string, more: (w: World) => object, text: string]> = [
  [
    'an expiring import without a date',
    () => ({ ExpirationModel: 'KEY_MATERIAL_EXPIRES' }),
    'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
  ],
  [
    'the default model without a date',
    () => ({}),
    'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES',
  ],
  [
    'a date where nothing expires',
    (w) => ({ ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: new Date(w.now + day) }),
    'A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
  ],
  ['a date in the past', (w) => ({ ValidTo: new Date(w.now - 1000) }), 'ValidTo must be in the future'],
  [
    'a date too far away',
    (w) => ({ ValidTo: new Date(w.now + 366 * day) }),
    'ValidTo must be less than 365 days in the future',
  ],
  [
    'new material with an id',
    (w) => ({ ValidTo: new Date(w.now + day), ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: 'a'.repeat(64) }),
    'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.',
  ],
];

/** Section 2.5, and what section 0 says about imports. */
export const importFacts: readonly Fact[] = [
  ...beforeToken.map(
    ([what, more, text]): Fact => [
      '2.5',
      what,
      async (w) => {
        const { KeyId } = await w.key();
        await refused(w.kms('ImportKeyMaterial', { KeyId, ...garbage, ...more(w) }), 'ValidationException', text);
      },
    ],
  ),
  ...(
    [
      ['importType', { ImportType: 'EXISTING_KEY_MATERIAL' }],
      ['keyMaterialId', { KeyMaterialId: 'a'.repeat(64) }],
      ['keyMaterialDescription', { KeyMaterialDescription: 'mine' }],
    ] as const
  ).flatMap(([member, more]) =>
    (
      [
        ['RSA_3072', 'SIGN_VERIFY'],
        ['HMAC_256', 'GENERATE_VERIFY_MAC'],
      ] as const
    ).map(
      ([KeySpec, KeyUsage]): Fact => [
        '2.5',
        `${member} is not for ${KeySpec}`,
        async (w) => {
          const { KeyId } = await w.key({ KeySpec, KeyUsage });
          const text = `Input parameter ${member} cannot be used with ${KeySpec} imported keys.`;
          await refused(w.kms('ImportKeyMaterial', { KeyId, ...garbage, ...more }), 'ValidationException', text);
        },
      ],
    ),
  ),
  [
    '2.5',
    'material expires after now, and within 365 days',
    async (w) => {
      const { KeyId, material } = await w.imported();
      w.pass(1000 - (w.now % 1000));
      const until = (time: number) => w.import(KeyId, material, { ValidTo: new Date(time) });
      await refused(until(w.now), 'ValidationException', 'ValidTo must be in the future');
      await until(w.now + 365 * day);
      assert.equal((await w.describe(KeyId)).ValidTo?.getTime(), w.now + 365 * day);
      const text = 'ValidTo must be less than 365 days in the future';
      await refused(until(w.now + 365 * day + 1000), 'ValidationException', text);
    },
  ],
  [
    '2.5',
    'existing material for a key that never had any (unverified)',
    async (w) =>
      assert.rejects(w.import((await w.key()).KeyId, randomBytes(32), { ImportType: 'EXISTING_KEY_MATERIAL' }), {
        name: 'IncorrectKeyMaterialException',
        message: /^Imported key material does not have the expected identifier \([0-9a-f]{64}\)\.$/,
      }),
  ],
  [
    '2.5',
    'a ciphertext that is not as long as the wrapping key (unverified)',
    async (w) => {
      const { KeyId } = await w.key();
      const { token } = await parametersFor(w.practice.kms(), KeyId);
      await refused(
        sendMaterial(w, KeyId, token, randomBytes(255)),
        'ValidationException',
        'Invalid encrypted key size.',
      );
    },
  ],
  [
    '2.5',
    'a ciphertext that does not open, without a message',
    async (w) => {
      const { KeyId } = await w.key();
      const { token } = await parametersFor(w.practice.kms(), KeyId);
      await refused(sendMaterial(w, KeyId, token, randomBytes(256)), 'InvalidCiphertextException', noMessage);
    },
  ],
  ...(
    [
      ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT'],
      ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ] as const
  ).map(
    ([KeySpec, KeyUsage]): Fact => [
      '2.5',
      `${KeySpec}: other bytes than before are refused with the id that was expected`,
      async (w) => {
        const { KeyId, material } = await w.imported({ KeySpec, KeyUsage });
        await assert.rejects(w.import(KeyId, randomBytes(32)), {
          name: 'IncorrectKeyMaterialException',
          message: /^Imported key material does not have the expected identifier \([0-9a-f]{64}\)\.$/,
        });
        await w.import(KeyId, material);
      },
    ],
  ),
  [
    '2.5',
    'other bytes for an asymmetric key are refused with the id that was expected',
    async (w) => {
      const { KeyId } = await w.key(curve);
      await importPrivateKey(w, KeyId, pkcs8(privateKey('ECC_NIST_P256')));
      await refused(importPrivateKey(w, KeyId, pkcs8(privateKey('ECC_NIST_P256'))), 'IncorrectKeyMaterialException');
    },
  ],
  [
    '2.5',
    'an id that is given and differs',
    async (w) => {
      const { KeyId, material } = await w.imported();
      const KeyMaterialId = 'c'.repeat(64);
      await refused(
        w.import(KeyId, material, { KeyMaterialId }),
        'IncorrectKeyMaterialException',
        `Imported key material does not have the expected identifier (${KeyMaterialId}).`,
      );
    },
  ],
  [
    '2.5',
    'new material that the key has already',
    async (w) => {
      const { KeyId, Arn, material, KeyMaterialId } = await w.imported();
      await refused(
        w.import(KeyId, material, { ImportType: 'NEW_KEY_MATERIAL' }),
        'IncorrectKeyMaterialException',
        `Key material (id: ${KeyMaterialId}) being imported as NEW_KEY_MATERIAL is already associated with KMS key ${Arn}.`,
      );
    },
  ],
  [
    '2.5',
    'new material while other waits',
    async (w) => {
      const { KeyId, Arn } = await w.imported();
      const more = { ImportType: 'NEW_KEY_MATERIAL' };
      const { KeyMaterialId: pending } = await w.import(KeyId, randomBytes(32), more);
      const third = w.import(KeyId, randomBytes(32), more);
      await assert.rejects(third, (error: Error) => {
        assert.equal(error.name, 'KMSInvalidStateException');
        const text = error.message.replace(/[0-9a-f]{64}/, '<new>');
        assert.equal(
          text,
          `New key material (id: <new>) cannot be imported into KMS key ${Arn}, because another key material (id: ${pending}) is pending rotation.`,
        );
        return true;
      });
    },
  ],
  [
    '2.5',
    'the answer is the ARN and, for symmetric keys only, the id of the material',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      const answer = await w.import(KeyId, randomBytes(32));
      assert.equal(answer.KeyId, Arn);
      assert.match(answer.KeyMaterialId ?? '', /^[0-9a-f]{64}$/);
    },
  ],
  [
    '2.5',
    'the import type defaults to new for a key that never had material, and to existing for one that had',
    async (w) => {
      const { KeyId } = await w.imported();
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      await refused(w.import(KeyId, randomBytes(32)), 'IncorrectKeyMaterialException');
    },
  ],
  [
    '2.5',
    'the same bytes have another id in another key',
    async (w) => {
      const { material, KeyMaterialId } = await w.imported();
      const { KeyId } = await w.key();
      assert.notEqual((await w.import(KeyId, material)).KeyMaterialId, KeyMaterialId);
    },
  ],
  [
    '2.5',
    'a description has up to 256 characters of the pattern',
    async (w) => {
      const { KeyId, material } = await w.imported();
      await w.import(KeyId, material, { KeyMaterialDescription: 'from HSM 1: a/b_c-d.e '.padEnd(256, 'x') });
      for (const KeyMaterialDescription of ['x'.repeat(257), 'what?'])
        await refused(w.import(KeyId, material, { KeyMaterialDescription }), 'ValidationException');
    },
  ],
  [
    '2.5',
    'an id of material is 64 lower-case hex characters, a ciphertext at most 6144 bytes',
    async (w) => {
      const { KeyId } = await w.key();
      const send = (more: object) => w.kms('ImportKeyMaterial', { KeyId, ...garbage, ...more });
      await refused(send({ KeyMaterialId: 'A'.repeat(64) }), 'ValidationException');
      await refused(send({ EncryptedKeyMaterial: Buffer.alloc(6145) }), 'ValidationException');
    },
  ],
  [
    '2.5',
    'a re-import without an id matches any material of the key, not the current one alone',
    async (w) => {
      const { KeyId, material, KeyMaterialId } = await w.imported();
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      assert.notEqual((await w.describe(KeyId)).CurrentKeyMaterialId, KeyMaterialId);
      assert.equal((await w.import(KeyId, material)).KeyMaterialId, KeyMaterialId);
    },
  ],
  [
    '2.5',
    'a re-import that leaves the expiry out resets it',
    async (w) => {
      const { KeyId, material } = await w.imported();
      await w.import(KeyId, material, { ValidTo: new Date(w.now + day) });
      await w.import(KeyId, material);
      const { ValidTo, ExpirationModel } = await w.describe(KeyId);
      assert.deepEqual([ValidTo, ExpirationModel], [undefined, 'KEY_MATERIAL_DOES_NOT_EXPIRE']);
    },
  ],
  [
    '0.3',
    'an import into a disabled key works and enables it',
    async (w) => {
      const { KeyId, material } = await w.imported();
      await w.kms('DisableKey', { KeyId });
      await w.import(KeyId, material);
      const { Enabled, KeyState } = await w.describe(KeyId);
      assert.deepEqual([Enabled, KeyState], [true, 'Enabled']);
    },
  ],
  [
    '2.5',
    'a life of 10 seconds is taken, and the key is pending import when it is over',
    async (w) => {
      const { KeyId, Arn, material } = await w.imported();
      await w.import(KeyId, material, { ValidTo: new Date(w.now + 10_000) });
      const use = () => w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await use();
      w.pass(10_001);
      await refused(use(), 'KMSInvalidStateException', `${Arn} is pending import.`);
    },
  ],
  [
    '0.1',
    'the text is short: is pending import.',
    async (w) => {
      const { KeyId, Arn } = await w.key();
      const use = w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await refused(use, 'KMSInvalidStateException', `${Arn} is pending import.`);
    },
  ],
  [
    '0.4',
    'a cancelled deletion leaves a key without material pending import, and another disabled',
    async (w) => {
      for (const [KeyId, expected] of [
        [(await w.key()).KeyId, 'PendingImport'],
        [(await w.imported()).KeyId, 'Disabled'],
      ] as const) {
        await w.kms('ScheduleKeyDeletion', { KeyId });
        await w.kms('CancelKeyDeletion', { KeyId });
        assert.equal((await w.describe(KeyId)).KeyState, expected);
      }
    },
  ],
];
