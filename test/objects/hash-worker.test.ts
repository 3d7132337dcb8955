import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import workerThreads, { type WorkerOptions } from 'node:worker_threads';
import { BufferPool } from '../../source/objects/buffer-pool.ts';
import { hashHere } from '../../source/objects/file-hash.ts';
import { HashWorker } from '../../source/objects/hash-worker.ts';
import { replaceMembers } from '../replace-members.ts';

test('the thread gives the checksums that this one gives, for several files at the same time', async () => {
  const pool = new BufferPool();
  const worker = new HashWorker();
  const files = [3, 1, 2].map((count) =>
    Array.from({ length: count }, (_, number) => {
      const bytes = pool.lend(2 ** 20).subarray(0, 2 ** 20 - number);
      randomBytes(bytes.length).copy(bytes);
      return bytes;
    }),
  );
  const sumsBy = async (begin: () => ReturnType<typeof hashHere>) =>
    Promise.all(
      files.map(async (parts) => {
        const hash = begin();
        const checksums = parts.map((part) => hash.part(part));
        return [await Promise.all(checksums), await hash.end()];
      }),
    );
  assert.deepEqual(await sumsBy(() => worker.begin()), await sumsBy(hashHere));
  await worker.close();
});

test('when the thread ends by an error, nobody waits for it any longer, and the next file has another thread', async () => {
  const worker = new HashWorker();
  const broken = worker.begin();
  const noBytes = 5 as never;
  const failed = await Promise.allSettled([broken.part(noBytes), broken.part(Buffer.from('more')), broken.end()]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  const next = worker.begin();
  await next.part(Buffer.from('bytes'));
  assert.equal(await next.end(), createHash('sha256').update('bytes').digest('hex'));
  await worker.close();
});

test('the thread gets nothing of the environment and ends when it is closed, and a later file has another thread', async (t) => {
  const { Worker } = workerThreads;
  const started: { readonly thread: workerThreads.Worker; readonly options: WorkerOptions }[] = [];
  replaceMembers(t, workerThreads, {
    Worker: function start(text: string, options: WorkerOptions) {
      const thread = new Worker(text, options);
      started.push({ thread, options });
      return thread;
    },
  });
  const worker = new HashWorker();
  const [one, other] = [worker.begin(), worker.begin()];
  await Promise.all([one.part(Buffer.from('one')), other.part(Buffer.from('other'))]);
  await worker.close();
  assert.equal(started.length, 1, 'all files have the same thread');
  assert.deepEqual([started[0]?.options.env, started[0]?.options.execArgv], [{}, []]);
  assert.equal(started[0]?.thread.threadId, -1, 'it has ended');
  await worker.begin().part(Buffer.from('later'));
  assert.equal(started.length, 2);
  await worker.close();
});
