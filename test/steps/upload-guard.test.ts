import assert from 'node:assert/strict';
import { linkSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { createBucket } from '../../source/aws/s3.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { UploadGuard } from '../../source/steps/upload-guard.ts';
import { key } from '../material/samples.ts';
import { newFolder } from '../new-folder.ts';
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
