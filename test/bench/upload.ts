import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { freemem, loadavg } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { newFolder } from '../new-folder.ts';
import { type Discarding, startDiscarding } from '../objects/discarding.ts';
import { must } from '../practice/practising.ts';
import { serve } from '../practice/served.ts';
import { type Line, startRelay } from './relay.ts';
import { bucket, findOthers, keyferry, measure, type Place, type Taken, type Tool } from './upload-tools.ts';

const megabyte = 1024 * 1024;

/** What is uploaded: how many files, of how many bytes. A sparse file takes no room on the disk and reads as zeroes. */
type Load = { readonly name: string; readonly count: number; readonly bytes: number; readonly isSparse?: true };

const half = { name: '512 MiB', count: 1, bytes: 512 * megabyte };
const thousand = { name: '1,000 x 20 kB', count: 1000, bytes: 20_000 };

const againstPractice: readonly Load[] = [half, thousand];
const againstDiscarding: readonly Load[] = [
  half,
  { name: '4 GiB', count: 1, bytes: 4096 * megabyte, isSparse: true },
  { name: '10,000 x 20 kB', count: 10_000, bytes: 20_000 },
];
/** Lines to the discarding server, and what is uploaded over each. */
const overLines: readonly (readonly [name: string, line: Line, loads: readonly Load[]])[] = [
  ['20 ms', { milliseconds: 20 }, [thousand, { name: '64 MiB', count: 1, bytes: 64 * megabyte }]],
  [
    '300 ms and 1 Mbit/s',
    { milliseconds: 300, bitsPerSecond: 1e6 },
    [
      { name: '200 x 5 kB', count: 200, bytes: 5000 },
      { name: '4 MiB', count: 1, bytes: 4 * megabyte },
    ],
  ],
];

/** For the goal of memory: what Keyferry alone uploads, and the most that it may hold at once. */
const againstMemory: readonly Load[] = [
  { name: '100,000 x 1 kB', count: 100_000, bytes: 1000 },
  { name: '60 GiB', count: 1, bytes: 60 * 1024 * megabyte, isSparse: true },
];
const mostMemory = 250;

/**
 * Times the built program's own command, with all that it verifies, beside other tools: against practice AWS, against a server
 * that discards all, and against that server behind slow lines. The tools run one after the other, so that the ratios are of one
 * run.
 */
export async function benchUpload(): Promise<void> {
  const tools = [keyferry, ...findOthers()];
  const folder = newFolder();
  const practice = await serve(join(folder, 'state'));
  try {
    const place = { ...practice, keyArn: await makeKeyAndBucket(practice), folder };
    for (const load of againstPractice) await compare('practice AWS', load, { tools, place });
  } finally {
    await practice.stop();
  }
  await withDiscarding(folder, async (discarding, place) => {
    console.log(`discarding server      ${await ceilingOf(discarding)}`);
    for (const load of againstDiscarding) await compare('discarding', load, { tools, place });
    for (const [name, line, loads] of overLines) {
      const relay = await startRelay(discarding.port, line);
      const endpoint = `http://127.0.0.1:${relay.port}`;
      for (const load of loads) await compare(name, load, { tools, place: { ...place, endpoint } });
      relay.close();
    }
  });
  rmSync(folder, { recursive: true, force: true });
}

/** Measures the memory of uploads with very many files, and of a very large one. Takes minutes. */
export async function benchMemory(): Promise<void> {
  const folder = newFolder();
  await withDiscarding(folder, async (_, place) => {
    for (const load of againstMemory)
      await compare(`discarding (budget ${mostMemory} MiB)`, load, { tools: [keyferry], place });
  });
  rmSync(folder, { recursive: true, force: true });
}

async function withDiscarding(folder: string, act: (discarding: Discarding, place: Place) => Promise<void>) {
  const discarding = await startDiscarding();
  const credentials = { accessKeyId: 'AKIAKEYFERRYBENCH001', secretAccessKey: 'bench' };
  try {
    await act(discarding, { keyArn: discarding.keyArn, endpoint: discarding.endpoint, credentials, folder });
  } finally {
    discarding.close();
  }
}

/** Uploads the same with each tool, and prints what each took, beside what the first one took. */
async function compare(
  where: string,
  load: Load,
  { tools, place }: { readonly tools: readonly Tool[]; readonly place: Place },
): Promise<void> {
  const from = filesOf(place.folder, load);
  console.log(`upload of ${load.name}, ${where} (load ${loadavg()[0]?.toFixed(1)})`);
  let mine: Taken | undefined;
  for (const tool of tools) {
    const prefix = `${tool.name}-${load.name}-${where}`.replaceAll(/[^a-z0-9]+/gi, '-');
    const taken = await measure(tool, from, prefix, place).catch((error: Error) => error);
    const label = `  ${tool.name.padEnd(20)}`;
    if (taken instanceof Error) {
      console.log(`${label} failed: ${taken.message.slice(-200)}`);
      continue;
    }
    const figures = `${taken.seconds.toFixed(1)} s, ${taken.processor.toFixed(1)} s of the processors, ${taken.memory.toFixed(0)} MiB`;
    const ratio =
      mine === undefined ? '' : `: ${(taken.seconds / mine.seconds).toFixed(2)} times as long (budget 1.00)`;
    console.log(`${label} ${figures}${ratio}`);
    if (tool === keyferry) mine = taken;
  }
  rmSync(from, { recursive: true, force: true });
}

/** A key of AWS's own material does: uploads cost the same under it. */
async function makeKeyAndBucket({ endpoint, credentials }: Awaited<ReturnType<typeof serve>>): Promise<string> {
  const config = { endpoint, credentials, region: 'us-east-1' };
  const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
  await new S3Client(config).send(new CreateBucketCommand({ Bucket: bucket }));
  return must(KeyMetadata?.Arn);
}

/** A folder with so many files, of random bytes unless they are sparse. */
function filesOf(folder: string, { name, count, bytes, isSparse }: Load): string {
  const path = join(folder, `files-${name.replaceAll(/[^0-9a-z]+/gi, '-')}`);
  mkdirSync(path);
  const block = randomBytes(Math.min(bytes, megabyte));
  for (let file = 0; file < count; file += 1) {
    if (bytes <= megabyte) {
      block.writeUInt32BE(file);
      writeFileSync(join(path, `${file}.bin`), block.subarray(0, bytes));
      continue;
    }
    const descriptor = openSync(join(path, `${file}.bin`), 'w+');
    if (isSparse) ftruncateSync(descriptor, bytes);
    else for (let written = 0; written < bytes; written += megabyte) writeSync(descriptor, block);
    // The first tool would else wait for what the others find in memory.
    if (isSparse && bytes < freemem() / 2)
      for (let place = 0; place < bytes; place += megabyte) readSync(descriptor, block, 0, megabyte, place);
    closeSync(descriptor);
  }
  return path;
}

/** How fast the discarding server takes bytes and requests from the simplest client: what no tool can pass. */
async function ceilingOf({ endpoint }: Discarding): Promise<string> {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const put = (body: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const sent = request(
        `${endpoint}/${bucket}/x?x-id=PutObject`,
        { method: 'PUT', agent, headers: { 'content-length': body.length } },
        (answer) => {
          answer.resume().on('end', resolve);
        },
      );
      sent.on('error', reject).end(body);
    });
  const body = Buffer.alloc(8 * megabyte);
  let began = performance.now();
  for (let round = 0; round < 8; round += 1) await Promise.all(Array.from({ length: 8 }, () => put(body)));
  const speed = (512 / ((performance.now() - began) / 1000)).toFixed(0);
  const small = Buffer.alloc(20_000);
  began = performance.now();
  for (let round = 0; round < 125; round += 1) await Promise.all(Array.from({ length: 16 }, () => put(small)));
  const rate = (2000 / ((performance.now() - began) / 1000)).toFixed(0);
  agent.destroy();
  return `takes ${speed} MiB/s, and ${rate} requests of 20 kB a second, from a bare client`;
}
