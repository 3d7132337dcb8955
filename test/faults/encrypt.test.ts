import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { outside } from './outside.ts';
import { callsIn, type Disturbable, filesIn, getOverPassingFaults } from './passing-faults.ts';

/*
 * Every operation that encrypts objects later meets each passing fault. It finishes by itself, or after the same command once
 * more; both objects are under the key then, and one record says so.
 */

const large = Buffer.alloc(9 * 1024 * 1024, 'ledger ');

/** A key that somebody else made, a bucket, two files, and the command that brings them together. */
async function waiting(): Promise<Disturbable> {
  const { aws, cut, workdir, run, set, close } = await outside();
  const config = { endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' };
  const kms = new KMSClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  await s3.send(new CreateBucketCommand({ Bucket: 'an-archive' }));
  writeFileSync(join(cut.folder, 'small.txt'), 'some bytes');
  writeFileSync(join(cut.folder, 'large.bin'), large);
  const endpoint = cut.args[cut.args.indexOf('--endpoint-url') + 1] ?? '';
  const place = ['--endpoint-url', endpoint, '--workdir', 'w', '--json'];
  const words = ['small.txt', 'large.bin', '--to', 's3://an-archive', '--key', KeyMetadata?.KeyId ?? '', ...place];
  return {
    set,
    close,
    go: () => run({}, () => ['encrypt', ...words]),
    called: () => callsIn(workdir, /^journal-encrypt-/),
    check: async () => {
      for (const Key of ['small.txt', 'large.bin']) {
        const { SSEKMSKeyId } = await s3.send(new HeadObjectCommand({ Bucket: 'an-archive', Key }));
        assert.equal(SSEKMSKeyId, KeyMetadata?.Arn);
      }
      assert.equal(filesIn(workdir, /^record-encrypt-.*\.json$/).length, 1);
    },
  };
}

test(
  'the encryption of more objects gets over each passing fault of each operation that it calls',
  {
    timeout: 600_000,
  },
  (t) => getOverPassingFaults(t, { make: waiting, calls: 'S3.CompleteMultipartUpload', least: 9, oneIn: 20 }),
);
