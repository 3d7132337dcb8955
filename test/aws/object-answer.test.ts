import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { isPostQuantum, readTls } from '../../source/aws/call-tls.ts';
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
  assert.equal(objectIn({ BucketKeyEnabled: false, $metadata: {} }).bucketKey, false);
});

test('a group of the key exchange with ML-KEM is post-quantum, however it is written', () => {
  assert.deepEqual(['X25519MLKEM768', 'x25519_mlkem768', 'X25519'].map(isPostQuantum), [true, true, false]);
});

test('of the encryption of a connection, only what Node tells is told', () => {
  const read = (group: object | null, issuer: object | undefined, protocol: string | null = 'TLSv1.2') =>
    readTls(
      Object.assign(new TLSSocket(new Socket()), {
        getEphemeralKeyInfo: () => group,
        getPeerCertificate: () => (issuer === undefined ? null : { issuer }),
        getProtocol: () => protocol,
        getCipher: () => ({ name: 'of OpenSSL', standardName: 'of IANA' }),
      }),
    );
  const least = { protocol: 'TLSv1.2', cipher: 'of IANA' };
  for (const none of [null, {}]) assert.deepEqual(read(none, {}), least);
  assert.deepEqual(read({ type: 'ECDH', name: 'X25519' }, { O: 'Amazon', CN: 'RSA 2048 M01' }, 'TLSv1.3'), {
    protocol: 'TLSv1.3',
    cipher: 'of IANA',
    group: 'X25519',
    issuer: 'Amazon, RSA 2048 M01',
  });
  // A name may stand there more than once.
  assert.equal(read(null, { O: ['One', 'Two'], CN: 'Root' }).issuer, 'One, Two, Root');
  assert.equal(read(null, { CN: 'Root' }).issuer, 'Root');
  assert.deepEqual(read(null, undefined, null), { ...least, protocol: 'unknown' });
});
