import type { KMSClient } from '@aws-sdk/client-kms';
import { isRefusal } from '../aws/eventual-consistency.ts';
import { importKeyMaterial } from '../aws/kms.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import type { Attempt } from '../ceremony/attempt.ts';

/** Bytes that are wrapped for KMS, and the material of a KMS key with which KMS compares them. */
export type MaterialToCompare = {
  readonly keyId: string;
  /** From DescribeKey or ListKeyRotations. Empty when KMS gave no id: then KMS compares with the current material. */
  readonly keyMaterialId: string;
  readonly wrapped: Buffer;
  readonly importToken: Buffer;
  /** The expiry that the material has, ISO 8601, or null for never. */
  readonly validTo: string | null;
  readonly description: string | null;
};

/**
 * Asks KMS whether wrapped bytes are the material that a key holds. To ask, imports the bytes as EXISTING_KEY_MATERIAL: KMS
 * accepts the same bytes and refuses any others (KMS API reference, ImportKeyMaterial). The import enables a Disabled key.
 * Sends the expiry again, because an import without an expiry removes it. Sends the description too, although KMS would keep
 * it, so that the request says what the material is.
 * @returns true when the bytes are the same.
 * @throws the error of KMS, when it says neither "same" nor "other".
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
    act: () => importKeyMaterial(kms, input).then(() => true, falseForOtherBytes),
    // Importing the same bytes again does no harm. The attempt is in the journal because it may have enabled a Disabled key.
    probe: async () => ({ found: 'not done' }),
    refused: isRefusal,
    passing: isWithoutAnswer,
  });
}

/** Returns false for the error with which KMS refuses other bytes (KMS API reference, ImportKeyMaterial). Rethrows others. */
function falseForOtherBytes(error: unknown): false {
  if (error instanceof Error && error.name === 'IncorrectKeyMaterialException') return false;
  throw error;
}
