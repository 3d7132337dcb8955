import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createBucket } from '../../source/aws/s3.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { s3Error } from '../faults/between.ts';
import { encryptObject, outcomeOfUpload, uploading } from './uploading.ts';

/** Uploads in parts begin above 8 MiB. */
const large = randomBytes(9 * 1024 * 1024);

async function put(s3: S3Client, Bucket: string, Key: string, Body: string, keyArn?: string): Promise<void> {
  const encryption = keyArn === undefined ? {} : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: keyArn } as const);
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ...encryption }));
}

/** The key under which an object is. */
async function keyOf(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  return (await s3.send(new HeadObjectCommand({ Bucket, Key }))).SSEKMSKeyId;
}

async function contents(s3: S3Client, Bucket: string, Key: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const says = (pattern: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProblemError);
  assert.match(`${error.problem.what} ${error.problem.why}`, pattern);
  return true;
};

/** Takes the key out of the first upload before it is signed, whoever has made that request. */
function leaveKeyOut(s3: S3Client): void {
  const { signer } = s3.config;
  let taken = 0;
  s3.config.signer = async (scheme) => {
    const signing = await signer(scheme);
    return {
      sign: (request, options) => {
        const kept = Object.entries(request.headers).filter(([name]) => !name.includes('server-side-encryption'));
        if (request.method !== 'PUT' || kept.length === Object.keys(request.headers).length || taken > 0)
          return signing.sign(request, options);
        taken += 1;
        return signing.sign({ ...request, headers: Object.fromEntries(kept) }, options);
      },
    };
  };
}

const aBucket = { bucket: 'a-bucket', prefix: '' };

test('a file that is in one bucket is uploaded to another one too', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  for (const bucket of ['first-bucket', 'second-bucket']) {
    await createBucket(clients.s3, bucket);
    const object = await encryptObject(context, { bucket, prefix: '' }, path);
    assert.equal(object.verified, true);
    assert.equal(await keyOf(clients.s3, bucket, 'ledger.txt'), keyArn);
  }
});

test('an upload waits for a bucket that was just made, and for no other', async (t) => {
  const { clients, context, path, countOf, waiting } = await uploading(t, { newBucketTries: 2 });
  await createBucket(clients.s3, 'a-bucket');
  const asNew = { ...context, answers: { where: 'new' } };
  assert.equal((await encryptObject(asNew, aBucket, path)).verified, true);
  const label = 'S3 does not see what is new yet';
  assert.deepEqual(
    waiting.waits.map((wait) => wait.label),
    [label, label],
  );
  const before = countOf('S3.PutObject');
  await assert.rejects(encryptObject(context, { bucket: 'no-bucket', prefix: '' }, path), says(/no-bucket/));
  assert.equal(countOf('S3.PutObject'), before + 1);
});

test('an empty file goes through', async (t) => {
  const { clients, context, path } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  writeFileSync(path, '');
  assert.equal((await encryptObject(context, aBucket, path)).size, 0);
});

for (const [how, bytes] of [
  ['in one piece', Buffer.from('mine')],
  ['in parts', large],
] as const) {
  test(`an object of another's is never replaced by an upload ${how}`, async (t) => {
    const { clients, context, path } = await uploading(t);
    await createBucket(clients.s3, 'a-bucket');
    await put(clients.s3, 'a-bucket', 'ledger.txt', 'theirs');
    writeFileSync(path, bytes);
    for (let tries = 0; tries < 2; tries++)
      await assert.rejects(encryptObject(context, aBucket, path), says(/s3:..a-bucket.ledger\.txt exists already/));
    assert.equal(String(await contents(clients.s3, 'a-bucket', 'ledger.txt')), 'theirs');
    const { Uploads = [] } = await clients.s3.send(new ListMultipartUploadsCommand({ Bucket: 'a-bucket' }));
    assert.deepEqual(Uploads, []);
  });

  test(`an upload ${how} whose answer is lost is found, and counts as this one`, async (t) => {
    const { clients, context, path, countOf } = await uploading(t, {
      faults: [
        { operation: 's3:PutObject', do: 'drop-after', times: 1 },
        { operation: 's3:CompleteMultipartUpload', do: 'drop-after', times: 1 },
      ],
    });
    await createBucket(clients.s3, 'a-bucket');
    writeFileSync(path, bytes);
    assert.equal((await encryptObject(context, aBucket, path)).verified, true);
    assert.ok((await contents(clients.s3, 'a-bucket', 'ledger.txt')).equals(bytes));
    assert.equal(countOf('S3.CreateMultipartUpload'), bytes === large ? 1 : 0);
  });

  test(`an upload ${how} that S3 calls a conflict is sent again`, async (t) => {
    const { clients, context, path, decide } = await uploading(t);
    await createBucket(clients.s3, 'a-bucket');
    writeFileSync(path, bytes);
    let conflicts = 0;
    decide((call) => {
      if (conflicts > 0 || !/^s3:(PUT .*x-id=PutObject|POST .*uploadId=)/.test(call)) return undefined;
      conflicts += 1;
      return s3Error('ConditionalRequestConflict', 409);
    });
    assert.equal((await encryptObject(context, aBucket, path)).verified, true);
    assert.equal(conflicts, 1);
    const { Uploads = [] } = await clients.s3.send(new ListMultipartUploadsCommand({ Bucket: 'a-bucket' }));
    assert.deepEqual(Uploads, []);
  });
}

test('what an upload that was cut off has left is taken where it is this file, and nothing is sent again', async (t) => {
  const { clients, context, path, keyArn, countOf } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  await put(clients.s3, 'a-bucket', 'ledger.txt', 'some bytes', keyArn);
  assert.equal((await encryptObject(context, aBucket, path)).verified, true);
  assert.equal(countOf('S3.PutObject'), 1);
});

test('where the file has changed since an upload was cut off, the object is left alone', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  await put(clients.s3, 'a-bucket', 'ledger.txt', 'once bytes', keyArn);
  await assert.rejects(encryptObject(context, aBucket, path), says(/exists already.*nothing shows that Keyferry/));
  assert.equal(String(await contents(clients.s3, 'a-bucket', 'ledger.txt')), 'once bytes');
});

test('an object that S3 put under another key is told, and the next try replaces it', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  leaveKeyOut(clients.s3);
  await assert.rejects(encryptObject(context, aBucket, path), says(/a-bucket.ledger\.txt is not under your key/));
  assert.equal((await encryptObject(context, aBucket, path)).kmsKeyArn, keyArn);
  assert.equal(await keyOf(clients.s3, 'a-bucket', 'ledger.txt'), keyArn);
});

test('an object that was removed before its check is told, and the next try uploads it again', async (t) => {
  const { clients, context, path, decide } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  decide((call) => (call.startsWith('s3:HEAD') ? { status: 404, body: '' } : undefined));
  await assert.rejects(encryptObject(context, aBucket, path), says(/is gone/));
  decide(() => undefined);
  assert.equal((await encryptObject(context, aBucket, path)).verified, true);
});

test('an object that another replaced before its check is told, and stays', async (t) => {
  const { clients, context, path, decide } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  let isRefused = true;
  let isUploaded = false;
  decide((call) => {
    isUploaded ||= call.startsWith('s3:PUT');
    return isRefused && isUploaded && call.startsWith('s3:HEAD') ? { status: 400, body: '' } : undefined;
  });
  await assert.rejects(encryptObject(context, aBucket, path), says(/Can't encrypt ledger\.txt/));
  isRefused = false;
  await put(clients.s3, 'a-bucket', 'ledger.txt', 'theirs');
  await assert.rejects(encryptObject(context, aBucket, path), says(/is not the object that was uploaded/));
  await assert.rejects(encryptObject(context, aBucket, path), says(/exists already/));
  assert.equal(String(await contents(clients.s3, 'a-bucket', 'ledger.txt')), 'theirs');
});

test('a second file of the same name does not count as the first, and does not replace it', async (t) => {
  const { clients, context, path, folder } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  await encryptObject(context, aBucket, path);
  const other = join(folder, 'other', 'ledger.txt');
  mkdirSync(join(folder, 'other'));
  writeFileSync(other, 'other bytes');
  await assert.rejects(encryptObject(context, aBucket, other), says(/exists already/));
  assert.equal(String(await contents(clients.s3, 'a-bucket', 'ledger.txt')), 'some bytes');
});

test('an upload in parts that is stopped sends no part that was not under way', async (t) => {
  const { clients, context, path, decide } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  truncateSync(path, 80 * 1024 * 1024);
  const stop = new AbortController();
  let parts = 0;
  decide((call) => {
    if (call.includes('partNumber=')) parts += 1;
    return undefined;
  });
  const report: typeof context.report = ({ bytes }) => {
    if ((bytes?.done ?? 0) > 0) stop.abort(new Error('stopped by the person'));
  };
  const stopped = encryptObject({ ...context, report, signal: stop.signal }, aBucket, path);
  await assert.rejects(stopped, /stopped by the person/);
  assert.ok(parts <= 8, `${parts} of 10: at most eight are under way`);
});

test('an upload in one piece that is stopped does not count as done, whatever S3 answers afterwards', async (t) => {
  const { clients, context, path, decide, waiting } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  const stop = new AbortController();
  decide((call) => {
    if (!call.startsWith('s3:PUT')) return undefined;
    stop.abort(new Error('stopped by the person'));
    return { status: 200, headers: { etag: '"an etag"' }, body: '' };
  });
  const stopped = waiting.during({ report: () => {}, signal: stop.signal }, () =>
    encryptObject({ ...context, signal: stop.signal }, aBucket, path),
  );
  await assert.rejects(stopped, /stopped by the person/);
  assert.equal(outcomeOfUpload(context, aBucket, path), 'unknown');
});

test('where the upload that replaces a wrong object was cut off, the wrong one is not taken for that of another', async (t) => {
  const { clients, context, path, keyArn } = await uploading(t);
  await createBucket(clients.s3, 'a-bucket');
  leaveKeyOut(clients.s3);
  await assert.rejects(encryptObject(context, aBucket, path), says(/is not under your key/));
  const { folder } = context.services;
  const manifest = readdirSync(folder.path).find((name) => name.startsWith('manifest-'));
  appendFileSync(folder.file(manifest ?? ''), '{"is":"sending","n":0}\n');
  assert.equal((await encryptObject(context, aBucket, path)).kmsKeyArn, keyArn);
});
