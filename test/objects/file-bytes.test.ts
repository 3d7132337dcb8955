import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { startCrc64 } from '../../source/aws/crc64.ts';
import { OpenFile } from '../../source/disk/open-file.ts';
import { crc32, crc32Text } from '../../source/objects/crc32.ts';
import {
  checksumsOf,
  crcOfRange,
  isSameVersion,
  piecesOf,
  readRange,
  versionOf,
} from '../../source/objects/file-bytes.ts';
import { newFolder } from '../new-folder.ts';

/** A file of two and a half pieces, none of which is like another. */
const bytes = Buffer.alloc(2.5 * 2 ** 20);
for (let place = 0; place < bytes.length; place += 4) bytes.writeUInt32LE(place, place);

async function opened(t: TestContext) {
  const path = join(newFolder(), 'file');
  writeFileSync(path, bytes);
  const file = await OpenFile.open(path);
  t.after(() => file.close());
  return { path, file };
}

for (const [place, length] of [
  [0, bytes.length],
  [0, 2 ** 20],
  [5, 2 ** 20 + 7],
  [2 ** 20 + 3, 2 ** 20],
  [7, 0],
  [bytes.length - 3, 100],
  [5, 3 * 2 ** 20],
  [bytes.length + 1, 9],
] as const)
  test(`${length} bytes from ${place} on are those of the file, as far as it goes`, async (t) => {
    const { file } = await opened(t);
    const wanted = bytes.subarray(place, place + length);
    const buffer = Buffer.alloc(length + 1, 0x2d);
    assert.ok((await readRange(file, buffer, place, length)).equals(wanted));
    assert.equal(buffer[length], 0x2d);
    const pieces: Buffer[] = [];
    for await (const piece of piecesOf(file, place, length)) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(wanted));
    assert.ok(pieces.every((piece) => piece.length > 0 && piece.length <= 2 ** 20));
    assert.equal(await crcOfRange(file, place, length), crc32(wanted));
  });

test('the bytes of a file are whole where the disk gives them in pieces', async (t) => {
  const { file } = await opened(t);
  const { read } = OpenFile.prototype;
  t.mock.method(OpenFile.prototype, 'read', (buffer: Buffer, filled: number, length: number, place: number) =>
    read.call(file, buffer, filled, Math.min(length, 300_000), place),
  );
  assert.ok((await readRange(file, Buffer.alloc(bytes.length), 0, bytes.length)).equals(bytes));
  assert.equal(await crcOfRange(file, 5, bytes.length), crc32(bytes.subarray(5)));
  const { signal } = new AbortController();
  assert.equal((await checksumsOf(file, { signal })).crc32, crc32Text(crc32(bytes)));
});

test('a file has the checksums of all its bytes, and is known as the object in S3 by any of them', async (t) => {
  const { file } = await opened(t);
  const { signal } = new AbortController();
  const sha256 = createHash('sha256').update(bytes);
  const crc64 = await startCrc64();
  crc64.update(bytes);
  const own = { crc32: crc32Text(crc32(bytes)), sha256: sha256.copy().digest('hex') };
  assert.deepEqual(await checksumsOf(file, { signal }), { ...own, isSameInS3: false });
  const values = { CRC32: own.crc32, SHA256: sha256.digest('base64'), CRC64NVME: await crc64.value() };
  for (const algorithm of ['CRC32', 'SHA256', 'CRC64NVME'] as const) {
    const same = { algorithm, value: values[algorithm] };
    assert.deepEqual(await checksumsOf(file, { s3Checksum: same, signal }), { ...own, isSameInS3: true }, algorithm);
    const other = { algorithm, value: values[algorithm === 'CRC32' ? 'SHA256' : 'CRC32'] };
    assert.equal((await checksumsOf(file, { s3Checksum: other, signal })).isSameInS3, false, algorithm);
  }
  const stopped = AbortSignal.abort(new Error('stopped by the person'));
  await assert.rejects(checksumsOf(file, { signal: stopped }), /stopped by the person/);
});

test('a file is another version once its size or its time has changed', async (t) => {
  const { path, file } = await opened(t);
  const before = versionOf(file);
  assert.equal(isSameVersion(before, versionOf(file)), true);
  appendFileSync(path, '!');
  utimesSync(path, before.changedMs / 1000, before.changedMs / 1000);
  const longer = versionOf(file);
  assert.equal(isSameVersion(before, { ...longer, changedMs: before.changedMs }), false);
  utimesSync(path, 1, 1);
  assert.equal(isSameVersion(longer, versionOf(file)), false);
});
