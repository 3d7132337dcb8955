import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { decryptFrames, encryptFrames, makeNoncePrefix } from '../../source/practice/s3/sealed-body.ts';
import { openIn } from '../disk/open-in.ts';
import { newFolder } from '../new-folder.ts';

/** A body of several frames on the disk, with its key. */
async function sealedBody() {
  const plain = randomBytes(600_000);
  const key = randomBytes(32);
  const noncePrefix = makeNoncePrefix();
  const file = join(newFolder(), 'body');
  writeFileSync(file, await buffer(encryptFrames(Readable.from([plain]), key, noncePrefix)));
  const segments = [{ file, size: plain.length, noncePrefix }];
  return { plain, key, read: () => decryptFrames((path) => path, segments, key, 0, plain.length) };
}

test('a read overwrites the data key: at the end, and when the reader leaves early', async () => {
  const whole = await sealedBody();
  assert.deepEqual(await buffer(whole.read()), whole.plain);
  assert.deepEqual(whole.key, Buffer.alloc(32));
  const left = await sealedBody();
  for await (const _ of left.read()) break;
  assert.deepEqual(left.key, Buffer.alloc(32));
});

test('a range over the files of several parts is put together, and no other file is opened', async () => {
  const key = randomBytes(32);
  const folder = newFolder();
  const bodies = [randomBytes(300_000), randomBytes(262_144), randomBytes(5)];
  const segments = [];
  for (const [index, body] of bodies.entries()) {
    const noncePrefix = makeNoncePrefix();
    const file = `part-${index}`;
    const sealed = await buffer(encryptFrames(Readable.from([body]), key, noncePrefix));
    assert.equal(sealed.length, body.length + 16 * Math.ceil(body.length / 262_144), 'each frame has a tag');
    writeFileSync(join(folder, file), sealed);
    segments.push({ file, size: body.length, noncePrefix });
  }
  const whole = Buffer.concat(bodies);
  for (const [start, end, files] of [
    [0, whole.length, ['part-0', 'part-1', 'part-2']],
    [0, 300_000, ['part-0']],
    [299_999, 300_001, ['part-0', 'part-1']],
    [300_000, 562_144, ['part-1']],
    [300_000, 300_000 + 262_143, ['part-1']],
    [562_144, 562_146, ['part-2']],
    [262_143, 262_145, ['part-0']],
    [7, 7, []],
  ] as const) {
    const asked: string[] = [];
    const pathOf = (file: string) => {
      asked.push(file);
      return join(folder, file);
    };
    const read = await buffer(decryptFrames(pathOf, segments, Buffer.from(key), start, end));
    assert.ok(read.equals(whole.subarray(start, end)), `${start} to ${end}`);
    assert.deepEqual(asked, files);
  }
  assert.equal(openIn(folder), 0, 'nothing stays open');
});

test('no two frames under one key are sealed alike, nor two files of the same bytes', async () => {
  const key = randomBytes(32);
  const seal = async () => buffer(encryptFrames(Readable.from([Buffer.alloc(524_288)]), key, makeNoncePrefix()));
  const [one, two] = [await seal(), await seal()];
  const frames = [one.subarray(0, 1000), one.subarray(262_160, 263_160), two.subarray(0, 1000)];
  assert.equal(new Set(frames.map((frame) => frame.toString('hex'))).size, 3);
});
