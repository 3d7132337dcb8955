import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { newFolder } from '../new-folder.ts';
import { type Discarding, startDiscarding } from '../objects/discarding.ts';
import { must } from '../practice/practising.ts';
import { serve } from '../practice/served.ts';
import { startRelay } from './relay.ts';

const megabyte = 1024 * 1024;
const bucket = 'bench-bucket';
const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Where a tool uploads to, under which key, and the folder for its own files. */
type Place = { readonly keyArn: string; readonly endpoint: string; readonly folder: string };
type Tool = {
  readonly name: string;
  /** Uploads what is in a folder under a prefix, as users of the tool would write it. */
  readonly command: (from: string, prefix: string, place: Place) => readonly string[];
};

const keyferry: Tool = {
  name: 'keyferry',
  command: (from, prefix, { keyArn, endpoint, folder }) => [
    ...[process.execPath, program, 'encrypt', from, '--to', `s3://${bucket}/${prefix}`, '--key', keyArn],
    ...['--endpoint-url', endpoint, '--workdir', join(folder, `w-${prefix}`), '--region', 'us-east-1', '--json'],
  ],
};

const words = (line: string) => line.split(' ');

/** Others, where they are on this machine. */
const others: readonly Tool[] = [
  {
    name: 'aws',
    command: (from, prefix, { keyArn }) =>
      words(
        `aws s3 cp --recursive --only-show-errors ${from} s3://${bucket}/${prefix}/ --sse aws:kms --sse-kms-key-id ${keyArn}`,
      ),
  },
  {
    name: 'rclone',
    command: (from, prefix, { keyArn, endpoint }) =>
      words(
        `rclone copy ${from} :s3:${bucket}/${prefix} --s3-provider Other --s3-force-path-style --s3-env-auth --s3-region us-east-1 --s3-endpoint ${endpoint} --s3-server-side-encryption aws:kms --s3-sse-kms-key-id ${keyArn} --s3-no-check-bucket`,
      ),
  },
  {
    name: 's5cmd',
    command: (from, prefix, { keyArn }) =>
      words(`s5cmd cp --sse aws:kms --sse-kms-key-id ${keyArn} ${from}/ s3://${bucket}/${prefix}/`),
  },
];

/** What is uploaded: a name for the row, and the number of files and their size in bytes. */
const loads = [
  { name: '512 MiB', count: 1, bytes: 512 * megabyte },
  { name: '1,000 x 20 kB', count: 1000, bytes: 20_000 },
  { name: '10,000 x 20 kB', count: 10_000, bytes: 20_000 },
] as const;

/**
 * Times the built program's own command, with all that it verifies, beside other tools: against practice AWS, against a server
 * that discards all, and against that server behind a relay of 20 ms. Prints the ratios of one run, the peak memory, and the load.
 */
export async function benchUpload(): Promise<void> {
  const folder = newFolder();
  const present = others.filter(({ name }) => spawnSync(name, ['--version']).error === undefined);
  for (const { name } of others.filter((tool) => !present.includes(tool)))
    console.log(`upload                 skipped: no ${name}`);
  const from = new Map(loads.map((load) => [load.name, filesOf(folder, load)]));
  const run = async (where: string, place: Omit<Place, 'folder'>, only: readonly string[], env: NodeJS.ProcessEnv) => {
    for (const load of loads.filter(({ name }) => only.includes(name)))
      await compare(`${load.name}, ${where}`, {
        from: from.get(load.name) ?? '',
        present,
        env,
        place: { ...place, folder },
      });
  };
  const practice = await serve(join(folder, 'state'));
  try {
    const keyArn = await makeKeyAndBucket(practice);
    const env = environmentOf(folder, practice.credentials, practice.endpoint);
    await run('practice AWS', { keyArn, endpoint: practice.endpoint }, ['512 MiB', '1,000 x 20 kB'], env);
  } finally {
    await practice.stop();
  }
  const discarding = await startDiscarding();
  const relay = await startRelay(discarding.port, 20);
  try {
    const keyArn = discarding.keyArn;
    const credentials = { accessKeyId: 'AKIAKEYFERRYBENCH001', secretAccessKey: 'bench' };
    const all = loads.map(({ name }) => name);
    console.log(`discarding server      ${await ceilingOf(discarding)}`);
    await run(
      'discarding',
      { keyArn, endpoint: discarding.endpoint },
      all,
      environmentOf(folder, credentials, discarding.endpoint),
    );
    const endpoint = `http://127.0.0.1:${relay.port}`;
    await run('20 ms relay', { keyArn, endpoint }, all.slice(0, 2), environmentOf(folder, credentials, endpoint));
  } finally {
    relay.close();
    discarding.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Comparison = {
  readonly from: string;
  readonly present: readonly Tool[];
  readonly env: NodeJS.ProcessEnv;
  readonly place: Place;
};

/** Uploads the same with each tool, one after the other, and prints the times. */
async function compare(row: string, { from, present, env, place }: Comparison): Promise<void> {
  const mine = await timed(keyferry.command(from, prefixFor(row, keyferry), place), env);
  const load = loadavg()[0]?.toFixed(1);
  console.log(`upload of ${row}: keyferry ${mine.seconds} s, ${mine.memory.toFixed(0)} MiB (load ${load})`);
  for (const tool of present) {
    const theirs = await timed(tool.command(from, prefixFor(row, tool), place), env).catch((error: Error) => error);
    if (theirs instanceof Error) {
      console.log(`  ${tool.name.padEnd(20)} failed: ${theirs.message.slice(-200)}`);
      continue;
    }
    const ratio = (theirs.milliseconds / mine.milliseconds).toFixed(2);
    console.log(`  ${tool.name.padEnd(20)} ${theirs.seconds} s: ${ratio} times as long (budget 1.00)`);
  }
}

const prefixFor = (row: string, { name }: Tool) => `${name}-${row.replaceAll(/[^a-z0-9]+/gi, '-')}`;

function environmentOf(
  home: string,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
  endpoint: string,
): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    S3_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** A key of AWS's own material does: uploads cost the same under it. */
async function makeKeyAndBucket({ endpoint, credentials }: Awaited<ReturnType<typeof serve>>): Promise<string> {
  const config = { endpoint, credentials, region: 'us-east-1' };
  const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
  await new S3Client(config).send(new CreateBucketCommand({ Bucket: bucket }));
  return must(KeyMetadata?.Arn);
}

/** A folder with so many files of random bytes. */
function filesOf(folder: string, { name, count, bytes }: (typeof loads)[number]): string {
  const path = join(folder, `files-${name.replaceAll(/[^0-9a-z]+/gi, '-')}`);
  mkdirSync(path);
  const block = randomBytes(Math.min(bytes, megabyte));
  for (let file = 0; file < count; file += 1) {
    if (bytes <= megabyte) {
      block.writeUInt32BE(file);
      writeFileSync(join(path, `${file}.bin`), block.subarray(0, bytes));
      continue;
    }
    const descriptor = openSync(join(path, `${file}.bin`), 'w');
    for (let written = 0; written < bytes; written += megabyte) writeSync(descriptor, block);
    closeSync(descriptor);
  }
  return path;
}

/** How fast the discarding server takes bytes and requests from the simplest client: what no tool can pass. */
async function ceilingOf({ endpoint }: Discarding): Promise<string> {
  const { Agent, request } = await import('node:http');
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

/** Runs a command to its end, and measures time and peak memory (MiB). */
async function timed([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv) {
  const began = performance.now();
  const measured = [...(existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'peak %M'] : []), command, ...args];
  const child = spawn(measured[0] ?? command, measured.slice(1), { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const milliseconds = performance.now() - began;
  if (child.exitCode !== 0) throw new Error(`${command} ${args.join(' ')}: ${complaint.slice(-2000)}`);
  const memory = Number(/peak (\d+)/.exec(complaint)?.[1] ?? Number.NaN) / 1024;
  return { milliseconds, seconds: (milliseconds / 1000).toFixed(1), memory };
}
