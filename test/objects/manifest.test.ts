import assert from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { Manifest, readPlanHead } from '../../source/objects/manifest.ts';
import { inPieces } from '../disk/in-pieces.ts';
import { noDescriptors, openIn } from '../disk/open-in.ts';
import { refuse } from '../disk/refuse.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { uploadedLine } from './planned-manifest.ts';

/* The file that knows each object of a transfer: what a later run reads in it, and what is refused. */

const newPath = () => join(newFolder(), 'objects.jsonl');
const head = { bucket: 'b', prefix: 'in', keyArn: 'arn', inputs: ['a'], include: [], exclude: [], replace: false };
const objectOf = (key: string, size = 3) => ({ is: 'object', path: `/${key}`, key, size, changedMs: 1 }) as const;
const leftOut = { is: 'left out', path: '/link', why: 'It is a link.' } as const;
const wrong = { ...leftOut, path: '/odd', wrong: true } as const;
const uploadedOf = (n: number, key: string) => uploadedLine(n, objectOf(key));

/** Opens a manifest, and closes it when the test ends. */
function opened(t: TestContext, path = newPath()): Manifest {
  const manifest = new Manifest(path);
  t.after(() => manifest.close());
  return manifest;
}

/** A manifest with a plan of these objects, something that is left out, and something that is wrong. */
function planned(t: TestContext, keys: readonly string[], path = newPath()): Manifest {
  const manifest = opened(t, path);
  manifest.begin(head, new Date(0));
  for (const key of keys) manifest.add(objectOf(key));
  manifest.add(leftOut);
  manifest.add(wrong);
  manifest.endPlan();
  return manifest;
}

const remainingOf = (manifest: Manifest) => [...manifest.remaining()].map(({ n, key }) => [n, key]);
const saysWhy = (why: RegExp) => (error: unknown) =>
  error instanceof ProblemError && why.test(`${error.problem.what} ${error.problem.why}`);

test('a later run knows the plan, what is in S3 already, and what is still to send', (t) => {
  const path = newPath();
  const first = planned(t, ['a', 'b', 'c'], path);
  first.note({ is: 'sending', n: 1 });
  first.note(uploadedOf(1, 'b'));
  assert.deepEqual(remainingOf(first), [
    [0, 'a'],
    [2, 'c'],
  ]);
  const later = opened(t, path);
  assert.deepEqual(later.plan, { is: 'plan', version: 1, ...head, at: '1970-01-01T00:00:00.000Z' });
  assert.deepEqual(later.planned, { is: 'planned', count: 3, bytes: 9 });
  assert.deepEqual([later.leftOut, later.wrong], [2, [wrong]]);
  assert.deepEqual(remainingOf(later), remainingOf(first));
  assert.deepEqual([...later.linesOf('uploaded')], [uploadedOf(1, 'b')]);
  assert.deepEqual([later.states.uploaded, later.states.uploadedBytes], [1, 3]);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readPlanHead(path), later.plan);
});

test('a plan that is not whole is forgotten, with all that it had', (t) => {
  const path = newPath();
  const cut = opened(t, path);
  cut.begin(head, new Date(0));
  for (const line of [objectOf('old', 7), leftOut, wrong]) cut.add(line);
  appendFileSync(path, `${JSON.stringify(objectOf('old', 7))}\n${JSON.stringify(wrong)}\n`);
  const later = opened(t, path);
  assert.equal(statSync(path).size, 0);
  assert.deepEqual([later.plan, later.planned, later.leftOut, later.wrong], [undefined, undefined, 0, []]);
  later.begin({ ...head, bucket: 'other' }, new Date(0));
  later.add(objectOf('new'));
  later.endPlan();
  assert.deepEqual(later.planned, { is: 'planned', count: 1, bytes: 3 });
  assert.deepEqual(remainingOf(opened(t, path)), [[0, 'new']]);
});

test('a last line that is not whole is cut off, and the next line begins anew', (t) => {
  const path = newPath();
  planned(t, ['a', 'b'], path);
  const { size } = statSync(path);
  appendFileSync(path, '{"is":"sending","n":');
  const later = opened(t, path);
  assert.equal(statSync(path).size, size);
  later.note(uploadedOf(0, 'a'));
  assert.deepEqual(remainingOf(opened(t, path)), [[1, 'b']]);
});

test('a plan of very many files is written in pieces, each line once and in its order', (t) => {
  const path = newPath();
  const manifest = opened(t, path);
  manifest.begin(head, new Date(0));
  const linesNow = () => readFileSync(path, 'utf8').split('\n').length - 1;
  for (let number = 0; number < 499; number += 1) manifest.add(objectOf(`${number}`));
  assert.equal(linesNow(), 1, 'not a write for each');
  for (let number = 499; number < 1201; number += 1) manifest.add(objectOf(`${number}`));
  assert.equal(linesNow(), 1001, 'the memory does not hold them all');
  manifest.endPlan();
  const keys = [...manifest.linesOf('object')].map(({ key }) => key);
  assert.deepEqual(
    keys,
    Array.from({ length: 1201 }, (_, number) => `${number}`),
  );
  assert.equal(linesNow(), 1203);
  manifest.note(uploadedOf(1200, '1200'));
  assert.equal(manifest.states.isToSend(1200), false);
  assert.equal(remainingOf(manifest).length, 1200);
});

for (const count of [0, 500, 1000])
  test(`a plan of ${count} files can be read again`, (t) => {
    const path = newPath();
    const manifest = opened(t, path);
    manifest.begin(head, new Date(0));
    for (let number = 0; number < count; number += 1) manifest.add(objectOf(`${number}`));
    manifest.endPlan();
    const later = opened(t, path);
    assert.deepEqual([later.planned?.count, remainingOf(later).length], [count, count]);
  });

test('a plan and its end are on the disk before anything is sent, and so are all lines when the file is sealed', async (t) => {
  const path = newPath();
  const events = watchDisk(t);
  const manifest = planned(t, ['a'], path);
  const doneTo = (file: string) => events.flatMap((event) => ('file' in event && event.file === file ? [event] : []));
  assert.equal(doneTo('objects.jsonl').at(-1)?.does, 'flush');
  // The name of the file too must survive a power cut.
  const [first] = events;
  assert.deepEqual(first, { does: 'flush', file: basename(dirname(path)) });
  manifest.note(uploadedOf(0, 'a'));
  const { file, sha256 } = await manifest.seal();
  assert.equal(doneTo('objects.jsonl').at(-1)?.does, 'flush');
  assert.deepEqual([file, sha256], ['objects.jsonl', sha256Of(readFileSync(path))]);
});

for (const [what, line] of [
  ['no JSON', '{'],
  ['null', 'null'],
  ['a number', '1'],
  ['of another kind', '{"is":"nothing"}'],
  ['without a kind', '{"n":0}'],
  ['with a kind that is no text', '{"is":["sending"],"n":0}'],
  ['without a field', '{"is":"sending"}'],
  ['with a field too many', '{"is":"sending","n":0,"more":1}'],
  ['with a number that no object has', '{"is":"sending","n":-1}'],
  ['with half a number', '{"is":"sending","n":0.5}'],
  ['with a time that is none', '{"is":"beginning","n":0,"at":"yesterday"}'],
  [
    'of a later version',
    `{"is":"plan","version":2,${JSON.stringify(head).slice(1, -1)},"at":"2026-11-25T20:10:00.000Z"}`,
  ],
  ['with a mark that is false', JSON.stringify({ ...uploadedOf(0, 'a'), found: false })],
] as const)
  test(`a line that is ${what} is told with its number, and the file stays as it is`, (t) => {
    const path = newPath();
    planned(t, ['a'], path);
    appendFileSync(path, `${line}\n`);
    const before = readFileSync(path, 'utf8');
    assert.throws(
      () => new Manifest(path),
      ({ problem: { kind, state, next } }: ProblemError) =>
        kind === 'fixable' &&
        /^Nothing was sent now\./.test(state ?? '') &&
        /Put .*\n.*move it away/.test(next.join('\n')),
    );
    assert.throws(() => new Manifest(path), saysWhy(/^Can't go on: line 6 of \S+objects\.jsonl is damaged\./));
    assert.equal(readFileSync(path, 'utf8'), before);
  });

test('a manifest that others may only read is taken', (t) => {
  const path = newPath();
  planned(t, ['a'], path);
  chmodSync(path, 0o644);
  assert.deepEqual(remainingOf(opened(t, path)), [[0, 'a']]);
  assert.equal(readPlanHead(path)?.bucket, 'b');
});

test('a manifest that others may change, that is a link or a folder, or that is nowhere is refused with its reason', (t) => {
  const path = newPath();
  planned(t, ['a'], path);
  const link = newPath();
  symlinkSync(path, link);
  assert.throws(() => new Manifest(link), saysWhy(/^Can't write \S+objects\.jsonl\. It is a symbolic link/));
  const folder = newPath();
  mkdirSync(folder);
  assert.throws(() => new Manifest(folder), saysWhy(/It is a folder/));
  assert.throws(() => new Manifest(join(newFolder(), 'gone', 'm')), saysWhy(/There is no such file or folder/));
  chmodSync(path, 0o666);
  assert.throws(() => new Manifest(path), saysWhy(/permissions are 666/));
  for (const unfit of [path, join(newFolder(), 'gone', 'm')])
    assert.throws(
      () => new Manifest(unfit),
      ({ problem }: ProblemError) =>
        problem.kind === 'fixable' &&
        /^Nothing was sent now\./.test(problem.state ?? '') &&
        /goes on/.test(problem.next.join()),
    );
  for (const unfit of [path, link, folder, newPath()]) assert.equal(readPlanHead(unfit), undefined);
  const other = newPath();
  for (const text of ['', '{"is":"sending","n":0}\n', 'no JSON\n', '{"is":"plan"'])
    assert.equal(writeFileSync(other, text, { mode: 0o600 }) ?? readPlanHead(other), undefined, text);
});

test('a line is whole where the disk takes it in pieces, and a full disk is told', (t) => {
  const path = newPath();
  const manifest = planned(t, ['a'], path);
  inPieces(t, 7);
  manifest.note({ is: 'sending', n: 0 });
  assert.match(readFileSync(path, 'utf8'), /\n\{"is":"sending","n":0\}\n$/);
  refuse(t, 'writeSync', 'ENOSPC');
  assert.throws(() => manifest.note({ is: 'sending', n: 0 }), saysWhy(/^Can't write .* The disk is full\.$/));
  assert.throws(
    () => manifest.note({ is: 'sending', n: 0 }),
    (error: ProblemError) => /what was done until then\.$/.test(error.problem.state ?? ''),
  );
});

test('a closed manifest lets go of its file', { skip: noDescriptors }, () => {
  const path = newPath();
  const manifest = new Manifest(path);
  assert.equal(openIn(path), 1);
  manifest.close();
  assert.equal(openIn(path), 0);
});

test('what is behind the plan is no object of it, and an unread end of the file is left alone', (t) => {
  const path = newPath();
  const manifest = planned(t, ['a', 'b'], path);
  appendFileSync(path, `${JSON.stringify(objectOf('late'))}\n`);
  assert.deepEqual(remainingOf(manifest), [
    [0, 'a'],
    [1, 'b'],
  ]);
  appendFileSync(path, '{"is":"sending","n":7}\n{"is":"sending","odd":1}\n{"is":"sending"');
  assert.deepEqual([...manifest.linesOf('sending')], [{ is: 'sending', n: 7 }]);
  truncateSync(path, 0);
  assert.deepEqual([...manifest.linesOf('sending')], []);
});
