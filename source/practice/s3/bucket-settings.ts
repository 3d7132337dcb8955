import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, elements, textOf, type XmlValue } from '../xml.ts';
import { type BucketEncryption, freshEncryption, needBucket, saveBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { malformedXml, readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';

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

/** DeleteBucketEncryption. Sets the encryption of a new bucket again. unverified: block-after-delete. */
export const deleteBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:PutEncryptionConfiguration' },
  ({ call, bucket }) => {
    saveBucket(call.store, { ...needBucket(call, bucket), encryption: freshEncryption });
    return { status: 204 };
  },
);

const grantee = {
  '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  '@xsi:type': 'CanonicalUser',
  ID: ownerId,
};
const ownControl = {
  Owner: { ID: ownerId },
  AccessControlList: { Grant: { Grantee: grantee, Permission: 'FULL_CONTROL' } },
};
const ownership = { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } };
const blocked = { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true };

/** The content of the document, or the message of the error whose code is `root`. */
type Content = { readonly [name: string]: XmlValue };
type Setting = readonly [marker: string, needs: string, name: string, root: string, content?: Content | string];

/**
 * The answers to reads of settings that nobody has made. Each row has the query parameter, the needed permission, the name of
 * the operation (empty when it is that of the permission), and the answer: the root and the content of a document, or the
 * code and the message of an error. Source: S3 API reference.
 */
const settings: readonly Setting[] = [
  ['versioning', 'GetBucketVersioning', '', 'VersioningConfiguration'],
  ['logging', 'GetBucketLogging', '', 'BucketLoggingStatus'],
  ['notification', 'GetBucketNotification', 'GetBucketNotificationConfiguration', 'NotificationConfiguration'],
  ['accelerate', 'GetAccelerateConfiguration', 'GetBucketAccelerateConfiguration', 'AccelerateConfiguration'],
  ['requestPayment', 'GetBucketRequestPayment', '', 'RequestPaymentConfiguration', { Payer: 'BucketOwner' }],
  ['acl', 'GetBucketAcl', '', 'AccessControlPolicy', ownControl],
  ['ownershipControls', 'GetBucketOwnershipControls', '', 'OwnershipControls', ownership],
  [
    'publicAccessBlock',
    'GetBucketPublicAccessBlock',
    'GetPublicAccessBlock',
    'PublicAccessBlockConfiguration',
    blocked,
  ],
  ['tagging', 'GetBucketTagging', '', 'NoSuchTagSet', 'The TagSet does not exist'],
  [
    'lifecycle',
    'GetLifecycleConfiguration',
    'GetBucketLifecycleConfiguration',
    'NoSuchLifecycleConfiguration',
    'The lifecycle configuration does not exist',
  ],
  ['cors', 'GetBucketCORS', 'GetBucketCors', 'NoSuchCORSConfiguration', 'The CORS configuration does not exist'],
  [
    'website',
    'GetBucketWebsite',
    '',
    'NoSuchWebsiteConfiguration',
    'The specified bucket does not have a website configuration',
  ],
  [
    'replication',
    'GetReplicationConfiguration',
    'GetBucketReplication',
    'ReplicationConfigurationNotFoundError',
    'The replication configuration was not found',
  ],
  [
    'object-lock',
    'GetBucketObjectLockConfiguration',
    'GetObjectLockConfiguration',
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ],
];

/** The operations that read settings which practice AWS cannot change. */
export const freshSettings = settings.map(([marker, needs, name, root, content = {}]) => ({
  marker,
  name: name || needs,
  get: s3Operation({ on: 'bucket', needs: `s3:${needs}` }, ({ call, bucket }) => {
    needBucket(call, bucket);
    if (typeof content === 'string') throw new AwsError(root, content, { status: 404 });
    return xmlAnswer(root, content);
  }),
}));

/** Reads the default encryption from the document of PutBucketEncryption. */
function encryptionIn(document: unknown, before: BucketEncryption): BucketEncryption {
  const rules = elements(document, 'Rule');
  if (rules.length !== 1) throw malformedXml();
  const [rule] = rules;
  const byDefault = element(rule, 'ApplyServerSideEncryptionByDefault');
  const given = textOf(byDefault, 'SSEAlgorithm');
  const keyId = textOf(byDefault, 'KMSMasterKeyID');
  const algorithm = (['AES256', 'aws:kms', 'aws:kms:dsse'] as const).find((one) => one === given);
  if (byDefault !== undefined && !algorithm) throw malformedXml();
  if (algorithm === 'AES256' && keyId !== undefined) {
    throw new AwsError(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { details: { ArgumentName: 'ApplyServerSideEncryptionByDefault' } },
    );
  }
  return {
    algorithm: algorithm ?? before.algorithm,
    // S3 does not look the key up here. With a wrong key, the first upload fails.
    ...(keyId === undefined ? {} : { keyId }),
    bucketKey: textOf(rule, 'BucketKeyEnabled') === 'true',
    blocked: blockedIn(rule),
  };
}

/** Reads which encryption is blocked. Without the element, SSE-C is blocked again (recorded answers, Sep 2026). */
function blockedIn(rule: unknown): BucketEncryption['blocked'] {
  const wrapper = element(rule, 'BlockedEncryptionTypes');
  if (wrapper === undefined) return 'SSE-C';
  const types = elements(wrapper, 'EncryptionType');
  const [type] = types;
  if (types.length !== 1) throw new AwsError('InvalidArgument', unverifiedText('blocked-types'));
  if (type !== 'NONE' && type !== 'SSE-C') throw malformedXml();
  return type;
}
