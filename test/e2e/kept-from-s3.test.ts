import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { environmentOf, type Outside, outside } from '../faults/outside.ts';
import { randomFiles } from '../material/random-files.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sampleOf } from '../seed.ts';
import { keyInBackup } from './backup-key.ts';
import { piped } from './piped.ts';
import { TerminalSession } from './terminal-session.ts';

const passphrase = 'seven words that nobody would guess';

type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An answers file; JSON is YAML too. */
function answer(
  { cut }: Outside,
  secretKey: Sections[string],
  objects: Sections[string],
  backup: Sections[string] = { how: 'passphrase', 'passphrase-file': 'passphrase.txt' },
): void {
  const answers: Sections = {
    connect: { source: 'environment', region: 'us-east-1' },
    'secret-key': secretKey,
    'describe-key': { alias: 'alias/my-first-key', description: 'Archive', acknowledge: true },
    backup,
    'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_256 RSA_2048' },
    'encrypt-objects': { where: 'new', ...objects },
  };
  writeFileSync(join(cut.folder, 'answers.yaml'), JSON.stringify(answers));
}

/** A backup to the recipient of `age-identity.txt`, which costs less time than one under a passphrase. */
const toRecipient = (folder: string): Sections[string] => ({
  how: 'recipients',
  recipients: [ageIdentity(folder).recipient],
  identity: 'age-identity.txt',
});

/** A ceremony that has come as far as its objects, and may not make their bucket yet. */
async function beforeObjects(
  t: TestContext,
  secretKey: (folder: string) => Sections[string],
  backup?: (folder: string) => Sections[string],
) {
  const ceremony = await outside();
  t.after(() => ceremony.close());
  const { folder } = ceremony.cut;
  const put = (name: string, content: string | Uint8Array) =>
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  put('passphrase.txt', `${passphrase}\n`);
  put('fine.txt', 'Nothing in it is secret.\n');
  const answers = secretKey(folder);
  const choose = (objects: Sections[string]) => answer(ceremony, answers, objects, backup?.(folder));
  choose({ what: 'files', files: ['fine.txt'] });
  ceremony.set({ deny: { SecurityAdmin: ['s3:CreateBucket', 'iam:SimulatePrincipalPolicy'] } });
  const { status, stderr } = await ceremony.run();
  assert.equal(status, 3, stderr);
  ceremony.set();
  return { ...ceremony, folder, put, choose };
}

const sent = ({ calls }: Outside) =>
  calls().filter(({ operation }) => /^s3:(Put|Create|Upload)/.test(operation)).length;

test('the secret never goes to S3, in whatever file it is, and the refusal says which and why', async (t) => {
  const key = randomBytes(32);
  const ceremony = await beforeObjects(t, (folder) => {
    writeFileSync(join(folder, 'my.key'), key, { mode: 0o600 });
    return { origin: 'file', file: 'my.key', keep: 'file' };
  });
  const { folder, put, choose, run, workdir } = ceremony;
  put('copy.bin', key);
  put('with-newline.bin', Buffer.concat([key, Buffer.from('\n')]));
  put('key.hex', `${key.toString('hex')}\n`);
  put('key.b64', `${key.toString('base64')}\n`);
  put('somewhere.bin', Buffer.concat([randomBytes(999), key, randomBytes(999)]));
  put('utf-16.txt', Buffer.from(`\uFEFFThe key: ${key.toString('hex')}\r\n`, 'utf16le'));
  ageIdentity(folder);
  linkSync(join(folder, 'my.key'), join(folder, 'hard-link'));
  symlinkSync('my.key', join(folder, 'link'));
  symlinkSync(folder, join(folder, 'round-about'));
  mkdirSync(join(folder, 'several'));
  const hidden = 137;
  const many = [...randomFiles(1, 200)].map(({ bytes }, index) => {
    const name = join('several', `file-${index}`);
    put(name, index === hidden ? `Notes\ntoken=${key.toString('base64url')};\n` : bytes);
    return name;
  });
  const before = sent(ceremony);

  const refused: readonly (readonly [file: string, why: RegExp, listed?: readonly string[]])[] = [
    ['my.key', /is the file that your secret key was taken from/],
    ['copy.bin', /holds your secret key\./],
    ['with-newline.bin', /holds your secret key\./],
    ['key.hex', /holds your secret key as hex text/],
    ['key.b64', /holds your secret key as base64 text/],
    ['somewhere.bin', /holds your secret key\./],
    ['utf-16.txt', /holds your secret key as hex text/],
    ['passphrase.txt', /is a file that opens the backup of your secret key/],
    ['age-identity.txt', /holds an age identity, which is secret/],
    ['w/plain_text_aes_key.bin', /is your secret key/],
    ['w/my-first-key.key.age', /is the backup of your secret key/],
    ['w/journal.jsonl', /is the journal of this ceremony/],
    ['hard-link', /is the file that your secret key was taken from/],
    ['link', /is the file that your secret key was taken from/],
    ['round-about/my.key', /is the file that your secret key was taken from/],
    [many[hidden] ?? '', /holds your secret key as base64 text/, many],
  ];
  // The list of many files is the last; the others meet it in turn.
  for (const [file, why, listed = ['fine.txt', file]] of [...sampleOf(refused.slice(0, -1), 6), ...refused.slice(-1)]) {
    choose({ what: 'files', files: listed });
    const { status, stderr } = await run();
    assert.equal(status, 2, `${file}: ${stderr}`);
    assert.match(stderr, why, file);
    assert.ok(stderr.includes(file), stderr);
    assert.match(stderr, /It never goes to S3/);
  }
  symlinkSync(join(folder, 'my.key'), join(workdir, 'keyferry-sample.txt'));
  choose({ what: 'sample' });
  const { status, stderr } = await run();
  assert.equal(status, 2, stderr);
  assert.match(stderr, /keyferry-sample\.txt is a symbolic link, and not the sample that Keyferry makes/);
  assert.equal(sent(ceremony), before, 'nothing was sent');

  rmSync(join(workdir, 'keyferry-sample.txt'));
  const fine = [...many.toSpliced(hidden, 1), 'fine.txt', 'w/enc.aes.key'];
  choose({ what: 'files', files: fine });
  const last = await run();
  assert.equal(last.status, 0, last.stderr);
  assert.equal(JSON.parse(last.stdout).objects.length, fine.length);
});

test('a key that was in memory alone is known by its check value', async (t) => {
  const ceremony = await beforeObjects(t, () => ({ origin: 'generate', keep: 'memory' }), toRecipient);
  const { folder, put, choose, run, workdir } = ceremony;
  const identities = [ageIdentity(folder).identity];
  const key = await keyInBackup(join(workdir, 'my-first-key.key.age'), { by: 'identities', identities });
  const before = sent(ceremony);
  for (const [file, content] of [
    ['copy.bin', key],
    ['notes.txt', `KEY=${key.toString('hex')}\n`],
    ['config.json', JSON.stringify({ key: key.toString('base64') })],
  ] as const) {
    put(file, content);
    choose({ what: 'files', files: [file] });
    const { status, stderr } = await run();
    assert.equal(status, 2, stderr);
    assert.match(stderr, new RegExp(`${file} holds your secret key`));
  }
  assert.equal(sent(ceremony), before, 'nothing was sent');
});

test('a file that is to be the key, and what opens its backup, are refused before anything is made', async (t) => {
  const ceremony = await outside();
  t.after(() => ceremony.close());
  const { folder } = ceremony.cut;
  const key = randomBytes(32);
  writeFileSync(join(folder, 'my.key'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'notes.txt'), key.toString('hex'));
  writeFileSync(join(folder, 'passphrase.txt'), passphrase, { mode: 0o600 });
  for (const file of ['my.key', 'notes.txt', 'passphrase.txt']) {
    answer(ceremony, { origin: 'file', file: 'my.key', keep: 'memory' }, { what: 'files', files: [file] });
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 2, stderr);
    assert.match(stderr, new RegExp(`encrypt-objects\\.files: ${file} (is|holds) .*It never goes to S3`));
    assert.match(stderr, /nothing was created/);
  }
});

test('the assistant refuses it too, on the screen and line by line', async (t) => {
  const key = randomBytes(32);
  const ofFile = (folder: string) => {
    writeFileSync(join(folder, 'my.key'), key, { mode: 0o600 });
    return { origin: 'file', file: 'my.key', keep: 'memory' };
  };
  const ceremony = await beforeObjects(t, ofFile, toRecipient);
  const { folder, aws, cut } = ceremony;
  ceremony.put('copy.hex', key.toString('hex'));
  const before = sent(ceremony);
  const place = ['--workdir', 'w', '--endpoint-url', cut.args[3] ?? ''];
  const env = environmentOf(aws.credentials);

  const toFiles = [
    'Where should the first object go?',
    'What should the new bucket be called?',
    // What was answered last is under the cursor: files.
    'What should be encrypted?',
  ];
  for (const [file, keys, says, asked] of [
    ['age-identity.txt', '\r', 'age-identity.txt cannot be chosen: a file that opens', toFiles],
    // The answers before the files are kept from the first time.
    ['copy.hex', '\r\r', 'copy.hex holds your secret key as hex text', []],
  ] as const) {
    const session = new TerminalSession(place, { cwd: folder, env });
    t.after(() => session.kill('SIGKILL'));
    for (const question of ['Continue where you stopped?', ...asked]) {
      await session.shows(question);
      session.send('\r');
    }
    await session.shows('Which files?');
    await session.shows('my.key');
    session.send(file);
    await session.shows(`❯ [ ] ${file}`);
    session.send(keys);
    await session.shows(says);
    session.kill('SIGKILL');
  }

  const lines = ['1', join(folder, 'copy.hex'), ''];
  const plain = await piped(['--plain', ...place], lines, folder, env);
  assert.equal(plain.status, 3, plain.stdout);
  assert.match(plain.stdout, /copy\.hex holds your secret key as hex text\. It never goes to S3\./);
  assert.match(plain.stdout, /my\.key.*the file that your secret key was taken from/);
  assert.equal(sent(ceremony), before, 'nothing was sent');
});

test('an object of another is told before anything is made, the sample too, and between look and upload', async (t) => {
  const ceremony = await outside({ changes: { 'encrypt-objects': { where: 'existing', bucket: 'ours-already' } } });
  t.after(() => ceremony.close());
  const s3 = new S3Client({
    endpoint: ceremony.aws.endpoint,
    region: 'us-east-1',
    credentials: ceremony.aws.credentials,
    forcePathStyle: true,
  });
  t.after(() => s3.destroy());
  const { CreateBucketCommand, DeleteObjectCommand, GetObjectCommand, PutObjectCommand } = await import(
    '@aws-sdk/client-s3'
  );
  const theirs = { Bucket: 'ours-already', Key: 'keyferry-sample.txt' };
  await s3.send(new CreateBucketCommand({ Bucket: theirs.Bucket }));
  await s3.send(new PutObjectCommand({ ...theirs, Body: 'theirs' }));
  const early = await ceremony.run();
  assert.equal(early.status, 2, early.stderr);
  assert.match(early.stderr, /s3:\/\/ours-already\/keyferry-sample\.txt exists already, and no object is replaced/);
  assert.match(early.stderr, /nothing was created/);

  await s3.send(new DeleteObjectCommand(theirs));
  let raced: Promise<unknown> | undefined;
  ceremony.decide((call) => {
    // After the answers were checked, and before the file is sent.
    if (call === 'kms:ImportKeyMaterial') raced ??= s3.send(new PutObjectCommand({ ...theirs, Body: 'theirs' }));
    return undefined;
  });
  const late = await ceremony.run();
  await raced;
  assert.equal(late.status, 3, late.stderr);
  assert.match(late.stderr, /Can't upload .*keyferry-sample\.txt exists already\./);
  assert.match(late.stderr, /The object was left as it is/);
  const { Body } = await s3.send(new GetObjectCommand(theirs));
  assert.equal(await Body?.transformToString(), 'theirs');

  await s3.send(new DeleteObjectCommand(theirs));
  const mended = await ceremony.run();
  assert.equal(mended.status, 0, mended.stderr);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  assert.equal(Buckets.length, 1);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: theirs.Bucket }));
  assert.equal(Contents.length, 1);
});
