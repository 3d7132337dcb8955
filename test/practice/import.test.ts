import assert from 'node:assert/strict';
import childProcess from 'node:child_process';
import { createCipheriv, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GenerateDataKeyCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import type { AwsError } from '../../source/practice/aws-error.ts';
import { openHsm } from '../../source/practice/hsm.ts';
import type { KeySpec } from '../../source/practice/kms/key-specs.ts';
import { canonicalMaterial, unwrap } from '../../source/practice/kms/unwrap.ts';
import { openWrappingPairs } from '../../source/practice/kms/wrapping-pairs.ts';
import { openStore } from '../../source/practice/store.ts';
import { watchCiphers } from '../crypto-log.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';
import { aesKeyWrapped, indefinite, pkcs8, privateKey } from './facts/private-keys.ts';
import { threePrimes } from './facts/three-primes.ts';
import { passTime } from './key-makers.ts';
import { enabledKey, externalKey, importMaterial, must, parametersFor, practise, refused, wrap } from './practising.ts';

const day = 24 * 60 * 60_000;

test('a key is imported and used under every wrapping that a symmetric key takes', async (t) => {
  const { kms } = await practise(t);
  const client = kms();
  for (const spec of ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const) {
    for (const [algorithm, hash] of [
      ['RSAES_OAEP_SHA_1', 'sha1'],
      ['RSAES_OAEP_SHA_256', 'sha256'],
    ] as const) {
      const KeyId = await externalKey(client);
      const { token, publicKey } = await parametersFor(client, KeyId, algorithm, spec);
      const wrapped = wrap(randomBytes(32), publicKey, hash);
      assert.equal(wrapped.length * 8, Number(spec.slice(4)));
      const { KeyMaterialId } = await client.send(
        new ImportKeyMaterialCommand({
          KeyId,
          ImportToken: token,
          EncryptedKeyMaterial: wrapped,
          ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        }),
      );
      assert.match(must(KeyMaterialId), /^[0-9a-f]{64}$/);
      const made = await client.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
      const opened = await client.send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
      assert.deepEqual(opened.Plaintext, made.Plaintext);
      assert.equal(opened.KeyMaterialId, KeyMaterialId);
    }
  }
});

test('the hash of the wrapping must be the one that the token was made for', async (t) => {
  const { kms } = await practise(t);
  const KeyId = await externalKey(kms());
  const { token, publicKey } = await parametersFor(kms(), KeyId, 'RSAES_OAEP_SHA_256', 'RSA_2048');
  await refused(importAs(kms(), KeyId, token, wrap(randomBytes(32), publicKey, 'sha1')), 'InvalidCiphertextException');
});

test('pairs that KMS does not accept are refused in its words', async (t) => {
  const { kms } = await practise(t);
  const rows: ReadonlyArray<readonly [CreateKeyCommandInput, string, string]> = [
    [{}, 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048'],
    [{}, 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_4096'],
    [{}, 'RSAES_PKCS1_V1_5', 'RSA_2048'],
    [{}, 'SM2PKE', 'SM2'],
    [{ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }, 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048'],
    [{ KeySpec: 'ECC_NIST_P521', KeyUsage: 'SIGN_VERIFY' }, 'RSAES_OAEP_SHA_256', 'RSA_2048'],
    [{ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }, 'RSAES_OAEP_SHA_1', 'RSA_2048'],
    [{ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' }, 'RSAES_OAEP_SHA_256', 'RSA_4096'],
  ];
  for (const [input, algorithm, spec] of rows) {
    const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL', ...input }));
    await refused(
      kms().send(
        new GetParametersForImportCommand({
          KeyId: KeyMetadata?.KeyId,
          WrappingAlgorithm: algorithm as never,
          WrappingKeySpec: spec as never,
        }),
      ),
      'ValidationException',
      `Wrapping algorithm ${algorithm} and wrapping key spec ${spec} cannot be used to import a ${KeyMetadata?.KeySpec} key.`,
    );
  }
});

test('asymmetric and HMAC material is imported, and does not show its id', async (t) => {
  const { kms } = await practise(t);
  const rows = [
    ['ECC_NIST_P256', 'SIGN_VERIFY', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['ECC_NIST_P521', 'SIGN_VERIFY', generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
    ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', generateKeyPairSync('ed25519').privateKey],
    ['RSA_2048', 'SIGN_VERIFY', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
  ] as const;
  for (const [KeySpec, KeyUsage, key] of rows) {
    const { KeyMetadata } = await kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec, KeyUsage }));
    const KeyId = must(KeyMetadata?.KeyId);
    const { token, publicKey } = await parametersFor(kms(), KeyId, 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_3072');
    const aes = randomBytes(32);
    const cipher = createCipheriv('id-aes256-wrap-pad', aes, Buffer.from('a65959a6', 'hex'));
    const wrapped = Buffer.concat([
      wrap(aes, publicKey, 'sha256'),
      cipher.update(key.export({ type: 'pkcs8', format: 'der' })),
      cipher.final(),
    ]);
    const answer = await importAs(kms(), KeyId, token, wrapped);
    assert.equal(answer.KeyMaterialId, undefined);
    const described = await kms().send(new DescribeKeyCommand({ KeyId }));
    assert.equal(described.KeyMetadata?.KeyState, 'Enabled');
    assert.equal(described.KeyMetadata?.CurrentKeyMaterialId, undefined);
    await refused(
      importAs(kms(), KeyId, token, wrapped, { ImportType: 'EXISTING_KEY_MATERIAL' }),
      'ValidationException',
      `Input parameter importType cannot be used with ${KeySpec} imported keys.`,
    );
  }
  const { KeyMetadata } = await kms().send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'HMAC_384', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  const hmacKey = must(KeyMetadata?.KeyId);
  await refused(importMaterial(kms(), hmacKey, randomBytes(47)), 'InvalidCiphertextException');
  assert.equal((await importMaterial(kms(), hmacKey, randomBytes(48))).KeyMaterialId, undefined);
});

test('a token is bound to its key, lasts a day, and may be used again', async (t) => {
  const { kms, clock } = await practise(t);
  const [one, other] = [await externalKey(kms()), await externalKey(kms())];
  const older = await parametersFor(kms(), one);
  const newer = await parametersFor(kms(), one);
  const material = randomBytes(32);
  await refused(
    importAs(kms(), other, older.token, wrap(material, older.publicKey, 'sha256')),
    'InvalidImportTokenException',
  );
  await refused(
    importAs(kms(), one, randomBytes(300), wrap(material, older.publicKey, 'sha256')),
    'InvalidImportTokenException',
  );
  assert.notDeepEqual(older.token, newer.token);
  for (const { token, publicKey } of [newer, older, older])
    await importAs(kms(), one, token, wrap(material, publicKey, 'sha256'));
  passTime({ clock }, day + 1000);
  await refused(
    importAs(kms(), one, older.token, wrap(material, older.publicKey, 'sha256')),
    'ExpiredImportTokenException',
  );
});

test('ciphertext that does not open, and material of a wrong length, are refused without a message', async (t) => {
  const { kms } = await practise(t);
  const KeyId = await externalKey(kms());
  const { token, publicKey } = await parametersFor(kms(), KeyId);
  await refused(importAs(kms(), KeyId, token, randomBytes(256)), 'InvalidCiphertextException', 'UnknownError');
  for (const length of [16, 31, 33]) {
    const wrapped = wrap(randomBytes(length), publicKey, 'sha256');
    await refused(importAs(kms(), KeyId, token, wrapped), 'InvalidCiphertextException', 'UnknownError');
  }
  await refused(importAs(kms(), KeyId, token, randomBytes(255)), 'ValidationException', 'Invalid encrypted key size.');
});

test('expiry is checked before the token, in the recorded words', async (t) => {
  const { kms, clock } = await practise(t);
  // A whole second, as the dates of the requests are.
  clock.now.setUTCMilliseconds(0);
  const KeyId = await externalKey(kms());
  const later = (ms: number) => new Date(clock.now.getTime() + ms);
  const rows = [
    [{}, 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'],
    [
      { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', ValidTo: later(day) },
      'A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE',
    ],
    [{ ValidTo: later(0) }, 'ValidTo must be in the future'],
    [{ ValidTo: later(365 * day + 1000) }, 'ValidTo must be less than 365 days in the future'],
    [
      { ValidTo: later(day), ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: 'a'.repeat(64) },
      'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.',
    ],
  ] as const;
  for (const [more, text] of rows) {
    const command = { KeyId, ImportToken: randomBytes(9), EncryptedKeyMaterial: randomBytes(256), ...more };
    await refused(kms().send(new ImportKeyMaterialCommand(command)), 'ValidationException', text);
  }
  await importMaterial(kms(), KeyId, randomBytes(32), {
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: later(365 * day),
  });
});

test('material expires by the clock, and the same bytes bring the key back', async (t) => {
  const { kms, clock } = await practise(t);
  const KeyId = await externalKey(kms());
  const material = randomBytes(32);
  const ValidTo = new Date(clock.now.getTime() + 10_700);
  await importMaterial(kms(), KeyId, material, { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
  const made = await kms().send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
  const before = (await kms().send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  assert.equal(before?.ValidTo?.getTime(), Math.floor(ValidTo.getTime() / 1000) * 1000);

  passTime({ clock }, 11_000);
  const after = (await kms().send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  assert.equal(after?.KeyState, 'PendingImport');
  assert.equal(after?.CurrentKeyMaterialId, before?.CurrentKeyMaterialId);
  const arn = must(after?.Arn);
  for (const use of [
    kms().send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob })),
    kms().send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' })),
  ])
    await refused(use, 'KMSInvalidStateException', `${arn} is pending import.`);

  await importMaterial(kms(), KeyId, material);
  const opened = await kms().send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
  assert.deepEqual(opened.Plaintext, made.Plaintext);
});

test('other bytes are refused with the id that was expected', async (t) => {
  const { kms } = await practise(t);
  const { keyId, arn, material } = await enabledKey(kms());
  const id = must((await kms().send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.CurrentKeyMaterialId);
  const text = `Imported key material does not have the expected identifier (${id}).`;
  await refused(importMaterial(kms(), keyId, randomBytes(32)), 'IncorrectKeyMaterialException', text);
  await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  await refused(importMaterial(kms(), keyId, randomBytes(32)), 'IncorrectKeyMaterialException', text);
  await refused(
    importMaterial(kms(), keyId, material, { ImportType: 'NEW_KEY_MATERIAL' }),
    'IncorrectKeyMaterialException',
    `Key material (id: ${id}) being imported as NEW_KEY_MATERIAL is already associated with KMS key ${arn}.`,
  );
  const again = await importMaterial(kms(), keyId, material, {
    ImportType: 'EXISTING_KEY_MATERIAL',
    KeyMaterialId: id,
  });
  assert.equal(again.KeyMaterialId, id);
});

test('equal bytes in two keys have two ids', async (t) => {
  const { kms } = await practise(t);
  const { keyId, material } = await enabledKey(kms());
  const first = await importMaterial(kms(), keyId, material);
  const second = await importMaterial(kms(), await externalKey(kms()), material);
  assert.notEqual(first.KeyMaterialId, second.KeyMaterialId);
});

test('a second new material waits for rotation, a third is refused, and deleting it leaves the key enabled', async (t) => {
  const { kms } = await practise(t);
  const { keyId, arn } = await enabledKey(kms());
  const { KeyMaterialId } = await importMaterial(kms(), keyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' });
  await assert.rejects(
    importMaterial(kms(), keyId, randomBytes(32), { ImportType: 'NEW_KEY_MATERIAL' }),
    (error: Error) => {
      assert.equal(error.name, 'KMSInvalidStateException');
      const tail = `cannot be imported into KMS key ${arn}, because another key material (id: ${KeyMaterialId}) is pending rotation.`;
      assert.ok(error.message.endsWith(tail), error.message);
      return true;
    },
  );
  const described = (await kms().send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata;
  assert.notEqual(described?.CurrentKeyMaterialId, KeyMaterialId);
  await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId }));
  assert.equal((await kms().send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState, 'Enabled');
});

test('a re-import enables a disabled key', async (t) => {
  const { kms } = await practise(t);
  const { keyId, arn, material } = await enabledKey(kms());
  await kms().send(new DisableKeyCommand({ KeyId: keyId }));
  const use = kms().send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  await refused(use, 'DisabledException', `${arn} is disabled.`);
  await importMaterial(kms(), keyId, material);
  assert.equal((await kms().send(new DescribeKeyCommand({ KeyId: keyId }))).KeyMetadata?.KeyState, 'Enabled');
});

test('deleting material answers the same twice, and nothing for a key that never had any', async (t) => {
  const { kms } = await practise(t);
  const empty = await externalKey(kms());
  const nothing = await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: empty }));
  assert.equal(nothing.KeyMaterialId, undefined);
  const { keyId, arn } = await enabledKey(kms());
  const first = await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  const second = await kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  assert.match(must(first.KeyMaterialId), /^[0-9a-f]{64}$/);
  assert.equal(second.KeyMaterialId, first.KeyMaterialId);
  const KeyMaterialId = 'b'.repeat(64);
  await refused(
    kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId, KeyMaterialId })),
    'ValidationException',
    `Key material (id: ${KeyMaterialId}) has never been imported into KMS key ${arn}.`,
  );
});

test('a key whose material AWS made takes no import', async (t) => {
  const { kms } = await practise(t);
  const { KeyMetadata } = await kms().send(new CreateKeyCommand({}));
  const text = `${KeyMetadata?.Arn} origin is AWS_KMS which is not valid for this operation.`;
  const KeyId = must(KeyMetadata?.KeyId);
  await refused(parametersFor(kms(), KeyId), 'UnsupportedOperationException', text);
  const garbage = importAs(kms(), KeyId, randomBytes(9), randomBytes(256));
  await refused(garbage, 'UnsupportedOperationException', text);
  await refused(kms().send(new DeleteImportedKeyMaterialCommand({ KeyId })), 'UnsupportedOperationException', text);
});

test('material is taken in the length and the form of its key spec alone, and is PKCS #8 in DER then', () => {
  const isTaken = (keySpec: KeySpec, material: Buffer, region = 'us-east-1') => {
    try {
      assert.ok(canonicalMaterial(material, { keySpec, region }).equals(material));
      return true;
    } catch (error) {
      assert.deepEqual(
        [(error as AwsError).code, (error as AwsError).hasMessage],
        ['InvalidCiphertextException', false],
      );
      return false;
    }
  };
  const bytes = (length: number) => Buffer.alloc(length, 7);
  for (const [spec, region, least, most] of [
    ['SYMMETRIC_DEFAULT', 'us-east-1', 32, 32],
    ['SYMMETRIC_DEFAULT', 'us-gov-west-1', 32, 32],
    ['SYMMETRIC_DEFAULT', 'cn-north-1', 16, 16],
    ['HMAC_224', 'us-east-1', 28, 128],
    ['HMAC_256', 'cn-north-1', 32, 128],
    ['HMAC_384', 'us-east-1', 48, 128],
    ['HMAC_512', 'us-east-1', 64, 128],
    ['RSA_2048', 'us-east-1', 1, 0],
    ['ECC_NIST_P256', 'us-east-1', 1, 0],
  ] as const) {
    for (const length of [0, 15, 16, 17, 27, 28, 31, 32, 33, 47, 48, 63, 64, 128, 129])
      assert.equal(isTaken(spec, bytes(length), region), length >= least && length <= most, `${spec}: ${length}`);
  }
  const edwards = 'ECC_NIST_EDWARDS25519';
  const specs = [
    'RSA_2048',
    'RSA_3072',
    'ECC_NIST_P256',
    'ECC_NIST_P384',
    'ECC_NIST_P521',
    'ECC_SECG_P256K1',
    edwards,
  ] as const;
  for (const own of specs) {
    const pair = pkcs8(privateKey(own));
    for (const spec of specs) assert.equal(isTaken(spec, pair), spec === own, `${own} for ${spec}`);
  }
  for (const other of [generateKeyPairSync('ed448'), generateKeyPairSync('x25519')])
    for (const spec of specs) assert.equal(isTaken(spec, pkcs8(other.privateKey)), false, spec);
  const explicit = generateKeyPairSync('ec', { namedCurve: 'P-384', paramEncoding: 'explicit' }).privateKey;
  assert.equal(isTaken('ECC_NIST_P384', pkcs8(explicit)), false);
  assert.equal(isTaken('RSA_2048', threePrimes), false);
  // BER is taken for elliptic keys but for Ed25519, and kept as DER.
  const der = pkcs8(privateKey('ECC_NIST_P256'));
  const region = 'us-east-1';
  assert.deepEqual(canonicalMaterial(indefinite(der), { keySpec: 'ECC_NIST_P256', region }), der);
  assert.equal(isTaken(edwards, indefinite(pkcs8(privateKey(edwards)))), false);
});

test('the AES key between the wrapping key and the material is zero in memory, also when it opens nothing', (t) => {
  const pair = privateKey('RSA_2048');
  const publicKey = createPublicKey(pair).export({ type: 'spki', format: 'der' });
  const material = randomBytes(32);
  const wrapped = aesKeyWrapped(material, publicKey, 'sha256');
  const { plain, openingKeys } = watchCiphers(t);
  const opened = unwrap(wrapped, pair, 'RSA_AES_KEY_WRAP_SHA_256');
  assert.deepEqual(opened, material);
  assert.deepEqual(openingKeys, [Buffer.alloc(32)]);
  opened.fill(0);
  assert.ok(
    plain.length > 1 && !plain.some((bytes) => bytes.includes(material)),
    'it is the only copy of the material',
  );
  const spoiled = Buffer.from(wrapped);
  spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
  assert.throws(() => unwrap(spoiled, pair, 'RSA_AES_KEY_WRAP_SHA_256'), { code: 'InvalidCiphertextException' });
  assert.deepEqual(openingKeys, [Buffer.alloc(32), Buffer.alloc(32)]);
});

test('material that is refused is zero in memory', async (t) => {
  const kms = (await practise(t)).kms();
  const { keyId } = await enabledKey(kms);
  const forCurve = { Origin: 'EXTERNAL', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
  const ofCurve = must((await kms.send(new CreateKeyCommand(forCurve))).KeyMetadata?.KeyId);
  const another = randomBytes(32);
  const short = randomBytes(31);
  const ofOtherCurve = pkcs8(privateKey('ECC_NIST_P384'));
  const { plain } = watchCiphers(t);
  await refused(importMaterial(kms, keyId, another), 'IncorrectKeyMaterialException');
  await refused(importMaterial(kms, keyId, short), 'InvalidCiphertextException');
  await refused(importMaterial(kms, ofCurve, ofOtherCurve), 'InvalidCiphertextException');
  const secrets = [another, short, ofOtherCurve];
  assert.ok(plain.length > 3 && !plain.some((bytes) => secrets.some((secret) => bytes.includes(secret))));
});

test('of the wrapping pairs that are there the least used one is given, and its private key is stored sealed', () => {
  const folder = newFolder();
  const [store, other] = [openStore(folder), openStore(folder)];
  const hsm = openHsm(folder);
  const pairs = openWrappingPairs(store, hsm, day);
  const elsewhere = openWrappingPairs(other, hsm, day);
  try {
    const first = pairs.take('RSA_2048');
    assert.deepEqual(elsewhere.take('RSA_2048'), first);
    // Another process has made a pair in the meantime.
    other.run("INSERT INTO kms_wrapping_pair VALUES ('b', 'RSA_2048', x'01', x'02', 0)");
    const given = [1, 2, 3, 4].map(() => pairs.take('RSA_2048').pairId);
    assert.deepEqual(given.slice(0, 2), ['b', 'b']);
    assert.deepEqual(given.slice(2).sort(), [first.pairId, 'b'].sort());
    assert.ok(![first.pairId, 'b'].includes(pairs.take('RSA_3072').pairId));
    const key = elsewhere.privateKey(first.pairId);
    assert.deepEqual(createPublicKey(key).export({ type: 'spki', format: 'der' }), first.publicKey);
    const stored = store.all<{ pair_id: string; sealed_private: Uint8Array }>('SELECT * FROM kms_wrapping_pair');
    for (const { sealed_private: sealed } of stored)
      assert.ok(!Buffer.from(sealed).includes(pkcs8(key).subarray(40, 80)));
    // What is sealed for one pair is no key of another one.
    const { sealed_private: sealed = Buffer.of() } = stored.find(({ pair_id: id }) => id === first.pairId) ?? {};
    store.run("UPDATE kms_wrapping_pair SET sealed_private = ? WHERE pair_id = 'b'", sealed);
    assert.throws(() => pairs.privateKey('b'));
    assert.throws(() => pairs.privateKey('c'), /the state folder has lost a wrapping pair/);
  } finally {
    for (const each of [pairs, elsewhere, store, other]) each.close();
  }
});

test('some time after an answer one new pair is made in a process of its own, and a later answer gives it', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  type Done = (error: Error | null, pem: string) => void;
  const started: Array<{ program: string; done: Done; isKilled: boolean }> = [];
  const begin = (_file: string, args: readonly string[], done: Done) => {
    const process = { program: args.at(-1) ?? '', done, isKilled: false };
    started.push(process);
    return { unref() {}, kill: () => Object.assign(process, { isKilled: true }) };
  };
  replaceMembers(t, childProcess, { execFile: begin });
  const folder = newFolder();
  const store = openStore(folder);
  const pairs = openWrappingPairs(store, openHsm(folder), 1000);
  const pem = (spec: string) => privateKey(spec).export({ type: 'pkcs8', format: 'pem' }) as string;
  const first = pairs.take('RSA_2048');
  t.mock.timers.tick(999);
  assert.equal(started.length, 0);
  t.mock.timers.tick(1);
  assert.deepEqual(pairs.take('RSA_2048'), first);
  t.mock.timers.tick(5000);
  assert.deepEqual([started.length, started[0]?.program.includes('modulusLength:2048')], [1, true]);
  started[0]?.done(null, pem('RSA_3072'));
  const second = pairs.take('RSA_2048');
  assert.notDeepEqual(second.publicKey, first.publicKey);
  // After one that failed, the next answer begins another one.
  t.mock.timers.tick(1000);
  started[1]?.done(new Error('failed'), '');
  assert.equal(pairs.take('RSA_2048').pairId, second.pairId);
  t.mock.timers.tick(1000);
  assert.equal(started.length, 3);
  pairs.take('RSA_4096');
  pairs.close();
  store.close();
  started[2]?.done(null, pem('RSA_3072'));
  t.mock.timers.tick(1000);
  assert.deepEqual([started.length, started[2]?.isKilled], [3, true]);
});

async function importAs(kms: KMSClient, KeyId: string, token: Uint8Array, wrapped: Uint8Array, more: object = {}) {
  return kms.send(
    new ImportKeyMaterialCommand({
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: wrapped,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      ...more,
    }),
  );
}
