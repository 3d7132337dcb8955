import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { contentQuestion, ownFilesQuestions } from '../../source/steps/content-questions.ts';
import type { EncryptedObject, Facts } from '../../source/steps/facts.ts';
import { sampleFile } from '../../source/steps/file-names.ts';
import { manifestNameOf } from '../../source/steps/manifest-names.ts';
import { answeringS3, refusal } from '../aws/answering-clients.ts';
import { connectionOf, keyOf } from '../known-facts.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';

const bucket = 'a-bucket';
const existing: Answers = { where: 'existing', bucket };
const facts: Facts = {
  connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
  key: keyOf('k'),
};

/** The question of what is encrypted, in a folder of its own. S3 shows an object of this size, or answers with this error. */
function asking(t: TestContext, shown: number | Error) {
  const looks: unknown[] = [];
  const s3 = answeringS3((input) => {
    const { Bucket, Key, ExpectedBucketOwner } = input as Record<string, unknown>;
    looks.push({ Bucket, Key, ExpectedBucketOwner });
    return shown instanceof Error ? shown : { ContentLength: shown };
  });
  const services = withClients(t, { s3 }, makeOfflineServicesFor(t));
  const why = (answers: Answers = existing, objects: readonly EncryptedObject[] = [], what = 'sample') => {
    const earlier = { objects, openingFiles: [], copies: [] };
    return contentQuestion(facts, answers, { ...services, earlier }).verify?.(what);
  };
  return { folder: services.folder, services, looks, why };
}

const taken = `s3://${bucket}/${sampleFile} exists already, and no object is replaced. Move it, or choose another bucket or other files.`;

test('the sample does not go where an object has its name already, and only the own account is asked about it', async (t) => {
  const { why, looks } = asking(t, 10);
  assert.equal(await why(), taken);
  const key = `in/2026/${sampleFile}`;
  assert.equal(await why({ ...existing, prefix: 'in/2026' }), taken.replace(sampleFile, key));
  const ExpectedBucketOwner = '000000000000';
  assert.deepEqual(looks, [
    { Bucket: bucket, Key: sampleFile, ExpectedBucketOwner },
    { Bucket: bucket, Key: key, ExpectedBucketOwner },
  ]);
});

test('a new bucket is empty, and for files of the own nobody looks for the sample', async (t) => {
  const { why, looks } = asking(t, 10);
  assert.equal(await why({ where: 'new', bucket }), undefined);
  assert.equal(await why(existing, [], 'files'), undefined);
  assert.deepEqual(looks, []);
});

test('an object that this ceremony has begun to upload may be its own, so that it is not looked for', async (t) => {
  const { why, services, looks, folder } = asking(t, 10);
  const head = { bucket, prefix: '', keyArn: facts.key?.keyArn ?? '', inputs: [folder.file(sampleFile)] };
  const choice = { ...head, include: [], exclude: [], replace: false };
  const name = `upload to s3://${bucket} by ${manifestNameOf(services.journal.path, choice)}`;
  const attempt = { step: 'encrypt-objects', name } as const;
  services.journal.append({ kind: 'intent', ...attempt });
  assert.equal(await why(), undefined);
  services.journal.append({ kind: 'outcome', ...attempt, outcome: 'done' });
  assert.equal(await why(), undefined);
  assert.equal(looks.length, 0);
  services.journal.append({ kind: 'intent', ...attempt });
  services.journal.append({ kind: 'outcome', ...attempt, outcome: 'refused' });
  assert.equal(await why(), taken);
});

test('where S3 shows no object of that name, or does not let anybody look, the sample is taken', async (t) => {
  for (const error of [refusal('NotFound', 404), refusal('Forbidden', 403), refusal('PermanentRedirect', 301)])
    assert.equal(await asking(t, error).why(), undefined, error.name);
});

test('only the very sample that a ceremony of this folder has uploaded there counts as its own', async (t) => {
  const { why, folder } = asking(t, 10);
  const bytes = '0123456789';
  const own: EncryptedObject = {
    bucket,
    key: sampleFile,
    size: 10,
    sha256: sha256Of(bytes),
    sseAlgorithm: 'aws:kms',
    kmsKeyArn: 'k',
    verified: true,
  };
  assert.equal(await why(existing, [own]), taken, 'its file is not here any more');
  writeFileSync(folder.file(sampleFile), bytes);
  assert.equal(await why(existing, [own]), undefined);
  assert.equal(await why(existing, [{ ...own, size: 9 }, own]), undefined, 'the last upload counts');
  for (const other of [
    { ...own, bucket: 'another' },
    { ...own, key: `in/${sampleFile}` },
    { ...own, size: 9 },
    { ...own, sha256: sha256Of('abcdefghij') },
  ])
    assert.equal(await why(existing, [other]), taken);
  assert.equal(await why(existing, [own, { ...own, size: 9 }]), taken);
});

test('a sample that is too long by name, or is a link, is refused before S3 is asked', async (t) => {
  const { why, folder, looks } = asking(t, refusal('NotFound', 404));
  assert.match(String(await why({ ...existing, prefix: 'p'.repeat(1024) })), /at most 1024 bytes/);
  symlinkSync(folder.file('elsewhere'), folder.file(sampleFile));
  assert.equal(await why(), undefined, 'it leads nowhere');
  writeFileSync(folder.file('elsewhere'), 'some bytes');
  assert.match(String(await why()), /is a symbolic link, and not the sample that Keyferry makes\./);
  assert.equal(looks.length, 1);
});

test('each choice says what it makes and where it goes, with what is known of the bucket', async (t) => {
  const { services } = asking(t, 10);
  const asked = (answers: Answers) => {
    const { options, help } = contentQuestion(facts, answers, services);
    return [Array.isArray(options) ? options[0].label : undefined, help];
  };
  assert.deepEqual(asked(existing), [`Upload a sample of 33 bytes to s3://${bucket}`, undefined]);
  services.bucketNotes.keep(bucket, ['It keeps every version.', 'And more.']);
  assert.deepEqual(asked({ ...existing, where: 'new', prefix: 'in' }), [
    `Make the bucket, and upload a sample of 33 bytes to s3://${bucket}/in`,
    'It keeps every version.\nAnd more.',
  ]);
});

test('files are asked for only where files were chosen, and once they are named the upload is asked for', (t) => {
  const { services } = asking(t, 10);
  const idsWith = (answers: Answers) =>
    ownFilesQuestions(facts, { ...existing, ...answers }, services).map(({ id }) => id);
  assert.deepEqual(idsWith({}), []);
  assert.deepEqual(idsWith({ what: 'sample', files: ['a'] }), []);
  assert.deepEqual(idsWith({ what: 'files' }), ['files', 'read-back']);
  assert.deepEqual(idsWith({ what: 'files', files: ['a'] }), ['files', 'read-back', 'upload']);
  const upload = ownFilesQuestions(facts, { ...existing, what: 'files', files: ['a'] }, services).at(-1);
  assert.ok(upload?.kind === 'choice' && Array.isArray(upload.options));
  assert.equal(upload.options[0].label, `Upload what was chosen, to s3://${bucket}`);
  assert.deepEqual(upload.options[1].leads, { action: 'ask-again', label: 'Choose other files', question: 'files' });
});
