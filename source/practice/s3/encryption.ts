import { hkdfSync, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../exchange.ts';
import { decryptBlob, encryptUnder } from '../kms/data-keys.ts';
import { arnOf } from '../kms/key-record.ts';
import { s3Arn } from './bucket-record.ts';
import { type CustomerKey, matchCustomerKey } from './customer-key.ts';
import type { EncryptionChoice } from './encryption-choice.ts';
import { s3ManagedKey } from './managed-key.ts';

/** How an object is encrypted, and its data key in encrypted form, as the disk stores it. */
export type StoredEncryption =
  | { readonly algorithm: 'AES256'; readonly sealedKey: string }
  | { readonly algorithm: 'SSE-C'; readonly keyMd5: string; readonly salt: string }
  | {
      readonly algorithm: 'aws:kms' | 'aws:kms:dsse';
      readonly keyArn: string;
      readonly bucketKey: boolean;
      /** A ciphertext of KMS, in base64. */
      readonly wrappedKey: string;
      readonly context: Readonly<Record<string, string>>;
    };

const sealLabel = 'SSE-S3 data key';
const dataKeyBytes = 32;

/**
 * Makes a data key for a new object and gives its plain and its stored form. With SSE-KMS the data key comes from KMS.
 * @throws KMS's own errors, where it cannot use the key, with `KMS.` before their code, as S3 passes them on.
 */
export function newDataKey(
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
  return { dataKey, stored: wrapped(call, dataKey, choice, bucket, key) };
}

/**
 * Wraps the data key of a stored object under another KMS key and gives the new stored form.
 * @throws `KMS.` errors.
 */
export function rewrapDataKey(
  call: Call,
  before: StoredEncryption,
  choice: ServerSideChoice,
  bucket: string,
  key: string,
): StoredEncryption {
  const dataKey = openDataKey(call, before);
  try {
    return wrapped(call, dataKey, choice, bucket, key);
  } finally {
    dataKey.fill(0);
  }
}

type ServerSideChoice = Exclude<EncryptionChoice, { readonly algorithm: 'SSE-C' }>;

function wrapped(call: Call, dataKey: Buffer, choice: ServerSideChoice, bucket: string, key: string): StoredEncryption {
  const { algorithm } = choice;
  if (algorithm === 'AES256') return { algorithm, sealedKey: call.hsm.seal(dataKey, sealLabel).toString('base64') };
  // With a bucket key, policies see the bucket in the context and not the object.
  const context = { ...choice.context, 'aws:s3:arn': s3Arn(call.partition, bucket, choice.bucketKey ? '' : key) };
  return passingKmsErrors(() => {
    const keyId = choice.keyId ?? s3ManagedKey(call);
    // The same as GenerateDataKey with these bytes, which the object may have already.
    const asking = { ...call, action: 'kms:GenerateDataKey', viaService: 's3' };
    const made = encryptUnder(asking, keyId, dataKey, { context, operation: 'GenerateDataKey' });
    return {
      algorithm,
      keyArn: arnOf(made.key),
      bucketKey: choice.bucketKey,
      wrappedKey: made.blob.toString('base64'),
      context,
    };
  });
}

/**
 * Opens the data key of a stored object; nothing is cached.
 * @throws `KMS.` errors when the KMS key cannot be used, and S3 errors when the customer's key, which a request must
 * bring for SSE-C, is missing or wrong. unverified: bucket-key-cache.
 */
export function openDataKey(call: Call, stored: StoredEncryption, customerKey?: CustomerKey): Buffer {
  matchCustomerKey(customerMd5(stored), customerKey);
  if (stored.algorithm === 'SSE-C') return customerDataKey(customerKey?.bytes ?? Buffer.alloc(0), stored.salt);
  if (stored.algorithm === 'AES256') return call.hsm.open(Buffer.from(stored.sealedKey, 'base64'), sealLabel);
  const { keyArn: keyId, context, wrappedKey } = stored;
  return passingKmsErrors(
    () =>
      decryptBlob({ ...call, action: 'kms:Decrypt', viaService: 's3' }, Buffer.from(wrappedKey, 'base64'), {
        keyId,
        context,
        operation: 'Decrypt',
      }).plain,
  );
}

/** Gives the headers that say how an object is encrypted: the key as an ARN, the bucket key only when it is used. */
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

/** Gives the MD5 of the customer's key that an object was stored with, if it was. */
export function customerMd5(stored: StoredEncryption): string | undefined {
  return stored.algorithm === 'SSE-C' ? stored.keyMd5 : undefined;
}

/** The customer's key itself encrypts nothing: the same one for two objects must not meet the same nonce. */
function customerDataKey(customerKey: Buffer, salt: string): Buffer {
  return Buffer.from(hkdfSync('sha256', customerKey, Buffer.from(salt, 'base64'), 'SSE-C data key', dataKeyBytes));
}

/** unverified: s3-key-states. */
function passingKmsErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof AwsError && error.code === 'AccessDeniedException') {
      // S3 has its own code and status for it, with the words of KMS (reported, aws/copilot-cli#5500).
      throw new AwsError('AccessDenied', error.message, { status: 403 });
    }
    if (error instanceof AwsError)
      throw new AwsError(`KMS.${error.code}`, error.hasMessage ? error.message : undefined, { status: error.status });
    throw error;
  }
}
