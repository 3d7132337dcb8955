import { AwsError } from '../aws-error.ts';
import { type Call, type Exchange, header } from '../exchange.ts';
import type { Bucket } from './bucket-record.ts';
import { type CustomerKey, customerKeyIn, refuseBlockedCustomerKey } from './customer-key.ts';

/** How a new object will be encrypted. `keyId` is an id, an ARN or an alias. Without it, S3 uses its AWS managed key. */
export type EncryptionChoice =
  | { readonly algorithm: 'SSE-C'; readonly customerKey: CustomerKey }
  | {
      readonly algorithm: 'AES256' | 'aws:kms' | 'aws:kms:dsse';
      readonly keyId?: string;
      readonly bucketKey: boolean;
      readonly context: Readonly<Record<string, string>>;
    };

const prefix = 'x-amz-server-side-encryption';
const algorithms = ['AES256', 'aws:kms', 'aws:kms:dsse'] as const;

/**
 * Gives the encryption for an upload: that of its headers, or else the default of the bucket. The texts are from the S3 user
 * guide and recorded answers, 2026.
 * @throws InvalidArgument; AccessDenied (403) for SSE-C when the bucket blocks SSE-C; or as {@link customerKeyIn} does.
 */
export function chooseEncryption(call: Call, exchange: Exchange, bucket: Bucket, key: string): EncryptionChoice {
  refuseBlockedCustomerKey(call, exchange, bucket, key);
  const customerKey = customerKeyIn(exchange);
  if (customerKey) return { algorithm: 'SSE-C', customerKey };
  const algorithmHeader = header(exchange, prefix);
  const keyId = header(exchange, `${prefix}-aws-kms-key-id`);
  const bucketKeyHeader = header(exchange, `${prefix}-bucket-key-enabled`);
  const bucketKey = bucketKeyHeader === undefined ? bucket.encryption.bucketKey : bucketKeyHeader === 'true';
  const context = contextOf(header(exchange, `${prefix}-context`));
  if (algorithmHeader === undefined) {
    if (keyId !== undefined) {
      throw new AwsError(
        'InvalidArgument',
        'Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms',
        { details: { ArgumentName: prefix, ArgumentValue: 'null' } },
      );
    }
    const { algorithm, keyId: defaultKeyId } = bucket.encryption;
    return { algorithm, bucketKey, context, ...(defaultKeyId === undefined ? {} : { keyId: defaultKeyId }) };
  }
  const algorithm = algorithms.find((name) => name === algorithmHeader);
  if (!algorithm || (algorithm === 'AES256' && keyId !== undefined)) {
    // unverified: unknown-encryption
    throw new AwsError('InvalidArgument', 'The encryption method specified is not supported', {
      details: { ArgumentName: prefix, ArgumentValue: algorithmHeader },
    });
  }
  return { algorithm, bucketKey, context, ...(keyId === undefined ? {} : { keyId }) };
}

/**
 * Reads the encryption context from its header: JSON in base64.
 * @throws InvalidArgument when the header is no map of texts.
 */
function contextOf(headerValue: string | undefined): Record<string, string> {
  if (headerValue === undefined) return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(headerValue, 'base64').toString('utf8'));
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isMap && Object.values(value).every((text) => typeof text === 'string')) return value as Record<string, string>;
  } catch {
    // The header is no JSON. It gets the same error as JSON of another form.
  }
  // unverified: context-code
  throw new AwsError(
    'InvalidArgument',
    `The header '${prefix}-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map`,
  );
}
