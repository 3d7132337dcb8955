import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { sampleFile } from '../../source/steps/file-names.ts';
import { type Between, between, s3Error } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { type Practice, practise, setControl } from '../practice/practising.ts';
import { beginImport, problemOf, type RunningCeremony, refusalOf } from './ceremony.ts';

const bucket = 'archive-of-tests';

/** A file that is uploaded in two parts. */
const large = join(newFolder(), 'large.bin');
writeFileSync(large, randomBytes(9 * 1024 * 1024));
const small = join(newFolder(), 'small.bin');
writeFileSync(small, randomBytes(1000));

type Uploading = { ceremony: RunningCeremony; proxy: Between; practice: Practice };

/** A ceremony that is about to upload this file into a bucket that is there, through a proxy. */
async function uploading(t: TestContext, file: string): Promise<Uploading> {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  await practice.s3().send(new CreateBucketCommand({ Bucket: bucket }));
  const ceremony = await beginImport(t, {
    practice,
    endpoint: proxy.endpoint,
    answers: { 'encrypt-objects': { where: 'existing', bucket, what: 'files', files: [file] } },
  });
  await ceremony.upTo('prove');
  return { ceremony, proxy, practice };
}

async function halfDone({ practice }: Uploading): Promise<readonly (string | undefined)[]> {
  const { Uploads = [] } = await practice.s3().send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  return Uploads.map(({ UploadId }) => UploadId);
}

const isPart = (call: string, number: number) => call.startsWith('s3:PUT ') && call.includes(`partNumber=${number}`);

const denied = s3Error('AccessDenied', 403, 'Access Denied');

for (const [file, what] of [
  [small, 'in one piece'],
  [large, 'in parts'],
] as const)
  test(`an upload ${what} waits until S3 can use material that was just imported`, async (t) => {
    const { ceremony, practice } = await uploading(t, file);
    setControl(practice, { newMaterialTries: 2 });
    const { objects } = await ceremony.upTo('encrypt-objects');
    assert.equal(objects?.objects[0]?.verified, true);
    const label = 'S3 does not see what is new yet';
    assert.deepEqual(
      ceremony.waiting.waits.map((wait) => wait.label),
      [label, label],
    );
  });

test('material that is not new is not waited for: what is gone is told at once', async (t) => {
  const { ceremony, practice } = await uploading(t, small);
  const { key } = ceremony.facts;
  await practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: key?.keyId }));
  practice.clock.now = new Date(practice.clock.now.getTime() + 60 * 60 * 1000);
  await problemOf(ceremony.upTo('encrypt-objects'));
  assert.deepEqual(ceremony.waiting.waits, []);
});

test('an upload in parts of which a part is refused leaves no upload behind', async (t) => {
  const world = await uploading(t, large);
  world.proxy.decide((call) => (isPart(call, 2) ? denied : undefined));
  await assert.rejects(world.ceremony.upTo('encrypt-objects'), ProblemError);
  assert.deepEqual(await halfDone(world), []);
});

test('an upload in parts that is stopped goes on with the next try, and then no upload is left', async (t) => {
  const world = await uploading(t, large);
  const { ceremony, proxy } = world;
  proxy.decide((call) => {
    if (isPart(call, 2)) ceremony.stop();
    return undefined;
  });
  await assert.rejects(ceremony.upTo('encrypt-objects'), /stopped by the person/);
  assert.equal((await halfDone(world)).length, 1);
  proxy.decide(() => undefined);
  assert.equal((await ceremony.goOn().upTo('encrypt-objects')).objects?.objects[0]?.verified, true);
  assert.equal(ceremony.countOf('S3.CreateMultipartUpload'), 1);
  assert.deepEqual(await halfDone(world), []);
});

test('what is cleaned up after a cut-off upload is never an upload that was begun before the ceremony', async (t) => {
  const world = await uploading(t, large);
  const { ceremony, proxy, practice } = world;
  const now = practice.clock.now;
  practice.clock.now = new Date(now.getTime() - 60 * 60 * 1000);
  const begin = new CreateMultipartUploadCommand({ Bucket: bucket, Key: basename(large) });
  const { UploadId: ofAnother } = await practice.s3().send(begin);
  practice.clock.now = now;

  // Nobody is told what became of the upload, nor can it be given up.
  proxy.decide((call) => (/^s3:(POST|DELETE) .*uploadId=/.test(call) ? 'cut' : undefined));
  await assert.rejects(ceremony.upTo('encrypt-objects'), ProblemError);
  assert.equal((await halfDone(world)).length, 2);
  proxy.decide(() => undefined);
  const { objects } = await ceremony.upTo('encrypt-objects');
  assert.equal(objects?.objects[0]?.verified, true);
  assert.deepEqual(await halfDone(world), [ofAnother]);
});

for (const file of [small, large]) {
  const { size } = statSync(file);
  test(`an object of ${size} bytes that comes back with as many other bytes is not called verified`, async (t) => {
    const { ceremony, proxy } = await uploading(t, file);
    ceremony.answer('encrypt-objects', { 'read-back': true });
    const isRead = (call: string) => call.startsWith(`s3:GET /${bucket}/${basename(file)}`);
    let reads = 0;
    proxy.decide((call) => {
      if (!isRead(call)) return undefined;
      reads += 1;
      return { status: 200, body: 'x'.repeat(size) };
    });
    await assert.rejects(ceremony.upTo('encrypt-objects'), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.match(error.problem.what, /did not come back/);
      return true;
    });
    assert.equal(reads, 1);
    assert.equal(ceremony.facts.objects, undefined);
    // The next try uploads it again, and S3 gives back what was sent.
    proxy.decide(() => undefined);
    assert.equal((await ceremony.upTo('encrypt-objects')).objects?.objects[0]?.verified, true);
  });
}

test('a bucket that S3 does not make is told, with nothing uploaded, and the next try makes it', async (t) => {
  const { ceremony, proxy, practice } = await uploading(t, small);
  ceremony.answer('encrypt-objects', { where: 'new', bucket: 'another-archive-of-tests' });
  proxy.decide((call) => (/^s3:PUT \/another-archive-of-tests\/?$/.test(call) ? denied : undefined));
  const { what, state } = await problemOf(ceremony.upTo('encrypt-objects'));
  assert.equal(what, "Can't make the bucket another-archive-of-tests.");
  assert.equal(state, 'The key is ready; no object was uploaded.');
  assert.deepEqual(
    ceremony.changes.filter((operation) => operation === 'S3.PutObject'),
    [],
  );
  proxy.decide(() => undefined);
  assert.equal((await ceremony.upTo('encrypt-objects')).objects?.objects[0]?.verified, true);
  const { Contents = [] } = await practice.s3().send(new ListObjectsV2Command({ Bucket: 'another-archive-of-tests' }));
  assert.deepEqual(
    Contents.map(({ Key }) => Key),
    [basename(small)],
  );
});

test('a bucket of which S3 does not say the Region does not count as made, and is made again', async (t) => {
  const { ceremony, proxy } = await uploading(t, small);
  ceremony.answer('encrypt-objects', { where: 'new', bucket: 'another-archive-of-tests' });
  let makes = 0;
  proxy.decide((call) => {
    if (/^s3:PUT \/another-archive-of-tests\/?$/.test(call)) {
      makes += 1;
      return makes === 1 ? 'cut' : undefined;
    }
    return makes === 1 && /^s3:HEAD \/another-archive-of-tests\/?$/.test(call) ? { status: 200, body: '' } : undefined;
  });
  assert.equal((await ceremony.upTo('encrypt-objects')).objects?.objects[0]?.verified, true);
  assert.equal(makes, 2);
});

test('two files of one name are refused before anything is sent', async (t) => {
  const { ceremony } = await uploading(t, small);
  const twin = join(newFolder(), basename(small));
  writeFileSync(twin, 'another one');
  const files = ceremony.questionsOf('encrypt-objects').find(({ id }) => id === 'files');
  assert.ok(files?.kind === 'many');
  assert.equal(files.looksIn, `the folder ${process.cwd()}`);
  ceremony.answer('encrypt-objects', { files: [small, twin] });
  const refusal = await refusalOf(ceremony.upTo('encrypt-objects'));
  assert.match(refusal, /Two of the files are called small\.bin; they would overwrite each other in the bucket\./);
  assert.equal(ceremony.countOf('S3.PutObject'), 0);
});

test('where files are uploaded, no sample is made', async (t) => {
  const { ceremony } = await uploading(t, small);
  const { objects } = await ceremony.upTo('encrypt-objects');
  assert.deepEqual(
    objects?.objects.map(({ key }) => key),
    [basename(small)],
  );
  assert.equal(ceremony.services.folder.has(sampleFile), false);
});
