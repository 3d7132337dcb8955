import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Progress } from '../../source/ceremony/progress.ts';
import type { SentObject } from '../../source/objects/manifest.ts';
import { TransferProgress } from '../../source/objects/transfer-progress.ts';
import { must } from '../practice/practising.ts';
import { plannedManifest, uploadedLine } from './planned-manifest.ts';

/* What a person sees of a transfer while it runs: the bar, the objects, the speed, and the time that is left. */

/** A transfer of files of these sizes, `a`, `b` and so on, of which nothing is sent yet, at a time that the test moves. */
function watching(t: TestContext, sizes: readonly number[]) {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const files = sizes.map((size, n) => {
    const key = 'abcdef'.charAt(n);
    return { is: 'object', path: `/${key}`, key, size, changedMs: 0 } as const;
  });
  const objects: readonly SentObject[] = files.map(({ path, key, size }, n) => ({ n, path, key, size }));
  const manifest = plannedManifest(t, files);
  const uploaded = (n: number) => manifest.note(uploadedLine(n, files[n] ?? assert.fail()));
  const readBack = (n: number) => manifest.note({ is: 'checked', n, readBack: true, looked: true });
  const told: Progress[] = [];
  const progress = new TransferProgress(manifest, (line) => void told.push(line), must(manifest.planned));
  const pass = (ms: number) => {
    now += ms;
  };
  return { progress, told, pass, uploaded, readBack, objects };
}

test('after an interruption, the bar goes on where it stopped, and the speed and the time left are of the rest', (t) => {
  const { progress, told, pass, uploaded } = watching(t, [300e6, 100e6]);
  uploaded(0);
  progress.begin();
  const line = { id: 'objects', label: '1 of 2 objects', state: 'working' };
  assert.deepEqual(told.pop(), { ...line, note: 'uploading', bytes: { done: 300e6, total: 400e6 } });
  pass(2000);
  progress.onBytes(20e6);
  const note = 'uploading, 10.0 MB/s, 8 s left';
  assert.deepEqual(told.pop(), { ...line, note, bytes: { done: 320e6, total: 400e6 } });
});

test('reading back begins with an empty bar and a speed of its own, but for what an earlier run has read back', (t) => {
  const { progress, told, pass, uploaded, readBack } = watching(t, [10e6, 90e6]);
  progress.begin();
  pass(2000);
  progress.onBytes(100e6);
  uploaded(0);
  uploaded(1);
  progress.beginReading(0);
  const { label, note, bytes } = told.at(-1) ?? assert.fail();
  assert.deepEqual([label, note, bytes], ['0 of 2 objects', 'reading back', { done: 0, total: 100e6 }]);
  readBack(0);
  progress.beginReading(10e6);
  assert.deepEqual(told.at(-1)?.bytes, { done: 10e6, total: 100e6 });
  pass(3000);
  progress.onBytes(30e6);
  assert.equal(told.at(-1)?.label, '1 of 2 objects');
  assert.equal(told.at(-1)?.note, 'reading back, 10.0 MB/s, 6 s left');
  assert.deepEqual(told.at(-1)?.bytes, { done: 40e6, total: 100e6 });
  progress.end();
  assert.deepEqual(told.at(-1), { id: 'objects', label: '1 of 2 objects', note: 'read back', state: 'done' });
});

test('what is read back unasked is counted apart from what was read back before', (t) => {
  const { progress, told, pass, uploaded, readBack } = watching(t, [10, 20, 30]);
  for (const n of [0, 1, 2]) uploaded(n);
  readBack(0);
  progress.begin();
  progress.beginUnaskedReading({ count: 2, bytes: 50 });
  assert.deepEqual(told.at(-2)?.id, 'unconfirmed');
  assert.deepEqual([told.at(-1)?.label, told.at(-1)?.bytes], ['0 of 2 objects', { done: 0, total: 50 }]);
  readBack(1);
  pass(200);
  progress.onBytes(20);
  assert.deepEqual([told.at(-1)?.label, told.at(-1)?.bytes], ['1 of 2 objects', { done: 20, total: 50 }]);
});

test('the line is shown five times a second at most, and its bar is never more than full', (t) => {
  const { progress, told, pass } = watching(t, [60, 40]);
  progress.begin();
  pass(199);
  progress.onBytes(10);
  progress.onObject();
  assert.equal(told.length, 1);
  pass(1);
  progress.onObject();
  // What is told later has the bytes of which nothing was shown.
  assert.deepEqual(told.at(-1)?.bytes, { done: 10, total: 100 });
  pass(200);
  // A part that is sent again counts twice.
  progress.onBytes(95);
  assert.deepEqual(told.at(-1)?.bytes, { done: 100, total: 100 });
});

test('a single object has a line of its own name, and tells its end and its problem itself; of more, each is told', (t) => {
  const what = "Can't send it.";
  const problem = { kind: 'fixable', what, why: '', next: [] } as const;
  for (const sizes of [[5], [5, 6]]) {
    const { progress, told, objects } = watching(t, sizes);
    const [object = assert.fail()] = objects;
    progress.begin();
    progress.onRefused(object, problem);
    progress.end();
    const ids = told.map(({ id, label, note }) => [id, label, note]);
    const single = [['a', 'a', 'uploading']];
    const several = [
      ['objects', '0 of 2 objects', 'uploading'],
      ['refused: a', what, undefined],
      ['objects', '0 of 2 objects', 'in S3'],
    ];
    assert.deepEqual(ids, sizes.length === 1 ? single : several);
    t.mock.restoreAll();
  }
});

test('that S3 does not show an object is told of the first one only', (t) => {
  const { progress, told, objects } = watching(t, [5, 6]);
  for (const object of objects) progress.onNotShown(object);
  assert.deepEqual(
    told.map(({ id, state }) => [id, state]),
    [['not shown', 'done']],
  );
  assert.match(told[0]?.label ?? '', /^S3 does not show you whether a exists: s3:GetObject shows an object/);
});

test('an upload in parts that S3 did not end is told with the command that ends it, ready for a shell', (t) => {
  const { progress, told } = watching(t, [5]);
  progress.onUploadLeft({ bucket: 'b', key: "it's mine.csv", uploadId: '-id' });
  const command = "aws s3api abort-multipart-upload --bucket b --key 'it'\\''s mine.csv' --upload-id -id";
  assert.ok(told[0]?.label.endsWith(`until somebody ends that upload: ${command}`), told[0]?.label);
  progress.onUploadLeft({ bucket: 'b', key: 'a.csv', uploadId: 'o;ther' });
  assert.match(told[1]?.label ?? '', /--upload-id 'o;ther'$/);
  assert.notEqual(told[1]?.id, told[0]?.id, 'each has a line of its own');
});
