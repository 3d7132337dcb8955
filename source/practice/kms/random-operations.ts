import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { type EncryptionContext, encryptUnder } from './data-keys.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf } from './key-record.ts';
import { context, flag, grantTokens, keyId } from './members.ts';
import { makeMaterial } from './new-material.ts';
import { operation } from './operation.ts';

/** GenerateRandom. Uses no key. */
export const generateRandom = operation(
  { on: 'account' },
  {
    NumberOfBytes: { kind: 'number', min: 1, max: 1024, required: true },
    CustomKeyStoreId: { kind: 'text', min: 1, max: 64 },
  },
  (_, input) => {
    if (input.CustomKeyStoreId !== undefined)
      throw new AwsError('UnsupportedOperationException', 'Practice AWS has no custom key stores.');
    return { Plaintext: randomBytes(input.NumberOfBytes).toString('base64') };
  },
);

const pairSpecs = [
  ...(['RSA_2048', 'RSA_3072', 'RSA_4096', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'] as const),
  ...(['ECC_SECG_P256K1', 'SM2', 'ECC_NIST_EDWARDS25519'] as const),
] as const;

const pairShape = {
  KeyId: keyId,
  KeyPairSpec: { kind: 'choice', values: pairSpecs, required: true },
  EncryptionContext: context,
  GrantTokens: grantTokens,
  DryRun: flag,
} as const;

export const generateDataKeyPair = operation({ on: 'key' }, pairShape, (call, input) =>
  makePair(call, input, 'GenerateDataKeyPair'),
);

export const generateDataKeyPairWithoutPlaintext = operation({ on: 'key' }, pairShape, (call, input) => {
  const { PrivateKeyPlaintext: _, ...answer } = makePair(call, input, 'GenerateDataKeyPairWithoutPlaintext');
  return answer;
});

/**
 * Makes a key pair that the caller uses outside of KMS. Gives the public key, and the private key (PKCS#8) both in plain and
 * encrypted under a symmetric KMS key.
 * @throws as {@link encryptUnder} does; UnsupportedOperationException for SM2; DryRunOperationException for a dry run.
 */
function makePair(
  call: Call,
  input: {
    readonly KeyId: string;
    readonly KeyPairSpec: (typeof pairSpecs)[number];
    readonly EncryptionContext?: EncryptionContext;
    readonly DryRun?: boolean;
  },
  name: string,
) {
  const spec = input.KeyPairSpec;
  if (spec === 'SM2') throw new AwsError('UnsupportedOperationException', 'Practice AWS has no SM2 keys.');
  const made = { publicKey: '', privateKey: '' };
  const { key, blob, materialId } = encryptUnder(
    call,
    input.KeyId,
    // `encryptUnder` calls this after it has checked the key. So a dry run checks the key too, and ends before a pair is made.
    () => {
      stopDryRun(input);
      const der = makeMaterial(spec) ?? Buffer.alloc(0);
      const publicKey = createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
      made.publicKey = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
      made.privateKey = der.toString('base64');
      return der;
    },
    { context: input.EncryptionContext ?? {}, operation: name },
  );
  call.usage.note(key, name, call);
  return {
    KeyId: arnOf(key),
    KeyPairSpec: spec,
    PublicKey: made.publicKey,
    PrivateKeyPlaintext: made.privateKey,
    PrivateKeyCiphertextBlob: blob.toString('base64'),
    KeyMaterialId: materialId,
  };
}
