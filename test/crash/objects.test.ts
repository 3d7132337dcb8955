import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { bareEnvironment, program } from '../e2e/program.ts';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { isLong, seed } from '../seed.ts';

/*
 * Kills an upload of a tree with kill -9 at random requests, again and again, and goes on with the same command. Every object is
 * there once and whole, nothing that S3 had acknowledged was sent again, and no upload is left behind.
 */

/** What the server does: how many requests are open, and which writes it has answered with success, each by its name. */
type Watched = {
  open: number;
  onRequest: (request: IncomingMessage) => void;
  readonly written: Map<string, number>;
  onIdle: () => void;
};

const watched = new Map<number, Watched>();

subscribe('http.server.request.start', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
  const server = watched.get(request.socket.localPort ?? 0);
  if (server === undefined) return;
  server.open += 1;
  server.onRequest(request);
  response.once('close', () => {
    server.open -= 1;
    const name = writeOf(request);
    if (name !== undefined && response.statusCode === 200 && response.writableFinished)
      server.written.set(name, (server.written.get(name) ?? 0) + 1);
    if (server.open === 0) server.onIdle();
  });
});

/** The name of what a request writes: an object, or a part of an upload; nothing for other requests. */
function writeOf({ method, url = '' }: IncomingMessage): string | undefined {
  if (method !== 'PUT' || !/x-id=(PutObject|UploadPart)/.test(url)) return undefined;
  const [path] = url.split('?');
  return `${path} ${/partNumber=\d+/.exec(url)?.[0] ?? ''} ${/uploadId=[^&]*/.exec(url)?.[0] ?? ''}`;
}

const timeout = 600_000;
const [trees, kills] = isLong ? [2, 20] : [1, 3];
/** So many files are small, so that the last kill still meets an upload under way: each comes after a few requests. */
const smallFiles = 10 * kills;
const [moments = []] = fc.sample(
  fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: kills, maxLength: kills }), {
    minLength: trees,
    maxLength: trees,
  }),
  { numRuns: 1, seed },
);

for (const [tree, points] of moments.entries())
  test(`tree ${tree + 1}, killed at its requests ${points.join(', ')}, is there once and whole`, {
    timeout,
  }, async (t) => {
    const practice = await practise(t, { folder: join(newFolder(), 'state') });
    const s3 = practice.s3();
    const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
    await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
    const folder = newFolder();
    const files = new Map<string, Buffer>();
    for (let number = 0; number < smallFiles; number += 1)
      files.set(`small/${number % 3}/${number}.txt`, randomBytes(1000 * (number % 30)));
    for (const name of ['a-large.bin', 'small/1/large.bin', 'z-large.bin']) files.set(name, randomBytes(18 * 2 ** 20));
    for (const [name, bytes] of files) {
      mkdirSync(dirname(join(folder, 'tree', name)), { recursive: true });
      writeFileSync(join(folder, 'tree', name), bytes);
    }
    const { endpoint, credentials } = practice.server;
    const server: Watched = { open: 0, onRequest: () => {}, written: new Map(), onIdle: () => {} };
    watched.set(Number(new URL(endpoint).port), server);
    const run = async (killAt: number) => {
      const child = spawn(
        process.execPath,
        [
          program,
          'encrypt',
          'tree',
          '--to',
          's3://a-bucket/in',
          '--key',
          must(KeyMetadata?.Arn),
          '--endpoint-url',
          endpoint,
          '--region',
          'us-east-1',
          '--workdir',
          'w',
          '--json',
        ],
        {
          cwd: folder,
          env: { ...bareEnvironment(folder), ...environmentOf(credentials) },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let requests = 0;
      server.onRequest = (request) => {
        const isUpload =
          writeOf(request) !== undefined || (request.method === 'POST' && /upload/.test(request.url ?? ''));
        if (isUpload) requests += 1;
        if (requests === killAt) child.kill('SIGKILL');
      };
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
      // What was on its way when the program was killed arrives, or breaks off.
      if (server.open > 0)
        await new Promise<void>((resolve) => {
          server.onIdle = resolve;
        });
      return { status: child.exitCode, signal: child.signalCode, stdout, stderr };
    };
    for (const point of points) {
      const { signal, stderr } = await run(point);
      assert.equal(signal, 'SIGKILL', stderr);
    }
    const { status, stdout, stderr } = await run(Number.POSITIVE_INFINITY);
    assert.equal(status, 0, stderr);
    const { count, manifest } = JSON.parse(stdout);
    assert.equal(count, files.size);
    assert.ok(readFileSync(join(folder, 'w', manifest.file), 'utf8').length > 0);
    const twice = [...server.written].filter(([, times]) => times > 1);
    assert.deepEqual(twice, [], 'nothing that was acknowledged is sent again');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'a-bucket' }));
    assert.deepEqual(
      Contents.map(({ Key }) => Key).toSorted(),
      [...files.keys()].map((name) => `in/${name}`).toSorted(),
    );
    for (const [name, bytes] of files) {
      const { Body, SSEKMSKeyId } = await s3.send(new GetObjectCommand({ Bucket: 'a-bucket', Key: `in/${name}` }));
      assert.equal(SSEKMSKeyId, KeyMetadata?.Arn);
      assert.ok(bytes.equals((await Body?.transformToByteArray()) ?? Buffer.alloc(0)), name);
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: 'a-bucket' }));
    assert.deepEqual(Uploads, []);
  });
