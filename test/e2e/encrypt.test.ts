import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Outside, outside } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { must } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { exampleWith, memoryAlone, ofEnvironment } from './answers.ts';
import { piped } from './piped.ts';

const timeout = 120_000;

/** Clients of the AWS outside, a bucket in it, and `keyferry encrypt` in the folder above the ceremony's. */
async function world({ aws, cut, run }: Outside) {
  const config = { endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' };
  const kms = new KMSClient(config);
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'an-archive' }));
  writeFileSync(join(cut.folder, 'ledger 2026.txt'), 'some bytes');
  const endpoint = cut.args[cut.args.indexOf('--endpoint-url') + 1] as string;
  return {
    kms,
    s3,
    encrypt: (...words: readonly string[]) => run({}, () => ['encrypt', ...words, '--endpoint-url', endpoint]),
    keyOf: async (Key: string) => (await s3.send(new HeadObjectCommand({ Bucket: 'an-archive', Key }))).SSEKMSKeyId,
    record: () => JSON.parse(readFileSync(join(cut.folder, 'w', 'record.json'), 'utf8')),
  };
}

test('after a first import, one command puts more files under its key, and its folder is found by the name of the key', {
  timeout,
}, async () => {
  const ceremony = await outside();
  try {
    const { recipient, identityFile } = ageIdentity(ceremony.cut.folder);
    const answers = exampleWith(ofEnvironment, memoryAlone, backedUp(recipient, identityFile));
    writeFileSync(join(ceremony.cut.folder, 'answers.yaml'), answers);
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 0, stderr);
    const { encrypt, keyOf, record } = await world(ceremony);
    const { keyArn } = record().key;
    const { folder } = ceremony.cut;
    renameSync(join(folder, 'w'), join(folder, 'keyferry-elsewhere'));
    const words = ['ledger 2026.txt', '--to', 's3://an-archive/in', '--key', 'alias/my-first-key'];
    const done = await encrypt(...words, '--json');
    assert.equal(done.status, 0, done.stderr);
    const { ended, exit, ceremony: id, keyState, objects, workdir } = JSON.parse(done.stdout);
    assert.deepEqual(
      [ended, exit, id, keyState, workdir],
      ['finished', 0, 'encrypt', 'Enabled', join(folder, 'keyferry-elsewhere')],
    );
    assert.deepEqual(
      objects.map((object: { key: string }) => object.key),
      ['in/ledger 2026.txt'],
    );
    assert.equal(await keyOf('in/ledger 2026.txt'), keyArn);

    // What opens the backup of the first import is known by its place, and nothing of it goes up.
    const secret = await encrypt('age-identity.txt', ...words.slice(1), '--json');
    assert.equal(secret.status, 2);
    assert.match(JSON.parse(secret.stdout).problem.why, /^FILE: age-identity\.txt is a file that opens the backup/);

    const page = await encrypt(...words);
    assert.equal(page.status, 0, page.stderr);
    assert.match(page.stdout, /keyferry encrypt FILE --key alias\/my-first-key --to s3:\/\/an-archive\/in$/m);
  } finally {
    await ceremony.close();
  }
});

test('a key without a folder is enough; a run that was stopped goes on with the same command', {
  timeout,
}, async () => {
  const ceremony = await outside();
  try {
    const { encrypt, kms, s3, keyOf } = await world(ceremony);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const words = ['ledger 2026.txt', '--to', 's3://an-archive', '--key', must(KeyMetadata?.KeyId), '--json'];
    ceremony.set({ faults: [{ operation: 's3:PutObject', do: 'fail' }] });
    const stopped = await encrypt(...words);
    assert.equal(stopped.status, 3, stopped.stderr);
    assert.equal(JSON.parse(stopped.stdout).ended, 'stopped');
    ceremony.set();
    const whole = await encrypt(...words);
    assert.equal(whole.status, 0, whole.stderr);
    assert.equal(await keyOf('ledger 2026.txt'), KeyMetadata?.Arn);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'an-archive', Key: 'ledger 2026.txt' }));
    assert.equal(await Body?.transformToString(), 'some bytes');
    const folders = readdirSync(ceremony.cut.folder).filter((name) => name.startsWith('keyferry-'));
    assert.equal(folders.length, 1);
    const [own = ''] = folders;
    assert.match(own, /^keyferry-encrypt-an-archive-[\da-f]{8}$/);
    const records = readdirSync(join(ceremony.cut.folder, own)).filter((name) => name.startsWith('record-'));
    assert.equal(records.filter((name) => name.endsWith('.json')).length, 1);

    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    const disabled = await encrypt(...words);
    assert.equal(disabled.status, 3);
    assert.equal(JSON.parse(disabled.stdout).problem.code, 'Disabled');
  } finally {
    await ceremony.close();
  }
});

test('what the command line gets wrong is told by the word that is wrong, and nothing is begun', {
  timeout,
}, async () => {
  const ceremony = await outside();
  try {
    const { encrypt, kms } = await world(ceremony);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const key = ['--key', must(KeyMetadata?.KeyId)];
    mkdirSync(join(ceremony.cut.folder, 'a folder'));
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['ledger 2026.txt', '--to', 'an-archive', ...key], /Can't read an-archive as a place in S3/],
      [['ledger 2026.txt', ...key], /there is none to ask for --to s3:\/\/BUCKET\./],
      [['--to', 's3://an-archive'], /there is none to ask for FILE, --key KEY\./],
      [['ledger 2026.txt', '--to', 's3://an-archive//x', ...key], /^--to: A prefix does not begin with a slash/],
      [
        ['ledger 2026.txt', '--to', 's3://no-such-bucket-here', ...key],
        /^--to: There is no bucket no-such-bucket-here\./,
      ],
      [['a folder', '--to', 's3://an-archive', ...key], /^FILE: There is no file to send in what you named\./],
      [['absent.txt', '--to', 's3://an-archive', ...key], /^FILE: absent\.txt does not exist\./],
    ];
    for (const [words, says] of cases) {
      const { status, stdout, stderr } = await encrypt(...words, '--json');
      assert.equal(status, 2, stderr);
      const { ended, problem } = JSON.parse(stdout);
      assert.equal(ended, 'cannot-start');
      assert.match(problem.why ?? problem.what, says);
      assert.deepEqual(
        readdirSync(ceremony.cut.folder).filter((name) => name.startsWith('keyferry-encrypt-')),
        [],
      );
    }
    const { status, stdout, stderr } = await encrypt(
      'ledger 2026.txt',
      '--to',
      's3://an-archive',
      '--redact',
      '--json',
    );
    assert.deepEqual([status, stdout], [2, '']);
    assert.equal(stderr, 'keyferry: --json gives what --redact hides; use one of them.\n');
  } finally {
    await ceremony.close();
  }
});

test('whoever stops on the way is told the whole command that begins again, with the files, the flags, the place and the key', {
  timeout,
}, async () => {
  const cwd = newFolder();
  for (const name of ['a b.txt', '-rf', '~']) writeFileSync(join(cwd, name), 'some bytes');
  const chosen = ['--include', '*.txt', '--exclude', '*.tmp', '--replace', '--read-back'];
  const place = ['--to', 's3://an-archive/in', '--key', 'alias/none'];
  const words = [...chosen, '--accept-object-lock', 'an-archive', ...place, '--plain', '--practice'];
  const { status, stdout } = await piped(['encrypt', ...words, '--', 'a b.txt', '-rf', '~'], [''], cwd);
  assert.equal(status, 3);
  assert.match(stdout, /There is no key alias\/none in this account and Region\./);
  const again =
    "keyferry encrypt 'a b.txt' ./-rf '~' --include '*.txt' --exclude '*.tmp' --replace --read-back --accept-object-lock an-archive --to s3://an-archive/in --key alias/none --practice --workdir keyferry-encrypt-an-archive-";
  assert.match(stdout, /^Stopped\. Nothing was sent or changed\.$/m);
  assert.equal(/^To begin again: (.*?)(?:[\da-f]{8})?$/m.exec(stdout)?.[1], again);
});

test('a folder goes up with its tree by one command, chosen by patterns; a dry run tells it before', {
  timeout,
}, async () => {
  const ceremony = await outside();
  try {
    const { encrypt, kms, keyOf } = await world(ceremony);
    const { folder } = ceremony.cut;
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const arn = must(KeyMetadata?.Arn);
    for (const name of ['tree/a.txt', 'tree/b/c.txt', 'tree/b/d.tmp']) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), name);
    }
    const words = ['tree', '--to', 's3://an-archive/in', '--key', arn, '--exclude', '*.tmp'];
    const dry = await encrypt(...words, '--dry-run', '--json');
    assert.equal(dry.status, 0, dry.stderr);
    const sums = { dryRun: true, count: 2, bytes: 22, requests: 2, leftOut: 0, leftOutWhy: [], wrong: [] };
    assert.deepEqual(JSON.parse(dry.stdout), sums);
    mkdirSync(join(folder, 'links'));
    for (let number = 0; number < 7; number += 1) symlinkSync('../tree/a.txt', join(folder, 'links', String(number)));
    const links = await encrypt('links', '--to', 's3://an-archive/in', '--dry-run');
    assert.match(links.stdout, /^0 files, 0 bytes, 0 requests\. 7 left out/);
    assert.match(links.stderr, /^Left out: .*links\/0 is a symbolic link\..*$/m);
    assert.match(links.stderr, /^And 2 more are left out\.$/m);
    const one = await encrypt('tree/a.txt', '--to', 's3://an-archive/in', '--dry-run');
    assert.equal(one.stdout, '1 file, 10 bytes, 1 request.\nNothing was sent.\n');
    const nameless = await encrypt('--to', 's3://an-archive/in', '--dry-run');
    assert.equal(nameless.status, 2);
    assert.match(nameless.stderr, / --dry-run asks nothing, and no file is named\.$/m);
    assert.doesNotMatch(nameless.stderr, /terminal/);
    const tooLong = await encrypt('tree/a.txt', '--to', `s3://an-archive/${'p'.repeat(1020)}`, '--dry-run');
    assert.equal(tooLong.status, 2);
    assert.match(tooLong.stderr, /The name of an object has at most 1024 bytes\. That of a\.txt would have 1026\./);
    assert.equal(
      readdirSync(folder).some((name) => name.startsWith('keyferry-encrypt-')),
      false,
      'nothing is begun',
    );

    const done = await encrypt(...words, '--json');
    assert.equal(done.status, 0, done.stderr);
    const { objects, count, bytes, found, manifest, workdir } = JSON.parse(done.stdout);
    assert.deepEqual([count, bytes, found], [2, 22, 0]);
    assert.deepEqual(
      objects.map((object: Record<string, unknown>) => [
        object.key,
        object.verified,
        object.checkedBy,
        object.kmsKeyArn,
      ]),
      [
        ['in/a.txt', true, 'checksum', arn],
        ['in/b/c.txt', true, 'checksum', arn],
      ],
    );
    const listed = readFileSync(join(workdir, manifest.file));
    assert.equal(createHash('sha256').update(listed).digest('hex'), manifest.sha256);
    assert.equal(await keyOf('in/b/c.txt'), arn);

    writeFileSync(join(folder, 'tree', 'a.txt'), 'changed');
    const again = await encrypt(...words, '--json');
    assert.equal(again.status, 3);
    assert.match(JSON.parse(again.stdout).problem.why, /in\/a\.txt exists already/);
    const replaced = await encrypt(...words, '--replace', '--read-back', '--json');
    assert.equal(replaced.status, 0, replaced.stderr);
    assert.deepEqual(
      JSON.parse(replaced.stdout).objects.map((object: Record<string, unknown>) => [
        object.size,
        object.checkedBy ?? 'read back',
      ]),
      [
        [7, 'read back'],
        [12, 'read back'],
      ],
    );
  } finally {
    await ceremony.close();
  }
});
