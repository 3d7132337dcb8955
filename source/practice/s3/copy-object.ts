import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { dropBodies } from './body-folder.ts';
import { type Bucket, needBucket } from './bucket-record.ts';
import { checksumElement, knownAlgorithm } from './checksums.ts';
import { checkSourceConditions, checkWriteConditions } from './conditions.ts';
import { copySourcePrefix, customerKeyIn } from './customer-key.ts';
import { encryptionHeaders, makeDataKey } from './encryption.ts';
import { chooseEncryption } from './encryption-choice.ts';
import { needObject, plainBytes } from './get-object.ts';
import {
  loadObject,
  needNoVersion,
  type ObjectDescription,
  type ObjectRecord,
  replaceObject,
} from './object-record.ts';
import { needOwner, needS3Permission } from './permission.ts';
import { maxObjectBytes } from './receive.ts';
import { reseal } from './reseal.ts';
import { isoDate, type S3Request, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { needActiveSource, storageClassOf } from './storage-class.ts';
import { readObjectDescription, redirectHeader } from './upload-headers.ts';

/** CopyObject. Decrypts the bytes with the key of the source and encrypts them with the key of the copy. */
export const copyObject = s3Operation({ on: 'object', needs: 's3:PutObject' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  const target = needBucket(call, bucket);
  checkWriteConditions(exchange, loadObject(call.store, bucket, key));
  const { source, object: original } = readCopySource(request);
  const described = describeCopy(request, original);
  const isOntoItself = source.bucket === bucket && source.key === key;
  if (isOntoItself && !mayCopyOntoItself(exchange, target, original)) {
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  }
  if (original.size > maxObjectBytes) throw new AwsError('InvalidRequest', unverifiedText('copy-too-large'));
  const { dataKey, stored } = makeDataKey(call, chooseEncryption(call, exchange, target, key), bucket, key);
  // The data key is overwritten also when something in here is refused.
  const copyBytes = async () => {
    const wantedAlgorithm = header(exchange, 'x-amz-checksum-algorithm');
    const algorithm = wantedAlgorithm === undefined ? original.checksum?.algorithm : knownAlgorithm(wantedAlgorithm);
    const plain = plainBytes(call, original, customerKeyIn(exchange, copySourcePrefix));
    const isEtagMd5 = stored.algorithm === 'AES256';
    return reseal(call, plain, { dataKey, isEtagMd5, ...(algorithm ? { defaultAlgorithm: algorithm } : {}) });
  };
  const { segment, etag, checksum } = await copyBytes().finally(() => dataKey.fill(0));
  const copy: ObjectRecord = {
    size: original.size,
    etag,
    lastModified: call.now().getTime(),
    ...described,
    encryption: stored,
    checksum: { ...checksum, type: 'FULL_OBJECT' },
    segments: [segment],
  };
  const unusedFiles = call.store.change(() => {
    // While the bytes were copied, other requests may have deleted the bucket or changed the object.
    needBucket(call, bucket);
    checkWriteConditions(exchange, loadObject(call.store, bucket, key));
    return replaceObject(call.store, bucket, key, copy);
  });
  await dropBodies(call.store.folder, unusedFiles);
  const answer = xmlAnswer('CopyObjectResult', {
    LastModified: isoDate(copy.lastModified),
    ETag: `"${copy.etag}"`,
    [checksumElement(checksum.algorithm)]: checksum.value,
    ChecksumType: 'FULL_OBJECT',
  });
  return { ...answer, headers: { ...answer.headers, ...encryptionHeaders(stored) } };
});

/**
 * Gives what a copy has besides the encryption. The metadata are those of the source, or with the metadata directive REPLACE
 * those of the request. The tags are those of the source, or with the tagging directive REPLACE those of the request. The
 * storage class and the redirection are always those of the request. Checks the permission to set tags when the request or the
 * copy has any. unverified: metadata-in-copies.
 * @throws AccessDenied (403) without this permission, or as {@link readObjectDescription} does.
 */
function describeCopy(request: S3Request, original: ObjectRecord): ObjectDescription {
  const { exchange } = request;
  const fromRequest = readObjectDescription(request);
  const { [redirectHeader]: _, ...kept } = original.headers;
  const redirect = fromRequest.headers[redirectHeader];
  const keptTags = original.tags ?? [];
  const keepsMetadata = header(exchange, 'x-amz-metadata-directive') !== 'REPLACE';
  const keepsTags = header(exchange, 'x-amz-tagging-directive') !== 'REPLACE';
  if (keepsTags && keptTags.length > 0) needS3Permission(request, 's3:PutObjectTagging');
  return {
    ...fromRequest,
    ...(keepsMetadata
      ? { headers: { ...kept, ...(redirect === undefined ? {} : { [redirectHeader]: redirect }) } }
      : {}),
    ...(keepsTags ? { tags: keptTags } : {}),
  };
}

/**
 * True when S3 lets a request copy an object onto itself: the request replaces the metadata, or names an encryption, a redirection
 * or another storage class; or the bucket's default may give the object another encryption (recorded, Feb 2026).
 */
function mayCopyOntoItself(exchange: Exchange, bucket: Bucket, original: ObjectRecord): boolean {
  const names = Object.keys(exchange.headers);
  const wantedClass = header(exchange, 'x-amz-storage-class');
  return (
    header(exchange, 'x-amz-metadata-directive') === 'REPLACE' ||
    names.some((name) => name.startsWith('x-amz-server-side-encryption')) ||
    names.includes(redirectHeader) ||
    (wantedClass !== undefined && wantedClass !== storageClassOf(original)) ||
    bucket.wasEncryptionPut === true ||
    (original.encryption.algorithm !== 'AES256' && bucket.encryption.algorithm === 'AES256')
  );
}

/**
 * Gives the object that a request copies, and the bucket and key of this object. Checks that the caller may read it.
 * @throws InvalidArgument when the header names no object, NoSuchVersion (404), AccessDenied (403), ObjectNotInActiveTierError
 * (403), or PreconditionFailed (412); otherwise as {@link needObject} does.
 */
export function readCopySource(request: S3Request) {
  const source = sourceOf(header(request.exchange, 'x-amz-copy-source') ?? '');
  const sourceRequest = { ...request, ...source };
  const { exchange } = request;
  needS3Permission(sourceRequest, 's3:GetObject');
  needOwner(exchange, 'x-amz-source-expected-bucket-owner');
  const object = needObject(sourceRequest);
  needActiveSource(object);
  checkSourceConditions(exchange, object);
  return { source, object };
}

/**
 * Reads bucket and key from the header `x-amz-copy-source`, such as `/bucket/key?versionId=null`.
 * @throws InvalidArgument when the header names no object, NoSuchVersion (404) when it names a version.
 */
function sourceOf(headerValue: string): { bucket: string; key: string } {
  try {
    const [path = '', query] = headerValue.split('?');
    needNoVersion(new URLSearchParams(query).get('versionId'));
    const [bucket = '', ...keyParts] = decodeURIComponent(path).replace(/^\//, '').split('/');
    const key = keyParts.join('/');
    if (bucket !== '' && key !== '') return { bucket, key };
  } catch (error) {
    // A header that cannot be decoded gets the same error as a header without an object.
    if (error instanceof AwsError) throw error;
  }
  throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', {
    details: { ArgumentName: 'x-amz-copy-source' },
  });
}
