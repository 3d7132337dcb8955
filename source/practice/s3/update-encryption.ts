import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, textOf } from '../xml.ts';
import { needBucket } from './bucket-record.ts';
import { rewrapDataKey } from './encryption.ts';
import { noSuchKey } from './get-object.ts';
import { loadObject, replaceObject } from './object-record.ts';
import { readXml, s3Operation } from './s3-exchange.ts';

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
    const wanted = element(document, 'SSE-KMS');
    const given = textOf(wanted, 'BucketKeyEnabled');
    const keyArn = textOf(wanted, 'KMSKeyArn');
    if (wanted === undefined) throw invalid('update-encryption-type');
    if (given !== undefined && given !== 'true' && given !== 'false') throw invalid('update-encryption-flag');
    if (keyArn === undefined || keyArn === '') throw invalid('update-encryption-no-arn');
    const account = arnForm.exec(keyArn)?.[1];
    if (account === undefined)
      throw invalid(keyArn.startsWith('arn:') ? 'update-encryption-bad-arn' : 'update-encryption-no-arn');
    if (account !== accountId)
      throw new AwsError('AccessDenied', unverifiedText('update-encryption-account'), { status: 403 });
    if (call.control.hasObjectLock(bucket))
      throw new AwsError('AccessDenied', unverifiedText('update-encryption-lock'), { status: 403 });
    call.store.change(() => {
      const object = loadObject(call.store, bucket, key);
      if (!object) throw noSuchKey(key);
      const { algorithm } = object.encryption;
      if (algorithm === 'SSE-C' || algorithm === 'aws:kms:dsse') throw invalid('update-encryption-source');
      const choice = { algorithm: 'aws:kms', keyId: keyArn, bucketKey: given === 'true', context: {} } as const;
      const encryption = rewrapDataKey(call, object.encryption, choice, bucket, key);
      replaceObject(call.store, bucket, key, { ...object, encryption }, 'same body');
    });
    return { status: 200 };
  },
);

function invalid(id: Parameters<typeof unverifiedText>[0]): AwsError {
  return new AwsError('InvalidRequest', unverifiedText(id));
}
