import type { KMSClient } from '@aws-sdk/client-kms';
import { isErrorNamed } from '../aws/error-name.ts';
import { isRefusal } from '../aws/eventual-consistency.ts';
import { importKeyMaterial } from '../aws/kms.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import type { Attempt } from '../ceremony/attempt.ts';

/** Bytes that are wrapped for KMS, and the material of a KMS key with which KMS compares them. */
export type MaterialToCompare = {
  readonly keyId: string;
  /** From DescribeKey or ListKeyRotations. Empty when KMS gave no id: then KMS compares with the current material. */
  readonly keyMaterialId: string;
  readonly wrapped: Uint8Array;
  readonly importToken: Uint8Array;
  /** The expiry that the material is to have, ISO 8601, or null for never. */
  readonly validTo: string | null;
  readonly description: string | null;
};

/**
 * Asks KMS whether wrapped bytes are the material that a key holds: see {@link sendAsMaterial}. The import enables a Disabled
 * key.
 * @returns true when the bytes are the same.
 * @throws the error of KMS, when it says neither "same" nor "other".
 */
export function askWhetherSame(kms: KMSClient, attempt: Attempt, material: MaterialToCompare): Promise<boolean> {
  return attempt({
    name: 'import again',
    act: () => sendAsMaterial(kms, material),
    // Importing the same bytes again does no harm. The attempt is in the journal because it may have enabled a Disabled key.
    probe: async () => ({ found: 'not done' }),
    refused: isRefusal,
    passing: isWithoutAnswer,
  });
}

/**
 * Imports bytes as EXISTING_KEY_MATERIAL: KMS accepts the bytes that the material has had, and refuses any others (KMS API
 * reference, ImportKeyMaterial). Sends the expiry, because an import without an expiry removes it. Sends the description too,
 * although KMS would keep it, so that the request says what the material is.
 * @returns true when KMS accepted the bytes, false when it refused them as others.
 * @throws any other error of KMS.
 */
export async function sendAsMaterial(
  kms: KMSClient,
  { keyId, keyMaterialId, wrapped, importToken, validTo, description }: MaterialToCompare,
): Promise<boolean> {
  try {
    await importKeyMaterial(kms, {
      KeyId: keyId,
      ImportToken: importToken,
      EncryptedKeyMaterial: wrapped,
      ImportType: 'EXISTING_KEY_MATERIAL',
      ...(keyMaterialId === '' ? {} : { KeyMaterialId: keyMaterialId }),
      ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
      ...(description === null ? {} : { KeyMaterialDescription: description }),
    });
    return true;
  } catch (error) {
    if (isErrorNamed(error, 'IncorrectKeyMaterialException')) return false;
    throw error;
  }
}
