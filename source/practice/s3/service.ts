import { AwsError } from '../aws-error.ts';
import type { Answer, Call, Exchange } from '../exchange.ts';
import { needIdentityPermission } from '../identity-policy.ts';
import { unverifiedText } from '../unverified.ts';
import { toXml } from '../xml.ts';
import {
  deleteBucketEncryption,
  freshSettings,
  getBucketEncryption,
  getFreshSetting,
  putBucketEncryption,
} from './bucket-settings.ts';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from './buckets.ts';
import { completeMultipartUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-objects.ts';
import { getObject, headObject } from './get-object.ts';
import { listObjects, listObjectsV2 } from './listing.ts';
import { abortMultipartUpload, createMultipartUpload } from './multipart.ts';
import { putObject } from './put-object.ts';
import type { S3Operation } from './s3-exchange.ts';
import { updateObjectEncryption } from './update-encryption.ts';
import { listMultipartUploads, listParts } from './upload-listing.ts';
import { uploadPart, uploadPartCopy } from './upload-part.ts';

const mostKeyBytes = 1024;

type Level = 'service' | 'bucket' | 'object';
type Route = readonly [
  method: string,
  level: Level,
  marker: string | undefined,
  operation: S3Operation,
  /** As IAM and faults name it, without `s3:`. */
  name: string,
];

/** Which operation a request means: by method, by what the path names, and by a marker in the query. */
const routes: readonly Route[] = [
  ['GET', 'service', undefined, listBuckets, 'ListBuckets'],
  ['PUT', 'bucket', undefined, createBucket, 'CreateBucket'],
  ['HEAD', 'bucket', undefined, headBucket, 'HeadBucket'],
  ['DELETE', 'bucket', undefined, deleteBucket, 'DeleteBucket'],
  ['GET', 'bucket', 'location', getBucketLocation, 'GetBucketLocation'],
  ['GET', 'bucket', 'encryption', getBucketEncryption, 'GetBucketEncryption'],
  ['PUT', 'bucket', 'encryption', putBucketEncryption, 'PutBucketEncryption'],
  ['DELETE', 'bucket', 'encryption', deleteBucketEncryption, 'DeleteBucketEncryption'],
  ['GET', 'bucket', 'uploads', listMultipartUploads, 'ListMultipartUploads'],
  ['POST', 'bucket', 'delete', deleteObjects, 'DeleteObjects'],
  ['GET', 'bucket', 'list-type', listObjectsV2, 'ListObjectsV2'],
  ['GET', 'bucket', undefined, listObjects, 'ListObjects'],
  ...Object.keys(freshSettings).map((name): Route => ['GET', 'bucket', name, getFreshSetting(name), settingName(name)]),
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

function settingName(name: string): string {
  return `GetBucket${name.charAt(0).toUpperCase()}${name.slice(1)}`.replace('-l', 'L');
}

/** What an upload becomes when the request names a source to copy. */
const copies: ReadonlyMap<S3Operation, { act: S3Operation; name: string }> = new Map([
  [putObject, { act: copyObject, name: 'CopyObject' }],
  [uploadPart, { act: uploadPartCopy, name: 'UploadPartCopy' }],
]);

/** The permission that an operation needs where it is not called like the operation. Source: S3 API reference. */
const permissions: Readonly<Record<string, string>> = {
  ListBuckets: 'ListAllMyBuckets',
  HeadBucket: 'ListBucket',
  GetBucketEncryption: 'GetEncryptionConfiguration',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  DeleteBucketEncryption: 'PutEncryptionConfiguration',
  ListMultipartUploads: 'ListBucketMultipartUploads',
  DeleteObjects: 'DeleteObject',
  ListObjectsV2: 'ListBucket',
  ListObjects: 'ListBucket',
  HeadObject: 'GetObject',
  CopyObject: 'PutObject',
  CreateMultipartUpload: 'PutObject',
  UploadPart: 'PutObject',
  UploadPartCopy: 'PutObject',
  CompleteMultipartUpload: 'PutObject',
  ListParts: 'ListMultipartUploadParts',
};

/** Query parameters that make another operation of a request; one that is in no route is not implemented. */
const markers = new Set([
  ...routes.flatMap(([, , marker]) => marker ?? []),
  ...'analytics attributes inventory intelligent-tiering legal-hold metrics policyStatus restore retention select'.split(
    ' ',
  ),
  ...'session torrent versions versionId metadataTable metadataConfiguration renameObject'.split(' '),
]);

/**
 * Answers a rest-xml request of S3, in path style. Throws NotImplemented (501), InvalidURI, KeyTooLongError, AccessDenied (403) where
 * IAM denies the operation, and what S3 throws.
 */
export async function answerS3(call: Call, exchange: Exchange): Promise<Answer> {
  const { bucket, key } = addressed(exchange);
  const operation = operationOf(exchange);
  if (!operation) {
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', {
      status: 501,
    });
  }
  if (Buffer.byteLength(key) > mostKeyBytes) {
    throw new AwsError('KeyTooLongError', unverifiedText('key-too-long'), {
      details: { Size: String(Buffer.byteLength(key)), MaxSizeAllowed: String(mostKeyBytes) },
    });
  }
  const resource = bucket === '' ? '*' : `"arn:aws:s3:::${bucket}${key === '' ? '' : `/${key}`}"`;
  needIdentityPermission(call, `s3:${permissions[operation.name] ?? operation.name}`, resource);
  return operation.act({ call, exchange, bucket, key });
}

/** The name of the operation that a request means, empty when it means none. */
export function s3OperationName(exchange: Exchange): string {
  return operationOf(exchange)?.name ?? '';
}

function operationOf(exchange: Exchange): { act: S3Operation; name: string } | undefined {
  const [bucket, ...key] = exchange.path.replace(/^\//, '').split('/');
  const level: Level = bucket === '' ? 'service' : key.join('/') === '' ? 'bucket' : 'object';
  const present = [...exchange.query.keys()].filter((name) => markers.has(name));
  const [, , , act, name] =
    routes.find(
      ([method, at, marker]) =>
        method === exchange.method &&
        at === level &&
        (marker === undefined ? present.length === 0 : present.includes(marker)),
    ) ?? [];
  if (!act || !name) {
    return undefined;
  }
  if (exchange.headers['x-amz-copy-source'] === undefined) {
    return { act, name };
  }
  return copies.get(act);
}

/** The error document of rest-xml; an answer to HEAD has no body. */
export function s3Error(error: AwsError, exchange: Exchange, requestId: string): Answer {
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

function addressed({ path }: Exchange): { bucket: string; key: string } {
  try {
    const [bucket = '', ...key] = path.replace(/^\//, '').split('/').map(decodeURIComponent);
    return { bucket, key: key.join('/') };
  } catch {
    throw new AwsError('InvalidURI', "Couldn't parse the specified URI.");
  }
}
