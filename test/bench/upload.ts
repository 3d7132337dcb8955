import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { build } from 'esbuild';
import { options } from '../../.esbuild.js';
import { openClients } from '../../source/aws/clients.ts';
import { type PracticeAws, startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';

const megabyte = 1024 * 1024;
const runs = 3;
const bucket = 'bench-bucket';

type Place = { readonly bucket: string; readonly keyArn: string; readonly endpoint: string };
type Tool = { readonly name: string; readonly command: (path: string, key: string, place: Place) => readonly string[] };

/** Each uploads one file under the KMS key, as its users would write it. */
const tools: readonly Tool[] = [
  {
    name: 'aws',
    command: (path, key, { bucket, keyArn }) =>
      words(`aws s3 cp --only-show-errors ${path} s3://${bucket}/${key} --sse aws:kms --sse-kms-key-id ${keyArn}`),
  },
  {
    name: 'rclone',
    command: (path, key, { bucket, keyArn, endpoint }) =>
      words(
        `rclone copyto ${path} :s3:${bucket}/${key} --s3-provider Other --s3-force-path-style --s3-env-auth --s3-region us-east-1 --s3-endpoint ${endpoint} --s3-server-side-encryption aws:kms --s3-sse-kms-key-id ${keyArn} --s3-no-check-bucket`,
      ),
  },
  {
    name: 's5cmd',
    command: (path, key, { bucket, keyArn }) =>
      words(`s5cmd cp --sse aws:kms --sse-kms-key-id ${keyArn} ${path} s3://${bucket}/${key}`),
  },
];

const words = (line: string) => line.split(' ');
const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Times uploads beside those of other tools to the same practice AWS, and measures whether memory follows the size. */
export async function benchUpload(): Promise<void> {
  const folder = newFolder();
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL('upload-once.ts', import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.credentials;
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: aws.endpoint,
    S3_ENDPOINT_URL: aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const place = { bucket, keyArn: await makeKeyAndBucket(aws), endpoint: aws.endpoint };
  const ours: Tool = {
    name: 'keyferry',
    command: (path, key, { bucket, keyArn, endpoint }) => [
      process.execPath,
      join(folder, 'upload-once.mjs'),
      path,
      bucket,
      key,
      keyArn,
      endpoint,
    ],
  };
  try {
    const present = tools.filter(({ name }) => spawnSync(name, ['--version']).error === undefined);
    for (const { name } of tools.filter((tool) => !present.includes(tool)))
      console.log(`upload                 skipped: no ${name}`);
    const small = fileOf(folder, 64);
    const large = fileOf(folder, 512);
    const times = new Map<string, number[]>();
    const memory = new Map<string, number>();
    for (let run = 0; run < runs; run += 1) {
      for (const tool of [ours, ...present]) {
        const { milliseconds, printed } = await timed(tool.command(large, `${tool.name}-${run}`, place), environment);
        times.set(tool.name, [...(times.get(tool.name) ?? []), milliseconds]);
        if (tool === ours) memory.set('large', Number(printed));
      }
    }
    memory.set('small', Number((await timed(ours.command(small, 'small', place), environment)).printed));
    const mine = median(times.get('keyferry') ?? []);
    console.log(`upload of 512 MiB      ${mine.toFixed(0)} ms (median of ${runs} runs that take turns)`);
    for (const { name } of present) {
      const theirs = median(times.get(name) ?? []);
      console.log(
        `  ${name.padEnd(20)} ${theirs.toFixed(0)} ms: ${(theirs / mine).toFixed(2)} times as long (budget 1.00)`,
      );
    }
    console.log(
      `memory while uploading ${memory.get('small')?.toFixed(0)} MiB for 64 MiB, ${memory.get('large')?.toFixed(0)} MiB for 512 MiB`,
    );
  } finally {
    await aws.close();
  }
}

/** A key of AWS's own material does: uploads cost the same under it. */
async function makeKeyAndBucket({ endpoint, credentials }: PracticeAws): Promise<string> {
  const clients = await openClients({
    credentials: { from: 'fixed', ...credentials },
    region: 'us-east-1',
    endpointUrl: endpoint,
    onCall: () => {},
  });
  const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}));
  await clients.s3.send(new CreateBucketCommand({ Bucket: bucket }));
  clients.close();
  return KeyMetadata?.Arn ?? '';
}

/** A file of so many random megabytes. */
function fileOf(folder: string, megabytes: number): string {
  const path = join(folder, `${megabytes}-mib.bin`);
  const descriptor = openSync(path, 'w');
  const block = randomBytes(megabyte);
  for (let written = 0; written < megabytes; written += 1) writeSync(descriptor, block);
  closeSync(descriptor);
  return path;
}

/** Runs a command to its end. `printed` is what it wrote to standard output. */
async function timed(
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ milliseconds: number; printed: string }> {
  const began = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const milliseconds = performance.now() - began;
  if (child.exitCode !== 0) throw new Error(`${command}: ${complaint}`);
  return { milliseconds, printed };
}
