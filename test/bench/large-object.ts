import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { newFolder } from '../new-folder.ts';
import { must } from '../practice/practising.ts';
import { type Served, serve } from '../practice/served.ts';

const mebibyte = 1024 * 1024;
const Bucket = 'bench-bucket';

/** How large the object is, in MiB: 4096 is the acceptance run. */
const size = Number(process.env.KEYFERRY_BENCH_MIB ?? 512) * mebibyte;
const budget = 300;

/** The object: one random mebibyte over and over, each with its number in front, so that no two are alike. */
async function* content(): AsyncGenerator<Buffer> {
  const block = randomBytes(mebibyte);
  for (let number = 0; number * mebibyte < size; number += 1) {
    const piece = Buffer.from(block);
    piece.writeUInt32BE(number);
    yield piece;
  }
}

/** The most memory that a process has held at once, in MiB; Linux alone tells. */
function peakMemory(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** Sends one large object to practice AWS and reads it back, under a KMS key, whole and in parts; prints speed and peak memory. */
export async function benchLargeObject(): Promise<void> {
  const folder = newFolder();
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize < size * 1.2) {
    console.log(`large object           skipped: no room for ${size / mebibyte} MiB`);
    return;
  }
  const server = await serve(join(folder, 'state'));
  try {
    const config = { region: 'us-east-1', endpoint: server.endpoint, credentials: server.credentials };
    const s3 = new S3Client(config);
    const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
    await s3.send(new CreateBucketCommand({ Bucket }));
    const under = { Bucket, ServerSideEncryption: 'aws:kms', SSEKMSKeyId: must(KeyMetadata?.Arn) } as const;
    await measured(server, s3, 'one request', async (Key, Body) => {
      await s3.send(new PutObjectCommand({ ...under, Key, Body, ContentLength: size }));
    });
    await measured(server, s3, 'in parts', async (Key, Body) => {
      await new Upload({ client: s3, partSize: 16 * mebibyte, params: { ...under, Key, Body } }).done();
    });
  } finally {
    await server.stop();
  }
}

async function measured(
  { child }: Served,
  s3: S3Client,
  how: string,
  put: (key: string, body: Readable) => Promise<void>,
): Promise<void> {
  const [sent, received] = [createHash('sha256'), createHash('sha256')];
  const Key = how;
  let began = performance.now();
  const speed = () => `${(size / mebibyte / ((performance.now() - began) / 1000)).toFixed(0)} MiB/s`;
  const body = async function* () {
    for await (const piece of content()) {
      sent.update(piece);
      yield piece;
    }
  };
  await put(Key, Readable.from(body(), { objectMode: false }));
  const up = speed();
  began = performance.now();
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  for await (const chunk of must(Body) as Readable) received.update(chunk as Buffer);
  const down = speed();
  if (sent.digest('hex') !== received.digest('hex')) throw new Error('what came back is not what was sent');
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const label = `${size / mebibyte} MiB ${how}`.padEnd(22);
  console.log(
    `${label} in ${up}, out ${down}; peak memory of practice AWS ${peakMemory(child.pid).toFixed(0)} MiB (budget ${budget})`,
  );
}
