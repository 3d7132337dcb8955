import { getObjectAcl, putBucketAcl, putObjectAcl } from './access-control.ts';
import { deleteBucketPolicy, getBucketPolicy, putBucketPolicy } from './bucket-policy.ts';
import { deleteBucketEncryption, fixedSettings, getBucketEncryption, putBucketEncryption } from './bucket-settings.ts';
import { deleteBucketTagging, getBucketTagging, putBucketTagging } from './bucket-tagging.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { declinedOperations, type Level } from './declined.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjects, listObjectsV2, listObjectVersions } from './listing.ts';
import { abortMultipartUpload, createMultipartUpload } from './multipart.ts';
import { getObjectAttributes } from './object-attributes.ts';
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from './object-tagging.ts';
import { deletePublicAccessBlock, getPublicAccessBlock, putPublicAccessBlock } from './public-access.ts';
import { putObject } from './put-object.ts';
import type { S3Operation } from './s3-exchange.ts';
import { updateObjectEncryption } from './update-encryption.ts';
import { listMultipartUploads, listParts } from './upload-listing.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

/** An operation with its name, without `s3:`. */
export type NamedOperation = { readonly operation: S3Operation; readonly name: string };
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
export const routes: readonly Route[] = [
  ['GET', 'service', undefined, listBuckets, 'ListBuckets'],
  ['PUT', 'bucket', undefined, createBucket, 'CreateBucket'],
  ['HEAD', 'bucket', undefined, headBucket, 'HeadBucket'],
  ['DELETE', 'bucket', undefined, deleteBucket, 'DeleteBucket'],
  ['GET', 'bucket', 'location', getBucketLocation, 'GetBucketLocation'],
  ['GET', 'bucket', 'tagging', getBucketTagging, 'GetBucketTagging'],
  ['PUT', 'bucket', 'tagging', putBucketTagging, 'PutBucketTagging'],
  ['DELETE', 'bucket', 'tagging', deleteBucketTagging, 'DeleteBucketTagging'],
  ['GET', 'bucket', 'encryption', getBucketEncryption, 'GetBucketEncryption'],
  ['PUT', 'bucket', 'encryption', putBucketEncryption, 'PutBucketEncryption'],
  ['DELETE', 'bucket', 'encryption', deleteBucketEncryption, 'DeleteBucketEncryption'],
  ['GET', 'bucket', 'uploads', listMultipartUploads, 'ListMultipartUploads'],
  ['POST', 'bucket', 'delete', deleteObjects, 'DeleteObjects'],
  ['GET', 'bucket', 'list-type', listObjectsV2, 'ListObjectsV2'],
  ['GET', 'bucket', 'versions', listObjectVersions, 'ListObjectVersions'],
  ['GET', 'bucket', undefined, listObjects, 'ListObjects'],
  ...fixedSettings.map(({ marker, name, get }): Route => ['GET', 'bucket', marker, get, name]),
  ['GET', 'bucket', 'policy', getBucketPolicy, 'GetBucketPolicy'],
  ['PUT', 'bucket', 'policy', putBucketPolicy, 'PutBucketPolicy'],
  ['DELETE', 'bucket', 'policy', deleteBucketPolicy, 'DeleteBucketPolicy'],
  ['PUT', 'bucket', 'acl', putBucketAcl, 'PutBucketAcl'],
  ['GET', 'bucket', 'publicAccessBlock', getPublicAccessBlock, 'GetPublicAccessBlock'],
  ['PUT', 'bucket', 'publicAccessBlock', putPublicAccessBlock, 'PutPublicAccessBlock'],
  ['DELETE', 'bucket', 'publicAccessBlock', deletePublicAccessBlock, 'DeletePublicAccessBlock'],
  ['PUT', 'object', undefined, putObject, 'PutObject'],
  ['PUT', 'object', 'encryption', updateObjectEncryption, 'UpdateObjectEncryption'],
  ['GET', 'object', undefined, getObject, 'GetObject'],
  ['GET', 'object', 'attributes', getObjectAttributes, 'GetObjectAttributes'],
  ['GET', 'object', 'acl', getObjectAcl, 'GetObjectAcl'],
  ['PUT', 'object', 'acl', putObjectAcl, 'PutObjectAcl'],
  ['GET', 'object', 'tagging', getObjectTagging, 'GetObjectTagging'],
  ['PUT', 'object', 'tagging', putObjectTagging, 'PutObjectTagging'],
  ['DELETE', 'object', 'tagging', deleteObjectTagging, 'DeleteObjectTagging'],
  ['HEAD', 'object', undefined, headObject, 'HeadObject'],
  ['DELETE', 'object', undefined, deleteObject, 'DeleteObject'],
  ['POST', 'object', 'uploads', createMultipartUpload, 'CreateMultipartUpload'],
  ['PUT', 'object', 'uploadId', uploadPart, 'UploadPart'],
  ['POST', 'object', 'uploadId', completeMultipartUpload, 'CompleteMultipartUpload'],
  ['DELETE', 'object', 'uploadId', abortMultipartUpload, 'AbortMultipartUpload'],
  ['GET', 'object', 'uploadId', listParts, 'ListParts'],
];

/** The operations that replace an upload when the request has the header `x-amz-copy-source`. */
export const copies: ReadonlyMap<S3Operation, NamedOperation> = new Map([
  [putObject, { operation: copyObject, name: 'CopyObject' }],
  [uploadPart, { operation: uploadPartCopy, name: 'UploadPartCopy' }],
]);

/** Every S3 operation that practice AWS answers, with its name without `s3:`. */
export const s3Operations: readonly NamedOperation[] = [
  ...routes.map(([, , , operation, name]) => ({ operation, name })),
  ...copies.values(),
];

/** The query parameters that select an operation. */
export const markers: ReadonlySet<string> = new Set(
  [...routes.map(([, , marker]) => marker), ...declinedOperations.map(({ marker }) => marker)].filter(
    (marker) => marker !== undefined,
  ),
);
