import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { test } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { declinedOperations } from '../../source/practice/kms/declined.ts';
import { operations } from '../../source/practice/kms/operations.ts';
import { refused } from './practising.ts';
import { operationsOfSdk } from './send-named.ts';
import { type Input, userArn, withKms, withLockedKey } from './with-kms.ts';

test('random bytes come in the length that was asked for', async (t) => {
  const { kms } = await withKms(t);
  const drawn = await Promise.all([1, 32, 32, 1024].map((NumberOfBytes) => kms('GenerateRandom', { NumberOfBytes })));
  assert.deepEqual(
    drawn.map(({ Plaintext }) => Plaintext.length),
    [1, 32, 32, 1024],
  );
  assert.notDeepEqual(drawn[1].Plaintext, drawn[2].Plaintext);
  await refused(kms('GenerateRandom', { NumberOfBytes: 1025 }), 'ValidationException');
  await refused(kms('GenerateRandom'), 'ValidationException');
});

for (const [KeyPairSpec, ...details] of [
  ['RSA_2048', 2048, undefined],
  ['ECC_NIST_P384', undefined, 'secp384r1'],
  ['ECC_SECG_P256K1', undefined, 'secp256k1'],
  ['ECC_NIST_EDWARDS25519', undefined, undefined],
] as const) {
  test(`a data key pair ${KeyPairSpec} belongs together, and its private key is decrypted by the KMS key alone`, async (t) => {
    const { kms, key } = await withKms(t);
    const EncryptionContext = { for: 'tests' };
    const input = { KeyId: await key(), KeyPairSpec, EncryptionContext };
    const pair = await kms('GenerateDataKeyPair', input);
    const der = { key: Buffer.from(pair.PrivateKeyPlaintext), format: 'der', type: 'pkcs8' } as const;
    const publicKey = createPublicKey(createPrivateKey(der));
    assert.deepEqual(Buffer.from(pair.PublicKey), publicKey.export({ format: 'der', type: 'spki' }));
    const { modulusLength, namedCurve } = publicKey.asymmetricKeyDetails ?? {};
    assert.deepEqual([modulusLength, namedCurve], details);
    assert.equal(pair.KeyPairSpec, KeyPairSpec);
    const CiphertextBlob = pair.PrivateKeyCiphertextBlob;
    const opened = await kms('Decrypt', { CiphertextBlob, EncryptionContext });
    assert.deepEqual(opened.Plaintext, pair.PrivateKeyPlaintext);
    await refused(kms('Decrypt', { CiphertextBlob }), 'InvalidCiphertextException');
    const sealed = await kms('GenerateDataKeyPairWithoutPlaintext', input);
    assert.equal(sealed.PrivateKeyPlaintext, undefined);
    assert.ok((await kms('Decrypt', { CiphertextBlob: sealed.PrivateKeyCiphertextBlob, EncryptionContext })).Plaintext);
  });
}

test('a dry run is no use of a key', async (t) => {
  const { kms, key } = await withKms(t);
  for (const KeySpec of ['SYMMETRIC_DEFAULT', 'RSA_2048']) {
    const KeyId = await key({ KeySpec, KeyUsage: 'ENCRYPT_DECRYPT' });
    const EncryptionAlgorithm = KeySpec === 'RSA_2048' ? 'RSAES_OAEP_SHA_256' : KeySpec;
    const lastUse = async () => (await kms('GetKeyLastUsage', { KeyId })).KeyLastUsage?.Operation;
    const dryRun = (name: string, input: Input) =>
      refused(kms(name, { ...input, DryRun: true }), 'DryRunOperationException');
    await dryRun('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: Buffer.of(1) });
    assert.equal(await lastUse(), undefined);
    const { CiphertextBlob } = await kms('Encrypt', { KeyId, EncryptionAlgorithm, Plaintext: Buffer.of(1) });
    await dryRun('Decrypt', { KeyId, EncryptionAlgorithm, CiphertextBlob });
    const algorithms = {
      SourceEncryptionAlgorithm: EncryptionAlgorithm,
      DestinationEncryptionAlgorithm: EncryptionAlgorithm,
    };
    await dryRun('ReEncrypt', { SourceKeyId: KeyId, DestinationKeyId: KeyId, CiphertextBlob, ...algorithms });
    if (KeySpec === 'SYMMETRIC_DEFAULT') await dryRun('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
    assert.equal(await lastUse(), 'Encrypt');
    await kms('Decrypt', { KeyId, EncryptionAlgorithm, CiphertextBlob });
    assert.equal(await lastUse(), 'Decrypt');
  }
});

test('what makes or opens a data key is a use of the KMS key, also through S3', async (t) => {
  const { kms, key, s3: s3Of } = await withKms(t);
  const KeyId = await key();
  const lastUse = async () => (await kms('GetKeyLastUsage', { KeyId })).KeyLastUsage?.Operation;
  await kms('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'ECC_NIST_P256' });
  assert.equal(await lastUse(), 'GenerateDataKeyPair');
  const s3 = s3Of();
  const object = { Bucket: 'a-bucket', Key: 'a.txt' };
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket }));
  await s3.send(new PutObjectCommand({ ...object, Body: 'a', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyId }));
  assert.equal(await lastUse(), 'GenerateDataKey');
  await (await s3.send(new GetObjectCommand(object))).Body?.transformToByteArray();
  assert.equal(await lastUse(), 'Decrypt');
  const { CiphertextBlob } = await kms('GenerateDataKeyWithoutPlaintext', { KeyId, KeySpec: 'AES_256' });
  assert.equal(await lastUse(), 'GenerateDataKeyWithoutPlaintext');
  const { KeyId: other } = await kms('ReEncrypt', { DestinationKeyId: await key(), CiphertextBlob });
  assert.equal(await lastUse(), 'ReEncrypt');
  assert.equal((await kms('GetKeyLastUsage', { KeyId: other })).KeyLastUsage.Operation, 'Encrypt');
});

test('a data key pair is made under a symmetric key alone', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  await refused(kms('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'RSA_2048' }), 'InvalidKeyUsageException');
  const symmetric = { KeyId: await key(), KeyPairSpec: 'RSA_4096', DryRun: true };
  await refused(kms('GenerateDataKeyPair', symmetric), 'DryRunOperationException');
});

test('a ciphertext goes from an RSA key to a symmetric key and back', async (t) => {
  const { kms, key } = await withKms(t);
  const rsa = await key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const symmetric = await key();
  const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
  const Plaintext = Buffer.from('thirty-two bytes are a data key.');
  const under = await kms('Encrypt', { KeyId: rsa, Plaintext, EncryptionAlgorithm });
  const there = await kms('ReEncrypt', {
    CiphertextBlob: under.CiphertextBlob,
    SourceKeyId: rsa,
    SourceEncryptionAlgorithm: EncryptionAlgorithm,
    DestinationKeyId: symmetric,
  });
  assert.deepEqual(
    [there.SourceEncryptionAlgorithm, there.DestinationEncryptionAlgorithm, there.SourceKeyId, there.KeyId],
    [EncryptionAlgorithm, 'SYMMETRIC_DEFAULT', rsa, symmetric],
  );
  const back = await kms('ReEncrypt', {
    CiphertextBlob: there.CiphertextBlob,
    DestinationKeyId: rsa,
    DestinationEncryptionAlgorithm: EncryptionAlgorithm,
  });
  const opened = await kms('Decrypt', { CiphertextBlob: back.CiphertextBlob, KeyId: rsa, EncryptionAlgorithm });
  assert.deepEqual(Buffer.from(opened.Plaintext), Plaintext);
  await refused(kms('Encrypt', { KeyId: symmetric, Plaintext, EncryptionAlgorithm }), 'InvalidKeyUsageException');
});

test('a grant is retired by whom it names, by its token or its id, and by nobody else', async (t) => {
  const { kms, KeyId, chen, bob } = await withLockedKey(t);
  const grant = (more: Input) => kms('CreateGrant', { KeyId, GranteePrincipal: userArn('chen'), ...more });
  const list = async () => (await kms('ListGrants', { KeyId })).Grants.map(({ GrantId }: Input) => GrantId);
  const retirable = { RetiringPrincipal: userArn('bob') };
  const one = await grant({ Operations: ['Decrypt'], ...retirable });
  const other = await grant({ Operations: ['Encrypt'] });
  const self = await grant({ Operations: ['RetireGrant'] });
  assert.deepEqual(
    (await kms('ListRetirableGrants', retirable)).Grants.map(({ GrantId }: Input) => GrantId),
    [one.GrantId],
  );
  await refused(kms('RetireGrant', { KeyId, GrantId: other.GrantId }, bob), 'AccessDeniedException');
  await refused(kms('RetireGrant', { KeyId, GrantId: one.GrantId }, chen), 'AccessDeniedException');
  await refused(kms('RetireGrant', { KeyId, GrantId: self.GrantId }, bob), 'AccessDeniedException');
  await refused(kms('RetireGrant', { GrantToken: one.GrantToken, DryRun: true }, bob), 'DryRunOperationException');
  await kms('RetireGrant', { GrantToken: one.GrantToken }, bob);
  await kms('RetireGrant', { KeyId, GrantId: self.GrantId }, chen);
  await kms('RetireGrant', { KeyId, GrantId: other.GrantId });
  assert.deepEqual(await list(), []);
  await refused(kms('RetireGrant', { GrantToken: one.GrantToken }), 'InvalidGrantTokenException');
});

test('constraints of a grant bind its use to an encryption context', async (t) => {
  const { kms, KeyId, chen, bob } = await withLockedKey(t);
  const use = (by: typeof chen, EncryptionContext?: object) =>
    kms('Encrypt', { KeyId, Plaintext: Buffer.of(1), EncryptionContext }, by);
  const grant = (name: string, Constraints: object) =>
    kms('CreateGrant', { KeyId, GranteePrincipal: userArn(name), Operations: ['Encrypt'], Constraints });
  await refused(use(chen, { a: 'b' }), 'AccessDeniedException');
  await grant('chen', { EncryptionContextEquals: { a: 'b' } });
  await grant('bob', { EncryptionContextSubset: { a: 'b' } });
  await use(chen, { a: 'b' });
  await use(bob, { a: 'b', c: 'd' });
  for (const [by, context] of [
    [chen, { a: 'b', c: 'd' }],
    [chen, undefined],
    [bob, { c: 'd' }],
  ] as const)
    await refused(use(by, context), 'AccessDeniedException');
});

test('a grant to a service is made and listed as one', async (t) => {
  const { kms, key } = await withKms(t);
  const KeyId = await key();
  const service = { GranteeServicePrincipal: 's3.amazonaws.com', RetiringServicePrincipal: 'ec2.amazonaws.com' };
  const Constraints = { SourceArn: 'arn:aws:s3:::bucket' };
  await kms('CreateGrant', { KeyId, ...service, Constraints, Operations: ['Decrypt'] });
  const [grant] = (await kms('ListGrants', { KeyId, GranteeServicePrincipal: 's3.amazonaws.com' })).Grants;
  assert.deepEqual([grant.GranteePrincipal, grant.Constraints], [undefined, Constraints]);
  assert.equal(grant.GranteeServicePrincipal, service.GranteeServicePrincipal);
  assert.equal(grant.RetiringServicePrincipal, service.RetiringServicePrincipal);
  await refused(kms('CreateGrant', { KeyId, Operations: ['Decrypt'] }), 'ValidationException');
  const both = { ...service, GranteePrincipal: userArn('chen') };
  await refused(kms('CreateGrant', { KeyId, ...both, Operations: ['Decrypt'] }), 'ValidationException');
});

test('recorded: a disabled RSA key is told as disabled, bytes are not shown, a bad public key has no words', async (t) => {
  const { kms, key } = await withKms(t);
  const rsa = await key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  await refused(kms('RotateKeyOnDemand', { KeyId: rsa }), 'UnsupportedOperationException');
  await kms('DisableKey', { KeyId: rsa });
  await refused(kms('RotateKeyOnDemand', { KeyId: rsa }), 'DisabledException');
  const long = { KeyId: await key(), Plaintext: Buffer.alloc(4097) };
  const words =
    "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096";
  await refused(kms('Encrypt', long), 'ValidationException', words);
  const KeyId = await key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' });
  const derive = { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: Buffer.from('no key') };
  // What the SDK says where the answer has no message.
  await refused(kms('DeriveSharedSecret', derive), 'ValidationException', 'UnknownError');
});

test('what practice AWS has not is refused by its name: operations, specs, and answers for enclaves', async (t) => {
  const { kms, key } = await withKms(t);
  assert.deepEqual(
    operationsOfSdk(sdk).toSorted(),
    [...Object.keys(operations), ...Object.keys(declinedOperations)].toSorted(),
  );
  for (const [name, why] of Object.entries(declinedOperations))
    await refused(kms(name), 'UnsupportedOperationException', `Practice AWS does not do ${name}: ${why}.`);
  const kem = { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' };
  await refused(kms('CreateKey', kem), 'UnsupportedOperationException', 'Practice AWS has no ML_KEM_768 keys.');
  const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: Buffer.of(1) };
  const enclave = kms('GenerateDataKey', { KeyId: await key(), KeySpec: 'AES_256', Recipient });
  const words = 'Practice AWS does not do GenerateDataKey with Recipient: there are no Nitro enclaves.';
  await refused(enclave, 'UnsupportedOperationException', words);
});
