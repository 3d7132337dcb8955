import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { CompleteMultipartUploadCommandInput, S3Client, UploadPartCommandInput } from '@aws-sdk/client-s3';
import { OpenFile } from '../../source/disk/open-file.ts';
import { BufferPool } from '../../source/objects/buffer-pool.ts';
import { crc32, crc32Text } from '../../source/objects/crc32.ts';
import { versionOf } from '../../source/objects/file-bytes.ts';
import { Flow } from '../../source/objects/flow.ts';
import { HashWorker } from '../../source/objects/hash-worker.ts';
import { sendParts } from '../../source/objects/send-parts.ts';
import type { TransferContext } from '../../source/objects/transfer-context.ts';
import { bucket, keyArn } from '../aws/an-object.ts';
import { answeringS3 } from '../aws/answering-clients.ts';
import { newFolder } from '../new-folder.ts';
import { plannedManifest } from './planned-manifest.ts';
import { usualSettings } from './transferring.ts';

export const whole = 'part one, part two, rest';
export const partSize = 9;
export const parts = ['part one,', ' part two', ', rest'];
export const crcOf = (bytes: string) => crc32Text(crc32(Buffer.from(bytes)));
export const partIn = (number: number, bytes = parts[number - 1] ?? '') => ({
  PartNumber: number,
  Size: bytes.length,
  ETag: `there ${number}`,
  ChecksumCRC32: crcOf(bytes),
});

/** What S3 does otherwise than it should, by the name of a call: it throws an error, or gives another answer. */
export type Theirs = Readonly<Record<string, (input: object) => object | Error | undefined>>;

/** Gives a function that tells of each request that the client has sent since then whether this signal ends it. */
export function watchSignals(t: TestContext, s3: S3Client, signal: AbortSignal): () => readonly boolean[] {
  const { mock } = t.mock.method(s3, 'send');
  return () => mock.calls.map(({ arguments: [, options] }) => Object(options).abortSignal === signal);
}

/** A file that is about to be sent in parts of nine bytes. */
export async function sending(t: TestContext, theirs: Theirs = {}, more: Partial<TransferContext> = {}) {
  const path = join(newFolder(), 'file');
  writeFileSync(path, whole);
  const file = await OpenFile.open(path);
  t.after(() => file.close());
  const version = versionOf(file);
  const named = { path, key: 'a.csv', ...version };
  const manifest = plannedManifest(t, [{ is: 'object', ...named }]);
  const object = { n: 0, ...named };
  const asked: string[] = [];
  let completed: CompleteMultipartUploadCommandInput | undefined;
  /** The memory of the parts that were sent from memory. */
  const memory: ArrayBufferLike[] = [];
  const s3 = answeringS3(async (input, command) => {
    const { PartNumber, Body, ...members } = input as UploadPartCommandInput;
    assert.deepEqual([members.Bucket, members.ExpectedBucketOwner], [bucket.bucket, bucket.owner], command);
    assert.equal(members.Key ?? 'a.csv', 'a.csv', command);
    if (Body instanceof Uint8Array) memory.push(Body.buffer);
    const streamed = Body instanceof Readable ? `${await text(Body)} streamed` : undefined;
    asked.push(PartNumber === undefined ? command : `${PartNumber} ${streamed ?? Body}`);
    const other = theirs[command]?.(input);
    if (other !== undefined) return other;
    if (command === 'CompleteMultipartUpload') completed = input as CompleteMultipartUploadCommandInput;
    if (command === 'CreateMultipartUpload') return { UploadId: 'new' };
    return PartNumber === undefined ? { ETag: 'of the whole', SSEKMSKeyId: keyArn } : { ETag: `sent ${PartNumber}` };
  });
  const flow = new Flow();
  const taken: number[] = [];
  const { signal } = new AbortController();
  /** The pauses before another try, what was told of objects and uploads, each as a text. */
  const told: string[] = [];
  const context: TransferContext = {
    ...{ ...usualSettings, s3, ...bucket, keyArn, manifest, callerArn: 'me', signal },
    ...{ flow, buffers: new BufferPool(), hashWorker: new HashWorker(), looksFirst: 'none' },
    clock: () => new Date(7),
    isEnough: () => false,
    pause: async ({ label, next }) => void told.push(`${label}: ${next}`),
    onNotShown: ({ key }) => void told.push(`${key} is not shown`),
    onUploadLeft: ({ key }, uploadId) => void told.push(`${key} has left ${uploadId}`),
    onTaken: (bytes) => void taken.push(bytes),
    ...more,
  };
  const send = () => sendParts(context, { object, file }, { version, condition: 'absent', partSize });
  const begun = (uploadId = 'old') => manifest.note({ is: 'begun', n: 0, uploadId, partSize, ...version });
  /** Whether as many requests as at first may run now: none of those before still counts. */
  const isFlowFree = async () => {
    let running = 0;
    for (let request = 0; request < 8; request += 1) void flow.begin(1).then(() => (running += 1));
    await new Promise(setImmediate);
    return running === 8;
  };
  return {
    ...{ path, manifest, object, context, asked, memory, send, begun, taken, told, isFlowFree },
    completed: () => completed,
  };
}
