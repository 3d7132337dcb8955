import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { encryptClosing } from '../../source/ceremonies/encrypt/closing.ts';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { laterRecordNames } from '../../source/ceremonies/later-record.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { FilePatterns } from '../../source/objects/file-pattern.ts';
import { uploadCommands } from '../../source/steps/upload-commands.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { beginImport, problemOf, refusalOf } from './ceremony.ts';
import { beginEncrypt } from './encrypting.ts';

const passphrase = 'winter lamp orbit saddle';

/** A finished first import with a sample, a plain key file and a backup; and more objects for its key. */
async function imported(t: TestContext) {
  const files = newFolder();
  const backup = { how: 'passphrase', passphrase, 'passphrase-again': passphrase };
  const first = await beginImport(t, { answers: { backup } });
  const recorded = await first.upTo();
  const { practice } = first;
  const { path, folder } = { path: first.services.folder.path, folder: first.services.folder };
  const write = (name: string, text: string | Uint8Array = name) => {
    const file = join(files, name);
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };
  const s3 = practice.s3();
  const bucket = recorded.objects?.bucket ?? '';
  const more = (answers: Answers, given: Partial<Parameters<typeof beginEncrypt>[1]> = {}) =>
    beginEncrypt(t, { practice, path, recorded, answers: { bucket, what: 'files', ...answers }, ...given });
  const bytesOf = async (Key: string) =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
  return { files, recorded, practice, folder, write, s3, bucket, more, bytesOf, keyArn: recorded.key?.keyArn ?? '' };
}

/** A KMS key that no ceremony knows, a bucket and a file. */
async function strangers(t: TestContext) {
  const practice = await practise(t);
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  await practice.s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const file = join(newFolder(), 'ledger.txt');
  writeFileSync(file, 'some bytes');
  return { practice, keyId: must(KeyMetadata?.KeyId), keyArn: must(KeyMetadata?.Arn), file };
}

test('more files go under the key of the folder, behind a prefix, with the names that they have', async (t) => {
  const { write, s3, bucket, more, bytesOf, keyArn } = await imported(t);
  const odd = "it's a $(ledger) & é.txt";
  const ceremony = await more({ prefix: 'in/2026', files: [write(odd)] });
  const { objects } = await ceremony.upTo();
  const key = `in/2026/${odd}`;
  assert.equal((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).SSEKMSKeyId, keyArn);
  assert.equal(await bytesOf(key), odd);
  assert.deepEqual(
    [objects?.prefix, objects?.objects.map((each) => [each.key, each.verified])],
    ['in/2026', [[key, true]]],
  );
});

test('the bucket of the last object on record is the suggested one', async (t) => {
  const { write, more, bucket, practice } = await imported(t);
  await practice.s3().send(new CreateBucketCommand({ Bucket: 'the-later-one' }));
  const first = await more({ files: [write('one.txt')] });
  await first.upTo('find-key');
  const suggested = (ceremony: typeof first) =>
    ceremony.questionsOf('encrypt-objects', { where: 'existing' }).find(({ id }) => id === 'bucket');
  assert.equal((suggested(first) as { default?: string }).default, bucket);
  first.answer('encrypt-objects', { bucket: 'the-later-one' });
  await first.upTo();
  const second = await more({ files: [write('two.txt')] });
  await second.upTo('find-key');
  assert.equal((suggested(second) as { default?: string }).default, 'the-later-one');
});

test('what an earlier run here uploaded is checked again and not sent again; with other bytes it is refused', async (t) => {
  const { write, more, bytesOf } = await imported(t);
  const file = write('ledger.txt', 'as it was');
  await (await more({ files: [file] })).upTo();
  const again = await more({ files: [file] });
  const { objects } = await again.upTo();
  assert.deepEqual([objects?.objects[0]?.verified, again.countOf('S3.PutObject')], [true, 0]);
  writeFileSync(file, 'as it is!');
  const changed = await more({ files: [file] });
  assert.match((await problemOf(changed.upTo())).what, /ledger\.txt exists already/);
  assert.equal(changed.countOf('S3.PutObject'), 0);
  assert.equal(await bytesOf('ledger.txt'), 'as it was');
  // The sample of the first import is known as well.
  const sample = await more({ what: 'sample' });
  await sample.upTo();
  assert.equal(sample.countOf('S3.PutObject'), 0);
});

test('an object of somebody else stays, and the other files go on', async (t) => {
  const { write, more, s3, bucket, bytesOf } = await imported(t);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: 'theirs.txt', Body: 'their bytes' }));
  const ceremony = await more({ files: [write('ours.txt'), write('theirs.txt', 'our bytes')] });
  const { what, why } = await problemOf(ceremony.upTo());
  assert.equal(what, '1 of 2 files is not in S3 as planned.');
  assert.match(why ?? '', /theirs\.txt exists already/);
  assert.equal(ceremony.countOf('S3.PutObject'), 1);
  assert.equal(await bytesOf('theirs.txt'), 'their bytes');
  assert.equal(await bytesOf('ours.txt'), 'ours.txt');
});

test('the secret, its backup and the journals of the folder never go up, whatever they are called', async (t) => {
  const { files, folder, write, more } = await imported(t);
  const copied = (name: string, as: string) => {
    copyFileSync(folder.file(name), join(files, as));
    return join(files, as);
  };
  const key = folder.read('plain_text_aes_key.bin');
  const refused: readonly (readonly [string, RegExp])[] = [
    [folder.file('plain_text_aes_key.bin'), /is your secret key/],
    [copied('plain_text_aes_key.bin', 'a.bin'), /holds your secret key/],
    [write('b.txt', `key=${key.toString('base64')}`), /holds your secret key as base64 text/],
    [folder.file('my-first-key.key.age'), /is the backup of your secret key/],
    [copied('my-first-key.key.age', 'c.bin'), /is the backup of your secret key/],
    [folder.file('journal.jsonl'), /is the journal of a ceremony/],
    [ageIdentity(files).identityFile, /It never goes to S3/],
  ];
  for (const [file, why] of refused) {
    const ceremony = await more({ files: [write('harmless.txt'), file] });
    assert.match(await refusalOf(ceremony.upTo()), why, file);
    assert.equal(ceremony.countOf('S3.PutObject'), 0);
  }
  const whole = await more({ files: [folder.path] });
  assert.match(await refusalOf(whole.upTo()), /is the folder of this ceremony\. It never goes to S3\./);
});

test('without a folder, the name of any key that encrypts is enough, also of one that AWS made', async (t) => {
  const { practice, keyId, keyArn, file } = await strangers(t);
  for (const key of [keyId, keyArn]) {
    const prefix = key === keyId ? '' : 'more';
    const ceremony = await beginEncrypt(t, {
      practice,
      key,
      answers: { bucket: 'a-bucket', prefix, what: 'files', files: [file] },
    });
    const facts = await ceremony.upTo();
    assert.deepEqual(
      [facts.key?.keyArn, facts.key?.alias, facts.objects?.objects[0]?.kmsKeyArn],
      [keyArn, keyId, keyArn],
    );
    encrypt.record?.(facts, ceremony.services, true);
    const { markdown } = laterRecordNames(ceremony.services);
    const said = [
      ...(await encrypt.conclude(facts, ceremony.services)).page.lines,
      ceremony.services.folder.read(markdown).toString(),
    ];
    assert.doesNotMatch(said.join('\n'), /check value|secret|backup/);
  }
});

test('the folder of another key is refused, also where the ceremony is continued', async (t) => {
  const { more, write, practice, keyArn } = await imported(t);
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({}));
  const other = must(KeyMetadata?.KeyId);
  const named = await more({ files: [write('a.txt')] }, { key: other });
  const { what, why } = await problemOf(named.upTo());
  assert.match(what, /the folder is of another key\.$/);
  assert.ok(why?.includes(keyArn));

  const stranger = await strangers(t);
  const begun = await beginEncrypt(t, { ...stranger, key: stranger.keyId, answers: {} });
  await begun.upTo('find-key');
  const journalName = basename(begun.services.journal.path);
  begun.services.journal.close();
  const { KeyMetadata: next } = await stranger.practice.kms().send(new CreateKeyCommand({}));
  const continued = await beginEncrypt(t, {
    practice: stranger.practice,
    key: must(next?.KeyId),
    path: begun.services.folder.path,
    journalName,
    answers: { bucket: 'a-bucket', what: 'files', files: [stranger.file] },
  });
  assert.match((await problemOf(continued.upTo())).what, /the folder is of another key\.$/);
  assert.equal(continued.countOf('S3.PutObject'), 0);
});

test('the last page and the result name the objects, the state of the key now, and the command for other files', async (t) => {
  const { write, more, bucket, keyArn } = await imported(t);
  const ceremony = await more({
    prefix: 'in',
    files: Array.from({ length: 10 }, (_, number) => write(`${number}.txt`)),
  });
  const facts = await ceremony.upTo();
  const { page, result, status } = await encrypt.conclude(facts, ceremony.services);
  const lines = page.lines.join('\n');
  assert.match(lines, /^alias\/my-first-key is Enabled in us-east-1, as of /);
  assert.match(lines, new RegExp(`10 objects are under it:\ns3://${bucket}/in/0\\.txt, 5 bytes\n`));
  assert.match(lines, /and 2 more, which the record lists/);
  assert.ok(lines.includes(`keyferry encrypt FILE --key alias/my-first-key --to s3://${bucket}/in --workdir `));
  const { keyState, objects, prefix } = result as {
    keyState: string;
    objects: { kmsKeyArn: string }[];
    prefix: string;
  };
  assert.deepEqual([status, keyState, prefix, objects.length], [0, 'Enabled', 'in', 10]);
  assert.ok(objects.every(({ kmsKeyArn }) => kmsKeyArn === keyArn));
});

test('the commands that do the same take any name as it is', async (t) => {
  const { write, more } = await imported(t);
  const odd = `-it's a "$(ledger)" é`;
  const ceremony = await more({ prefix: 'a b', files: [write(odd)] });
  await ceremony.upTo();
  const shell = ceremony.commandsOf('encrypt-objects').join('\n');
  assert.ok(
    shell.includes(`/a b/-it'\\''s a "$(ledger)" é' \\\n  --sse aws:kms \\\n  --sse-kms-key-id "$KEY_ARN"`),
    shell,
  );
  assert.ok(shell.includes(`--key 'a b/-it'\\''s a "$(ledger)" é'`), shell);
  const bare = await more({ files: [write('--help')] });
  await bare.upTo();
  assert.match(bare.commandsOf('encrypt-objects').join('\n'), /--key=--help/);
});

/** A folder with three files, sent with flags that choose two of them; and the same ceremony as the assistant goes on with it. */
async function chosenByFlags(t: TestContext) {
  const { files, write, more, recorded } = await imported(t);
  for (const name of ['a.txt', 'b.txt', 'c.tmp']) write(name);
  const journalName = 'journal-encrypt-20261125T150000Z.jsonl';
  const upload = { include: ['*.txt', 'in/*.csv'], exclude: ['c.*'], replace: true };
  const preset = { source: 'practice', region: 'us-east-1', upload } as const;
  const first = await more({ files: [files] }, { journalName, parts: { preset, recorded } });
  const { objects } = await first.upTo('encrypt-objects');
  assert.equal(objects?.count, 2);
  first.services.journal.close();
  return { files, first, later: await more({ files: [files] }, { journalName }) };
}

test('who goes on without the flags is told of as many files as are sent', async (t) => {
  const { files, later } = await chosenByFlags(t);
  const { bucket } = must(later.facts.objects);
  const answers = { where: 'existing', bucket, prefix: '', what: 'files', files: [files] };
  const question = later.questionsOf('encrypt-objects', answers).find(({ id }) => id === 'files');
  assert.ok(question?.kind === 'many' && question.tally !== undefined);
  assert.match(await question.tally([files], new AbortController().signal), /^2 files,/);
});

test('the command for a folder chooses the same files, and does not say that Keyferry replaces nothing when it does', async (t) => {
  const { first } = await chosenByFlags(t);
  const { facts, services } = first;
  const step = must(encrypt.steps.find(({ id }) => id === 'encrypt-objects'));
  const answers = must(services.journal.state.answers.get(step.id));
  const upload = must(step.commands({ facts, answers, services }).at(-1));
  const filters =
    "--exclude '*' --include '*.txt' --include '*/*.txt' --include 'in/*.csv' --exclude 'c.*' --exclude '*/c.*'";
  assert.ok(upload.shell.includes(filters), upload.shell);
  assert.match(upload.says, /^Upload the files of [^;]*$/);
});

/** A folder for files, and the upload commands for what a person names, with these flags. */
async function uploadCommandsIn(t: TestContext) {
  const { files, write, more } = await imported(t);
  const { facts, services } = await more({});
  const commandsFor = (input: string, flags: Partial<FilePatterns> = {}) => {
    const preset = { ...services.preset, upload: { include: [], exclude: [], ...flags, replace: true } };
    const basis = { facts, answers: { files: [input] }, services: { ...services, preset } };
    return uploadCommands(basis, { bucket: 'a-bucket', prefix: '' }, input);
  };
  return { files, write, commandsFor };
}

test('the command for a pattern leaves out the folders that a star of aws would reach, but not one of Keyferry', async (t) => {
  const { files, commandsFor } = await uploadCommandsIn(t);
  for (const [pattern, filters] of [
    ['*.txt', "--include '*.txt' --exclude '*/*' "],
    ['*/a?.txt', "--include '*/a?.txt' --exclude '*/*/*' "],
    ['**/*.txt', "--include '**/*.txt' "],
  ] as const) {
    const { shell } = must(commandsFor(join(files, pattern))[0]);
    assert.ok(shell.replaceAll(/\s+/g, ' ').includes(`--exclude '*' ${filters}\\`), shell);
  }
});

test('the commands for a pattern, a list and a file say what the flags leave out', async (t) => {
  const { files, write, commandsFor } = await uploadCommandsIn(t);
  for (const name of ['a.txt', 'b.txt']) write(name);
  const left = write('c.tmp');
  const list = write('list');
  const sendsMore = /; this also sends files that --include and --exclude leave out, which Keyferry does not$/;
  const exclude = ['c.*'];
  const pattern = join(files, '*');
  const [excluded] = commandsFor(pattern, { exclude });
  const filters = "--exclude '*' --include '*' --exclude 'c.*' --exclude '*/c.*'";
  assert.ok(excluded?.shell.includes(filters), excluded?.shell);
  assert.doesNotMatch(must(excluded).says, sendsMore);
  assert.match(must(commandsFor(pattern, { include: ['*.txt'] })[0]).says, sendsMore);
  assert.match(must(commandsFor(`@${list}`, { exclude })[0]).says, sendsMore);
  assert.doesNotMatch(must(commandsFor(`@${list}`, {})[0]).says, sendsMore);
  assert.deepEqual(commandsFor(left, { exclude }), []);
});

test('the last page lists eight objects, and says how many more the record has', async (t) => {
  const { write, more } = await imported(t);
  const ceremony = await more({ files: [write('a.txt')] });
  const facts = await ceremony.upTo();
  const { objects } = facts;
  const [object] = objects?.objects ?? [];
  assert.ok(objects !== undefined && object !== undefined);
  const listed = (count: number) => {
    const all = Array.from({ length: count }, () => object);
    const now = { asOf: '2026-11-26T14:02:00.000Z', state: 'Enabled', validTo: null } as const;
    return encryptClosing(
      { ...facts, objects: { ...objects, objects: all, count } },
      now,
      ceremony.services,
    ).lines.filter((line) => /^(s3:|and |\d+ objects? )/.test(line));
  };
  const line = `s3://${object.bucket}/a.txt, 5 bytes`;
  assert.deepEqual(listed(1), ['1 object is under it:', line]);
  assert.deepEqual(listed(8), ['8 objects are under it:', ...Array(8).fill(line)]);
  assert.deepEqual(listed(9), [
    '9 objects are under it:',
    ...Array(8).fill(line),
    'and 1 more, which the record lists',
  ]);
});

test('the last page says of many objects how many bytes were not compared, and how the others were checked', async (t) => {
  const { write, more } = await imported(t);
  const ceremony = await more({ files: [write('a.txt')] });
  const { objects, ...facts } = await ceremony.upTo();
  const now = { asOf: '2026-11-26T14:02:00.000Z', state: 'Enabled', validTo: null } as const;
  const linesOf = (unconfirmed: number, readBack = 0) => {
    const many = { ...must(objects), objects: [], count: 300, readBack, unconfirmed };
    return encryptClosing({ ...facts, objects: many }, now, ceremony.services).lines;
  };
  const notCompared = (count: number) =>
    `S3 named no checksum of ${count} objects, and the caller may not read them (s3:GetObject): the bytes were not compared.`;
  const compared = 'Of the others: S3 named the key, and compared the CRC32 of all bytes with that of the file.';
  assert.ok(linesOf(300).includes(notCompared(300)));
  assert.ok(!linesOf(300).some((line) => line.startsWith('Of the others')));
  assert.ok(linesOf(7).includes(notCompared(7)));
  assert.ok(linesOf(7).some((line) => line.startsWith(compared)));
  const wereRead = 'S3 named the key for 5 objects, and each was read back with the bytes of its file.';
  for (const unconfirmed of [0, 7]) {
    assert.ok(linesOf(unconfirmed, 5).includes(wereRead));
    assert.equal(linesOf(unconfirmed, 5).includes(notCompared(7)), unconfirmed === 7);
    assert.ok(linesOf(unconfirmed, 5).some((line) => line.startsWith(compared)));
  }
  assert.ok(!linesOf(295, 5).some((line) => line.startsWith('Of the others')));
  assert.ok(!linesOf(0, 300).some((line) => line.startsWith('Of the others')));
});
