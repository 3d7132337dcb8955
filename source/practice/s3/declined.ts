import { AwsError } from '../aws-error.ts';
import type { Exchange } from '../exchange.ts';

/** What a path names: nothing, a bucket, or an object. */
export type Level = 'service' | 'bucket' | 'object';

/** An S3 operation that practice AWS does not have, and why. */
export type Declined = {
  readonly method: string;
  readonly level: Level;
  /** The query parameter that selects the operation. */
  readonly marker: string | undefined;
  readonly name: string;
  readonly why: string;
};

type Row = readonly [method: string, marker: string | undefined, name: string];

const groups: ReadonlyArray<readonly [why: string, level: Level, rows: readonly Row[]]> = [
  [
    'a bucket keeps this setting as a new bucket has it',
    'bucket',
    [
      ['PUT', 'abac', 'PutBucketAbac'],
      ['GET', 'abac', 'GetBucketAbac'],
      ['PUT', 'accelerate', 'PutBucketAccelerateConfiguration'],
      ['PUT', 'cors', 'PutBucketCors'],
      ['DELETE', 'cors', 'DeleteBucketCors'],
      ['PUT', 'lifecycle', 'PutBucketLifecycleConfiguration'],
      ['DELETE', 'lifecycle', 'DeleteBucketLifecycle'],
      ['PUT', 'logging', 'PutBucketLogging'],
      ['PUT', 'notification', 'PutBucketNotificationConfiguration'],
      ['PUT', 'ownershipControls', 'PutBucketOwnershipControls'],
      ['DELETE', 'ownershipControls', 'DeleteBucketOwnershipControls'],
      ['GET', 'policyStatus', 'GetBucketPolicyStatus'],
      ['PUT', 'replication', 'PutBucketReplication'],
      ['DELETE', 'replication', 'DeleteBucketReplication'],
      ['PUT', 'requestPayment', 'PutBucketRequestPayment'],
      ['PUT', 'website', 'PutBucketWebsite'],
      ['DELETE', 'website', 'DeleteBucketWebsite'],
    ],
  ],
  ['there is no versioning', 'bucket', [['PUT', 'versioning', 'PutBucketVersioning']]],
  ['there is no Object Lock', 'bucket', [['PUT', 'object-lock', 'PutObjectLockConfiguration']]],
  [
    'there is no Object Lock',
    'object',
    [
      ['GET', 'legal-hold', 'GetObjectLegalHold'],
      ['PUT', 'legal-hold', 'PutObjectLegalHold'],
      ['GET', 'retention', 'GetObjectRetention'],
      ['PUT', 'retention', 'PutObjectRetention'],
    ],
  ],
  [
    'nothing is reported about buckets',
    'bucket',
    [
      ['GET', 'analytics', 'GetBucketAnalyticsConfiguration'],
      ['GET', 'analytics', 'ListBucketAnalyticsConfigurations'],
      ['PUT', 'analytics', 'PutBucketAnalyticsConfiguration'],
      ['DELETE', 'analytics', 'DeleteBucketAnalyticsConfiguration'],
      ['GET', 'intelligent-tiering', 'GetBucketIntelligentTieringConfiguration'],
      ['GET', 'intelligent-tiering', 'ListBucketIntelligentTieringConfigurations'],
      ['PUT', 'intelligent-tiering', 'PutBucketIntelligentTieringConfiguration'],
      ['DELETE', 'intelligent-tiering', 'DeleteBucketIntelligentTieringConfiguration'],
      ['GET', 'inventory', 'GetBucketInventoryConfiguration'],
      ['GET', 'inventory', 'ListBucketInventoryConfigurations'],
      ['PUT', 'inventory', 'PutBucketInventoryConfiguration'],
      ['DELETE', 'inventory', 'DeleteBucketInventoryConfiguration'],
      ['GET', 'metrics', 'GetBucketMetricsConfiguration'],
      ['GET', 'metrics', 'ListBucketMetricsConfigurations'],
      ['PUT', 'metrics', 'PutBucketMetricsConfiguration'],
      ['DELETE', 'metrics', 'DeleteBucketMetricsConfiguration'],
    ],
  ],
  [
    'there are no metadata tables',
    'bucket',
    [
      ['POST', 'metadataConfiguration', 'CreateBucketMetadataConfiguration'],
      ['GET', 'metadataConfiguration', 'GetBucketMetadataConfiguration'],
      ['DELETE', 'metadataConfiguration', 'DeleteBucketMetadataConfiguration'],
      ['POST', 'metadataTable', 'CreateBucketMetadataTableConfiguration'],
      ['GET', 'metadataTable', 'GetBucketMetadataTableConfiguration'],
      ['DELETE', 'metadataTable', 'DeleteBucketMetadataTableConfiguration'],
      ['PUT', 'metadataAnnotationTable', 'UpdateBucketMetadataAnnotationTableConfiguration'],
      ['PUT', 'metadataInventoryTable', 'UpdateBucketMetadataInventoryTableConfiguration'],
      ['PUT', 'metadataJournalTable', 'UpdateBucketMetadataJournalTableConfiguration'],
    ],
  ],
  [
    'objects have no annotations',
    'object',
    [
      ['GET', 'annotation', 'GetObjectAnnotation'],
      ['GET', 'annotation', 'ListObjectAnnotations'],
      ['PUT', 'annotation', 'PutObjectAnnotation'],
      ['DELETE', 'annotation', 'DeleteObjectAnnotation'],
    ],
  ],
  ['an archived object stays archived', 'object', [['POST', 'restore', 'RestoreObject']]],
  [
    'objects are read as they are',
    'object',
    [
      ['POST', 'select', 'SelectObjectContent'],
      ['GET', 'torrent', 'GetObjectTorrent'],
    ],
  ],
  ['there are no directory buckets', 'object', [['PUT', 'renameObject', 'RenameObject']]],
  ['there are no directory buckets', 'bucket', [['GET', 'session', 'CreateSession']]],
  ['only signed requests are served', 'bucket', [['POST', undefined, 'PostObject']]],
  // Only the parameter `x-id` tells it from ListBuckets.
  ['there are no directory buckets', 'service', [['GET', undefined, 'ListDirectoryBuckets']]],
];

/** Every S3 operation that practice AWS does not have. With the routes, these are all operations of the S3 API. */
export const declinedOperations: readonly Declined[] = groups.flatMap(([why, level, rows]) =>
  rows.map(([method, marker, name]) => ({ method, level, marker, name, why })),
);

/** Makes the error for an operation that practice AWS does not have. */
export function notImplemented({ name, why }: Declined): AwsError {
  return new AwsError('NotImplemented', `Practice AWS does not do ${name}: ${why}.`, { status: 501 });
}

/** Finds the declined operation that a request asks for; `undefined` when it is none of them. */
export function findDeclined({ method, query }: Exchange, level: Level): Declined | undefined {
  const candidates = declinedOperations.filter(
    (row) => row.method === method && row.level === level && (row.marker === undefined || query.has(row.marker)),
  );
  // The SDKs name the operation in `x-id`. Only this name distinguishes two operations such as Get and List. Without the name,
  // the first operation with the marker counts; of those without a marker, only PostObject.
  return (
    candidates.find(({ name }) => name === query.get('x-id')) ??
    candidates.find((row) => row.marker !== undefined || row.method === 'POST')
  );
}
