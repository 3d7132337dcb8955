import { hkdfSync, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { decryptBlob, encryptUnder } from '../kms/data-keys.ts';
import { arnOf } from '../kms/key-record.ts';
import { s3Arn } from './bucket-record.ts';
import { type CustomerKey, matchCustomerKey } from './customer-key.ts';
import type { EncryptionChoice } from './encryption-choice.ts';
import { findOrMakeManagedKey } from './managed-key.ts';

/** How an object is encrypted, with its encrypted data key, as it is stored. */
export type StoredEncryption =
  /** `sealedKey` is the data key, encrypted by the HSM, in base64. */
  | { readonly algorithm: 'AES256'; readonly sealedKey: string }
  /** The data key is not stored: it is derived from the customer's key and the salt. */
  | { readonly algorithm: 'SSE-C'; readonly keyMd5: string; readonly salt: string }
  | {
      readonly algorithm: 'aws:kms' | 'aws:kms:dsse';
      readonly keyArn: string;
      readonly bucketKey: boolean;
      /** The data key, encrypted by KMS, in base64. */
      readonly wrappedKey: string;
      readonly context: Readonly<Record<string, string>>;
    };

const sealLabel = 'SSE-S3 data key';
const dataKeyBytes = 32;

/**
 * Makes a data key for a new object. Gives the data key in plain, which the caller must zero, and its stored form. With
 * SSE-KMS, KMS encrypts the data key.
 * @param key the key of the object in its bucket.
 * @throws as {@link withS3Errors} does when KMS refuses.
 */
export function makeDataKey(
  call: Call,
  choice: EncryptionChoice,
  bucket: string,
  key: string,
): { readonly dataKey: Buffer; readonly stored: StoredEncryption } {
  if (choice.algorithm === 'SSE-C') {
    const salt = randomBytes(dataKeyBytes).toString('base64');
    const { bytes, md5 } = choice.customerKey;
    return { dataKey: customerDataKey(bytes, salt), stored: { algorithm: 'SSE-C', keyMd5: md5, salt } };
  }
  const dataKey = randomBytes(dataKeyBytes);
  return { dataKey, stored: wrapDataKey(call, dataKey, choice, bucket, key) };
}

/**
 * Encrypts the data key of a stored object anew, as the choice says. Gives the new stored form.
 * @throws as {@link makeDataKey} and {@link unwrapDataKey} do.
 */
export function rewrapDataKey(
  call: Call,
  before: StoredEncryption,
  choice: ServerSideChoice,
  bucket: string,
  key: string,
): StoredEncryption {
  const dataKey = unwrapDataKey(call, before);
  try {
    return wrapDataKey(call, dataKey, choice, bucket, key);
  } finally {
    dataKey.fill(0);
  }
}

/** An encryption for which the customer sends no key. */
type ServerSideChoice = Exclude<EncryptionChoice, { readonly algorithm: 'SSE-C' }>;

/** Encrypts a data key as the choice says, and gives the stored form. */
function wrapDataKey(
  call: Call,
  dataKey: Buffer,
  choice: ServerSideChoice,
  bucket: string,
  key: string,
): StoredEncryption {
  const { algorithm } = choice;
  if (algorithm === 'AES256') return { algorithm, sealedKey: call.hsm.seal(dataKey, sealLabel).toString('base64') };
  // With a bucket key, the encryption context that KMS gets contains the ARN of the bucket, not that of the object.
  const context = { ...choice.context, 'aws:s3:arn': s3Arn(call.partition, bucket, choice.bucketKey ? '' : key) };
  return withS3Errors(() => {
    const keyId = choice.keyId ?? findOrMakeManagedKey(call);
    // Needs the same permission as GenerateDataKey, but encrypts a data key that exists already.
    const kmsCall = { ...call, action: 'kms:GenerateDataKey', viaService: 's3' };
    const wrapped = encryptUnder(kmsCall, keyId, dataKey, { context, operation: 'GenerateDataKey' });
    call.usage.note(wrapped.key, 'GenerateDataKey', call);
    return {
      algorithm,
      keyArn: arnOf(wrapped.key),
      bucketKey: choice.bucketKey,
      wrappedKey: wrapped.blob.toString('base64'),
      context,
    };
  });
}

/**
 * Gives the data key of a stored object in plain. The caller must zero it. Practice AWS caches no data key;
 * unverified: bucket-key-cache.
 * @throws as {@link withS3Errors} does when KMS refuses; as {@link matchCustomerKey} does for the customer's key.
 */
export function unwrapDataKey(call: Call, stored: StoredEncryption, customerKey?: CustomerKey): Buffer {
  // From here on, `customerKey` is present when the object is under SSE-C.
  matchCustomerKey(customerMd5(stored), customerKey);
  if (stored.algorithm === 'SSE-C') return customerDataKey(customerKey?.bytes ?? Buffer.alloc(0), stored.salt);
  if (stored.algorithm === 'AES256') return call.hsm.unseal(Buffer.from(stored.sealedKey, 'base64'), sealLabel);
  const { keyArn: keyId, context, wrappedKey } = stored;
  return withS3Errors(() => {
    const kmsCall = { ...call, action: 'kms:Decrypt', viaService: 's3' };
    const options = { keyId, context, operation: 'Decrypt' };
    const { key, plain } = decryptBlob(kmsCall, Buffer.from(wrappedKey, 'base64'), options);
    call.usage.note(key, 'Decrypt', call);
    return plain;
  });
}

/** Gives the headers of an answer that say how an object is encrypted. The bucket key is named only when it is used. */
export function encryptionHeaders(stored: StoredEncryption): Record<string, string> {
  if (stored.algorithm === 'SSE-C') {
    return {
      'x-amz-server-side-encryption-customer-algorithm': 'AES256',
      'x-amz-server-side-encryption-customer-key-md5': stored.keyMd5,
    };
  }
  return stored.algorithm === 'AES256'
    ? { 'x-amz-server-side-encryption': 'AES256' }
    : {
        'x-amz-server-side-encryption': stored.algorithm,
        'x-amz-server-side-encryption-aws-kms-key-id': stored.keyArn,
        ...(stored.bucketKey ? { 'x-amz-server-side-encryption-bucket-key-enabled': 'true' } : {}),
      };
}

/** Gives the MD5 of the customer's key of an object under SSE-C; `undefined` for other objects. */
export function customerMd5(stored: StoredEncryption): string | undefined {
  return stored.algorithm === 'SSE-C' ? stored.keyMd5 : undefined;
}

/**
 * Derives the data key from the customer's key and a salt. Without the salt, all objects under one customer's key would have
 * the same data key, and two frames could get the same nonce.
 */
function customerDataKey(customerKey: Buffer, salt: string): Buffer {
  return Buffer.from(hkdfSync('sha256', customerKey, Buffer.from(salt, 'base64'), 'SSE-C data key', dataKeyBytes));
}

/**
 * Runs `work` and turns each error of KMS into the error that S3 gives to its caller.
 * unverified: s3-key-states
 * @throws AccessDenied (403) when KMS denies; for any other error of KMS, one whose code begins with `KMS.`, as at AWS.
 */
function withS3Errors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') {
      // S3 gives its own code and status, with the message of KMS (from reports).
      throw new AwsError('AccessDenied', error.message, { status: 403 });
    }
    if (error instanceof AwsError)
      throw new AwsError(`KMS.${error.code}`, error.hasMessage ? error.message : undefined, { status: error.status });
    throw error;
  }
}
