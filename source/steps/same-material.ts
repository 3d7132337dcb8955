import type { KMSClient } from '@aws-sdk/client-kms';
import { isRefusal } from '../aws/eventual-consistency.ts';
import { importKeyMaterial } from '../aws/kms.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import type { Attempt } from '../ceremony/attempt.ts';

/** Bytes that are wrapped for KMS, and the material of a KMS key that they are compared with. */
export type MaterialToCompare = {
  readonly keyId: string;
  /** As DescribeKey or ListKeyRotations gives it; empty where KMS gave none: then the current material is meant. */
  readonly keyMaterialId: string;
  readonly wrapped: Buffer;
  readonly importToken: Buffer;
  /** When the material expires now, ISO 8601, or null. */
  readonly validTo: string | null;
  readonly description: string | null;
};

/**
 * Asks KMS whether wrapped bytes are the material that a key holds: imports them as EXISTING_KEY_MATERIAL. KMS takes the
 * same bytes and refuses any others. Expiry and description are repeated, because an import without them resets both.
 * @throws what KMS answers, when that says neither "same" nor "other". KMS API reference, ImportKeyMaterial.
 */
export function askWhetherSame(
  kms: KMSClient,
  attempt: Attempt,
  { keyId, keyMaterialId, wrapped, importToken, validTo, description }: MaterialToCompare,
): Promise<boolean> {
  const input = {
    KeyId: keyId,
    ImportToken: importToken,
    EncryptedKeyMaterial: wrapped,
    ImportType: 'EXISTING_KEY_MATERIAL',
    ...(keyMaterialId === '' ? {} : { KeyMaterialId: keyMaterialId }),
    ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
    ...(description === null ? {} : { KeyMaterialDescription: description }),
  } as const;
  return attempt({
    name: 'import again',
    act: () => importKeyMaterial(kms, input).then(() => true, isOtherMaterial),
    // The same bytes may be imported any number of times; the intent in the journal tells that a disabled key may be enabled.
    probe: async () => ({ found: 'not done' }),
    refused: isRefusal,
    passing: isWithoutAnswer,
  });
}

/** KMS API reference, ImportKeyMaterial, Errors. Rethrows any other. */
function isOtherMaterial(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}
