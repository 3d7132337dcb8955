import { createHash } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { elements, textOf } from '../xml.ts';
import { dropBodies } from './body-folder.ts';
import { needBucket } from './bucket-record.ts';
import { type Checksum, checksumElement, checksumHeader, startChecksum } from './checksums.ts';
import { checkWriteConditions } from './conditions.ts';
import { combineCrcs } from './crc-combine.ts';
import { encryptionHeaders, unwrapDataKey } from './encryption.ts';
import { loadObject, type ObjectRecord, replaceObject } from './object-record.ts';
import { readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { storageClassOf } from './storage-class.ts';
import { forgetUpload, needUpload, type Part, partsOf, type Upload } from './upload-record.ts';

const minPartBytes = 5 * 1024 * 1024;

/** CompleteMultipartUpload. The files of the parts become the segments of the object. No bytes are copied. */
export const completeMultipartUpload = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  // In this operation, a header contains the checksum of the object, not that of the document.
  const document = await readXml(exchange, 'CompleteMultipartUpload', 'of something else');
  needBucket(call, bucket);
  const { object, files } = call.store.change(() => {
    const before = loadObject(call.store, bucket, key);
    // A client may repeat the request after a lost answer. S3 then gives the same answer (from reports).
    if (before?.uploadId !== undefined && before.uploadId === exchange.query.get('uploadId'))
      return { object: before, files: [] };
    const upload = needUpload(request);
    const uploadedParts = partsOf(call.store, upload.uploadId);
    const listedParts = findListedParts(document, upload, uploadedParts);
    checkWriteConditions(exchange, before);
    // AWS needs kms:Decrypt here. When the key cannot be used, the request fails before it replaces an object.
    // unverified: complete-sse-c.
    if (upload.encryption.algorithm !== 'SSE-C') unwrapDataKey(call, upload.encryption).fill(0);
    const completed = objectOf(upload, listedParts, call.now().getTime());
    checkSizeAndChecksum(exchange, completed);
    const replacedFiles = replaceObject(call.store, bucket, key, completed);
    forgetUpload(call.store, upload.uploadId);
    const unusedFiles = uploadedParts.filter((part) => !listedParts.includes(part)).map((part) => part.segment.file);
    return { object: completed, files: [...replacedFiles, ...unusedFiles] };
  });
  await dropBodies(call.store.folder, files);
  const answer = xmlAnswer('CompleteMultipartUploadResult', {
    Location: `/${bucket}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${object.etag}"`,
    ...(object.checksum
      ? { [checksumElement(object.checksum.algorithm)]: object.checksum.value, ChecksumType: object.checksum.type }
      : {}),
  });
  return { ...answer, headers: { ...answer.headers, ...encryptionHeaders(object.encryption) } };
});

/**
 * Finds the parts that the document of the request lists.
 * @param uploadedParts all parts of this upload.
 * @throws InvalidRequest when the document lists no part, InvalidPartOrder, or EntityTooSmall; otherwise as {@link checkPart} does.
 */
function findListedParts(document: unknown, upload: Upload, uploadedParts: readonly Part[]): Part[] {
  const byNumber = new Map(uploadedParts.map((part) => [part.number, part]));
  const entries = elements(document, 'Part');
  // Recorded, Feb 2026.
  if (entries.length === 0) throw new AwsError('InvalidRequest', 'You must specify at least one part');
  const parts = entries.map((entry) => checkPart(entry, upload, byNumber.get(Number(textOf(entry, 'PartNumber')))));
  if (parts.some((part, index) => index > 0 && part.number <= (parts[index - 1]?.number ?? 0))) {
    throw new AwsError(
      'InvalidPartOrder',
      'The list of parts was not in ascending order. Parts must be ordered by part number.',
    );
  }
  // The last part may be smaller.
  const tooSmall = parts.slice(0, -1).find((part) => part.segment.size < minPartBytes);
  if (tooSmall) {
    throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      details: {
        ProposedSize: String(tooSmall.segment.size),
        MinSizeAllowed: String(minPartBytes),
        PartNumber: String(tooSmall.number),
        ETag: tooSmall.etag,
      },
    });
  }
  return parts;
}

/**
 * Checks a part against its entry in the document, and gives the part back.
 * @param part the uploaded part with the number of the entry; `undefined` when there is none.
 * @throws InvalidPart when there is no such part, or it has another ETag or checksum; InvalidRequest when the entry must have a
 * checksum and has none.
 */
function checkPart(entry: unknown, upload: Upload, part: Part | undefined): Part {
  const claimedChecksum = textOf(entry, checksumElement(upload.checksumAlgorithm));
  if (part && claimedChecksum === undefined && upload.checksumType === 'COMPOSITE') {
    throw new AwsError(
      'InvalidRequest',
      `The upload was created using a ${upload.checksumAlgorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.number} in the request.`,
    );
  }
  const isSame =
    textOf(entry, 'ETag')?.replaceAll('"', '') === part?.etag &&
    (claimedChecksum === undefined || claimedChecksum === part?.checksum.value);
  if (part && isSame) return part;
  throw new AwsError(
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { details: { UploadId: upload.uploadId, PartNumber: textOf(entry, 'PartNumber') ?? '' } },
  );
}

/** @throws InvalidRequest or BadDigest when the headers name another size or checksum than the object has. */
function checkSizeAndChecksum(exchange: Exchange, { checksum, size }: ObjectRecord): void {
  if (Number(header(exchange, 'x-amz-mp-object-size') ?? size) !== size)
    throw new AwsError('InvalidRequest', unverifiedText('upload-size'));
  const claimed = checksum && header(exchange, checksumHeader(checksum.algorithm));
  if (checksum && claimed !== undefined && claimed !== checksum.value)
    throw new AwsError('BadDigest', `The ${checksum.algorithm} you specified did not match the calculated checksum.`);
}

/** Makes the record of the object from its parts. Its ETag is the MD5 of the ETags of the parts, with `-N` for N parts. */
function objectOf(upload: Upload, parts: readonly Part[], now: number): ObjectRecord {
  const digest = createHash('md5');
  for (const part of parts) digest.update(Buffer.from(part.etag, 'hex'));
  const checksum = checksumOf(upload, parts);
  return {
    size: parts.reduce((sum, part) => sum + part.segment.size, 0),
    etag: `${digest.digest('hex')}-${parts.length}`,
    lastModified: now,
    headers: upload.headers,
    tags: upload.tags ?? [],
    storageClass: storageClassOf(upload),
    encryption: upload.encryption,
    ...(checksum ? { checksum } : {}),
    ...(checksum?.type === 'COMPOSITE' ? { partChecksums: parts.map((part) => part.checksum.value) } : {}),
    segments: parts.map((part) => part.segment),
    parts: parts.length,
    uploadId: upload.uploadId,
  };
}

/**
 * Computes the checksum of the object. The request that created the upload says whether it is a checksum of the bytes, or of
 * the checksums of the parts. Gives `undefined` when a part has a checksum of another algorithm, or when a checksum of the
 * bytes is wanted and the algorithm is not a CRC.
 */
function checksumOf(
  { checksumAlgorithm: algorithm, checksumType }: Upload,
  parts: readonly Part[],
): Checksum | undefined {
  if (parts.some((part) => part.checksum.algorithm !== algorithm)) return undefined;
  if (checksumType === 'FULL_OBJECT') {
    const pieces = parts.map((part) => ({ value: part.checksum.value, size: part.segment.size }));
    const value = combineCrcs(algorithm, pieces);
    return value === undefined ? undefined : { algorithm, value, type: 'FULL_OBJECT' };
  }
  const running = startChecksum(algorithm);
  for (const part of parts) running.update(Buffer.from(part.checksum.value, 'base64'));
  return { algorithm, value: `${running.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}
