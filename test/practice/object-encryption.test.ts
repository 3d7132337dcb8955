import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { passTime } from './key-makers.ts';
import { enabledKey, externalKey, importMaterial, must, type Practice, practise, refused } from './practising.ts';

const Bucket = 'practice-bucket';
const Key = 'k';
const Body = Buffer.from('the text');

test('an object under imported material cannot be read once the material is deleted, and can be again', async (t) => {
  const practice = await ready(await practise(t));
  const { keyId, arn, material } = await enabledKey(practice.kms());
  const put = await putUnder(practice, { SSEKMSKeyId: arn });
  assert.equal(put.SSEKMSKeyId, arn);
  assert.equal(put.BucketKeyEnabled, undefined);
  assert.notEqual(put.ETag, `"${createHash('md5').update(Body).digest('hex')}"`);
  assert.equal(await text(practice), 'the text');
  await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: keyId }));
  const state = 'KMS.KMSInvalidStateException';
  await refused(text(practice), state, `${arn} is pending import.`);
  await refused(putUnder(practice, { SSEKMSKeyId: arn }), state, `${arn} is pending import.`);
  const head = await practice.s3().send(new HeadObjectCommand({ Bucket, Key }));
  assert.equal(head.SSEKMSKeyId, arn);
  await importMaterial(practice.kms(), keyId, material);
  assert.equal(await text(practice), 'the text');
});

test('an object cannot be read once the material has expired', async (t) => {
  const practice = await ready(await practise(t));
  const keyId = await externalKey(practice.kms());
  await importMaterial(practice.kms(), keyId, randomBytes(32), {
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date(practice.clock.now.getTime() + 3_600_000),
  });
  await putUnder(practice, { SSEKMSKeyId: keyId, BucketKeyEnabled: true });
  assert.equal(await text(practice), 'the text');
  passTime(practice, 3_601_000);
  await refused(text(practice), 'KMS.KMSInvalidStateException');
});

test('a disabled key and one about to be deleted stop reads and writes', async (t) => {
  const practice = await ready(await practise(t));
  const { keyId, arn } = await enabledKey(practice.kms());
  await putUnder(practice, { SSEKMSKeyId: arn });
  await practice.kms().send(new DisableKeyCommand({ KeyId: keyId }));
  await refused(text(practice), 'KMS.DisabledException', `${arn} is disabled.`);
  await practice.kms().send(new ScheduleKeyDeletionCommand({ KeyId: keyId }));
  await refused(
    putUnder(practice, { SSEKMSKeyId: arn }),
    'KMS.KMSInvalidStateException',
    `${arn} is pending deletion.`,
  );
});

test('wrong keys and wrong headers are refused in the recorded words', async (t) => {
  const practice = await ready(await practise(t));
  const put = async (more: object) => putUnder(practice, more);
  const unknown = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000';
  await refused(put({ SSEKMSKeyId: 'fake-key-id' }), 'KMS.NotFoundException', "Invalid keyId 'fake-key-id'");
  await refused(put({ SSEKMSKeyId: unknown }), 'KMS.NotFoundException', `Key '${unknown}' does not exist`);
  await refused(
    put({ SSEKMSKeyId: unknown.replace('us-east-1', 'us-west-2') }),
    'KMS.NotFoundException',
    'Invalid arn us-west-2',
  );
  const { KeyMetadata } = await practice
    .kms()
    .send(new CreateKeyCommand({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Origin: 'EXTERNAL' }));
  await refused(put({ SSEKMSKeyId: KeyMetadata?.Arn }), 'KMS.InvalidKeyUsageException');
  await refused(
    put({ ServerSideEncryption: undefined, SSEKMSKeyId: unknown }),
    'InvalidArgument',
    'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
  );
  await refused(
    put({ ServerSideEncryption: 'rot13' }),
    'InvalidArgument',
    'The encryption method specified is not supported',
  );
  await refused(put({ SSEKMSEncryptionContext: 'bm90IGpzb24=' }), 'InvalidArgument');
  const customer = { ServerSideEncryption: undefined, SSECustomerAlgorithm: 'AES256', SSECustomerKey: randomBytes(32) };
  await assert.rejects(put(customer), (error: Error) => {
    assert.equal(error.name, 'AccessDenied');
    assert.match(error.message, /because this bucket has blocked upload requests .*\(SSE-C\)/);
    return true;
  });
});

test('without a key, S3 uses and makes its own; with a default, the default', async (t) => {
  const practice = await ready(await practise(t));
  const own = must((await putUnder(practice, {})).SSEKMSKeyId);
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: 'alias/aws/s3' }));
  assert.deepEqual([KeyMetadata?.Arn, KeyMetadata?.KeyManager], [own, 'AWS']);

  const { keyId, arn } = await enabledKey(practice.kms());
  await practice.s3().send(
    new PutBucketEncryptionCommand({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [
          {
            ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyId },
            BucketKeyEnabled: true,
          },
        ],
      },
    }),
  );
  const put = await putUnder(practice, { ServerSideEncryption: undefined });
  assert.deepEqual([put.ServerSideEncryption, put.SSEKMSKeyId, put.BucketKeyEnabled], ['aws:kms', arn, true]);
  assert.equal(await text(practice), 'the text');
  const plain = await putUnder(practice, { ServerSideEncryption: 'AES256' });
  assert.deepEqual([plain.ServerSideEncryption, plain.SSEKMSKeyId], ['AES256', undefined]);
});

async function ready(practice: Practice): Promise<Practice> {
  await practice.s3().send(new CreateBucketCommand({ Bucket }));
  return practice;
}

async function putUnder({ s3 }: Practice, more: Partial<Record<keyof PutObjectCommandInput, unknown>>) {
  const input = { Bucket, Key, Body, ServerSideEncryption: 'aws:kms', ...more } as PutObjectCommandInput;
  return s3().send(new PutObjectCommand(input));
}

async function text({ s3 }: Practice): Promise<string> {
  return must((await s3().send(new GetObjectCommand({ Bucket, Key }))).Body).transformToString();
}
