import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, textOf } from '../xml.ts';
import { needBucket } from './bucket-record.ts';
import { rewrapDataKey } from './encryption.ts';
import { noSuchKey } from './get-object.ts';
import { loadObject, replaceObject } from './object-record.ts';
import { readXml, s3Operation } from './s3-exchange.ts';

/** Matches the ARN of a KMS key. Its group is the account. */
const arnForm = /^arn:[\w-]+:kms:[\w-]+:(\d{12}):key\/.+$/;

/**
 * UpdateObjectEncryption. Encrypts the data key of an object under another KMS key, also when the object was under SSE-S3.
 * The body, the ETag and the date do not change. Source: S3 API reference.
 */
export const updateObjectEncryption = s3Operation(
  { on: 'object', needs: 's3:UpdateObjectEncryption' },
  async (request) => {
    const { call, exchange, bucket, key } = request;
    const document = await readXml(exchange, 'ObjectEncryption', 'with a checksum');
    needBucket(call, bucket);
    const wantedEncryption = element(document, 'SSE-KMS');
    const bucketKeyText = textOf(wantedEncryption, 'BucketKeyEnabled');
    const keyArn = textOf(wantedEncryption, 'KMSKeyArn');
    if (wantedEncryption === undefined) throw invalidRequest('update-encryption-type');
    if (bucketKeyText !== undefined && bucketKeyText !== 'true' && bucketKeyText !== 'false')
      throw invalidRequest('update-encryption-flag');
    if (keyArn === undefined || keyArn === '') throw invalidRequest('update-encryption-no-arn');
    const account = arnForm.exec(keyArn)?.[1];
    if (account === undefined)
      throw invalidRequest(keyArn.startsWith('arn:') ? 'update-encryption-bad-arn' : 'update-encryption-no-arn');
    if (account !== accountId)
      throw new AwsError('AccessDenied', unverifiedText('update-encryption-account'), { status: 403 });
    if (call.control.hasObjectLock(bucket))
      throw new AwsError('AccessDenied', unverifiedText('update-encryption-lock'), { status: 403 });
    call.store.change(() => {
      const object = loadObject(call.store, bucket, key);
      if (!object) throw noSuchKey(key);
      const { algorithm } = object.encryption;
      if (algorithm === 'SSE-C' || algorithm === 'aws:kms:dsse') throw invalidRequest('update-encryption-source');
      const bucketKey = bucketKeyText === 'true';
      const choice = { algorithm: 'aws:kms', keyId: keyArn, bucketKey, context: {} } as const;
      const encryption = rewrapDataKey(call, object.encryption, choice, bucket, key);
      replaceObject(call.store, bucket, key, { ...object, encryption }, 'same body');
    });
    return { status: 200 };
  },
);

/** Makes the error InvalidRequest. @param id the name of its text in `unverified-texts.ts`. */
function invalidRequest(id: Parameters<typeof unverifiedText>[0]): AwsError {
  return new AwsError('InvalidRequest', unverifiedText(id));
}
