import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { newFolder } from '../new-folder.ts';
import { type Served, serve } from '../practice/served.ts';

const succeeds = (program: string, ...args: string[]) => spawnSync(program, args).status === 0;
const noAws = succeeds('aws', '--version') ? false : 'no aws';
const noOpenssl = succeeds('openssl', 'version') ? false : 'no openssl';
const noCurl = succeeds('curl', '--aws-sigv4', 'a', '--version') ? false : 'no curl that signs';
const noRclone = succeeds('rclone', 'version') ? false : 'no rclone';
const noTerraform = succeeds('terraform', 'version') ? false : 'no terraform';
const noBoto3 = succeeds('python3', '-c', 'import boto3') ? false : 'no boto3';

const folder = newFolder();
const beside = (name: string) => fileURLToPath(new URL(name, import.meta.url));
let server: Served | undefined;

/** Runs a program in the folder of this test, with what practice AWS prints and nothing of the surrounding AWS configuration. */
async function run(program: string, ...args: string[]): Promise<string> {
  const { PATH, TF_CLI_CONFIG_FILE } = process.env;
  const env = { PATH, HOME: folder, LANG: 'C.UTF-8', AWS_PAGER: '', TF_CLI_CONFIG_FILE, ...server?.variables };
  return (await promisify(execFile)(program, args, { cwd: folder, env, timeout: 100_000 })).stdout;
}

before(async () => {
  server = await serve(join(folder, 'state'));
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
  const refusal = readFileSync(join(folder, 'refused.txt'), 'utf8');
  // aws s3 cp asks for the head first, which needs no key; the refusal is that of the bytes.
  assert.match(refusal, /KMS\.KMSInvalidStateException.*is pending import\./);
});

test('boto3 works unmodified', { skip: noBoto3 }, async () => {
  assert.match(await run('python3', beside('practice_boto3.py')), /^arn:aws:sts::.*\nboto3 \d/);
});

test('curl signs its requests itself', { skip: noCurl }, async () => {
  assert.match(await run('sh', beside('practice-curl.sh')), /curl went through\n$/);
});

test('rclone copies a folder in parts and takes it away again', { skip: noRclone }, async () => {
  assert.match(await run('sh', beside('practice-rclone.sh')), /rclone went through\n$/);
});

test('Terraform brings a key and a bucket, finds nothing to change, and destroys them', {
  skip: noTerraform,
}, async (t) => {
  copyFileSync(beside('practice-terraform.tf'), join(folder, 'main.tf'));
  const terraform = (...args: string[]) => run('terraform', ...args, '-no-color', '-input=false');
  const initialised = await terraform('init').catch(() => undefined);
  if (initialised === undefined) return t.skip('no Terraform provider for AWS');
  assert.match(await terraform('apply', '-auto-approve'), /Apply complete! Resources: 6 added/);
  const { endpoint = '', credentials } = server ?? {};
  const kms = new KMSClient({ region: 'us-east-1', endpoint, ...(credentials ? { credentials } : {}) });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/by-terraform' }));
  assert.deepEqual([KeyMetadata?.KeyState, KeyMetadata?.Origin], ['Enabled', 'EXTERNAL']);
  // Exit status 2 would mean that something is to be changed.
  await terraform('plan', '-detailed-exitcode');
  assert.match(await terraform('destroy', '-auto-approve'), /Destroy complete! Resources: 6 destroyed/);
});
