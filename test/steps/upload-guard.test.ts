import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createBucket } from '../../source/aws/s3.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { UploadGuard } from '../../source/steps/upload-guard.ts';
import { openIn } from '../disk/open-in.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { openedBackup } from '../known-facts.ts';
import { key } from '../material/samples.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { encryptObject, uploading } from './uploading.ts';

const copyOfKey = () => SecretBytes.takeFrom(Buffer.from(key));
const checkValue = keyCheckValue(copyOfKey());

/** An upload in a ceremony whose key was taken from `my.key`, with a bucket. */
async function uploadingWithKey(t: TestContext) {
  const { context, folder, path, countOf, clients } = await uploading(t);
  const source = join(folder, 'my.key');
  writeFileSync(source, key);
  const facts = { ...context.facts, secret: { origin: 'file', bytes: 32, checkValue, source } } as const;
  await createBucket(clients.s3, 'a-bucket');
  const send = (file: string) => encryptObject({ ...context, facts }, { bucket: 'a-bucket', prefix: '' }, file);
  const refused = (file: string, why: RegExp) =>
    assert.rejects(send(file), (error: unknown) => {
      assert.ok(error instanceof ProblemError);
      assert.match(error.problem.what, /^Can't upload /);
      assert.match(error.problem.why ?? '', why);
      assert.equal(countOf('S3.PutObject'), 0, 'nothing was sent');
      return true;
    });
  const guard = () => new UploadGuard(facts, context.services);
  return { folder, path, source, send, refused, guard, workdir: context.services.folder };
}

test('what a file holds when it is sent is what counts, not what it held when it was chosen', async (t) => {
  const { path, refused, guard } = await uploadingWithKey(t);
  assert.equal(await guard().problem(path), undefined);
  writeFileSync(path, `key: ${key.toString('base64')}\n`);
  await refused(path, /holds your secret key as base64 text\. It never goes to S3\./);
});

test('a file that became a link to the key after it was chosen is known when it is sent', async (t) => {
  const { path, source, refused, guard } = await uploadingWithKey(t);
  assert.equal(guard().placeProblem(path), undefined);
  rmSync(path);
  symlinkSync(source, path);
  await refused(path, /is the file that your secret key was taken from/);
  rmSync(path);
  linkSync(source, path);
  await refused(path, /is the file that your secret key was taken from/);
});

test('a copy of the key is known when the file that it was taken from is gone', async (t) => {
  const { path, source, refused } = await uploadingWithKey(t);
  renameSync(source, path);
  await refused(path, /holds your secret key\./);
});

test('the sample is not read through a link, wherever it leads', async (t) => {
  const { path, refused, workdir } = await uploadingWithKey(t);
  symlinkSync(path, workdir.file('keyferry-sample.txt'));
  await refused(workdir.file('keyferry-sample.txt'), /is a symbolic link, and not the sample/);
});

test('other files may be links, and a file above 64 KiB is known by its place alone', async (t) => {
  const { folder, path, source, send, refused } = await uploadingWithKey(t);
  const link = join(folder, 'link.txt');
  symlinkSync(path, link);
  const large = join(folder, 'large.bin');
  const bytes = Buffer.concat([Buffer.alloc(64 * 1024), key]);
  writeFileSync(source, bytes);
  await refused(source, /is the file that your secret key was taken from/);
  writeFileSync(large, bytes);
  for (const file of [link, large]) assert.equal((await send(file)).size, readFileSync(file).length);
});

test('the folder of another ceremony is left out, also when it has very many files', async (t) => {
  const { guard: makeGuard, folder: parent, workdir } = await uploadingWithKey(t);
  const guard = makeGuard();
  assert.match(
    guard.folderProblem(join(parent, 'state')) ?? '',
    /is the state of practice AWS\. It never goes to S3\.$/,
  );
  assert.match(guard.folderProblem(workdir.path) ?? '', /is the folder of this ceremony\. It never goes to S3\.$/);
  const folder = newFolder();
  for (let count = 0; count < 300; count += 1) writeFileSync(join(folder, `a-${count}`), '');
  assert.equal(guard.folderProblem(folder), undefined);
  writeFileSync(join(folder, 'journal.jsonl'), '');
  assert.match(guard.folderProblem(folder) ?? '', /is the folder of a ceremony, with its keys and backups/);
  assert.equal(guard.ceremonyFolderWords(folder, 0), undefined, 'a list looks at the first files alone');
});

const secret = { origin: 'generated', bytes: 32, checkValue } as const;
const backupOf = (content: string) => ({ ...openedBackup, sha256: sha256Of(content) });

/** A guard where nobody is connected, and a folder of the person with files to choose. */
function guarding(facts: Pick<Facts, 'secret' | 'backup'> = {}, parts: Partial<Services> = {}) {
  const services = {
    ...makeOfflineServices(new CeremonyFolder(newFolder(), false)),
    practiceState: newFolder(),
    ...parts,
  };
  const place = newFolder();
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(place, name), content);
    return join(place, name);
  };
  const guard = () => new UploadGuard(facts, services);
  return { services, folder: services.folder, place, write, guard };
}

const both = { secret, backup: backupOf('now') };
const cases: readonly (readonly [who: string, facts: Facts, recorded: Facts])[] = [
  ['this ceremony', both, {}],
  ['the first import of the folder', {}, both],
  ['this ceremony, before the first import', { backup: both.backup }, { secret, backup: backupOf('then') }],
];

for (const [who, facts, recorded] of cases)
  test(`a copy of the key and of its backup anywhere is known, by what ${who} has noted`, async () => {
    const { guard, write } = guarding(facts, { recorded });
    const ofKey = write('anything', `-----\n${key.toString('hex')}\n`);
    assert.match(
      (await guard().problem(ofKey)) ?? '',
      /anything holds your secret key as hex text\. It never goes to S3\.$/,
    );
    const ofBackup = write('other', 'now');
    assert.match(
      (await guard().problem(ofBackup)) ?? '',
      /other is the backup of your secret key\. It never goes to S3\.$/,
    );
    await assert.rejects(guard().refuse(ofKey), ProblemError);
    assert.throws(() => guard().judge(ofBackup, Buffer.from('now')), ProblemError);
    const harmless = write('harmless', 'then');
    assert.equal(await guard().problem(harmless), undefined);
    await guard().refuse(harmless);
  });

test('bytes are judged up to 64 KiB, and not beyond', () => {
  const { guard } = guarding({ secret, backup: backupOf('x'.repeat(64 * 1024 + 1)) });
  const padded = (length: number) => Buffer.concat([Buffer.alloc(length - 64, ' '), Buffer.from(key.toString('hex'))]);
  assert.throws(() => guard().judge('a', padded(64 * 1024)), /Can't upload a/);
  guard().judge('a', padded(64 * 1024 + 1));
  guard().judge('a', Buffer.from('x'.repeat(64 * 1024 + 1)));
});

test('what is no file, or is not there, is told as that', async () => {
  const { guard, place } = guarding();
  const [gone, loop] = [join(place, 'gone'), join(place, 'loop')];
  symlinkSync(loop, loop);
  assert.equal(guard().placeProblem(gone), `${gone} does not exist.`);
  assert.equal(guard().placeProblem(place), `${place} is a folder.`);
  assert.equal(guard().placeProblem('/dev/null'), '/dev/null is not a file.');
  assert.match(guard().placeProblem(loop) ?? '', new RegExp(`^${loop} cannot be looked at\\. .`));
  assert.equal(await guard().problem(place), `${place} is a folder.`);
  assert.equal(await guard().problem('/dev/null'), '/dev/null is not a file.');
  await assert.rejects(guard().problem(gone), { code: 'ENOENT' });
  await assert.rejects(guard().problem(loop), { code: 'ELOOP' });
});

test('a file, a folder, a pattern and a list are each judged as what they are, and shown as they were typed', async (t) => {
  const { guard, place, write, folder } = guarding({ secret });
  keepEnvironment(t);
  process.env.HOME = place;
  workIn(t, place);
  writeFileSync(folder.file('plain_text_aes_key.bin'), key);
  linkSync(folder.file('plain_text_aes_key.bin'), join(place, 'a*b'));
  write('list', 'a\n');
  write('notes', key.toString('hex'));
  mkdirSync(join(place, 'more'));
  const [byPlace, byContent] = [
    'is your secret key. It never goes to S3.',
    'holds your secret key as hex text. It never goes to S3.',
  ];
  for (const [input, quick, whole] of [
    ['a*b', `a*b ${byPlace}`],
    ['~/a*b', `${join(place, 'a*b')} ${byPlace}`],
    ['*.txt', undefined],
    ['@list', undefined],
    ['gone', 'gone does not exist.'],
    ['more', undefined],
    [folder.path, `${folder.path} is the folder of this ceremony. It never goes to S3.`],
    ['notes', undefined, `notes ${byContent}`],
    ['~/notes', undefined, `${join(place, 'notes')} ${byContent}`],
  ] as const) {
    assert.equal(guard().inputProblem(input), quick, input);
    assert.equal(await guard().namedFileProblem(input), whole ?? quick, input);
  }
});

test('a folder with the journal of any ceremony is never sent, also through a link, and none by a name that is only alike', () => {
  const { guard, place, folder, services } = guarding();
  const linked = join(place, 'linked');
  symlinkSync(folder.path, linked);
  assert.match(guard().folderProblem(linked) ?? '', /linked is the folder of this ceremony/);
  symlinkSync(services.practiceState, join(place, 'state'));
  assert.match(guard().folderProblem(join(place, 'state')) ?? '', /state is the state of practice AWS/);
  for (const [name, isJournal] of [
    ['journal.jsonl', true],
    ['journal-reimport-20261125T140200Z.jsonl', true],
    ['my-journal.jsonl', false],
    ['journal.jsonl.txt', false],
    ['journal.txt', false],
  ] as const) {
    const other = newFolder();
    writeFileSync(join(other, name), '');
    assert.equal(guard().folderProblem(other) !== undefined, isJournal, name);
  }
  assert.equal(guard().folderProblem(join(place, 'gone')), undefined);
  assert.equal(guard().folderProblem(place), undefined);
});

test('a link in the place of the sample is not opened, and a sample that is not there is no problem of the guard', async () => {
  const { guard, folder, place } = guarding();
  const sample = folder.file('keyferry-sample.txt');
  await assert.rejects(guard().open(sample), { code: 'ENOENT' });
  symlinkSync(join(place, 'any'), sample);
  await assert.rejects(guard().open(sample), ProblemError);
});

test('no file stays open once it was judged', async () => {
  const { guard, folder, write, place } = guarding({ secret });
  const refused = folder.file('plain_text_aes_key.bin');
  writeFileSync(refused, key);
  const file = write('a.txt', 'a');
  assert.equal(await guard().problem(file), undefined);
  assert.match((await guard().problem(refused)) ?? '', /is your secret key/);
  guard().folderProblem(place);
  assert.deepEqual([openIn(place), openIn(folder.path)], [0, 0]);
});
