import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checksumAlgorithms, startChecksum } from '../../source/practice/s3/checksums.ts';

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
