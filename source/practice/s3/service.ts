import { AwsError } from '../aws-error.ts';
import type { Call, Exchange, HttpResponse } from '../exchange.ts';
import { withPermission } from '../identity-policy.ts';
import { unverifiedText } from '../unverified.ts';
import { toXml } from '../xml.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.ts';
import { deleteBucketEncryption, fixedSettings, getBucketEncryption, putBucketEncryption } from './bucket-settings.ts';
import { createBucket, deleteBucket, getBucketLocation, getBucketTagging, headBucket, listBuckets } from './buckets.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './listing.ts';
import { abortMultipartUpload, createMultipartUpload } from './multipart.ts';
import { needNoVersion } from './object-record.ts';
import { needRightBucket, needS3Permission } from './permission.ts';
import { putObject } from './put-object.ts';
import type { S3Operation } from './s3-exchange.ts';
import { updateObjectEncryption } from './update-encryption.ts';
import { listMultipartUploads, listParts } from './upload-listing.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

const maxKeyBytes = 1024;

type Level = 'service' | 'bucket' | 'object';
type NamedOperation = { readonly operation: S3Operation; readonly name: string };
type Route = readonly [
  method: string,
  level: Level,
  marker: string | undefined,
  operation: S3Operation,
  /** The name of the operation for faults, without `s3:`. */
  name: string,
];

/**
 * The operation for each kind of request. It depends on the method, on a query parameter (the marker), and on the path, which
 * names nothing, a bucket, or an object.
 */
const routes: readonly Route[] = [
  ['GET', 'service', undefined, listBuckets, 'ListBuckets'],
  ['PUT', 'bucket', undefined, createBucket, 'CreateBucket'],
  ['HEAD', 'bucket', undefined, headBucket, 'HeadBucket'],
  ['DELETE', 'bucket', undefined, deleteBucket, 'DeleteBucket'],
  ['GET', 'bucket', 'location', getBucketLocation, 'GetBucketLocation'],
  ['GET', 'bucket', 'tagging', getBucketTagging, 'GetBucketTagging'],
  ['GET', 'bucket', 'encryption', getBucketEncryption, 'GetBucketEncryption'],
  ['PUT', 'bucket', 'encryption', putBucketEncryption, 'PutBucketEncryption'],
  ['DELETE', 'bucket', 'encryption', deleteBucketEncryption, 'DeleteBucketEncryption'],
  ['GET', 'bucket', 'uploads', listMultipartUploads, 'ListMultipartUploads'],
  ['POST', 'bucket', 'delete', deleteObjects, 'DeleteObjects'],
  ['GET', 'bucket', 'list-type', listObjectsV2, 'ListObjectsV2'],
  ['GET', 'bucket', undefined, listObjects, 'ListObjects'],
  ...fixedSettings.map(({ marker, name, get }): Route => ['GET', 'bucket', marker, get, name]),
  ['GET', 'bucket', 'policy', getBucketPolicy, 'GetBucketPolicy'],
  ['PUT', 'bucket', 'policy', putBucketPolicy, 'PutBucketPolicy'],
  ['DELETE', 'bucket', 'policy', deleteBucketPolicy, 'DeleteBucketPolicy'],
  ['PUT', 'object', undefined, putObject, 'PutObject'],
  ['PUT', 'object', 'encryption', updateObjectEncryption, 'UpdateObjectEncryption'],
  ['GET', 'object', undefined, getObject, 'GetObject'],
  ['HEAD', 'object', undefined, headObject, 'HeadObject'],
  ['DELETE', 'object', undefined, deleteObject, 'DeleteObject'],
  ['POST', 'object', 'uploads', createMultipartUpload, 'CreateMultipartUpload'],
  ['PUT', 'object', 'uploadId', uploadPart, 'UploadPart'],
  ['POST', 'object', 'uploadId', completeMultipartUpload, 'CompleteMultipartUpload'],
  ['DELETE', 'object', 'uploadId', abortMultipartUpload, 'AbortMultipartUpload'],
  ['GET', 'object', 'uploadId', listParts, 'ListParts'],
];

/** The operations that replace an upload when the request has the header `x-amz-copy-source`. */
const copies: ReadonlyMap<S3Operation, NamedOperation> = new Map([
  [putObject, { operation: copyObject, name: 'CopyObject' }],
  [uploadPart, { operation: uploadPartCopy, name: 'UploadPartCopy' }],
]);

/** Every S3 operation that practice AWS answers, with its name without `s3:`. */
export const s3Operations: readonly NamedOperation[] = [
  ...routes.map(([, , , operation, name]) => ({ operation, name })),
  ...copies.values(),
];

/** The query parameters that select an operation. When a parameter has no route above, practice AWS lacks its operation. */
const markers = new Set([
  ...routes.flatMap(([, , marker]) => marker ?? []),
  ...'analytics attributes inventory intelligent-tiering legal-hold metrics policyStatus restore retention select'.split(
    ' ',
  ),
  ...'session torrent versions metadataTable metadataConfiguration renameObject'.split(' '),
]);

/**
 * Answers a request to S3 in path style.
 * @throws NotImplemented (501), InvalidURI, KeyTooLongError, AccessDenied (403), or the error of the operation.
 */
export async function answerS3(call: Call, exchange: Exchange): Promise<HttpResponse> {
  const { bucket, key } = readAddress(exchange);
  const found = operationOf(exchange);
  if (!found) {
    const parameters = [...exchange.query.keys()].map((name) => `?${name}`).join(' ');
    const text = `Practice AWS does not have the operation that ${exchange.method} ${parameters} of ${key === '' ? 'a bucket' : 'an object'} is.`;
    throw new AwsError('NotImplemented', text, { status: 501 });
  }
  if (Buffer.byteLength(key) > maxKeyBytes) {
    throw new AwsError('KeyTooLongError', unverifiedText('key-too-long'), {
      details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(maxKeyBytes) },
    });
  }
  const request = { call, exchange, bucket, key };
  const { authority, act } = found.operation;
  return withPermission(call, authority, () => {
    if (authority.on === 'bucket' || authority.on === 'object') needS3Permission(request, authority.needs);
    needRightBucket(request);
    needNoVersion(exchange.query.get('versionId'));
    return act(request);
  });
}

/** Gives the name of the requested operation, without `s3:`. Gives an empty text for an unknown operation. */
export function s3OperationName(exchange: Exchange): string {
  return operationOf(exchange)?.name ?? '';
}

/** Finds the requested operation; `undefined` when practice AWS does not have it. */
function operationOf(exchange: Exchange): NamedOperation | undefined {
  const [bucket, ...key] = exchange.path.replace(/^\//, '').split('/');
  const levelInBucket: Level = key.join('/') === '' ? 'bucket' : 'object';
  const level = bucket === '' ? 'service' : levelInBucket;
  const presentMarkers = [...exchange.query.keys()].filter((name) => markers.has(name));
  const [, , , operation, name] =
    routes.find(
      ([method, routeLevel, marker]) =>
        method === exchange.method &&
        routeLevel === level &&
        (marker === undefined ? presentMarkers.length === 0 : presentMarkers.includes(marker)),
    ) ?? [];
  if (!operation || !name) return undefined;
  return exchange.headers['x-amz-copy-source'] === undefined ? { operation, name } : copies.get(operation);
}

/** Makes the error answer of S3. The answer to a HEAD request has no body. */
export function s3Error(error: AwsError, exchange: Exchange, requestId: string): HttpResponse {
  const document = {
    Error: {
      Code: error.code,
      Message: error.hasMessage ? error.message : undefined,
      ...error.details,
      RequestId: requestId.replaceAll('-', '').slice(0, 16).toUpperCase(),
      HostId: Buffer.from(requestId.repeat(2)).toString('base64'),
    },
  };
  const headers = { 'content-type': 'application/xml', ...error.headers };
  return exchange.method === 'HEAD'
    ? { status: error.status, headers }
    : { status: error.status, headers, body: toXml(document) };
}

/**
 * Reads bucket and key from the path.
 * @throws InvalidURI when the path cannot be decoded.
 */
function readAddress({ path }: Exchange): { bucket: string; key: string } {
  try {
    const [bucket = '', ...key] = path.replace(/^\//, '').split('/').map(decodeURIComponent);
    return { bucket, key: key.join('/') };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
