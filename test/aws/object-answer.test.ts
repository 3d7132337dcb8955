import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPostQuantum } from '../../source/aws/call-tls.ts';
import { objectIn } from '../../source/aws/object-answer.ts';

test('only a checksum of all bytes together is taken from an answer of S3, the first that it names', () => {
  const checksum = (answer: object) => objectIn({ $metadata: {}, ...answer }).checksum;
  assert.deepEqual(checksum({ ChecksumCRC32: 'a', ChecksumSHA256: 'b' }), { algorithm: 'CRC32', value: 'a' });
  assert.deepEqual(checksum({ ChecksumCRC64NVME: 'c' }), { algorithm: 'CRC64NVME', value: 'c' });
  assert.deepEqual(checksum({ ChecksumSHA256: 'b' }), { algorithm: 'SHA256', value: 'b' });
  for (const none of [{}, { ChecksumCRC32: 'a-2' }, { ChecksumCRC32: 'a', ChecksumType: 'COMPOSITE' }])
    assert.equal(checksum(none), undefined, JSON.stringify(none));
  // Behind one that does not count, another may.
  assert.equal(checksum({ ChecksumCRC32: 'a-2', ChecksumSHA256: 'b' })?.algorithm, 'SHA256');
});

test('an answer of S3 that leaves something out is read as what that means', () => {
  assert.deepEqual(objectIn({ $metadata: {} }), {
    etag: '',
    sseAlgorithm: 'none',
    kmsKeyArn: 'none',
    bucketKey: false,
  });
  const whole = { ETag: '"e"', ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'k', BucketKeyEnabled: true };
  assert.deepEqual(objectIn({ ...whole, $metadata: { requestId: 'R' } }), {
    etag: '"e"',
    sseAlgorithm: 'aws:kms',
    kmsKeyArn: 'k',
    bucketKey: true,
    requestId: 'R',
  });
});

test('a group of the key exchange with ML-KEM is post-quantum, however it is written', () => {
  assert.deepEqual(['X25519MLKEM768', 'x25519_mlkem768', 'X25519'].map(isPostQuantum), [true, true, false]);
});
