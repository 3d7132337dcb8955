import assert from 'node:assert/strict';
import { constants, createHash, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto';
import { suite, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { testKey } from '../../source/material/test-keys.ts';
import { WrappingPublicKey, wrapMaterial } from '../../source/material/wrap.ts';
import { modulusBytesOf, oaepHashes, wrappingPairs } from '../../source/material/wrapping-algorithms.ts';
import { key } from './samples.ts';

/** EME-OAEP decoding by RFC 8017, section 7.1.2, with the hash also in MGF1, written here as a second opinion on Node's. */
function decodeOaep(encoded: Buffer, hash: string): Buffer {
  const digest = (data: Uint8Array) => createHash(hash).update(data).digest();
  const size = digest(Buffer.alloc(0)).length;
  const mask = (seed: Buffer, length: number) => {
    const blocks = Array.from({ length: Math.ceil(length / size) }, (_, index) => {
      const counter = Buffer.alloc(4);
      counter.writeUInt32BE(index);
      return digest(Buffer.concat([seed, counter]));
    });
    return Buffer.concat(blocks).subarray(0, length);
  };
  const xor = (one: Buffer, two: Buffer) => Buffer.from(one.map((byte, index) => byte ^ (two[index] ?? 0)));
  const maskedSeed = encoded.subarray(1, 1 + size);
  const maskedBlock = encoded.subarray(1 + size);
  const seed = xor(maskedSeed, mask(maskedBlock, size));
  const block = xor(maskedBlock, mask(seed, maskedBlock.length));
  assert.equal(encoded[0], 0);
  assert.ok(block.subarray(0, size).equals(digest(Buffer.alloc(0))), 'the label is empty');
  const one = block.indexOf(1, size);
  assert.ok(block.subarray(size, one).every((byte) => byte === 0));
  return block.subarray(one + 1);
}

const problemOf = (kind: string, why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProblemError);
  assert.equal(error.problem.kind, kind);
  assert.match(error.problem.why ?? '', why);
  assert.equal(error.cause, undefined);
  return true;
};

suite('wrapMaterial', () => {
  for (const pair of wrappingPairs) {
    if (!pair.allowed) continue;
    const { algorithm, keySpec, maximumBytes } = pair;
    const privateKey = createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' });
    const wrappingKey = WrappingPublicKey.ofTestPair(keySpec);

    test(`${algorithm} under ${keySpec} is OAEP with its own hash, in MGF1 too`, () => {
      using secret = SecretBytes.takeFrom(Buffer.from(key));
      const blob = wrapMaterial(secret, { wrappingKey, algorithm });
      assert.equal(blob.length, modulusBytesOf[keySpec]);
      const encoded = privateDecrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, blob);
      assert.ok(decodeOaep(encoded, oaepHashes[algorithm]).equals(key));
      assert.ok(!wrapMaterial(secret, { wrappingKey, algorithm }).equals(blob), 'two blobs of one key differ');
    });

    test(`${algorithm} under ${keySpec} carries ${maximumBytes} bytes and no more`, () => {
      using most = SecretBytes.generate(maximumBytes);
      using tooMany = SecretBytes.generate(maximumBytes + 1);
      assert.equal(wrapMaterial(most, { wrappingKey, algorithm }).length, modulusBytesOf[keySpec]);
      const bits = 8 * modulusBytesOf[keySpec];
      const why = new RegExp(`^${maximumBytes + 1} bytes do not fit under a ${bits}-bit wrapping key\\.$`);
      assert.throws(() => wrapMaterial(tooMany, { wrappingKey, algorithm }), problemOf('ours', why));
    });
  }

  test('compiles with no key but one that has been checked', () => {
    const algorithm = 'RSAES_OAEP_SHA_256';
    const bare = createPublicKey(createPrivateKey({ key: testKey('RSA_2048'), format: 'der', type: 'pkcs8' }));
    const { der, modulus, modulusBytes, sha256 } = WrappingPublicKey.ofTestPair('RSA_2048');
    const lookAlike = { keyObject: bare, der, modulus, modulusBytes, sha256 };
    const refusedByTypes = [
      // @ts-expect-error A bare public key.
      (secret: SecretBytes) => wrapMaterial(secret, { wrappingKey: bare, algorithm }),
      // @ts-expect-error Something with the same members.
      (secret: SecretBytes) => wrapMaterial(secret, { wrappingKey: lookAlike, algorithm }),
      // @ts-expect-error The class itself, around the check.
      () => new WrappingPublicKey(bare, 'RSA_2048'),
    ];
    assert.equal(refusedByTypes.length, 3);
  });

  test('wraps nothing when the secret has been destroyed', () => {
    const secret = SecretBytes.generate();
    secret.destroy();
    const wrappingKey = WrappingPublicKey.ofTestPair('RSA_2048');
    assert.throws(() => wrapMaterial(secret, { wrappingKey, algorithm: 'RSAES_OAEP_SHA_256' }), /has been destroyed/);
  });
});

test('the fingerprint is what sha256sum prints', () => {
  assert.equal(sha256Of(Buffer.from('abc')), 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
