import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, randomBytes, verify } from 'node:crypto';
import { test } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import type { KeyRecord } from '../../source/practice/kms/key-record.ts';
import { openStore } from '../../source/practice/store.ts';
import { watchCiphers } from '../crypto-log.ts';
import { keyOfPair, pkcs8, privateKey, signingOptions } from './facts/private-keys.ts';
import { passTime } from './key-makers.ts';
import { denyCaller, importMaterial, refused, tryOnce } from './practising.ts';
import { type Input, userArn, withKms } from './with-kms.ts';

const Message = Buffer.from('the message');

const peer = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'der' });

test('signatures, MACs and shared secrets are uses of a key, and their dry runs are none', async (t) => {
  const { kms, key } = await withKms(t);
  const signing = { KeyId: await key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }), Message };
  const signed = { ...signing, SigningAlgorithm: 'ECDSA_SHA_256' };
  const hmac = { KeyId: await key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }), Message };
  const maced = { ...hmac, MacAlgorithm: 'HMAC_SHA_256' };
  const agreeing = { KeyId: await key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }), PublicKey: peer() };
  const steps: ReadonlyArray<readonly [name: string, input: () => Promise<Input>, answer: Input]> = [
    ['Sign', async () => signed, { SigningAlgorithm: 'ECDSA_SHA_256' }],
    ['Verify', async () => ({ ...signed, Signature: (await kms('Sign', signed)).Signature }), { SignatureValid: true }],
    ['GenerateMac', async () => maced, { MacAlgorithm: 'HMAC_SHA_256' }],
    ['VerifyMac', async () => ({ ...maced, Mac: (await kms('GenerateMac', maced)).Mac }), { MacValid: true }],
    [
      'DeriveSharedSecret',
      async () => ({ ...agreeing, KeyAgreementAlgorithm: 'ECDH' }),
      { KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' },
    ],
  ];
  for (const [name, inputOf, expected] of steps) {
    const input = await inputOf();
    const lastUse = async () => (await kms('GetKeyLastUsage', { KeyId: input.KeyId })).KeyLastUsage?.Operation;
    const before = await lastUse();
    await refused(kms(name, { ...input, DryRun: true }), 'DryRunOperationException');
    assert.equal(await lastUse(), before, name);
    const answer = await kms(name, input);
    for (const [member, value] of Object.entries({ KeyId: input.KeyId, ...expected }))
      assert.equal(answer[member], value, `${name}: ${member}`);
    assert.equal(await lastUse(), name);
  }
});

test('the bytes of key material are zero in memory after every operation that needs them', async (t) => {
  const { kms, kmsClient, key, clock } = await withKms(t);
  const imported = async (material: Buffer, input: Input = {}) => {
    const { KeyId } = (await kms('CreateKey', { Origin: 'EXTERNAL', ...input })).KeyMetadata;
    await importMaterial(kmsClient(), KeyId, material);
    return KeyId as string;
  };
  const { plain } = watchCiphers(t);
  const [material, ofHmac] = [randomBytes(32), randomBytes(32)];
  const KeyId = await imported(material);
  const { CiphertextBlob } = await kms('Encrypt', { KeyId, Plaintext: Message });
  await kms('Decrypt', { CiphertextBlob });
  await kms('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  const hmac = await imported(ofHmac, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  await kms('GenerateMac', { KeyId: hmac, Message, MacAlgorithm: 'HMAC_SHA_256' });
  const pair = pkcs8(privateKey('ECC_NIST_P256'));
  const signing = await imported(pair, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  await kms('Sign', { KeyId: signing, Message, SigningAlgorithm: 'ECDSA_SHA_256' });
  const secrets = [material, ofHmac, pair];
  assert.ok(plain.length > 0 && !plain.some((bytes) => secrets.some((secret) => bytes.includes(secret))));

  plain.length = 0;
  const made = await key({ MultiRegion: true });
  await kms('ReplicateKey', { KeyId: made, ReplicaRegion: 'eu-west-1' });
  passTime({ clock }, 5000);
  await kms('RotateKeyOnDemand', { KeyId: made });
  assert.ok(plain.length > 3);
  assert.deepEqual(
    plain.filter((bytes) => bytes.some((byte) => byte !== 0)),
    [],
  );

  plain.length = 0;
  await kms('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' });
  // What else is encrypted is padding.
  const dataKeys = plain.filter(({ length }) => length === 32);
  assert.deepEqual(dataKeys, [Buffer.alloc(32), Buffer.alloc(32)]);
});

test('the sealed bytes of a key open for that key and that material alone', async (t) => {
  const { kms, key, folder, server } = await withKms(t);
  const [one, other] = [await key(), await key()];
  const store = openStore(folder);
  const rows = store.all<{ doc: string }>('SELECT doc FROM kms_key').map(({ doc }) => JSON.parse(doc) as KeyRecord);
  const sealed = rows.map(({ materials }) => materials[0]?.sealed);
  for (const [index, { keyId, materials, ...facts }] of rows.entries()) {
    const swapped = materials.map((material) => ({ ...material, sealed: sealed[1 - index] }));
    const doc = JSON.stringify({ ...facts, keyId, materials: swapped });
    store.run('UPDATE kms_key SET doc = ? WHERE key_id = ?', doc, keyId);
  }
  store.close();
  const client = new KMSClient(tryOnce(server));
  for (const KeyId of [one, other])
    await refused(kms('Encrypt', { KeyId, Plaintext: Message }, client), 'KMSInternalException');
});

test('the last use of a key is known after a restart too', async (t) => {
  const { kms, key, server, folder, clock } = await withKms(t);
  const KeyId = await key();
  passTime({ clock }, 5000);
  const { $metadata } = await kms('Encrypt', { KeyId, Plaintext: Message });
  await server.close();
  const again = await withKms(t, { folder });
  const { KeyLastUsage } = await again.kms('GetKeyLastUsage', { KeyId });
  const { Operation, KmsRequestId, Timestamp } = KeyLastUsage;
  assert.deepEqual([Operation, KmsRequestId, Timestamp], ['Encrypt', $metadata.requestId, clock.now]);
});

test('a message is signed with the padding and the hash of its algorithm, as another program verifies them', async (t) => {
  const { kms, practice } = await withKms(t);
  for (const [KeySpec, SigningAlgorithm] of [
    ['RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['RSA_2048', 'RSASSA_PSS_SHA_512'],
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384'],
  ] as const) {
    const own = privateKey(KeySpec);
    const KeyId = await keyOfPair(practice, { KeySpec, KeyUsage: 'SIGN_VERIFY' }, own);
    const { Signature } = await kms('Sign', { KeyId, Message, SigningAlgorithm });
    const options = signingOptions(createPublicKey(own), SigningAlgorithm);
    assert.ok(verify(`sha${SigningAlgorithm.slice(-3)}`, Message, options, Signature), SigningAlgorithm);
  }
});

test('an algorithm that is not for the key, and a MAC or ciphertext of the wrong length, are refused', async (t) => {
  const { kms, key, practice } = await withKms(t);
  const curve = await key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const hmac = await key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const rsa = await keyOfPair(practice, { KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  for (const [name, input] of [
    ['Sign', { KeyId: curve, Message, SigningAlgorithm: 'ECDSA_SHA_384' }],
    ['Verify', { KeyId: curve, Message, SigningAlgorithm: 'RSASSA_PSS_SHA_256', Signature: Message }],
    ['GenerateMac', { KeyId: hmac, Message, MacAlgorithm: 'HMAC_SHA_512' }],
    ['Encrypt', { KeyId: rsa, Plaintext: Message }],
    ['GenerateMac', { KeyId: curve, Message, MacAlgorithm: 'HMAC_SHA_256' }],
    ['Sign', { KeyId: hmac, Message, SigningAlgorithm: 'ECDSA_SHA_256' }],
  ] as const)
    await refused(kms(name, input), 'InvalidKeyUsageException');
  const short = { KeyId: hmac, Message, MacAlgorithm: 'HMAC_SHA_256', Mac: Buffer.alloc(31) };
  await refused(kms('VerifyMac', short), 'KMSInvalidMacException');
  const decrypt = { KeyId: rsa, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256', CiphertextBlob: Message };
  await refused(kms('Decrypt', decrypt), 'InvalidCiphertextException');
  const edwards = await key({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' });
  const prehashed = { KeyId: edwards, Message, SigningAlgorithm: 'ED25519_PH_SHA_512' };
  await refused(kms('Sign', prehashed), 'UnsupportedOperationException', 'Practice AWS has no Ed25519ph.');
  const digest = { KeyId: edwards, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ED25519_SHA_512' };
  const words = 'Practice AWS signs no digests with ED25519_SHA_512.';
  await refused(kms('Sign', digest), 'UnsupportedOperationException', words);
});

test('GetPublicKey says what the key is for, and refuses a key that has no public key', async (t) => {
  const { kms, key, practice } = await withKms(t);
  const rsa = await keyOfPair(practice, { KeySpec: 'RSA_3072', KeyUsage: 'ENCRYPT_DECRYPT' });
  const { PublicKey, ...answer } = await kms('GetPublicKey', { KeyId: rsa });
  assert.ok(PublicKey);
  const EncryptionAlgorithms = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'];
  const expected = { CustomerMasterKeySpec: 'RSA_3072', KeySpec: 'RSA_3072', KeyUsage: 'ENCRYPT_DECRYPT' };
  const { KeyId: _, $metadata, ...facts } = answer;
  assert.deepEqual(facts, { ...expected, EncryptionAlgorithms });
  for (const input of [{}, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }])
    await assert.rejects(kms('GetPublicKey', { KeyId: await key(input) }), /is not an asymmetric key\./);
  const made = await key({ KeySpec: 'ML_DSA_44', KeyUsage: 'SIGN_VERIFY' });
  await refused(
    kms('GetPublicKey', { KeyId: made }),
    'UnsupportedOperationException',
    'Practice AWS has no ML_DSA_44 keys of its own making.',
  );
});

test('a data key has one size, and only a dry run that says so may leave the ciphertext out', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key();
  const both = { KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 };
  await refused(kms('GenerateDataKey', both), 'ValidationException');
  const withoutBlob = { KeyId, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
  await refused(kms('Decrypt', { ...withoutBlob, DryRun: true }), 'DryRunOperationException');
  const missing =
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null";
  for (const input of [withoutBlob, { KeyId, DryRun: true }, { DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }])
    await refused(kms('Decrypt', input), 'ValidationException', missing);
  await kms('DisableKey', { KeyId });
  await refused(kms('Decrypt', { ...withoutBlob, DryRun: true }), 'DisabledException');
});

test('ReEncrypt takes each of its two contexts and asks for a permission on each side', async (t) => {
  const { kms, key, folder } = await withKms(t);
  const [from, to] = [await key(), await key()];
  const EncryptionContext = { from: 'here' };
  const { CiphertextBlob } = await kms('Encrypt', { KeyId: from, Plaintext: Message, EncryptionContext });
  const move = (more: Input = {}) =>
    kms('ReEncrypt', { CiphertextBlob, DestinationKeyId: to, SourceEncryptionContext: EncryptionContext, ...more });
  await refused(move({ SourceEncryptionContext: undefined }), 'InvalidCiphertextException');
  await refused(move({ SourceKeyId: to }), 'IncorrectKeyException');
  const moved = (await move({ SourceKeyId: from })).CiphertextBlob;
  assert.deepEqual(Buffer.from((await kms('Decrypt', { CiphertextBlob: moved })).Plaintext), Message);
  for (const action of ['ReEncryptFrom', 'ReEncryptTo']) {
    denyCaller({ folder }, `kms:${action}`);
    await assert.rejects(
      move(),
      new RegExp(`perform: kms:${action} on resource: ${action.endsWith('To') ? to : from} `),
    );
  }
  denyCaller({ folder }, 'kms:Encrypt', 'kms:Decrypt');
  await move();
});

test('automatic rotation is switched on for so many days, 365 unless others are given, and off again', async (t) => {
  const { kms, key, clock } = await withKms(t);
  const KeyId = await key();
  const status = async () => {
    const { KeyRotationEnabled, RotationPeriodInDays, NextRotationDate } = await kms('GetKeyRotationStatus', { KeyId });
    return [KeyRotationEnabled, RotationPeriodInDays, NextRotationDate?.getTime()];
  };
  assert.deepEqual(await status(), [false, undefined, undefined]);
  for (const [input, days] of [
    [{}, 365],
    [{ RotationPeriodInDays: 90 }, 90],
  ] as const) {
    await kms('EnableKeyRotation', { KeyId, ...input });
    assert.deepEqual(await status(), [true, days, clock.now.getTime() + days * 24 * 60 * 60_000]);
  }
  await refused(kms('EnableKeyRotation', { KeyId, RotationPeriodInDays: 89 }), 'ValidationException');
  await kms('DisableKeyRotation', { KeyId });
  assert.deepEqual(await status(), [false, undefined, undefined]);
});

test("a related key of AWS's own material opens what the primary sealed, before and after a rotation", async (t) => {
  const { kms, key, clock, kmsClient } = await withKms(t);
  const there = kmsClient('eu-west-1');
  const KeyId = (await key({ MultiRegion: true })).split('/')[1];
  const opensThere = async () => {
    const { CiphertextBlob } = await kms('Encrypt', { KeyId, Plaintext: Message });
    assert.deepEqual(Buffer.from((await kms('Decrypt', { CiphertextBlob }, there)).Plaintext), Message);
  };
  // A rotation that is under way when the replica is made is the replica's too.
  await kms('RotateKeyOnDemand', { KeyId });
  await kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1' });
  passTime({ clock }, 5000);
  await opensThere();
  const lastUse = async (by = kmsClient()) => (await kms('GetKeyLastUsage', { KeyId }, by)).KeyLastUsage.Operation;
  assert.deepEqual([await lastUse(), await lastUse(there)], ['Encrypt', 'Decrypt']);
  passTime({ clock }, 60_000);
  await opensThere();
  await kms('RotateKeyOnDemand', { KeyId });
  passTime({ clock }, 61_000);
  await opensThere();
  const current = async (by = kmsClient()) =>
    (await kms('DescribeKey', { KeyId }, by)).KeyMetadata.CurrentKeyMaterialId;
  assert.equal(await current(there), await current());
  await refused(kms('EnableKeyRotation', { KeyId }, there), 'UnsupportedOperationException');
});

test('a replica has the policy and the description that it was given, and none of the grants of its primary', async (t) => {
  const { kms, key, kmsClient, clock } = await withKms(t);
  const there = kmsClient('eu-west-1');
  const KeyId = (await key({ MultiRegion: true, Description: 'primary' })).split('/')[1];
  await kms('CreateGrant', { KeyId, GranteePrincipal: userArn('bob'), Operations: ['Decrypt'] });
  const statement = (Aws: string) => ({ Effect: 'Allow', Principal: { AWS: Aws }, Action: 'kms:*', Resource: '*' });
  const policyOf = (name: string) => JSON.stringify({ Statement: [statement(`arn:aws:iam::000000000000:${name}`)] });
  const replicate = (more: Input) => kms('ReplicateKey', { KeyId, ReplicaRegion: 'eu-west-1', ...more });
  await refused(replicate({ Policy: policyOf('user/bob') }), 'MalformedPolicyDocumentException');
  const Policy = policyOf('role/SecurityAdmin');
  const made = await replicate({ Policy, Description: 'replica' });
  assert.deepEqual(
    [made.ReplicaPolicy, made.ReplicaKeyMetadata.Description, made.ReplicaTags],
    [Policy, 'replica', undefined],
  );
  await refused(
    kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'eu-west-1' }),
    'KMSInvalidStateException',
    `arn:aws:kms:eu-west-1:000000000000:key/${KeyId} is creating.`,
  );
  passTime({ clock }, 5000);
  assert.equal((await kms('GetKeyPolicy', { KeyId }, there)).Policy, Policy);
  assert.deepEqual((await kms('ListGrants', { KeyId }, there)).Grants, []);
  assert.equal((await kms('ListGrants', { KeyId })).Grants.length, 1);
  await replicate({ ReplicaRegion: 'eu-west-2', Policy: policyOf('user/bob'), BypassPolicyLockoutSafetyCheck: true });
  await refused(
    kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'us-east-1' }),
    'ValidationException',
    `arn:aws:kms:us-east-1:000000000000:key/${KeyId} is already the primary key.`,
  );
  const missing = `Key 'arn:aws:kms:us-west-1:000000000000:key/${KeyId}' does not exist`;
  await refused(kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'us-west-1' }), 'NotFoundException', missing);
  // Only the two keys that exchange their roles are Updating.
  await replicate({ ReplicaRegion: 'eu-west-3' });
  passTime({ clock }, 5000);
  await kms('UpdatePrimaryRegion', { KeyId, PrimaryRegion: 'eu-west-1' });
  const states = ['us-east-1', 'eu-west-1', 'eu-west-3'].map(
    async (region) => (await kms('DescribeKey', { KeyId }, kmsClient(region))).KeyMetadata.KeyState,
  );
  assert.deepEqual(await Promise.all(states), ['Updating', 'Updating', 'Enabled']);
});

test('a key is made by the old name of its spec too, and not in a custom key store', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key({ CustomerMasterKeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: 'mine' });
  const { KeyMetadata } = await kms('DescribeKey', { KeyId });
  assert.deepEqual([KeyMetadata.KeySpec, KeyMetadata.Description], ['ECC_NIST_P256', 'mine']);
  await kms('UpdateKeyDescription', { KeyId, Description: 'yours' });
  assert.equal((await kms('DescribeKey', { KeyId })).KeyMetadata.Description, 'yours');
  const words = 'Practice AWS has no custom key stores.';
  for (const Origin of ['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'])
    await refused(kms('CreateKey', { Origin }), 'UnsupportedOperationException', words);
  const random = { NumberOfBytes: 8, CustomKeyStoreId: 'store' };
  await refused(kms('GenerateRandom', random), 'UnsupportedOperationException', words);
  const pair = kms('GenerateDataKeyPair', { KeyId: await key(), KeyPairSpec: 'SM2' });
  await refused(pair, 'UnsupportedOperationException', 'Practice AWS has no SM2 keys.');
});

test('the history of a key comes page by page, and a rotation is dated by its end', async (t) => {
  const { kms, clock, kmsClient } = await withKms(t);
  const KeyId = (await kms('CreateKey', { Origin: 'EXTERNAL' })).KeyMetadata.KeyId as string;
  const first = await importMaterial(kmsClient(), KeyId, Buffer.alloc(32, 1));
  const asNew = { ImportType: 'NEW_KEY_MATERIAL' } as const;
  const second = await importMaterial(kmsClient(), KeyId, Buffer.alloc(32, 2), asNew);
  await kms('RotateKeyOnDemand', { KeyId });
  const ends = clock.now.getTime() + 60_000;
  passTime({ clock }, 67_000);
  const list = (more: Input = {}) =>
    kms('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', ...more });
  const page = await list({ Limit: 1 });
  assert.deepEqual(
    [page.Rotations.length, page.Rotations[0].KeyMaterialId, page.Truncated],
    [1, first.KeyMaterialId, true],
  );
  const next = await list({ Limit: 1, Marker: page.NextMarker });
  assert.deepEqual([next.Rotations[0].KeyMaterialId, next.Truncated], [second.KeyMaterialId, false]);
  const dateOf = (answer: { Rotations: Array<{ RotationDate?: Date }> }) => answer.Rotations.at(-1)?.RotationDate;
  assert.equal(dateOf(next)?.getTime(), ends);
  await importMaterial(kmsClient(), KeyId, Buffer.alloc(32, 2));
  assert.equal(dateOf(await list())?.getTime(), ends);
});
