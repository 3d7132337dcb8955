import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, elements, textOf, type XmlValue } from '../xml.ts';
import { type BucketEncryption, freshEncryption, needBucket, saveBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { malformedXml, readXml, type S3Operation, s3Operation, xmlAnswer } from './s3-exchange.ts';

const root = 'ServerSideEncryptionConfiguration';

export const getBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:GetEncryptionConfiguration' },
  ({ call, bucket }) => {
    const { algorithm, keyId, bucketKey, blocked } = needBucket(call, bucket).encryption;
    return xmlAnswer(root, {
      Rule: {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId },
        BucketKeyEnabled: bucketKey,
        BlockedEncryptionTypes: { EncryptionType: blocked },
      },
    });
  },
);

export const putBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:PutEncryptionConfiguration' },
  async ({ call, exchange, bucket }) => {
    const before = needBucket(call, bucket);
    const document = await readXml(exchange, root, 'with a checksum');
    saveBucket(call.store, { ...before, encryption: encryptionIn(document, before.encryption) });
    return { status: 200 };
  },
);

/** Back to SSE-S3. unverified: block-after-delete. */
export const deleteBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:PutEncryptionConfiguration' },
  ({ call, bucket }) => {
    saveBucket(call.store, { ...needBucket(call, bucket), encryption: freshEncryption });
    return { status: 204 };
  },
);

type Setting = { readonly root: string; readonly content: { readonly [name: string]: XmlValue } };
type Reading = { readonly name: string; readonly get: S3Operation };

/**
 * What a bucket says to a read of a setting that nobody has made, by the marker in the query. Source: S3 API reference,
 * one page an operation, each with the permission that it needs.
 */
export const freshSettings: Readonly<Record<string, Reading>> = {
  versioning: fresh('GetBucketVersioning', 's3:GetBucketVersioning', { root: 'VersioningConfiguration', content: {} }),
  logging: fresh('GetBucketLogging', 's3:GetBucketLogging', { root: 'BucketLoggingStatus', content: {} }),
  notification: fresh('GetBucketNotificationConfiguration', 's3:GetBucketNotification', {
    root: 'NotificationConfiguration',
    content: {},
  }),
  accelerate: fresh('GetBucketAccelerateConfiguration', 's3:GetAccelerateConfiguration', {
    root: 'AccelerateConfiguration',
    content: {},
  }),
  requestPayment: fresh('GetBucketRequestPayment', 's3:GetBucketRequestPayment', {
    root: 'RequestPaymentConfiguration',
    content: { Payer: 'BucketOwner' },
  }),
  acl: fresh('GetBucketAcl', 's3:GetBucketAcl', {
    root: 'AccessControlPolicy',
    content: {
      Owner: { ID: ownerId },
      AccessControlList: {
        Grant: {
          Grantee: {
            '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
            '@xsi:type': 'CanonicalUser',
            ID: ownerId,
          },
          Permission: 'FULL_CONTROL',
        },
      },
    },
  }),
  ownershipControls: fresh('GetBucketOwnershipControls', 's3:GetBucketOwnershipControls', {
    root: 'OwnershipControls',
    content: { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } },
  }),
  publicAccessBlock: fresh('GetPublicAccessBlock', 's3:GetBucketPublicAccessBlock', {
    root: 'PublicAccessBlockConfiguration',
    content: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  }),
  tagging: fresh('GetBucketTagging', 's3:GetBucketTagging', missing('NoSuchTagSet', 'The TagSet does not exist')),
  policy: fresh(
    'GetBucketPolicy',
    's3:GetBucketPolicy',
    missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
  ),
  lifecycle: fresh(
    'GetBucketLifecycleConfiguration',
    's3:GetLifecycleConfiguration',
    missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
  ),
  cors: fresh(
    'GetBucketCors',
    's3:GetBucketCORS',
    missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  ),
  website: fresh(
    'GetBucketWebsite',
    's3:GetBucketWebsite',
    missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  ),
  replication: fresh(
    'GetBucketReplication',
    's3:GetReplicationConfiguration',
    missing('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  ),
  'object-lock': fresh(
    'GetObjectLockConfiguration',
    's3:GetBucketObjectLockConfiguration',
    missing('ObjectLockConfigurationNotFoundError', 'Object Lock configuration does not exist for this bucket'),
  ),
};

/** Reads a setting that practice AWS does not let one change. */
function fresh(name: string, needs: `s3:${string}`, setting: Setting | AwsError): Reading {
  const get = s3Operation({ on: 'bucket', needs }, ({ call, bucket }) => {
    needBucket(call, bucket);
    if (setting instanceof AwsError) {
      throw setting;
    }
    return xmlAnswer(setting.root, setting.content);
  });
  return { name, get };
}

function encryptionIn(document: unknown, before: BucketEncryption): BucketEncryption {
  const rules = elements(document, 'Rule');
  if (rules.length !== 1) {
    throw malformedXml();
  }
  const [rule] = rules;
  const byDefault = element(rule, 'ApplyServerSideEncryptionByDefault');
  const given = textOf(byDefault, 'SSEAlgorithm');
  const keyId = textOf(byDefault, 'KMSMasterKeyID');
  const algorithm = (['AES256', 'aws:kms', 'aws:kms:dsse'] as const).find((one) => one === given);
  if (byDefault !== undefined && !algorithm) {
    throw malformedXml();
  }
  if (algorithm === 'AES256' && keyId !== undefined) {
    throw new AwsError(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { details: { ArgumentName: 'ApplyServerSideEncryptionByDefault' } },
    );
  }
  return {
    algorithm: algorithm ?? before.algorithm,
    // The key is kept as given and not looked up: a wrong one shows at the first upload.
    ...(keyId === undefined ? {} : { keyId }),
    bucketKey: textOf(rule, 'BucketKeyEnabled') === 'true',
    blocked: blockedIn(rule),
  };
}

/** A configuration that leaves the element out brings the block of SSE-C back (recorded answers, Sep 2026). */
function blockedIn(rule: unknown): BucketEncryption['blocked'] {
  const wrapper = element(rule, 'BlockedEncryptionTypes');
  if (wrapper === undefined) {
    return 'SSE-C';
  }
  const types = elements(wrapper, 'EncryptionType');
  const [type] = types;
  if (types.length !== 1) {
    throw new AwsError('InvalidArgument', unverifiedText('blocked-types'));
  }
  if (type !== 'NONE' && type !== 'SSE-C') {
    throw malformedXml();
  }
  return type;
}

function missing(code: string, text: string): AwsError {
  return new AwsError(code, text, { status: 404 });
}
