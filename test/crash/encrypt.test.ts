import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { GetObjectCommand, HeadObjectCommand, ListMultipartUploadsCommand, S3Client } from '@aws-sdk/client-s3';
import { startPracticeAws } from '../../source/practice/server.ts';
import { assertWholeAndUnlocked } from './copied-ceremony.ts';
import { prepareLaterCeremony, timeout } from './later-ceremony.ts';

/*
 * Kills the encryption of a small and of a large file at each of its points and goes on with the same command: both objects
 * are there, under the key, with the bytes of their files, and a record says so.
 */

const small = 'some bytes';
/** Uploads in parts begin above 8 MiB. */
const large = Buffer.alloc(9 * 1024 * 1024, 'ledger ');
let bucket = '';

const { killAtRequests, killAtFiles } = prepareLaterCeremony({
  args: () => ['encrypt', 'small one.txt', 'large.bin', '--to', `s3://${bucket}/in`, '--workdir', 'w', '--json'],
  prepare: (folder) => {
    writeFileSync(join(folder, 'small one.txt'), small);
    writeFileSync(join(folder, 'large.bin'), large);
    bucket = JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8')).objects[0].bucket;
  },
  check: assertEncrypted,
  oneIn: 40,
  requests: ['CreateMultipartUpload', '(intent encrypt-objects)', 'TrentService.DescribeKey'],
  file: 'record-encrypt',
});

test(
  'killed before and after every journal write and every AWS request, both objects are there, with a record',
  { timeout },
  killAtRequests,
);

test(
  'killed while files are made, and in the middle of writes, both objects are there, with a record',
  { timeout },
  killAtFiles,
);

async function assertEncrypted(folder: string): Promise<void> {
  const workdir = join(folder, 'w');
  const names = assertWholeAndUnlocked(workdir);
  const records = names.filter((name) => /^record-encrypt-.*\.json$/.test(name));
  assert.ok(records.length > 0, 'a record');
  for (const name of records) {
    assert.ok(names.includes(name.replace('.json', '.md')));
    const { objects, key } = JSON.parse(readFileSync(join(workdir, name), 'utf8'));
    assert.deepEqual(
      objects.map((object: { key: string }) => object.key),
      ['in/small one.txt', 'in/large.bin'],
    );
    for (const object of objects) assert.deepEqual([object.verified, object.kmsKeyArn], [true, key.keyArn]);
  }
  const { key } = JSON.parse(readFileSync(join(workdir, 'record.json'), 'utf8'));
  const practice = await startPracticeAws({ stateFolder: join(workdir, 'keyferry-practice-aws') });
  const s3 = new S3Client({ ...practice, region: 'us-east-1', forcePathStyle: true });
  try {
    for (const [Key, bytes] of [
      ['in/small one.txt', Buffer.from(small)],
      ['in/large.bin', large],
    ] as const) {
      const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      assert.equal(head.SSEKMSKeyId, key.keyArn);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
      assert.ok(bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0)), Key);
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    assert.deepEqual(Uploads, [], 'S3 keeps no parts');
  } finally {
    s3.destroy();
    await practice.close();
  }
}
