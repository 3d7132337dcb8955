import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { World } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { decrypt, encrypt, materialIdOf } from './ciphertext.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { needState } from './key-states.ts';
import { findKey, type KeySearch, loadKey } from './key-store.ts';

/** What a cryptographic operation needs: the keys of a Region, the HSM that can unseal their material, and the caller. */
export type CryptoAccess = KeySearch & Pick<World, 'hsm'>;

export type EncryptionContext = Readonly<Record<string, string>>;

/** The result of an encryption: the ciphertext (`blob`), and the key and material that made it. */
export type Encrypted = { readonly key: KeyRecord; readonly materialId: string; readonly blob: Buffer };

/**
 * Encrypts with the current material of a symmetric key. The caller notes the use of the key, because a dry run is no use.
 * @param keyId the id, ARN or alias of the key.
 * @param plain the bytes, or a function that makes them, which is called after the checks of the key.
 * @param operation the name of the KMS operation, for messages. All names but `Encrypt` give the header of an encrypted data key.
 * @throws as {@link findKey} and {@link needUsage} do; InvalidKeyUsageException when the key is not symmetric.
 */
export function encryptUnder(
  access: CryptoAccess,
  keyId: string,
  plain: Buffer | (() => Buffer),
  { context = {}, operation }: { context?: EncryptionContext; operation: string },
): Encrypted {
  const key = needSymmetricKey(findKey(withContext(access, context), keyId, 'with aliases'), operation);
  // A symmetric key that can be used now always has a current material.
  const materialId = key.currentMaterialId ?? '';
  const bytes = typeof plain === 'function' ? plain() : plain;
  const material = { id: materialId, bytes: unsealMaterial(access, key, materialId) };
  const blob = encrypt(operation === 'Encrypt' ? 'Encrypt' : 'DataKey', material, bytes, bindingText(key, context));
  material.bytes.fill(0);
  return { key, materialId, blob };
}

/**
 * Makes a data key and encrypts it with {@link encryptUnder}. Gives the data key in plain and encrypted.
 * @param length the number of bytes of the data key.
 * @throws as {@link encryptUnder} does.
 */
export function generateDataKey(
  access: CryptoAccess,
  keyId: string,
  length: number,
  options: { context?: EncryptionContext; operation: string },
): Encrypted & { readonly plain: Buffer } {
  const plain = randomBytes(length);
  return { ...encryptUnder(access, keyId, plain, options), plain };
}

/**
 * Decrypts a ciphertext. `keyId` may be absent, because the ciphertext contains the id of its material. The caller notes the use
 * of the key.
 * @throws AccessDeniedException when `keyId` is absent and the key is gone or in another Region; IncorrectKeyException when
 * `keyId` names another key; InvalidCiphertextException (without a message) when the ciphertext cannot be decrypted; otherwise as
 * {@link findKey} and {@link needSymmetricKey} do.
 */
export function decryptBlob(
  access: CryptoAccess,
  blob: Buffer,
  { keyId, context = {}, operation }: { keyId?: string | undefined; context?: EncryptionContext; operation: string },
): { readonly key: KeyRecord; readonly materialId: string; readonly plain: Buffer } {
  const accessWithContext = withContext(access, context);
  const namedKey = keyId === undefined ? undefined : findKey(accessWithContext, keyId, 'with aliases');
  const materialId = materialIdOf(blob);
  const ownerId = materialId && findOwnerId(access, materialId);
  if (!materialId || !ownerId) throw new AwsError('InvalidCiphertextException');
  if (!namedKey && !loadKey(access, ownerId))
    throw new AwsError('AccessDeniedException', unverifiedText('lost-ciphertext'));
  if (namedKey && namedKey.keyId !== ownerId) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  const key = needSymmetricKey(namedKey ?? findKey(accessWithContext, ownerId, 'without aliases'), operation);
  const bytes = unsealMaterial(access, key, materialId);
  const plain = decrypt(bytes, blob, bindingText(key, context));
  bytes.fill(0);
  if (!plain) throw new AwsError('InvalidCiphertextException');
  return { key, materialId, plain };
}

/**
 * Gives the access with the pairs of the encryption context as its condition keys, in place of any others: a key policy can have
 * a condition on each pair.
 */
export function withContext(access: CryptoAccess, context: EncryptionContext = {}): CryptoAccess {
  const pairs = Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { ...access, conditions: Object.fromEntries(pairs) };
}

/** Gives the label under which the HSM seals the bytes of a material. */
export function materialLabel(key: Pick<KeyRecord, 'region' | 'keyId'>, materialId: string): string {
  return `${arnOf(key)} ${materialId}`;
}

/**
 * Checks that a key has this usage, and that its state allows the operation now.
 * @throws InvalidKeyUsageException for a key with another usage; otherwise the error of {@link needState}.
 */
export function needUsage(key: KeyRecord, usage: KeyRecord['keyUsage'], operation: string): void {
  if (key.keyUsage !== usage) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `${arnOf(key)} key usage is ${key.keyUsage} which is not valid for ${operation}.`,
    );
  }
  needState('cryptography', key);
}

/**
 * Checks that a key is symmetric and can be used now, and gives it back.
 * @throws InvalidKeyUsageException when it is not symmetric, or as {@link needUsage} does.
 */
function needSymmetricKey(key: KeyRecord, operation: string): KeyRecord {
  needUsage(key, 'ENCRYPT_DECRYPT', operation);
  if (key.keySpec !== 'SYMMETRIC_DEFAULT')
    throw new AwsError('InvalidKeyUsageException', unverifiedText('symmetric-only', { arn: arnOf(key), operation }));
  return key;
}

/**
 * Decrypts the bytes of a key's material; of the current one when no other is named. The caller must zero them.
 * @throws InvalidCiphertextException when the key does not have the material, or its bytes were deleted or have expired.
 */
export function unsealMaterial(
  { hsm }: Pick<World, 'hsm'>,
  key: KeyRecord,
  materialId = key.currentMaterialId,
): Buffer {
  const material = key.materials.find(({ id }) => id === materialId);
  if (!material?.sealed) throw new AwsError('InvalidCiphertextException');
  return hsm.unseal(Buffer.from(material.sealed, 'base64'), materialLabel(key, material.id));
}

/** Gives the id of the key that has or had this material, in any Region. Finds a deleted key too. */
function findOwnerId({ store }: KeySearch, materialId: string): string | undefined {
  return store.first<{ key_id: string }>('SELECT key_id FROM kms_material_owner WHERE material_id = ?', materialId)
    ?.key_id;
}

/**
 * Gives the text to which a ciphertext is bound: the key and the encryption context. The order of the context does not count.
 * The text of a multi-Region key contains its id and not its ARN, so that the related keys in other Regions can decrypt.
 */
function bindingText(key: KeyRecord, context: EncryptionContext): string {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([key.multiRegion ? key.keyId : arnOf(key), pairs]);
}
