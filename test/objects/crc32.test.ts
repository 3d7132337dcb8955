import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combineCrc32, crc32, crc32Text, readCrc32 } from '../../source/objects/crc32.ts';
import '../seed.ts';

test('the CRC32 of known texts is that of the standard, and S3 writes it in base64', () => {
  // ITU-T V.42, and every implementation: "123456789" has cbf43926.
  assert.equal(crc32(Buffer.from('123456789')), 0xcbf43926);
  assert.equal(crc32Text(0xcbf43926), 'y/Q5Jg==');
  assert.equal(readCrc32('y/Q5Jg=='), 0xcbf43926);
  assert.equal(readCrc32('no checksum'), undefined);
});

test('the CRC32 of a whole is that of its pieces put together, for any pieces', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 6 }), (pieces) => {
      let crc = 0;
      for (const piece of pieces) crc = combineCrc32(crc, crc32(piece), piece.length);
      assert.equal(crc, crc32(Buffer.concat(pieces)));
    }),
  );
});

test('pieces of more than 4 GiB are put together too', () => {
  // The CRC32 of 5 GiB of zeros, in pieces of 1 GiB and of 5 GiB.
  const gibibyte = 2 ** 30;
  let zeros = crc32(Buffer.alloc(1024));
  for (let size = 1024; size < gibibyte; size *= 2) zeros = combineCrc32(zeros, zeros, size);
  const four = combineCrc32(combineCrc32(zeros, zeros, gibibyte), combineCrc32(zeros, zeros, gibibyte), 2 * gibibyte);
  const five = combineCrc32(four, zeros, gibibyte);
  assert.equal(combineCrc32(zeros, four, 4 * gibibyte), five);
  assert.equal(combineCrc32(crc32(Buffer.from('a')), five, 5 * gibibyte) === five, false);
});
