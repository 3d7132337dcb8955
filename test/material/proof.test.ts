import assert from 'node:assert/strict';
import crypto, { createPrivateKey } from 'node:crypto';
import { suite, type TestContext, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { knownBlob } from '../../source/material/known-answers.ts';
import { proveWrapping } from '../../source/material/proof.ts';
import { testKey } from '../../source/material/test-keys.ts';
import { modulusBytesOf, wrappingPairs } from '../../source/material/wrapping-algorithms.ts';
import { replaceMembers } from '../replace-members.ts';

const pairs = wrappingPairs.filter((pair) => pair.allowed);
const { publicEncrypt, privateDecrypt } = crypto;

/** Runs the proof with a wrapping, and perhaps an unwrapping, that went wrong, as if Node or OpenSSL had. */
function proveWith(t: TestContext, broken: typeof publicEncrypt, brokenToo = privateDecrypt): () => void {
  replaceMembers(t, crypto, { publicEncrypt: broken, privateDecrypt: brokenToo });
  return () => proveWrapping({ algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_2048' });
}

const ours = (why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProblemError);
  assert.equal(error.problem.kind, 'ours');
  assert.match(error.problem.why ?? '', why);
  return true;
};

suite('the proof of wrapping', () => {
  for (const { algorithm, keySpec } of pairs) {
    test(`holds for ${algorithm} under ${keySpec}, in less than 100 ms`, () => {
      // The best of three, and the time of the processor, so that a busy machine does not speak for the proof.
      const times = [1, 2, 3].map(() => {
        const start = process.cpuUsage();
        proveWrapping({ algorithm, keySpec });
        const { user, system } = process.cpuUsage(start);
        return (user + system) / 1000;
      });
      assert.ok(Math.min(...times) < 100);
    });

    test(`has a test key and a known blob of the right size for ${algorithm} under ${keySpec}`, () => {
      const key = createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' });
      assert.equal(key.asymmetricKeyDetails?.modulusLength, modulusBytesOf[keySpec] * 8);
      assert.equal(knownBlob(algorithm, keySpec).length, modulusBytesOf[keySpec]);
    });
  }

  test('fails when wrapping uses another hash', (t) => {
    const broken = ((key: object, bytes: Buffer) =>
      publicEncrypt({ ...key, oaepHash: 'sha1' } as never, bytes)) as typeof publicEncrypt;
    assert.throws(proveWith(t, broken), ours(/did not come back/));
  });

  test('fails when Node wraps and unwraps alike, but not as openssl does', (t) => {
    const label = Buffer.from('a label that openssl does not use');
    const wraps = ((key: object, bytes: Buffer) =>
      publicEncrypt({ ...key, oaepLabel: label } as never, bytes)) as typeof publicEncrypt;
    const unwraps = ((key: object, bytes: Buffer) =>
      privateDecrypt({ ...key, oaepLabel: label } as never, bytes)) as typeof privateDecrypt;
    assert.throws(proveWith(t, wraps, unwraps), ours(/openssl/));
  });

  test('fails when unwrapping does not look at the hash', (t) => {
    const unwraps = ((key: object, bytes: Buffer) =>
      privateDecrypt({ ...key, oaepHash: 'sha256' } as never, bytes)) as typeof privateDecrypt;
    assert.throws(proveWith(t, publicEncrypt, unwraps), ours(/does not use the hash of RSAES_OAEP_SHA_256/));
  });

  test('fails when wrapping wraps other bytes', (t) => {
    const broken = ((key: object, bytes: Buffer) =>
      publicEncrypt(key as never, Buffer.alloc(bytes.length))) as typeof publicEncrypt;
    assert.throws(proveWith(t, broken), ours(/did not come back/));
  });

  test('fails when the blob has another length than the modulus', (t) => {
    const broken = ((key: object, bytes: Buffer) =>
      publicEncrypt(key as never, bytes).subarray(1)) as typeof publicEncrypt;
    assert.throws(proveWith(t, broken), ours(/255 bytes and must have 256/));
  });
});
