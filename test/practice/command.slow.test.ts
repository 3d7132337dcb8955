import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { practiceAws } from '../../source/commands/practice-aws.ts';
import { answersFile, exampleWith } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { refused } from './practising.ts';
import { serve } from './served.ts';

function output() {
  const lines: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const write = (text: string) => {
    lines.push(text);
    resolve();
  };
  return { stream: { write }, text: () => lines.join(''), written: promise };
}

test('the command prints what another client needs, serves it, and stops cleanly', async () => {
  const folder = newFolder();
  const [stdout, stderr] = [output(), output()];
  const stop = new AbortController();
  const running = practiceAws(
    { port: 0, state: join(folder, 'state') },
    { stdout: stdout.stream, stderr: stderr.stream, signal: stop.signal },
  );
  await stdout.written;
  const variables = Object.fromEntries(
    [...stdout.text().matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  assert.deepEqual(Object.keys(variables).sort(), [
    'AWS_ACCESS_KEY_ID',
    'AWS_DEFAULT_REGION',
    'AWS_EC2_METADATA_DISABLED',
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
  ]);
  const client = new KMSClient({
    region: variables.AWS_REGION ?? '',
    endpoint: variables.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: variables.AWS_SESSION_TOKEN ?? '',
    },
  });
  assert.deepEqual((await client.send(new ListKeysCommand({}))).Keys, []);
  assert.match(stderr.text(), /Ctrl\+C/);
  stop.abort();
  assert.equal(await running, 0);
});

test('a port that is taken and a folder that cannot be used end with one line and status 2', async (t) => {
  const folder = newFolder();
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  writeFileSync(join(folder, 'file'), '');
  const rows = [
    [{ port, state: join(folder, 'state') }, new RegExp(`^Port ${port} is taken\\. .*--port\\.\\n$`)],
    [{ port: 0, state: join(folder, 'file') }, /^The state folder .*file cannot be used: .* --state\.\n$/],
  ] as const;
  for (const [options, line] of rows) {
    const [stdout, stderr] = [output(), output()];
    const io = { stdout: stdout.stream, stderr: stderr.stream, signal: new AbortController().signal };
    assert.equal(await practiceAws(options, io), 2);
    assert.match(stderr.text(), line);
    assert.equal(stdout.text(), '');
  }
});

test('flags make requests fail, and a control file that cannot be read is named in one line and in the log', async () => {
  const state = join(newFolder(), 'state');
  mkdirSync(state, { mode: 0o700 });
  writeFileSync(join(state, 'practice-control.json'), '{"faults":[{"operation":"ec2:Run","do":"fail"}]}');
  const [stdout, stderr] = [output(), output()];
  const stop = new AbortController();
  const running = practiceAws(
    { port: 0, state, as: 'app-deployer', fault: ['kms:ListKeys=throttle,times=1'], seed: 7 },
    { stdout: stdout.stream, stderr: stderr.stream, signal: stop.signal },
  );
  await stdout.written;
  const value = (name: string) => new RegExp(`^export ${name}=(.*)$`, 'm').exec(stdout.text())?.[1] ?? '';
  const config = {
    region: 'us-east-1',
    endpoint: value('AWS_ENDPOINT_URL'),
    credentials: {
      accessKeyId: value('AWS_ACCESS_KEY_ID'),
      secretAccessKey: value('AWS_SECRET_ACCESS_KEY'),
      sessionToken: value('AWS_SESSION_TOKEN'),
    },
    maxAttempts: 1,
  };
  const { Arn } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  assert.match(Arn ?? '', /:assumed-role\/app-deployer\//);
  const client = new KMSClient(config);
  await refused(client.send(new ListKeysCommand({})), 'ThrottlingException', 'Rate exceeded');
  assert.deepEqual((await client.send(new ListKeysCommand({}))).Keys, []);
  const complaint =
    /^\S+practice-control\.json is not used: faults\.0\.operation: an operation is written kms:CreateKey\.$/m;
  assert.match(stderr.text(), complaint);
  assert.match(readFileSync(join(state, 'practice-aws.log'), 'utf8'), /practice-control\.json is not used/);
  stop.abort();
  assert.equal(await running, 0);
});

test('flags that cannot be taken end with a line that says why, and status 2', async () => {
  const folder = newFolder();
  for (const [args, line] of [
    [['--fault', 'kms:CreateKey=explode'], /is no fault .*write for example kms:CreateKey=fail,chance=0\.5\.\n$/],
    [['--as', 'nobody'], /has no user or role nobody\.\n$/],
    [['--clock-speed', '-1'], /A clock speed is a number from 0 to 1000000\.\n$/],
    [['--seed', 'x'], /A seed is a whole number\.\n$/],
  ] as const) {
    const { status, stdout, stderr } = await keyferry(['practice-aws', '--port', '0', ...args], folder);
    assert.deepEqual([status, stdout], [2, ''], args.join(' '));
    assert.match(stderr, line);
  }
});

test('what no recording stands behind is listed, a line a fact', async () => {
  const { status, stdout } = await keyferry(['practice-aws', '--unverified'], newFolder());
  assert.equal(status, 0);
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.length > 40, `${lines.length} facts`);
  assert.ok(
    lines.every((line) => /^[A-Z]\S.*: ./.test(line) || line.startsWith('every ')),
    'each says where',
  );
  assert.match(stdout, /^ImportKeyMaterial: ExpiredImportTokenException has no message$/m);
});

test('keyferry run --practice does what the control file of its state folder says', async () => {
  const folder = newFolder();
  const state = join(folder, 'w', 'keyferry-practice-aws');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  writeFileSync(join(state, 'practice-control.json'), '{"faults":[{"operation":"kms:ImportKeyMaterial","do":"fail"}]}');
  const answers = answersFile(folder, exampleWith());
  const refusedRun = await keyferry(['run', answers, '--practice', '--workdir', 'w'], folder);
  assert.equal(refusedRun.status, 3, refusedRun.stderr);
  assert.match(refusedRun.stderr, /KMSInternalException|ImportKeyMaterial/);
  rmSync(join(state, 'practice-control.json'));
  const finished = await keyferry(['run', answers, '--practice', '--workdir', 'w'], folder);
  assert.equal(finished.status, 0, finished.stderr);
});

test('an upload in parts whose last answer is lost is finished all the same', async () => {
  const folder = newFolder();
  const state = join(folder, 'w', 'keyferry-practice-aws');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const fault = { operation: 's3:CompleteMultipartUpload', do: 'drop-after', times: 1 };
  writeFileSync(join(state, 'practice-control.json'), JSON.stringify({ faults: [fault] }));
  const large = join(folder, 'large.bin');
  writeFileSync(large, Buffer.alloc(20 * 1024 * 1024, 7));
  const answers = answersFile(folder, exampleWith({ 'encrypt-objects': { what: 'files', files: [large] } }));
  const { status, stdout, stderr } = await keyferry(['run', answers, '--practice', '--workdir', 'w', '--json'], folder);
  assert.equal(status, 0, stderr);
  const { objects } = JSON.parse(stdout) as { objects: Array<{ size: number }> };
  assert.deepEqual(
    objects.map(({ size }) => size),
    [20 * 1024 * 1024],
  );
});

test('--fixed-credentials gives every state folder the same access keys, and they are no others', async (t) => {
  const [one, other, drawn] = await Promise.all([
    serve(join(newFolder(), 'state'), ['--fixed-credentials']),
    serve(join(newFolder(), 'state'), ['--fixed-credentials']),
    serve(join(newFolder(), 'state')),
  ]);
  t.after(() => Promise.all([one.stop(), other.stop(), drawn.stop()]));
  assert.deepEqual(one.credentials, other.credentials);
  assert.notEqual(one.credentials.secretAccessKey, drawn.credentials.secretAccessKey);
  const s3 = new S3Client({ region: 'us-east-1', endpoint: one.endpoint, credentials: other.credentials });
  assert.equal((await s3.send(new CreateBucketCommand({ Bucket: 'fixed' }))).$metadata.httpStatusCode, 200);
});
