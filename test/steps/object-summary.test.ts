import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Manifest } from '../../source/objects/manifest.ts';
import type { Objects } from '../../source/steps/facts.ts';
import { reportObjects } from '../../source/steps/object-reports.ts';
import { summariseObjects } from '../../source/steps/object-summary.ts';
import { totalsOf } from '../../source/steps/object-totals.ts';
import { plannedManifest, uploadedLine } from '../objects/planned-manifest.ts';

/** The manifest of so many objects, of which each was uploaded; the last first, as several are sent at the same time. */
function manifestOf(t: TestContext, count: number): Manifest {
  const files = Array.from(
    { length: count },
    (_, n) => ({ is: 'object', path: `/a/${n}`, key: `${n}`, size: 2, changedMs: 1 }) as const,
  );
  const manifest = plannedManifest(t, [...files, { is: 'left out', path: '/a/link', why: 'It is a link.' }]);
  for (const [n, file] of [...files.entries()].toReversed()) {
    const more = { sha256: 's', kmsKeyArn: 'k', bucketKey: n === 2, checksum: n > 0 };
    manifest.note(uploadedLine(n, file, n === 1 ? { ...more, found: true } : more));
  }
  return manifest;
}

test('up to 250 objects are listed in the order of the plan; of more, the manifest alone lists them', async (t) => {
  const few = await summariseObjects(manifestOf(t, 250), { bucket: 'b', prefix: 'p' });
  assert.deepEqual(
    few.objects.map(({ key }) => key),
    Array.from({ length: 250 }, (_, n) => `${n}`),
  );
  const { manifest, objects, ...sums } = await summariseObjects(manifestOf(t, 251), { bucket: 'b', prefix: '' });
  assert.deepEqual(objects, []);
  assert.deepEqual(sums, { bucket: 'b', count: 251, bytes: 502, found: 1, readBack: 0, unconfirmed: 1, leftOut: 1 });
  assert.match(manifest?.sha256 ?? '', /^[0-9a-f]{64}$/);
  assert.deepEqual([few.prefix, manifest?.file], ['p', 'manifest-1.jsonl']);
});

test('each object says how its bytes and its key were checked', async (t) => {
  const manifest = manifestOf(t, 5);
  manifest.note({ is: 'checked', n: 1, readBack: true, looked: true });
  manifest.note({ is: 'checked', n: 2, readBack: false, looked: true });
  manifest.note({ is: 'checked', n: 3, readBack: false, looked: false });
  const { objects } = await summariseObjects(manifest, { bucket: 'b', prefix: '' });
  assert.deepEqual(
    objects.map(({ verified, checkedBy, keyNamedBy }) => [verified, checkedBy, keyNamedBy]),
    [
      [false, undefined, 'upload answer'],
      [true, undefined, undefined],
      [false, undefined, 'look'],
      [false, undefined, 'upload answer'],
      [true, 'checksum', undefined],
    ],
  );
  const kept = { bucket: 'b', size: 2, sha256: 's', sseAlgorithm: 'aws:kms', kmsKeyArn: 'k' };
  assert.deepEqual(objects[2], { ...kept, key: '2', bucketKey: true, verified: false, keyNamedBy: 'look' });
  assert.deepEqual(objects[1], { ...kept, key: '1', verified: true });
});

test('up to eight objects are told one by one, each with how it was checked; of more, none is', () => {
  const object = { bucket: 'b', key: 'k', size: 2, sha256: 's', sseAlgorithm: 'aws:kms', kmsKeyArn: 'a' };
  const told = (objects: Objects['objects']) => {
    const lines: string[] = [];
    reportObjects({ bucket: 'b', objects }, ({ label, note, state }) => void lines.push(`${state} ${label}: ${note}`));
    return lines;
  };
  const unread = { ...object, verified: false } as const;
  assert.deepEqual(
    told([
      { ...object, verified: true, checkedBy: 'checksum' },
      { ...object, verified: true },
      { ...unread, keyNamedBy: 'look' },
      { ...unread, keyNamedBy: 'upload answer' },
    ]),
    [
      'done k: 2 bytes, key named by S3, checksum confirmed',
      'done k: 2 bytes, key checked, read back',
      'done k: 2 bytes, key checked, not read back: you may not',
      'done k: 2 bytes, key named by S3, not read back: you may not',
    ],
  );
  const many = (count: number) => Array.from({ length: count }, () => ({ ...object, verified: true }) as const);
  assert.deepEqual([told(many(8)).length, told(many(9)).length], [8, 0]);
});

test('what is known of all objects together is given only where all of it was noted', () => {
  const manifest = { file: 'manifest-1.jsonl', sha256: 's' };
  const all = { bucket: 'b', objects: [], count: 2, bytes: 4, manifest };
  assert.deepEqual(totalsOf(all), { count: 2, bytes: 4, found: 0, unconfirmed: 0, manifest });
  const acceptedLock = { period: '1 day', validTo: '2027-03-01T11:59:00.000Z' };
  assert.deepEqual(totalsOf({ ...all, acceptedLock })?.acceptedLock, acceptedLock);
  const { count: _, ...uncounted } = all;
  const { bytes: __, ...unmeasured } = all;
  const { manifest: ___, ...unlisted } = all;
  for (const earlier of [uncounted, unmeasured, unlisted]) assert.equal(totalsOf(earlier), undefined);
});
