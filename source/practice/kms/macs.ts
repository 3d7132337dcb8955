import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { type CryptoAccess, needUsage, unsealMaterial } from './data-keys.ts';
import { stopDryRun } from './dry-run.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { factsOf } from './key-specs.ts';
import { findKey } from './key-store.ts';
import { flag, grantTokens, keyId } from './members.ts';
import { operation } from './operation.ts';
import { wrongAlgorithm } from './rsa-encryption.ts';

const shape = {
  Message: { kind: 'blob', min: 1, max: 4096, required: true },
  KeyId: keyId,
  MacAlgorithm: {
    kind: 'choice',
    values: ['HMAC_SHA_224', 'HMAC_SHA_256', 'HMAC_SHA_384', 'HMAC_SHA_512'],
    required: true,
  },
  GrantTokens: grantTokens,
  DryRun: flag,
} as const;

export const generateMac = operation({ on: 'key' }, shape, (call, input) => {
  const key = findKey(call, input.KeyId, 'with aliases');
  const mac = macOf(call, key, 'GenerateMac', input);
  stopDryRun(input);
  call.usage.note(key, 'GenerateMac', call);
  return { KeyId: arnOf(key), Mac: mac.toString('base64'), MacAlgorithm: input.MacAlgorithm };
});

export const verifyMac = operation(
  { on: 'key' },
  { ...shape, Mac: { kind: 'blob', min: 1, max: 6144, required: true } },
  (call, input) => {
    const key = findKey(call, input.KeyId, 'with aliases');
    const mac = macOf(call, key, 'VerifyMac', input);
    if (mac.length !== input.Mac.length || !timingSafeEqual(mac, input.Mac))
      throw new AwsError('KMSInvalidMacException');
    stopDryRun(input);
    call.usage.note(key, 'VerifyMac', call);
    return { KeyId: arnOf(key), MacValid: true, MacAlgorithm: input.MacAlgorithm };
  },
);

/**
 * Computes the MAC of a message.
 * @param name the name of the operation, for messages.
 * @throws InvalidKeyUsageException when the key is for another algorithm; otherwise as {@link needUsage} does.
 */
function macOf(
  access: CryptoAccess,
  key: KeyRecord,
  name: string,
  input: { readonly MacAlgorithm: string; readonly Message: Buffer },
): Buffer {
  needUsage(key, 'GENERATE_VERIFY_MAC', name);
  if (!factsOf(key.keySpec).algorithms.GENERATE_VERIFY_MAC?.includes(input.MacAlgorithm))
    throw wrongAlgorithm(input.MacAlgorithm, key);
  const bytes = unsealMaterial(access, key);
  // The last three digits name the hash: `HMAC_SHA_256`.
  const mac = createHmac(`sha${input.MacAlgorithm.slice(-3)}`, bytes)
    .update(input.Message)
    .digest();
  bytes.fill(0);
  return mac;
}
