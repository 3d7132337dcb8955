import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  KMSClient,
  ListAliasesCommand,
  ListResourceTagsCommand,
} from '@aws-sdk/client-kms';
import {
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { type PracticeAws, startPracticeAws } from '../../source/practice/server.ts';
import { shellScript } from '../../source/record/shell-script.ts';
import { takeKeyCommands } from '../../source/steps/key-file-commands.ts';
import { answersFile, exampleWith } from '../e2e/answers.ts';
import { piped } from '../e2e/piped.ts';
import { keyferry } from '../e2e/program.ts';
import { everything } from '../e2e/set-up.ts';
import { around } from '../material/around-key.ts';
import { newFolder } from '../new-folder.ts';

const has = (program: string, argument: string) => spawnSync(program, [argument]).status === 0;
const noAws = has('aws', '--version') ? false : 'no aws';
const noOpenssl = has('openssl', 'version') ? false : 'no openssl';

/** Runs bash in `cwd` with nothing but what `keyferry practice-aws` would have a person paste. */
async function bash(aws: PracticeAws | undefined, cwd: string, ...args: string[]): Promise<string> {
  const { accessKeyId = '', secretAccessKey = '', sessionToken = '' } = aws?.credentials ?? {};
  const env = {
    PATH: process.env.PATH,
    HOME: cwd,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_ENDPOINT_URL: aws?.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
  };
  return (await promisify(execFile)('bash', args, { cwd, env, timeout: 100_000 })).stdout;
}

/** Everything that a ceremony leaves in an account, without what is different each time: ids, times and the material. */
async function stateOf({ endpoint, credentials }: PracticeAws, alias: string) {
  const client = { endpoint, region: 'us-east-1', credentials };
  const kms = new KMSClient(client);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
  assert.ok(KeyMetadata?.KeyId !== undefined);
  const { KeyId, Arn, KeyState, Origin, KeySpec, KeyUsage, Description, ExpirationModel, ValidTo } = KeyMetadata;
  const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
  const { Tags } = await kms.send(new ListResourceTagsCommand({ KeyId }));
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId }));
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const objects = [];
  for (const { Name } of Buckets) {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: Name }));
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: Name }));
    for (const { Key } of Contents) {
      const object = await s3.send(new GetObjectCommand({ Bucket: Name, Key }));
      objects.push({
        name: `${Name}/${Key}`,
        region: BucketRegion,
        encryption: object.ServerSideEncryption,
        underThisKey: object.SSEKMSKeyId === Arn,
        bytes: await object.Body?.transformToString(),
      });
    }
  }
  return {
    key: { KeyState, Origin, KeySpec, KeyUsage, Description, ExpirationModel, ValidTo },
    policy: JSON.parse(Policy ?? ''),
    tags: Tags,
    aliases: Aliases.map(({ AliasName }) => AliasName),
    objects,
  };
}

/** The state that a ceremony left in `folder`, and the one that commands made in an account of their own. */
async function bothStates(
  t: { after(act: () => Promise<void>): void },
  stateFolder: string,
  script: (aws: PracticeAws) => Promise<unknown>,
  alias: string,
) {
  const [ours, theirs] = await Promise.all([
    startPracticeAws({ stateFolder }),
    startPracticeAws({ stateFolder: newFolder() }),
  ]);
  t.after(async () => {
    await Promise.all([ours.close(), theirs.close()]);
  });
  await script(theirs);
  return Promise.all([stateOf(ours, alias), stateOf(theirs, alias)]);
}

/**
 * The printed commands for another practice AWS. They name the port and the credentials of the run that printed them, which
 * has ended; everything else stays as it was printed.
 */
function commandsFor({ endpoint, credentials }: PracticeAws, printed: string): string {
  const values = {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken ?? '',
  };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`\\b${name}=\\S+`, 'g'), `${name}=${value}`),
    printed.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, endpoint),
  );
}

/** The commands of a plain transcript: each behind its comment, up to a blank line. */
function commandsIn(transcript: string): readonly string[] {
  return [...transcript.matchAll(/^# [^\n]+\n((?:[^\n]+\n)+)/gm)].map(([, shell = '']) => shell);
}

test('every command printed in a whole ceremony runs as printed, and leaves the same', {
  skip: noAws || noOpenssl,
}, async (t) => {
  const cwd = newFolder();
  const show = ':commands';
  const { status, stdout } = await piped(
    ['--plain', '--practice'],
    [
      ...['', everything.line, show, '', 'file'],
      ...['payments-2026', show, "What's it for: 100 % `tests` $HOME", 'team=a b', '', '', 'yes', 'none', 'no backup'],
      ...['', show, '', '', ''],
      ...[show, ''],
      ...[show, ''],
      ...[show, ''],
      ...[show, ''],
      ...['', '', '', show, ''],
      ...['', ''],
    ],
    cwd,
  );
  assert.equal(status, 0, stdout);
  const commands = commandsIn(stdout);
  const printed = commands.join('\n');
  for (const operation of [
    'rand',
    'list-aliases',
    'list-roles',
    'create-key',
    'create-alias',
    'get-parameters-for-import',
    'pkeyutl',
    'import-key-material',
    'describe-key',
    's3 mb',
    's3 cp',
    'head-object',
  ])
    assert.ok(printed.includes(operation), `${operation} in\n${printed}`);
  assert.match(
    printed,
    /^export AWS_ACCESS_KEY_ID=\S+ \\\n {2}AWS_SECRET_ACCESS_KEY=\S+ \\\n {2}AWS_SESSION_TOKEN=\S+$/m,
  );
  assert.match(printed, /--endpoint-url http:/);
  const calls = printed.split(/(?=\baws (?:kms|s3|s3api|iam|sts) )/).slice(1);
  for (const call of calls) assert.match(call, /--endpoint-url (?:http:\/\/127\.0\.0\.1:\d+|"\$AWS_ENDPOINT_URL")/);
  const folder = newFolder();
  const [ours, theirs] = await bothStates(
    t,
    join(cwd, 'keyferry-practice-aws'),
    (aws) => {
      writeFileSync(join(folder, 'printed.sh'), commandsFor(aws, printed));
      return bash(aws, folder, '-euo', 'pipefail', 'printed.sh');
    },
    'alias/payments-2026',
  );
  assert.equal(ours.key.KeyState, 'Enabled');
  assert.equal(ours.objects[0]?.underThisKey, true);
  assert.deepEqual(theirs, ours);
});

test('the runbook saved at the end runs as a script, makes the same, and holds no secret', {
  skip: noAws || noOpenssl,
}, async (t) => {
  const cwd = newFolder();
  const answers = answersFile(
    cwd,
    exampleWith({
      'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_1 RSA_2048' },
      import: { expiry: 'date', 'valid-to': '90d' },
      finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy alias/my-first-key' },
    }),
  );
  const { status, stderr } = await keyferry(['run', answers, '--practice', '--workdir', 'w', '--runbook'], cwd);
  assert.equal(status, 0, stderr);
  assert.match(stderr, /Saved: w\/runbook\.md to read, w\/runbook\.sh to run/);
  const [ours, theirs] = await bothStates(
    t,
    join(cwd, 'w', 'keyferry-practice-aws'),
    (aws) => bash(aws, cwd, join('w', 'runbook.sh'), 'again'),
    'alias/my-first-key',
  );
  assert.equal(ours.key.ExpirationModel, 'KEY_MATERIAL_EXPIRES');
  assert.deepEqual(theirs, ours);
  const script = readFileSync(join(cwd, 'w', 'runbook.sh'), 'utf8');
  assert.doesNotMatch(script, /127\.0\.0\.1/, 'practice AWS has another port later');
  assert.match(script, /^set -euo pipefail$/m);
  assert.match(script, /^# shred --remove plain_text_aes_key\.bin$/m);
  const key = readFileSync(join(cwd, 'again', 'plain_text_aes_key.bin'));
  assert.equal(key.length, 32);
  assert.equal(existsSync(join(cwd, 'w', 'plain_text_aes_key.bin')), false);
  assert.doesNotMatch(script, /SECRET|practice-only-secret|[0-9a-f]{64}/);
  const page = readFileSync(join(cwd, 'w', 'runbook.md'), 'utf8');
  assert.match(page, /^# alias\/my-first-key: runbook$/m);
  assert.match(page, /^Done: Key material imported, it expires at .*; the key was Enabled at 20/m);
});

test('the commands that take a key from a file take the same 32 bytes from each form', {
  skip: noOpenssl,
}, async () => {
  const key = createHash('sha256').update('a key for this test').digest();
  const hex = key.toString('hex');
  for (const [name, content] of Object.entries({
    raw: key,
    newline: Buffer.concat([key, Buffer.from('\n')]),
    hex: `${hex.toUpperCase()}\n`,
    colons: `${hex.replaceAll(/..(?=.)/g, '$&:')}\n`,
    base64: `${key.toString('base64')}\n`,
    base64url: key.toString('base64url'),
    nul: Buffer.concat([key, Buffer.alloc(1)]),
    ...around(key),
  })) {
    const folder = newFolder();
    const path = join(folder, `my key's ${name}.txt`);
    writeFileSync(path, content);
    const inspection = inspectKeyFile(path);
    assert.ok(inspection.verdict === 'ready' || inspection.verdict === 'convertible', `${name}: ${inspection.verdict}`);
    const shell = takeKeyCommands(path, inspection)
      .map((command) => command.shell)
      .join('\n');
    assert.equal((await bash(undefined, folder, '-euc', shell)).trim(), '32', name);
    assert.ok(readFileSync(join(folder, 'plain_text_aes_key.bin')).equals(key), name);
    await assert.rejects(bash(undefined, folder, '-euc', shell), /cannot overwrite existing file/);
  }
});

test('a script that an older aws cannot run to its end makes nothing', async () => {
  const cwd = newFolder();
  const shell = "aws kms import-key-material --key-material-description 'AES-CMAC key check value 01'";
  const steps = [{ title: 'Import', why: '', receipt: '', commands: [{ says: 'Import', shell }] }];
  const place = { accountId: '1', region: 'eu-west-1', version: '1', finishedAt: '2026-11-24T14:00:00.000Z' };
  writeFileSync(join(cwd, 'runbook.sh'), shellScript({ title: 'alias/a', ...place, again: 'keyferry', steps }));
  // As aws-cli 2.9 answers, and as a newer one does.
  const older = '#!/bin/sh\necho "Unknown options: --key-material-description" >&2\nexit 252\n';
  for (const [aws, isOld] of [
    [older, true],
    ['#!/bin/sh\n', false],
  ] as const) {
    writeFileSync(join(cwd, 'aws'), aws, { mode: 0o755 });
    const env = { PATH: `${cwd}:${process.env.PATH}` };
    const ended = promisify(execFile)('bash', ['runbook.sh', 'new'], { cwd, env });
    if (isOld) await assert.rejects(ended, /does not know --key-material-description: update it\. Nothing was made\./);
    else await ended;
    assert.equal(existsSync(join(cwd, 'new')), !isOld);
  }
});

test('what the script of a runbook makes is for its owner alone, whatever the umask', async () => {
  const cwd = newFolder();
  const steps = [
    { title: 'Files', why: '', receipt: '', commands: [{ says: 'Make a file', shell: ': > wrapped.bin' }] },
  ];
  const place = {
    accountId: '111122223333',
    region: 'eu-west-1',
    version: '1',
    finishedAt: '2026-11-24T14:00:00.000Z',
  };
  writeFileSync(join(cwd, 'runbook.sh'), shellScript({ title: 'alias/a', ...place, again: 'keyferry', steps }));
  await promisify(execFile)('bash', ['-c', 'umask 022 && bash runbook.sh again'], { cwd });
  assert.equal(statSync(join(cwd, 'again')).mode & 0o777, 0o700);
  assert.equal(statSync(join(cwd, 'again', 'wrapped.bin')).mode & 0o777, 0o600);
});
