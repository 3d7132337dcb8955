import assert from 'node:assert/strict';
import { createHash, createPublicKey, randomBytes, sign, verify } from 'node:crypto';
import { test } from 'node:test';
import { SignCommand, type SignCommandInput, type SigningAlgorithmSpec, VerifyCommand } from '@aws-sdk/client-kms';
import { keyOfPair, privateKey, signingOptions } from './facts/private-keys.ts';
import { must, practise, refused } from './practising.ts';

for (const [KeySpec, algorithm] of [
  ['ECC_NIST_P256', 'ECDSA_SHA_256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
  ['RSA_2048', 'RSASSA_PSS_SHA_256'],
  ['RSA_3072', 'RSASSA_PSS_SHA_512'],
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384'],
] as const) {
  test(`a digest is signed as its message would be: ${KeySpec}, ${algorithm}`, async (t) => {
    const practice = await practise(t);
    const kms = practice.kms();
    const key = privateKey(KeySpec);
    const KeyId = await keyOfPair(practice, { KeySpec, KeyUsage: 'SIGN_VERIFY' }, key);
    const hash = `sha${algorithm.slice(-3)}`;
    const SigningAlgorithm: SigningAlgorithmSpec = algorithm;
    for (let times = 0; times < 8; times += 1) {
      const message = randomBytes(50);
      const Message = createHash(hash).update(message).digest();
      const input: SignCommandInput = { KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm };
      const { Signature } = await kms.send(new SignCommand(input));
      // Node, which hashes for itself, is the witness.
      assert.ok(verify(hash, message, signingOptions(createPublicKey(key), algorithm), must(Signature)));
      await kms.send(new VerifyCommand({ ...input, Signature }));
      const own = sign(hash, message, signingOptions(key, algorithm));
      await kms.send(new VerifyCommand({ ...input, Signature: own }));
      const spoiled = Buffer.from(must(Signature));
      spoiled[spoiled.length - 1] = (spoiled.at(-1) ?? 0) ^ 1;
      await refused(kms.send(new VerifyCommand({ ...input, Signature: spoiled })), 'KMSInvalidSignatureException');
    }
    const short = new SignCommand({ KeyId, Message: Buffer.alloc(7), MessageType: 'DIGEST', SigningAlgorithm });
    await refused(kms.send(short), 'ValidationException');
  });
}
