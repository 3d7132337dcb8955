import type { KMSClient } from '@aws-sdk/client-kms';

/** Loads the KMS client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-kms');

/** The encryption context of every proof: names and values that a call to Decrypt must give again. */
export const proofContext = { purpose: 'keyferry-proof' };

/** The length of a data key of the spec AES_256. */
const dataKeyBytes = 32;

/**
 * Proves that the KMS key works: makes a data key, decrypts its encrypted form, and compares the two results. Then
 * overwrites both with zeros, also when Decrypt fails. Calls GenerateDataKey and Decrypt.
 * @returns `same`: true when both results are equal and have 32 bytes. `keyMaterialId`: the material that KMS used, when KMS tells
 * it. `encrypted`: the encrypted data key, which is no secret.
 */
export async function proveDataKey(
  kms: KMSClient,
  keyArn: string,
): Promise<{ same: boolean; keyMaterialId: string | undefined; encrypted: Buffer }> {
  const { DecryptCommand, GenerateDataKeyCommand } = await sdk();
  const made = await kms.send(
    new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: proofContext }),
  );
  const dataKey = made.Plaintext ?? new Uint8Array();
  try {
    const answer = await kms.send(
      new DecryptCommand({ KeyId: keyArn, CiphertextBlob: made.CiphertextBlob, EncryptionContext: proofContext }),
    );
    const decrypted = answer.Plaintext ?? new Uint8Array();
    const same = dataKey.length === dataKeyBytes && Buffer.compare(dataKey, decrypted) === 0;
    decrypted.fill(0);
    const encrypted = Buffer.from(made.CiphertextBlob ?? []);
    return { same, keyMaterialId: made.KeyMaterialId ?? answer.KeyMaterialId, encrypted };
  } finally {
    dataKey.fill(0);
  }
}

/**
 * Decrypts an encrypted data key that {@link proveDataKey} made earlier, and overwrites the result with zeros. Calls Decrypt.
 * @returns the id of the material with which KMS decrypted the data key; `undefined` when KMS does not tell it.
 */
export async function decryptProof(kms: KMSClient, keyArn: string, encrypted: Uint8Array): Promise<string | undefined> {
  const { DecryptCommand } = await sdk();
  const { Plaintext, KeyMaterialId } = await kms.send(
    new DecryptCommand({ KeyId: keyArn, CiphertextBlob: encrypted, EncryptionContext: proofContext }),
  );
  Plaintext?.fill(0);
  return KeyMaterialId;
}
