import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

const has = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;
const noAws = has('aws', '--version') ? false : 'no aws';
const noOpenssl = has('openssl', 'version') ? false : 'no openssl';

let folder = '';
let server: ChildProcess | undefined;
let environment: NodeJS.ProcessEnv = {};

/** Runs a program in the folder of this test with nothing of the surrounding AWS configuration. */
async function run(program: string, ...args: string[]): Promise<string> {
  const options = { cwd: folder, env: environment, timeout: 60_000 };
  return (await promisify(execFile)(program, args, options)).stdout;
}

before(async () => {
  if (noAws) {
    return;
  }
  folder = mkdtempSync(path.join(tmpdir(), 'practice-cli-'));
  const command = JSON.stringify(new URL('../../source/commands/practice-aws.ts', import.meta.url).href);
  const program = `const { practiceAws } = await import(${command});
    const stop = new AbortController();
    process.once('SIGTERM', () => stop.abort());
    process.exitCode = await practiceAws({ port: 0, state: ${JSON.stringify(path.join(folder, 'state'))} },
      { stdout: process.stdout, stderr: process.stderr, signal: stop.signal });`;
  server = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  assert.ok(server.stdout);
  const variables: Record<string, string> = {};
  for await (const line of createInterface(server.stdout)) {
    const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) {
      variables[name] = value ?? '';
    }
    if (name === 'AWS_EC2_METADATA_DISABLED') {
      break;
    }
  }
  const { AWS_PROFILE: _, ...surrounding } = process.env;
  environment = { ...surrounding, HOME: folder, AWS_PAGER: '', ...variables };
});

after(async () => {
  if (server && server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
    assert.equal(server.exitCode, 0);
  }
  if (folder) {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('aws lists keys and buckets', { skip: noAws }, async () => {
  assert.deepEqual(JSON.parse(await run('aws', 'kms', 'list-keys')), { Keys: [] });
  assert.equal(await run('aws', 's3', 'ls'), '');
  const caller = JSON.parse(await run('aws', 'sts', 'get-caller-identity')) as { Arn: string };
  assert.equal(caller.Arn, 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you');
});

test('a whole import with aws and openssl alone, and an object under the key', {
  skip: noAws || noOpenssl,
}, async () => {
  const file = (name: string) => path.join(folder, name);
  const kms = async (operation: string, ...args: string[]) =>
    run('aws', 'kms', operation, '--output', 'text', ...args).then((text) => text.trim());
  await run('openssl', 'rand', '-out', 'plain_text_aes_key.bin', '32');
  const arn = await kms('create-key', '--origin', 'EXTERNAL', '--query', 'KeyMetadata.Arn');
  await kms('create-alias', '--alias-name', 'alias/by-hand', '--target-key-id', arn);
  const parameters = await kms(
    'get-parameters-for-import',
    ...['--key-id', arn, '--wrapping-algorithm', 'RSAES_OAEP_SHA_256', '--wrapping-key-spec', 'RSA_4096'],
    ...['--query', '[PublicKey,ImportToken]'],
  );
  const [publicKey = '', token = ''] = parameters.split(/\s+/);
  writeFileSync(file('wrapping.der'), Buffer.from(publicKey, 'base64'));
  writeFileSync(file('token.bin'), Buffer.from(token, 'base64'));
  await run(
    'openssl',
    ...['pkeyutl', '-encrypt', '-in', 'plain_text_aes_key.bin', '-out', 'enc.aes.key'],
    ...['-inkey', 'wrapping.der', '-keyform', 'DER', '-pubin', '-pkeyopt', 'rsa_padding_mode:oaep'],
    ...['-pkeyopt', 'rsa_oaep_md:sha256', '-pkeyopt', 'rsa_mgf1_md:sha256'],
  );
  await kms(
    'import-key-material',
    ...['--key-id', arn, '--import-token', 'fileb://token.bin', '--encrypted-key-material', 'fileb://enc.aes.key'],
    ...['--expiration-model', 'KEY_MATERIAL_DOES_NOT_EXPIRE'],
  );
  const query = ['--query', 'KeyMetadata.KeyState'];
  assert.equal(await kms('describe-key', '--key-id', 'alias/by-hand', ...query), 'Enabled');

  // Above aws-cli's threshold of 8 MiB, so that it goes up in parts and comes down in ranges.
  const content = randomBytes(9 * 1024 * 1024);
  writeFileSync(file('large.bin'), content);
  await run('aws', 's3', 'mb', 's3://by-hand');
  await run('aws', 's3', 'cp', '--sse', 'aws:kms', '--sse-kms-key-id', arn, 'large.bin', 's3://by-hand/x/large.bin');
  const head = JSON.parse(await run('aws', 's3api', 'head-object', '--bucket', 'by-hand', '--key', 'x/large.bin')) as {
    SSEKMSKeyId: string;
  };
  assert.equal(head.SSEKMSKeyId, arn);
  await run('aws', 's3', 'cp', 's3://by-hand/x/large.bin', 'back.bin');
  assert.ok(readFileSync(file('back.bin')).equals(content));

  await kms('delete-imported-key-material', '--key-id', arn);
  await assert.rejects(
    run('aws', 's3api', 'get-object', '--bucket', 'by-hand', '--key', 'x/large.bin', 'never.bin'),
    new RegExp(`KMS\\.KMSInvalidStateException.*${arn} is pending import\\.`),
  );
});
