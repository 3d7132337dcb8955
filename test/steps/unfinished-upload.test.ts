import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createBucket } from '../../source/aws/s3.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { mayReplace } from '../../source/objects/refusals.ts';
import { chooseAgain, encryptFiles, type FilesToEncrypt } from '../../source/steps/encrypt-files.ts';
import { s3Error } from '../faults/between.ts';
import { problemOf } from './ceremony.ts';
import { uploading } from './uploading.ts';

/* An upload of several files of which not all get into S3. */

const bucket = 'a-bucket';

async function several(t: TestContext) {
  const made = await uploading(t);
  const { clients, context, folder } = made;
  await createBucket(clients.s3, bucket);
  const write = (...names: readonly string[]) =>
    names.map((name) => {
      const path = join(folder, name);
      writeFileSync(path, name);
      return path;
    });
  const putTheirs = async (...keys: readonly string[]) => {
    for (const Key of keys) await clients.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'their bytes' }));
  };
  const send = (inputs: readonly string[], prefix = '', more = {}) =>
    encryptFiles({ ...context, ...more }, { destination: { bucket, prefix }, inputs });
  return { ...made, write, putTheirs, send };
}

test('of many files that are not sent five are told with their reasons, and how many more the manifest has', async (t) => {
  const { write, putTheirs, send, folder } = await several(t);
  const names = ['1', '2', '3', '4', '5', '6', '7'].map((number) => `${number}.txt`);
  await putTheirs(...names);
  const { kind, what, why, state, next, remedies } = await problemOf(send(write(...names)));
  assert.deepEqual([kind, what], ['fixable', '7 of 7 files are not in S3 as planned.']);
  const manifest = /^0 of 7 objects are in S3, under your key\. (.*) says which\.$/.exec(state ?? '')?.[1];
  const lines = why?.split('\n') ?? [];
  assert.equal(lines.length, 6);
  for (const line of lines.slice(0, 5))
    assert.match(line, /^Can't upload .*exists already\. That object has other bytes/);
  assert.equal(lines.at(-1), `And 2 more: ${manifest} has all of them.`);
  assert.deepEqual(next, [
    'Remove the cause, then try again: what is in S3 is not sent again.',
    mayReplace,
    'Or choose without these files.',
  ]);
  assert.deepEqual(remedies, [chooseAgain]);

  await putTheirs(...names.slice(0, 5).map((name) => `in/${name}`));
  const twins = names.map((name) => join(`of-${name}`, 'same.txt'));
  for (const twin of twins) mkdirSync(join(folder, dirname(twin)));
  const ofOneName = await problemOf(send(write(...twins), 'twins'));
  assert.equal(ofOneName.what, '6 of 7 files are not in S3 as planned.');
  assert.match(ofOneName.why ?? '', /^(?:Can't upload .*\n){5}And 1 more: .* has all of them\.$/);
  const five = await problemOf(send(write(...names.slice(0, 6)), 'in'));
  assert.equal(five.what, '5 of 6 files are not in S3 as planned.');
  assert.match(five.state ?? '', /^1 of 6 objects are in S3/);
  assert.equal(five.why?.split('\n').length, 5);
});

test('one file that is not sent is told as itself, but as one of several where there are others', async (t) => {
  const { write, putTheirs, send, folder } = await several(t);
  await putTheirs('one.txt');
  const [one = '', two = ''] = write('one.txt', 'two.txt');
  const alone = await problemOf(send([one]));
  assert.equal(alone.what, `Can't upload ${one}: s3://${bucket}/one.txt exists already.`);
  assert.deepEqual(alone.remedies, [chooseAgain]);
  const { what, why } = await problemOf(send([one, two]));
  assert.equal(what, '1 of 2 files is not in S3 as planned.');
  assert.match(why ?? '', /^Can't upload .*one\.txt exists already\. That object has other bytes.*$/);

  // A second file of the same name is never sent. No object is in the way of it.
  mkdirSync(join(folder, 'more'));
  const twins = await problemOf(send([...write(join('more', 'two.txt')), two], 'twins'));
  assert.equal(twins.what, '1 of 2 files is not in S3 as planned.');
  assert.match(twins.why ?? '', /^Can't upload .*two\.txt\. Two of the files are called two\.txt/);
  assert.match(twins.state ?? '', /^1 of 1 objects are in S3/);
  assert.ok(!twins.next.includes(mayReplace));
});

test('where nobody knows whether one of several objects is there, the outcome counts as open', async (t) => {
  const { write, putTheirs, send, decide } = await several(t);
  await putTheirs('theirs.txt');
  const loseAnswer = () => {
    let puts = 0;
    decide((call) => {
      if (!call.includes('/lost.txt')) return undefined;
      if (call.startsWith('s3:HEAD')) return { status: 403, body: '' };
      if (!call.startsWith('s3:PUT')) return undefined;
      puts += 1;
      return puts === 1 ? 'cut' : s3Error('PreconditionFailed', 412);
    });
  };
  loseAnswer();
  const { kind, what, why, next } = await problemOf(send(write('lost.txt', 'ours.txt', 'theirs.txt')));
  assert.deepEqual([kind, what], ['lost', '2 of 3 files are not in S3 as planned.']);
  assert.match(why ?? '', /Can't tell whether .*lost\.txt is at/);
  assert.ok(next.includes(mayReplace));
  loseAnswer();
  const alone = await problemOf(send(write('lost.txt', 'ours.txt'), 'in'));
  assert.equal(alone.what, '1 of 2 files is not in S3 as planned.');
  assert.ok(!alone.next.includes(mayReplace), 'nothing shows that an object is there');
});

test('only what the patterns choose is sent, and another choice is another upload', async (t) => {
  const { write, send, folder, context } = await several(t);
  mkdirSync(join(folder, 'in'));
  write('in/a.txt', 'in/b.txt', 'in/c.md');
  const keysOf = async (choice: Partial<FilesToEncrypt>) => {
    const files = { destination: { bucket, prefix: '' }, inputs: [join(folder, 'in')], ...choice };
    const { objects } = await encryptFiles(context, files);
    return objects.map(({ key }) => key);
  };
  assert.deepEqual(await keysOf({ include: ['*.txt'], exclude: ['b.*'] }), ['a.txt']);
  assert.deepEqual(await keysOf({ include: ['*.md'] }), ['c.md']);
  assert.deepEqual(await keysOf({ exclude: ['*.md'] }), ['a.txt', 'b.txt']);
  assert.equal((await send([join(folder, 'in')], 'all')).count, 3);
});

test('an upload that the person ends early is told as stopped, and goes on where it stopped', async (t) => {
  const { write, send, countOf } = await several(t);
  const files = write('one.txt', 'two.txt');
  const enough = AbortSignal.abort();
  const { what, state, next, remedies } = await problemOf(send(files, '', { enough }));
  assert.equal(what, 'You stopped the upload: 0 of 2 objects are in S3.');
  assert.match(state ?? '', /^0 of 2 objects are in S3/);
  assert.deepEqual([next, remedies], [['Try again: it goes on where it stopped.'], []]);
  assert.equal(countOf('S3.PutObject'), 0);
  assert.equal((await send(files)).count, 2);
  assert.equal(countOf('S3.PutObject'), 2);
});

test('what would stop every upload is told once, with the file at which it was met, and not as a matter of that file', async (t) => {
  const { write, send, decide } = await several(t);
  const files = write('one.txt');
  for (const [fate, what] of [
    [s3Error('AccessDenied', 403), `Can't encrypt one.txt into s3://${bucket}.`],
    [s3Error('NoSuchBucket', 404), `Can't encrypt one.txt into s3://${bucket}.`],
  ] as const) {
    decide((call) => (call.startsWith('s3:PUT') ? fate : undefined));
    const error = await send(files).catch((each: unknown) => each);
    assert.ok(error instanceof ProblemError && error.cause instanceof Error);
    const { problem } = error;
    assert.equal(problem.what, what);
    assert.equal(problem.state, 'The key is ready. Files uploaded before this one stay.');
    assert.deepEqual(problem.remedies, [chooseAgain]);
    assert.equal(/suspect first/.test(problem.why ?? ''), fate.body.includes('AccessDenied'));
  }
});
