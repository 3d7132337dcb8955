import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { parametersFor, wrap } from '../practising.ts';
import { day, type Fact, noMessage, refused, there, type World } from './fact.ts';
import { aesKeyWrapped, importPrivateKey, indefinite, pkcs8, privateKey } from './private-keys.ts';
import { threePrimes } from './three-primes.ts';

/** Table 2.1: which wrappings a spec takes, `2` OAEP under RSA_2048, `3` under RSA_3072 and RSA_4096, `k` RSA_AES_KEY_WRAP. */
const accepted: Readonly<Record<string, readonly [usage: string, wrappings: string]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT', '23'],
  HMAC_224: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_256: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_384: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_512: ['GENERATE_VERIFY_MAC', '23'],
  ECC_NIST_P256: ['SIGN_VERIFY', '23k'],
  ECC_NIST_P384: ['SIGN_VERIFY', '23k'],
  ECC_SECG_P256K1: ['SIGN_VERIFY', '23k'],
  ECC_NIST_P521: ['SIGN_VERIFY', '3k'],
  ECC_NIST_EDWARDS25519: ['SIGN_VERIFY', '3k'],
  RSA_2048: ['SIGN_VERIFY', 'k'],
  RSA_3072: ['SIGN_VERIFY', 'k'],
  RSA_4096: ['SIGN_VERIFY', 'k'],
};

/** The columns of the table, and PKCS #1 v1.5, which nothing takes. */
const columns = [
  ['2', ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'], ['RSA_2048']],
  ['3', ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'], ['RSA_3072', 'RSA_4096']],
  ['k', ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'], ['RSA_2048', 'RSA_3072', 'RSA_4096']],
  ['-', ['RSAES_PKCS1_V1_5'], ['RSA_2048', 'RSA_4096']],
] as const;

const pairs: readonly Fact[] = Object.entries(accepted).flatMap(([KeySpec, [KeyUsage, wrappings]]) =>
  columns.map(
    ([letter, algorithms, wrappingSpecs]): Fact => [
      '2.1',
      `${KeySpec} ${wrappings.includes(letter) ? 'takes' : 'refuses'} ${algorithms.join(', ')} with ${wrappingSpecs.join(', ')}`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage });
        for (const WrappingAlgorithm of algorithms) {
          for (const WrappingKeySpec of wrappingSpecs) {
            const asked = w.kms('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec });
            await (wrappings.includes(letter)
              ? asked
              : refused(
                  asked,
                  'ValidationException',
                  `Wrapping algorithm ${WrappingAlgorithm} and wrapping key spec ${WrappingKeySpec} cannot be used to import a ${KeySpec} key.`,
                ));
          }
        }
      },
    ],
  ),
);

/** Sends ciphertext with a token as it is. */
const sendMaterial = (w: World, KeyId: string, token: Uint8Array, wrapped: Uint8Array, more = {}, where = {}) =>
  w.kms(
    'ImportKeyMaterial',
    {
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrapped,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    },
    where,
  );

const tokens: readonly Fact[] = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096'] as const).map(
    (WrappingKeySpec): Fact => [
      '2.1',
      `${WrappingKeySpec}: the answer is the ARN, a token of at most 6144 bytes, a SubjectPublicKeyInfo, now and 24 hours, and no more`,
      async (w) => {
        const { KeyId, Arn } = await w.key();
        const input = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec };
        const { $metadata: _, ...answer } = (await w.kms('GetParametersForImport', input)) as Record<string, unknown>;
        assert.deepEqual(Object.keys(answer).sort(), ['ImportToken', 'KeyId', 'ParametersValidTo', 'PublicKey']);
        assert.equal(answer.KeyId, Arn);
        assert.ok((answer.ImportToken as Uint8Array).length <= 6144);
        assert.equal((answer.ParametersValidTo as Date).getTime(), w.now + day);
        const key = createPublicKey({ key: Buffer.from(answer.PublicKey as Uint8Array), format: 'der', type: 'spki' });
        assert.equal(key.asymmetricKeyDetails?.modulusLength, Number(WrappingKeySpec.slice(4)));
      },
    ],
  ),
  [
    '0.2',
    'a token is good more than once, an older one beside a newer, and for new material as well',
    async (w) => {
      const { KeyId } = await w.key();
      const kms = w.practice.kms();
      const older = await parametersFor(kms, KeyId);
      const newer = await parametersFor(kms, KeyId);
      const material = randomBytes(32);
      for (const { token, publicKey } of [newer, older, older]) {
        await sendMaterial(w, KeyId, token, wrap(material, publicKey, 'sha256'));
      }
      const other = wrap(randomBytes(32), older.publicKey, 'sha256');
      await sendMaterial(w, KeyId, older.token, other, { ImportType: 'NEW_KEY_MATERIAL' });
    },
  ],
  [
    '2.1',
    "another key's token, another Region's and garbage: no message",
    async (w) => {
      const { KeyId, material } = await w.family();
      const kms = w.practice.kms();
      const other = await parametersFor(kms, (await w.key()).KeyId);
      const { token, publicKey } = await parametersFor(kms, KeyId);
      const wrapped = wrap(material, publicKey, 'sha256');
      const code = 'InvalidImportTokenException';
      await refused(sendMaterial(w, KeyId, other.token, wrapped), code, noMessage);
      await refused(sendMaterial(w, KeyId, randomBytes(200), wrapped), code, noMessage);
      await refused(sendMaterial(w, KeyId, token, wrapped, {}, there), code, noMessage);
      await sendMaterial(w, KeyId, token, wrapped);
    },
  ],
  [
    '2.1',
    'a token past its 24 hours (text unverified)',
    async (w) => {
      const { KeyId } = await w.key();
      const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId);
      const wrapped = wrap(randomBytes(32), publicKey, 'sha256');
      w.pass(day - 1000);
      await sendMaterial(w, KeyId, token, wrapped);
      w.pass(1000);
      await refused(sendMaterial(w, KeyId, token, wrapped), 'ExpiredImportTokenException', noMessage);
    },
  ],
];

const wrapping: readonly Fact[] = [
  ...(
    [
      ['RSAES_OAEP_SHA_1', 'sha1', 'sha256'],
      ['RSAES_OAEP_SHA_256', 'sha256', 'sha1'],
    ] as const
  ).map(
    ([algorithm, hash, other]): Fact => [
      '2.2',
      `${algorithm} uses ${hash} for OAEP and MGF1, and nothing else`,
      async (w) => {
        const { KeyId } = await w.key();
        const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId, algorithm);
        const material = randomBytes(32);
        await refused(
          sendMaterial(w, KeyId, token, wrap(material, publicKey, other)),
          'InvalidCiphertextException',
          noMessage,
        );
        await sendMaterial(w, KeyId, token, wrap(material, publicKey, hash));
      },
    ],
  ),
  ...(
    [
      ['RSA_AES_KEY_WRAP_SHA_1', 'sha1', 'RSA_2048'],
      ['RSA_AES_KEY_WRAP_SHA_256', 'sha256', 'RSA_4096'],
    ] as const
  ).map(
    ([algorithm, hash, spec]): Fact => [
      '2.3',
      `${algorithm}: the RSA part first, the wrapped material behind it, an RSA_4096 key within 6144 bytes`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
        const { token, publicKey } = await parametersFor(w.practice.kms(), KeyId, algorithm, spec);
        const wrapped = aesKeyWrapped(pkcs8(privateKey('RSA_4096')), publicKey, hash);
        const size = Number(spec.slice(4)) / 8;
        const swapped = Buffer.concat([wrapped.subarray(size), wrapped.subarray(0, size)]);
        await refused(sendMaterial(w, KeyId, token, swapped), 'InvalidCiphertextException', noMessage);
        await sendMaterial(w, KeyId, token, wrapped);
      },
    ],
  ),
];

const curve = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const rsa = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' };
const edwards = { KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' };
const explicitCurve = () => generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey;

/** 2.4: private keys in forms that KMS does not take. */
const refusedForms: ReadonlyArray<readonly [what: string, input: object, material: () => Buffer]> = [
  ['an RSA key of another size', rsa, () => pkcs8(privateKey('RSA_3072'))],
  ['an RSA key of three primes', rsa, () => threePrimes],
  ['PKCS #1 instead of PKCS #8', rsa, () => privateKey('RSA_2048').export({ type: 'pkcs1', format: 'der' })],
  ['PEM instead of DER', rsa, () => Buffer.from(privateKey('RSA_2048').export({ type: 'pkcs8', format: 'pem' }))],
  ['an elliptic curve for RSA', rsa, () => pkcs8(privateKey('ECC_NIST_P256'))],
  ['another curve', curve, () => pkcs8(privateKey('ECC_SECG_P256K1'))],
  ['explicit curve parameters', curve, () => pkcs8(explicitCurve())],
  ['a raw scalar', curve, () => randomBytes(32)],
  ['Ed25519 in BER of indefinite length', edwards, () => indefinite(pkcs8(privateKey('ECC_NIST_EDWARDS25519')))],
];

const forms: readonly Fact[] = [
  ...[16, 31, 33, 64].map(
    (size): Fact => [
      '2.4',
      `a symmetric key is not ${size} bytes`,
      async (w) => refused(w.import((await w.key()).KeyId, randomBytes(size)), 'InvalidCiphertextException', noMessage),
    ],
  ),
  ...(
    [
      ['HMAC_224', 28],
      ['HMAC_256', 32],
      ['HMAC_384', 48],
      ['HMAC_512', 64],
    ] as const
  ).map(
    ([KeySpec, size]): Fact => [
      '0.11',
      `${KeySpec}: ${size} bytes are taken, fewer are not (more: unverified)`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' });
        await refused(w.import(KeyId, randomBytes(size - 1)), 'InvalidCiphertextException', noMessage);
        const answer = await w.import(KeyId, randomBytes(size));
        assert.equal(answer.KeyMaterialId, undefined);
      },
    ],
  ),
  ...([rsa, curve] as const).map(
    (input): Fact => [
      '2.4',
      `${input.KeySpec}: BER of indefinite length is taken on a re-import`,
      async (w) => {
        const { KeyId } = await w.key(input);
        const material = pkcs8(privateKey(input.KeySpec));
        await importPrivateKey(w, KeyId, material);
        await importPrivateKey(w, KeyId, indefinite(material));
      },
    ],
  ),
  ...refusedForms.map(
    ([what, input, material]): Fact => [
      '2.4',
      `refused without a message: ${what}`,
      async (w) => {
        const { KeyId } = await w.key(input as Record<string, unknown>);
        await refused(importPrivateKey(w, KeyId, material()), 'InvalidCiphertextException', noMessage);
      },
    ],
  ),
];

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

const conditions: readonly Fact[] = [
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
      for (const KeyMaterialDescription of ['x'.repeat(257), 'what?']) {
        await refused(w.import(KeyId, material, { KeyMaterialDescription }), 'ValidationException');
      }
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

const deletion: readonly Fact[] = [
  [
    '2.6',
    'the answer names the material, the same when repeated; nothing for a key that never had any',
    async (w) => {
      const empty = await w.key();
      const nothing = await w.kms('DeleteImportedKeyMaterial', { KeyId: empty.KeyId });
      assert.deepEqual([nothing.KeyId, nothing.KeyMaterialId], [empty.Arn, undefined]);
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      for (let times = 0; times < 2; times += 1) {
        const answer = await w.kms('DeleteImportedKeyMaterial', { KeyId });
        assert.deepEqual([answer.KeyId, answer.KeyMaterialId], [Arn, KeyMaterialId]);
      }
    },
  ],
  [
    '2.6',
    'HMAC: the answer names no material',
    async (w) => {
      const { KeyId } = await w.imported({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      assert.equal((await w.kms('DeleteImportedKeyMaterial', { KeyId })).KeyMaterialId, undefined);
    },
  ],
  [
    '2.6',
    'an id that the key never had',
    async (w) => {
      const { KeyId, Arn } = await w.imported();
      const KeyMaterialId = 'd'.repeat(64);
      await refused(
        w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId }),
        'ValidationException',
        `Key material (id: ${KeyMaterialId}) has never been imported into KMS key ${Arn}.`,
      );
    },
  ],
  [
    '2.6',
    'material that is not current stops the whole key as well',
    async (w) => {
      const { KeyId, Arn, KeyMaterialId } = await w.imported();
      await w.import(KeyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
      await w.kms('RotateKeyOnDemand', { KeyId });
      w.pass(200_000);
      const { CiphertextBlob } = await w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) });
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      const text = `${Arn} is pending import.`;
      await refused(w.kms('Encrypt', { KeyId, Plaintext: Buffer.of(1) }), 'KMSInvalidStateException', text);
      await refused(w.kms('Decrypt', { CiphertextBlob }), 'KMSInvalidStateException', text);
    },
  ],
  [
    '2.6',
    'material that waits disappears, the state stays, and it can be imported as new again',
    async (w) => {
      const { KeyId } = await w.imported();
      const next = randomBytes(32);
      const more = { ImportType: 'NEW_KEY_MATERIAL' };
      const { KeyMaterialId } = await w.import(KeyId, next, more);
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      assert.equal((await w.describe(KeyId)).KeyState, 'Enabled');
      const { Rotations } = await w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      assert.equal(Rotations?.length, 1);
      assert.equal((await w.import(KeyId, next, more)).KeyMaterialId, KeyMaterialId);
    },
  ],
  [
    '2.6',
    "on a primary, waiting material goes with the replicas' copies; on a replica, only there",
    async (w) => {
      const { KeyId, material } = await w.family();
      await w.import(KeyId, material, {}, there);
      const next = randomBytes(32);
      const { KeyMaterialId } = await w.import(KeyId, next, { ImportType: 'NEW_KEY_MATERIAL' });
      await w.import(KeyId, next, {}, there);
      const history = async (where = {}) =>
        (await w.kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }, where)).Rotations?.map(
          ({ KeyMaterialId: id, ImportState }) => [id === KeyMaterialId, ImportState],
        );
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId }, there);
      assert.deepEqual((await history(there))?.[1], [true, 'PENDING_IMPORT']);
      assert.deepEqual((await history())?.[1], [true, 'IMPORTED']);
      await w.import(KeyId, next, {}, there);
      await w.kms('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId });
      assert.deepEqual([(await history())?.length, (await history(there))?.length], [1, 1]);
    },
  ],
  [
    '2.6',
    'in PendingDeletion the state stays',
    async (w) => {
      const { KeyId } = await w.imported();
      await w.kms('ScheduleKeyDeletion', { KeyId });
      await w.kms('DeleteImportedKeyMaterial', { KeyId });
      assert.equal((await w.describe(KeyId)).KeyState, 'PendingDeletion');
    },
  ],
];

/** Sections 0 and 2.1 to 2.6. */
export const importFacts: readonly Fact[] = [...pairs, ...tokens, ...wrapping, ...forms, ...conditions, ...deletion];
