import { randomBytes } from 'node:crypto';
import { header } from '../exchange.ts';
import type { PracticeIdentity } from '../identities.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { knownAlgorithm } from './checksums.ts';
import { encryptionHeaders, makeDataKey } from './encryption.ts';
import { chooseEncryption } from './encryption-choice.ts';
import { s3Operation, xmlAnswer } from './s3-exchange.ts';
import { readObjectDescription } from './upload-headers.ts';
import { forgetUpload, needUpload, partsOf, saveUpload, type Upload } from './upload-record.ts';

/** CreateMultipartUpload. Chooses the encryption for all parts. */
export const createMultipartUpload = s3Operation({ on: 'object', needs: 's3:PutObject' }, (request) => {
  const { call, exchange, bucket, key } = request;
  const choice = chooseEncryption(call, exchange, needBucket(call, bucket), key);
  const { dataKey, stored } = makeDataKey(call, choice, bucket, key);
  dataKey.fill(0);
  const algorithmHeader = header(exchange, 'x-amz-checksum-algorithm');
  const checksumAlgorithm = algorithmHeader === undefined ? 'CRC64NVME' : knownAlgorithm(algorithmHeader);
  const defaultType = checksumAlgorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const checksumType = header(exchange, 'x-amz-checksum-type') ?? defaultType;
  const upload: Upload = {
    uploadId: randomBytes(48).toString('base64url'),
    bucket,
    key,
    initiated: call.now().getTime(),
    initiator: initiatorOf(call.identity),
    ...readObjectDescription(request),
    encryption: stored,
    checksumAlgorithm,
    checksumType: checksumType === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE',
  };
  saveUpload(call.store, upload);
  const answer = xmlAnswer('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.uploadId });
  return {
    ...answer,
    headers: {
      ...answer.headers,
      ...encryptionHeaders(stored),
      ...(algorithmHeader === undefined
        ? {}
        : { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': upload.checksumType }),
    },
  };
});

/**
 * Gives the identity that begins an upload, for the lists of uploads and parts: its ARN, and for a user also the name
 * (github.com/versity/versitygw, issue 2156).
 */
function initiatorOf({ arn, principal: { kind, name } }: PracticeIdentity): NonNullable<Upload['initiator']> {
  // unverified: initiator-name
  return kind === 'user' ? { arn, userName: name } : { arn };
}

export const abortMultipartUpload = s3Operation({ on: 'object', needs: 's3:AbortMultipartUpload' }, async (request) => {
  const { call } = request;
  const files = call.store.change(() => {
    const { uploadId } = needUpload(request);
    const parts = partsOf(call.store, uploadId);
    forgetUpload(call.store, uploadId);
    return parts.map((part) => part.segment.file);
  });
  await dropBodies(call.store.folder, files);
  return { status: 204 };
});
