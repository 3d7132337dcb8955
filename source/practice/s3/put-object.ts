import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { checksumHeaders } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { encryptionHeaders, makeDataKey } from './encryption.ts';
import { chooseEncryption } from './encryption-choice.ts';
import { needChecksumForLock } from './object-lock.ts';
import { loadObject, type ObjectRecord, replaceObject } from './object-record.ts';
import { receiveBody } from './receive.ts';
import { s3Operation } from './s3-exchange.ts';
import { readObjectDescription } from './upload-headers.ts';

/** PutObject. The object appears only when all bytes have arrived. */
export const putObject = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  needChecksumForLock(request, 'Put Object');
  const choice = chooseEncryption(call, exchange, needBucket(call, bucket), key);
  checkWriteConditions(exchange, loadObject(call.store, bucket, key));
  const described = readObjectDescription(request);
  const { dataKey, stored } = makeDataKey(call, choice, bucket, key);
  // Under another encryption, S3 makes an ETag that is not the MD5 of the bytes.
  const isEtagMd5 = stored.algorithm === 'AES256';
  const { segment, etag, checksum } = await receiveBody(call, exchange, { dataKey, isEtagMd5 }).finally(() =>
    dataKey.fill(0),
  );
  const object: ObjectRecord = {
    size: segment.size,
    etag,
    lastModified: call.now().getTime(),
    ...described,
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
