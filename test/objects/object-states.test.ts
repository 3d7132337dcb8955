import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ObjectStates } from '../../source/objects/object-states.ts';
import { uploadedLine } from './planned-manifest.ts';

const refused = { is: 'refused', n: 0, why: 'The file cannot be read.' } as const;
const wrong = { is: 'wrong', n: 0, etag: 'e', size: 5, why: 'It is under another key.' } as const;

/** What is known after these lines about the only object. */
function statesAfter(...lines: readonly Parameters<ObjectStates['apply']>[0][]): ObjectStates {
  const states = new ObjectStates();
  states.add();
  for (const line of lines) states.apply(line);
  return states;
}

test('a refusal of the file does not forget a request that may have made the object, nor what was begun or wrong', () => {
  const begun = { is: 'begun', n: 0, uploadId: 'u', partSize: 8, size: 20, changedMs: 1 } as const;
  assert.equal(statesAfter(refused).of(0).is, 'refused');
  assert.equal(statesAfter({ is: 'sending', n: 0 }, refused).of(0).is, 'sending');
  assert.equal(statesAfter({ is: 'beginning', n: 0, at: '2026-11-26T10:00:00.000Z' }, refused).of(0).is, 'beginning');
  assert.equal(statesAfter(begun, refused).of(0).is, 'begun');
  assert.equal(statesAfter(wrong, refused).wrongEtag(0), 'e');
  assert.equal(statesAfter(wrong, refused).of(0).is, 'wrong');
});

test('an object that was found wrong is still known as wrong when S3 refuses to have it written anew', () => {
  assert.equal(statesAfter(wrong, { is: 'sending', n: 0 }, { is: 'given up', n: 0 }).of(0).is, 'wrong');
  assert.equal(statesAfter({ is: 'sending', n: 0 }, { is: 'given up', n: 0 }).of(0).is, 'new');
});

test('an object that was found wrong when it was written was never counted as uploaded', () => {
  const states = statesAfter({ is: 'sending', n: 0 }, wrong, wrong);
  assert.deepEqual([states.uploaded, states.uploadedBytes], [0, 0]);
  assert.ok(states.isToSend(0));
});

test('what is known of the first objects stays known when very many more are planned', () => {
  const states = statesAfter({ is: 'sending', n: 0 });
  for (let count = 1; count < 5000; count += 1) states.add();
  assert.deepEqual([states.of(0).is, states.of(4999).is], ['sending', 'new']);
  states.apply({ is: 'sending', n: 4999 });
  assert.equal(states.of(4999).is, 'sending');
});

const uploaded = uploadedLine(0, { is: 'object', path: '/a', key: 'a', size: 5, changedMs: 1 });
const checked = { is: 'checked', n: 0, readBack: true, looked: true } as const;

test('an upload in parts is known with the parts that S3 has, until it ends', () => {
  const begun = { is: 'begun', n: 0, uploadId: 'u', partSize: 8, size: 20, changedMs: 1 } as const;
  const part = { is: 'part', n: 0, number: 2, size: 8, etag: 'p', crc32: 'c' } as const;
  const beginning = { is: 'beginning', n: 0, at: '2026-11-26T10:00:00.000Z' } as const;
  assert.deepEqual(statesAfter(beginning).of(0), { is: 'beginning', at: beginning.at });
  assert.deepEqual(statesAfter(beginning, begun, part).of(0), { is: 'begun', upload: begun, parts: [part] });
  const anew = { ...begun, uploadId: 'v' };
  assert.deepEqual(statesAfter(begun, part, anew).of(0), { is: 'begun', upload: anew, parts: [] });
  assert.deepEqual(statesAfter(begun, part, { is: 'given up', n: 0 }).of(0), { is: 'new' });
  assert.deepEqual(statesAfter(begun, part, uploaded).of(0), { is: 'uploaded' });
});

test('objects that are in S3 are counted, each with its bytes, and those that were there already', () => {
  const states = statesAfter(uploaded);
  assert.deepEqual([states.uploaded, states.uploadedBytes, states.found, states.unconfirmed], [1, 5, 0, 0]);
  assert.deepEqual([states.isToSend(0), states.isInS3(uploaded), states.isToCheck(uploaded)], [false, true, true]);
  assert.equal(statesAfter({ ...uploaded, found: true }).found, 1);
  const both = statesAfter({ ...uploaded, found: true });
  both.add();
  assert.equal(both.isToSend(1), true);
  both.apply({ ...uploaded, n: 1, size: 7 });
  assert.deepEqual([both.uploaded, both.uploadedBytes, both.found], [2, 12, 1]);
});

test('what was read back is confirmed and need not be checked again; what was only looked at is not confirmed', () => {
  const unconfirmed = { ...uploaded, checksum: false };
  const read = { is: 'read', n: 0, to: 3 } as const;
  const before = statesAfter(unconfirmed, read);
  assert.deepEqual([before.unconfirmed, before.isUnconfirmed(0), before.isUnconfirmed(1)], [1, true, false]);
  assert.deepEqual([before.readTo(0), before.readTo(1), before.checked], [3, 0, 0]);
  const after = statesAfter(unconfirmed, read, checked);
  assert.deepEqual([after.unconfirmed, after.readTo(0), after.checked, after.readBack], [0, 0, 1, 1]);
  assert.deepEqual([after.of(0).is, after.isToSend(0)], ['checked', false]);
  assert.deepEqual([after.isToCheck(unconfirmed), after.isInS3(unconfirmed)], [false, true]);
  const looked = statesAfter(unconfirmed, { ...checked, readBack: false });
  assert.deepEqual([looked.unconfirmed, looked.checked, looked.readBack], [1, 1, 0]);
});

test('an object that is found wrong later is counted no more, and only its next upload counts', () => {
  const states = statesAfter({ ...uploaded, checksum: false }, wrong);
  assert.deepEqual([states.uploaded, states.uploadedBytes, states.unconfirmed], [0, 0, 0]);
  assert.deepEqual([states.isToSend(0), states.isInS3(uploaded), states.wrongEtag(0)], [true, false, 'e']);
  const again = { ...uploaded, etag: 'f' };
  states.apply(again);
  assert.deepEqual([states.uploaded, states.wrongEtag(0)], [1, undefined]);
  assert.deepEqual(
    [again, uploaded].map((line) => states.isInS3(line)),
    [true, false],
  );
  assert.deepEqual(
    [again, uploaded].map((line) => states.isToCheck(line)),
    [true, false],
  );
});

test('an object that was there already counts as such only until it is found wrong', () => {
  const there = { ...uploaded, found: true } as const;
  const states = statesAfter(there);
  assert.deepEqual([states.of(0).is, states.isToSend(0), states.isToCheck(there)], ['uploaded', false, true]);
  assert.equal(statesAfter(there, wrong).found, 0);
  assert.deepEqual(statesAfter(there, wrong).of(0), { is: 'wrong' });
  const replaced = statesAfter(there, wrong, { ...uploaded, etag: 'f' });
  assert.deepEqual([replaced.uploaded, replaced.found], [1, 0]);
  assert.equal(statesAfter(there, wrong, { ...there, etag: 'f' }).found, 1);
  assert.equal(statesAfter(uploaded, wrong, { ...there, etag: 'f' }, wrong, { ...uploaded, etag: 'g' }).found, 0);
});

test('what was read back of an object that is wrong does not count for the one that takes its place', () => {
  const states = statesAfter(uploaded, { is: 'read', n: 0, to: 3 }, wrong, { ...uploaded, etag: 'f' });
  assert.equal(states.readTo(0), 0);
});

test('of three uploads of an object only the last one counts', () => {
  const [second, third] = [
    { ...uploaded, etag: 'f' },
    { ...uploaded, etag: 'g' },
  ];
  const states = statesAfter(uploaded, wrong, second, { ...wrong, etag: 'f' }, third);
  assert.deepEqual(
    [uploaded, second, third].map((line) => states.isInS3(line)),
    [false, false, true],
  );
  assert.deepEqual([states.uploaded, states.uploadedBytes], [1, 5]);
});

test('of several lines of one kind about an object the last one counts', () => {
  const read = { is: 'read', n: 0, to: 3 } as const;
  assert.equal(statesAfter(uploaded, read, { ...read, to: 4 }, { ...read, to: 5 }).readTo(0), 5);
  const beginning = { is: 'beginning', n: 0, at: '2026-11-26T10:00:00.000Z' } as const;
  const later = { ...beginning, at: '2026-11-26T11:00:00.000Z' };
  assert.deepEqual(statesAfter(beginning, later).of(0), { is: 'beginning', at: later.at });
});
