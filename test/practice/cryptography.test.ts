import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { enabledKey, must, practise, refused } from './practising.ts';

const EncryptionContext = { purpose: 'test', owner: 'Ada' };

test('what was encrypted comes back, with the context in any order and no key named', async (t) => {
  const { kms } = await practise(t);
  const { keyId, arn } = await enabledKey(kms());
  await kms().send(new CreateAliasCommand({ AliasName: 'alias/mine', TargetKeyId: keyId }));
  for (const size of [1, 100, 250, 4096]) {
    const Plaintext = Buffer.alloc(size, 7);
    const made = await kms().send(new EncryptCommand({ KeyId: 'alias/mine', Plaintext, EncryptionContext }));
    assert.equal(made.KeyId, arn);
    const opened = await kms().send(
      new DecryptCommand({
        CiphertextBlob: made.CiphertextBlob,
        EncryptionContext: { owner: 'Ada', purpose: 'test' },
      }),
    );
    assert.deepEqual(Buffer.from(must(opened.Plaintext)), Plaintext);
  }
});

test('a ciphertext names its material and has the recorded layout', async (t) => {
  const { kms } = await practise(t);
  const { keyId } = await enabledKey(kms());
  const { KeyMetadata } = await kms().send(new DescribeKeyCommand({ KeyId: keyId }));
  const { CiphertextBlob } = await kms().send(new GenerateDataKeyCommand({ KeyId: keyId, KeySpec: 'AES_256' }));
  const blob = Buffer.from(must(CiphertextBlob));
  assert.equal(blob.length, 184);
  assert.equal(blob.toString('hex', 0, 5), '0102030078');
  assert.equal(blob.toString('hex', 5, 37), KeyMetadata?.CurrentKeyMaterialId);
  // The start of the DER that every data key of KMS has: 'AAAAfjB8BgkqhkiG9w0BBwagbzBtAgEAMGgGCSqGSIb3DQEHATAe'.
  assert.equal(
    blob.toString('hex', 54, 93),
    '0000007e307c06092a864886f70d010706a06f306d020100306806092a864886f70d010701301e',
  );
  const encrypted = await kms().send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.of(1) }));
  assert.equal(Buffer.from(must(encrypted.CiphertextBlob)).toString('hex', 0, 5), '0102020078');
});

test('another context, another key and any changed byte are refused', async (t) => {
  const { kms } = await practise(t);
  const client = kms();
  const { keyId } = await enabledKey(client);
  const other = await enabledKey(kms());
  const { CiphertextBlob } = await kms().send(
    new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('text'), EncryptionContext }),
  );
  const blob = Buffer.from(must(CiphertextBlob));
  await refused(kms().send(new DecryptCommand({ CiphertextBlob: blob })), 'InvalidCiphertextException', 'UnknownError');
  await refused(
    kms().send(new DecryptCommand({ CiphertextBlob: blob, EncryptionContext, KeyId: other.keyId })),
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  );
  for (let index = 0; index < blob.length; index += 1) {
    const changed = Buffer.from(blob);
    changed[index] = (changed[index] ?? 0) ^ 1;
    const call = client.send(new DecryptCommand({ CiphertextBlob: changed, EncryptionContext }));
    await refused(call, 'InvalidCiphertextException');
  }
});

test('data keys come in the size that is asked for, with and without plaintext', async (t) => {
  const { kms } = await practise(t);
  const { keyId: KeyId } = await enabledKey(kms());
  const sizes = [
    [{ KeySpec: 'AES_128' }, 16],
    [{ KeySpec: 'AES_256' }, 32],
    [{ NumberOfBytes: 64 }, 64],
  ] as const;
  for (const [input, size] of sizes)
    assert.equal((await kms().send(new GenerateDataKeyCommand({ KeyId, ...input }))).Plaintext?.length, size);
  const made = await kms().send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: 'AES_256' }));
  assert.ok(!('Plaintext' in made));
  const opened = await kms().send(new DecryptCommand({ CiphertextBlob: made.CiphertextBlob }));
  assert.equal(opened.Plaintext?.length, 32);
  await refused(kms().send(new GenerateDataKeyCommand({ KeyId })), 'ValidationException');
});

test('ReEncrypt moves a ciphertext to another key', async (t) => {
  const { kms } = await practise(t);
  const [from, to] = [await enabledKey(kms()), await enabledKey(kms())];
  const { CiphertextBlob } = await kms().send(
    new EncryptCommand({ KeyId: from.keyId, Plaintext: Buffer.from('text') }),
  );
  const moved = await kms().send(
    new ReEncryptCommand({
      CiphertextBlob,
      DestinationKeyId: to.keyId,
      DestinationEncryptionContext: EncryptionContext,
    }),
  );
  assert.deepEqual([moved.SourceKeyId, moved.KeyId], [from.arn, to.arn]);
  const opened = await kms().send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob, EncryptionContext }));
  assert.equal(Buffer.from(must(opened.Plaintext)).toString(), 'text');
  assert.equal(opened.KeyMaterialId, moved.DestinationKeyMaterialId);
});

test('a dry run says that it would have worked, and does nothing', async (t) => {
  const { kms } = await practise(t);
  const { keyId } = await enabledKey(kms());
  await refused(
    kms().send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.of(1), DryRun: true })),
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  );
});

test('a key for something else does not encrypt', async (t) => {
  const { kms } = await practise(t);
  const { KeyMetadata } = await kms().send(
    new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
  );
  await refused(
    kms().send(new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.of(1) })),
    'InvalidKeyUsageException',
    `${KeyMetadata?.Arn} key usage is GENERATE_VERIFY_MAC which is not valid for Encrypt.`,
  );
});
