import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { checksumHeaders } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { encryptionHeaders, newDataKey } from './encryption.ts';
import { chooseEncryption } from './encryption-choice.ts';
import { refuseByLock } from './object-lock.ts';
import { loadObject, type ObjectRecord, replaceObject } from './object-record.ts';
import { receiveBody } from './receive.ts';
import { s3Operation } from './s3-exchange.ts';

/** PutObject. The object appears only when all bytes have arrived. */
export const putObject = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  refuseByLock(request, 'Put Object');
  const choice = chooseEncryption(call, exchange, needBucket(call, bucket), key);
  checkWriteConditions(exchange, loadObject(call.store, bucket, key));
  const headers = readStoredHeaders(exchange);
  const { dataKey, stored } = newDataKey(call, choice, bucket, key);
  // Under another encryption, S3 makes an ETag that is not the MD5 of the bytes.
  const isEtagMd5 = stored.algorithm === 'AES256';
  const { segment, etag, checksum } = await receiveBody(call, exchange, { dataKey, isEtagMd5 });
  dataKey.fill(0);
  const object: ObjectRecord = {
    size: segment.size,
    etag,
    lastModified: call.now().getTime(),
    headers,
    encryption: stored,
    checksum: { ...checksum, type: 'FULL_OBJECT' },
    segments: [segment],
  };
  const unusedFiles = call.store.change(() => {
    // While the bytes arrived, other requests may have deleted the bucket or changed the object.
    needBucket(call, bucket);
    checkWriteConditions(exchange, loadObject(call.store, bucket, key));
    return replaceObject(call.store, bucket, key, object);
  });
  await dropBodies(call.store.folder, unusedFiles);
  return {
    status: 200,
    headers: {
      etag: `"${object.etag}"`,
      ...checksumHeaders({ ...checksum, type: 'FULL_OBJECT' }),
      ...encryptionHeaders(stored),
    },
  };
});

/** The headers of an upload that S3 stores, besides those of the user metadata. */
const keptNames = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'];

/** The most bytes that names and values of the user metadata can have together. */
const maxMetadataBytes = 2048;

/**
 * Gives the headers of an upload that S3 stores and gives back with the object. Leaves out headers about the transfer.
 * @throws MetadataTooLarge for more than 2 KB of user metadata.
 */
export function readStoredHeaders(exchange: Exchange): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of Object.keys(exchange.headers)) {
    const value = header(exchange, name);
    if (value !== undefined && (keptNames.includes(name) || name.startsWith('x-amz-meta-'))) headers[name] = value;
  }
  const metadata = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
  const size = Buffer.byteLength(metadata.map(([name, value]) => name.slice('x-amz-meta-'.length) + value).join(''));
  if (size > maxMetadataBytes) {
    throw new AwsError('MetadataTooLarge', unverifiedText('metadata-too-large'), {
      details: { Size: String(size), MaxSizeAllowed: String(maxMetadataBytes) },
    });
  }
  const encodings = (header(exchange, 'content-encoding') ?? '').split(',').map((encoding) => encoding.trim());
  const storedEncodings = encodings.filter((encoding) => encoding !== '' && encoding !== 'aws-chunked').join(', ');
  return storedEncodings === '' ? headers : { ...headers, 'content-encoding': storedEncodings };
}
