import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newFolder } from '../new-folder.ts';
import { type Served, serve } from '../practice/served.ts';

const succeeds = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const noAws = succeeds('aws', '--version') ? false : 'no aws';
const noOpenssl = succeeds('openssl', 'version') ? false : 'no openssl';
const noBoto3 = succeeds('python3', '-c', 'import boto3') ? false : 'no boto3';

const folder = newFolder();
const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
let server: Served | undefined;

/** Runs a program in the folder of this test, with what practice AWS prints and nothing of the surrounding AWS configuration. */
async function run(program: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', AWS_PAGER: '', ...server?.variables };
  return (await promisify(execFile)(program, args, { cwd: folder, env, timeout: 100_000 })).stdout;
}

before(async () => {
  server = await serve(path.join(folder, 'state'));
});

after(async () => {
  assert.equal(await server?.stop(), 0);
});

test('aws lists keys and buckets', { skip: noAws }, async () => {
  assert.deepEqual(JSON.parse(await run('aws', 'kms', 'list-keys')), { Keys: [] });
  assert.equal(await run('aws', 's3', 'ls'), '');
  const caller = JSON.parse(await run('aws', 'sts', 'get-caller-identity')) as { Arn: string };
  assert.equal(caller.Arn, 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you');
});

test('a shell script imports a key with aws and openssl alone, and reads an object back', {
  skip: noAws || noOpenssl,
}, async () => {
  const said = await run('sh', beside('practice-import.sh'));
  assert.match(said, /PendingDeletion\nimported, read back, deleted\n$/);
  const refusal = readFileSync(path.join(folder, 'refused.txt'), 'utf8');
  // aws s3 cp asks for the head first, which needs no key; the refusal is that of the bytes.
  assert.match(refusal, /KMS\.KMSInvalidStateException.*is pending import\./);
});

test('boto3 works unmodified', { skip: noBoto3 }, async () => {
  assert.match(await run('python3', beside('practice_boto3.py')), /^arn:aws:sts::.*\nboto3 \d/);
});
