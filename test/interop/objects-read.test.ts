import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { must } from '../practice/practising.ts';
import { type Served, serve } from '../practice/served.ts';

/* What Keyferry has written is read by everyday programs, whatever the files are called. */

const missing = (program: string, ...words: string[]) =>
  spawnSync(program, words).status === 0 ? false : `no ${program}`;

/** Names that people and programs give to files, each of which something has taken for another thing. */
const names = [
  'plain.txt',
  'a b  c.txt',
  ' begins with a blank',
  'ends with a blank ',
  'ü\u0308 Grüße 東京 🗝.txt',
  'plus+and%20percent%.txt',
  'a&b=c;d?e#f.txt',
  `quotes ' and ".txt`,
  'back\\slash.txt',
  '-rf',
  '.hidden/.dot',
  '$HOME/`id`/$(id).txt',
  '*[a]{b}?.txt',
  '~/@list,:|<>.txt',
  `${'long '.repeat(40)}.txt`,
  'deep/er/and/deep er/empty.txt',
];

const folder = newFolder();
const files = new Map<string, Buffer>(
  names.map((name) => [name, Buffer.from(name.endsWith('empty.txt') ? '' : `bytes of ${name}`)]),
);
files.set('in parts/large.bin', randomBytes(20 * 2 ** 20));
let server: Served | undefined;
let configs: string[] = [];

async function run(program: string, ...args: string[]): Promise<string> {
  const { PATH } = process.env;
  const env = { PATH, HOME: folder, LANG: 'C.UTF-8', AWS_PAGER: '', ...must(server).variables };
  return (await promisify(execFile)(program, args, { cwd: folder, env, timeout: 100_000 })).stdout;
}

before(async () => {
  server = await serve(join(folder, 'state'));
  const { AWS_ENDPOINT_URL: endpoint = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = server.variables;
  const config = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  };
  const { KeyMetadata } = await new KMSClient(config).send(new CreateKeyCommand({}));
  await new S3Client({ ...config, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'an-archive' }));
  for (const [name, bytes] of files) {
    const path = join(folder, 'tree', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  const words = ['encrypt', 'tree', '--to', 's3://an-archive/in', '--key', must(KeyMetadata?.Arn), '--json'];
  const place = ['--endpoint-url', endpoint, '--region', 'us-east-1'];
  const { status, stderr } = await keyferry([...words, ...place], folder, server.variables);
  assert.equal(status, 0, stderr);
  const { host } = new URL(endpoint);
  configs = [
    '--no-ssl',
    `--host=${host}`,
    `--host-bucket=${host}`,
    `--access_key=${AWS_ACCESS_KEY_ID}`,
    `--secret_key=${AWS_SECRET_ACCESS_KEY}`,
  ];
});

after(async () => {
  assert.equal(await server?.stop(), 0);
});

/** The files under a folder, by their path in it. */
function filesIn(root: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths.filter((name) => statSync(join(root, name)).isFile()).map((name) => [name, readFileSync(join(root, name))]),
  );
}

function assertSame(root: string): void {
  const got = filesIn(join(folder, root));
  assert.deepEqual([...got.keys()].toSorted(), [...files.keys()].toSorted());
  for (const [name, bytes] of files) assert.ok(got.get(name)?.equals(bytes), name);
}

test('aws reads them', { skip: missing('aws', '--version') }, async () => {
  await run('aws', 's3', 'cp', '--recursive', '--quiet', 's3://an-archive/in/', 'by-aws');
  assertSame('by-aws');
});

// Without this flag, rclone takes the ETag for the MD5, which it is not for objects under KMS, and calls them corrupted.
const underKms = ['--s3-server-side-encryption=aws:kms'];

test('rclone reads them, and finds nothing that differs from the folder', {
  skip: missing('rclone', 'version'),
}, async () => {
  const { AWS_ENDPOINT_URL = '' } = must(server).variables;
  const flags = ['--s3-provider=Other', '--s3-env-auth', `--s3-endpoint=${AWS_ENDPOINT_URL}`, '--s3-region=us-east-1'];
  writeFileSync(join(folder, 'rclone.conf'), '');
  const all = [...flags, '--config=rclone.conf', '--s3-force-path-style', ...underKms];
  await run('rclone', 'copy', ...all, ':s3:an-archive/in', 'by-rclone');
  assertSame('by-rclone');
  await run('rclone', 'check', ...all, '--download', 'tree', ':s3:an-archive/in');
});

test('s3cmd reads them', { skip: missing('s3cmd', '--version') }, async () => {
  writeFileSync(join(folder, 's3cmd.conf'), '');
  mkdirSync(join(folder, 'by-s3cmd'));
  await run('s3cmd', '--config=s3cmd.conf', ...configs, 'get', '--recursive', 's3://an-archive/in/', 'by-s3cmd/');
  assertSame('by-s3cmd');
});

test('s5cmd reads them', { skip: missing('s5cmd', 'version') }, async () => {
  await run('s5cmd', `--endpoint-url=${must(server).endpoint}`, 'cp', 's3://an-archive/in/*', 'by-s5cmd/');
  assertSame('by-s5cmd');
});
