import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { World } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { decrypt, encrypt, materialIdOf } from './ciphertext.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import { allow } from './key-states.ts';
import { findKey, type KeySearch, loadKey } from './key-store.ts';
import type { UsageLog } from './usage-log.ts';

/** Where cryptography happens: a Region's keys, the HSM that holds their material, and who asks. */
export type CryptoPlace = KeySearch & Pick<World, 'hsm'> & { readonly usage: UsageLog };

export type EncryptionContext = Readonly<Record<string, string>>;

/** What was encrypted, and under which material. */
export type Encrypted = { readonly key: KeyRecord; readonly materialId: string; readonly blob: Buffer };

/**
 * Encrypts with a symmetric key, given by id, ARN or alias, under its current material.
 * @throws what KMS throws: NotFoundException, InvalidKeyUsageException, DisabledException, KMSInvalidStateException.
 */
export function encryptUnder(
  place: CryptoPlace,
  keyId: string,
  plain: Buffer,
  { context = {}, operation }: { context?: EncryptionContext; operation: string },
): Encrypted {
  const key = symmetricKey(findKey(withContext(place, context), keyId, 'with aliases'), operation);
  const materialId = key.currentMaterialId ?? '';
  const material = { id: materialId, bytes: openMaterial(place, key, materialId) };
  const blob = encrypt(operation === 'Encrypt' ? 'Encrypt' : 'DataKey', material, plain, bound(key, context));
  material.bytes.fill(0);
  place.usage.note(key, operation, place);
  return { key, materialId, blob };
}

/**
 * Makes a new data key and gives it in plain and in encrypted form.
 * @throws as {@link encryptUnder} does.
 */
export function generateDataKey(
  place: CryptoPlace,
  keyId: string,
  bytes: number,
  options: { context?: EncryptionContext; operation: string },
): Encrypted & { readonly plain: Buffer } {
  const plain = randomBytes(bytes);
  return { ...encryptUnder(place, keyId, plain, options), plain };
}

/**
 * Decrypts a ciphertext; `keyId` may be left out, the blob names its material.
 * @throws AccessDeniedException for one of a key that is gone or in another Region, InvalidCiphertextException without
 * a message for anything that does not open, IncorrectKeyException for another key's, and what the state asks.
 */
export function decryptBlob(
  place: CryptoPlace,
  blob: Buffer,
  { keyId, context = {}, operation }: { keyId?: string | undefined; context?: EncryptionContext; operation: string },
): { readonly key: KeyRecord; readonly materialId: string; readonly plain: Buffer } {
  const asking = withContext(place, context);
  const named = keyId === undefined ? undefined : findKey(asking, keyId, 'with aliases');
  const materialId = materialIdOf(blob);
  const owner = materialId && ownerOf(place, materialId);
  if (!materialId || !owner) throw new AwsError('InvalidCiphertextException');
  if (!named && !loadKey(place, owner)) throw new AwsError('AccessDeniedException', unverifiedText('lost-ciphertext'));
  if (named && named.keyId !== owner) {
    throw new AwsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  }
  const key = symmetricKey(named ?? findKey(asking, owner, 'without aliases'), operation);
  const bytes = openMaterial(place, key, materialId);
  const plain = decrypt(bytes, blob, bound(key, context));
  bytes.fill(0);
  if (!plain) throw new AwsError('InvalidCiphertextException');
  place.usage.note(key, operation, place);
  return { key, materialId, plain };
}

/** Gives a place whose condition keys are the encryption context: a key policy may have conditions on each pair. */
export function withContext(place: CryptoPlace, context: EncryptionContext = {}): CryptoPlace {
  const pairs = Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value]);
  return { ...place, conditions: Object.fromEntries(pairs) };
}

/** Gives the label under which the HSM seals the bytes of a material. */
export function materialLabel(key: Pick<KeyRecord, 'region' | 'keyId'>, materialId: string): string {
  return `${arnOf(key)} ${materialId}`;
}

/** @throws InvalidKeyUsageException for a key of another usage, and what the key's state asks for. */
export function needUsage(key: KeyRecord, usage: KeyRecord['keyUsage'], operation: string): void {
  if (key.keyUsage !== usage) {
    throw new AwsError(
      'InvalidKeyUsageException',
      `${arnOf(key)} key usage is ${key.keyUsage} which is not valid for ${operation}.`,
    );
  }
  allow('cryptography', key);
}

function symmetricKey(key: KeyRecord, operation: string): KeyRecord {
  needUsage(key, 'ENCRYPT_DECRYPT', operation);
  if (key.keySpec !== 'SYMMETRIC_DEFAULT')
    throw new AwsError('InvalidKeyUsageException', unverifiedText('symmetric-only', { arn: arnOf(key), operation }));
  return key;
}

/**
 * Unseals the bytes of one key material of a key.
 * @throws InvalidCiphertextException when the key does not hold them.
 */
export function openMaterial({ hsm }: Pick<World, 'hsm'>, key: KeyRecord, materialId: string): Buffer {
  const material = key.materials.find((one) => one.id === materialId);
  if (!material?.sealed) throw new AwsError('InvalidCiphertextException');
  return hsm.open(Buffer.from(material.sealed, 'base64'), materialLabel(key, materialId));
}

/** The key, in whichever Region, and gone or not, that ever had this material. */
function ownerOf({ store }: KeySearch, materialId: string): string | undefined {
  return store.one<{ key_id: string }>('SELECT key_id FROM kms_material_owner WHERE material_id = ?', materialId)
    ?.key_id;
}

/**
 * Key and context in one text that does not depend on the order in which the context was written. A multi-Region key is
 * bound by its id alone: what one Region encrypts, its related keys decrypt.
 */
function bound(key: KeyRecord, context: EncryptionContext): string {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([key.multiRegion ? key.keyId : arnOf(key), pairs]);
}
