import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { decryptFrames, encryptFrames, makeNoncePrefix } from '../../source/practice/s3/sealed-body.ts';
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
