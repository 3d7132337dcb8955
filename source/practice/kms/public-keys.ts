import { createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { needUsage } from './data-keys.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf } from './key-record.ts';
import { algorithmsField, factsOf } from './key-specs.ts';
import { needState } from './key-states.ts';
import { findKey } from './key-store.ts';
import { flag, grantTokens, keyId } from './members.ts';
import { operation } from './operation.ts';
import { privateKeyOf } from './rsa-encryption.ts';

export const getPublicKey = operation({ on: 'key' }, { KeyId: keyId, GrantTokens: grantTokens }, (call, input) => {
  const key = findKey(call, input.KeyId, 'with aliases');
  if (key.keySpec === 'SYMMETRIC_DEFAULT' || key.keySpec.startsWith('HMAC_'))
    throw new AwsError('UnsupportedOperationException', unverifiedText('no-public-key', { arn: arnOf(key) }));
  needState('cryptography', key);
  // Practice AWS makes no material for ML-DSA keys.
  if (key.materials.length === 0)
    throw new AwsError('UnsupportedOperationException', `Practice AWS has no ${key.keySpec} keys of its own making.`);
  return {
    KeyId: arnOf(key),
    PublicKey: createPublicKey(privateKeyOf(call, key)).export({ type: 'spki', format: 'der' }).toString('base64'),
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    KeyUsage: key.keyUsage,
    [algorithmsField[key.keyUsage]]: factsOf(key.keySpec).algorithms[key.keyUsage] ?? [],
  };
});

/** DeriveSharedSecret. Does ECDH with a KMS key and the public key in the request. */
export const deriveSharedSecret = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    KeyAgreementAlgorithm: { kind: 'choice', values: ['ECDH'], required: true },
    PublicKey: { kind: 'blob', min: 1, max: 8192, required: true },
    GrantTokens: grantTokens,
    DryRun: flag,
  },
  (call, input) => {
    const key = findKey(call, input.KeyId, 'with aliases');
    needUsage(key, 'KEY_AGREEMENT', 'DeriveSharedSecret');
    const privateKey = privateKeyOf(call, key);
    const secret = sharedSecret(privateKey, input.PublicKey);
    stopDryRun(input);
    call.usage.note(key, 'DeriveSharedSecret', call);
    return {
      KeyId: arnOf(key),
      SharedSecret: secret.toString('base64'),
      KeyAgreementAlgorithm: 'ECDH',
      KeyOrigin: key.origin,
    };
  },
);

/**
 * Computes the ECDH shared secret.
 * @param der the public key of the request: SubjectPublicKeyInfo in DER.
 * @throws ValidationException, without a text, when it is no public key, or is on another curve (recorded).
 */
function sharedSecret(privateKey: KeyObject, der: Buffer): Buffer {
  try {
    return diffieHellman({ privateKey, publicKey: createPublicKey({ key: der, format: 'der', type: 'spki' }) });
  } catch {
    throw new AwsError('ValidationException');
  }
}
