import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type ChecksumAlgorithm, checksumAlgorithms, startChecksum } from '../../source/practice/s3/checksums.ts';
import { combineCrcs } from '../../source/practice/s3/crc-combine.ts';

// The check values of the "Catalogue of parametrised CRC algorithms" for the text 123456789, and of the hashes for the
// empty text.
test('the checksums give the published check values, in one piece and in several', () => {
  const published = { CRC32: 'cbf43926', CRC32C: 'e3069283', CRC64NVME: 'ae8b14860a799888' } as const;
  for (const [algorithm, value] of Object.entries(published)) {
    const running = startChecksum(algorithm as keyof typeof published);
    running.update(Buffer.from('1234'));
    running.update(Buffer.alloc(0));
    running.update(Buffer.from('56789'));
    assert.equal(running.digest().toString('hex'), value);
  }
  assert.equal(startChecksum('MD5').digest().toString('hex'), 'd41d8cd98f00b204e9800998ecf8427e');
  assert.equal(checksumAlgorithms.length, 7);
});

const checksumOf = (algorithm: ChecksumAlgorithm, bytes: Buffer) => {
  const running = startChecksum(algorithm);
  running.update(bytes);
  return running.digest().toString('base64');
};

test('the CRCs of the parts of a text give the CRC of the whole text, and other checksums do not', () => {
  const texts = ['', 'a', '123456789', 'x'.repeat(1000)].map((text) => Buffer.from(text));
  for (const algorithm of checksumAlgorithms) {
    const isCrc = algorithm.startsWith('CRC');
    for (const parts of [texts, texts.toReversed(), texts.slice(2, 3), [randomBytes(7), randomBytes(300)]]) {
      const pieces = parts.map((bytes) => ({ value: checksumOf(algorithm, bytes), size: bytes.length }));
      const whole = isCrc ? checksumOf(algorithm, Buffer.concat(parts)) : undefined;
      assert.equal(combineCrcs(algorithm, pieces), whole, algorithm);
    }
    // A value that begins with zeros is as long as any other.
    const zeros = Buffer.alloc(Buffer.from(checksumOf(algorithm, Buffer.alloc(0)), 'base64').length).toString('base64');
    assert.equal(combineCrcs(algorithm, [{ value: zeros, size: 0 }]), isCrc ? zeros : undefined);
  }
});
