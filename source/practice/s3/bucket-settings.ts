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

/** Back to SSE-S3. unverified: block-after-delete. */
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

type Content = { readonly [name: string]: XmlValue };
type Setting = readonly [marker: string, needs: string, name: string, root: string, content?: Content | string];

/**
 * What a bucket says to a read of a setting that nobody has made: a document, or a code and its words. By the marker in the
 * query, with the permission that it needs, and the operation where that is called otherwise. Source: S3 API reference.
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

/** Reads of settings that practice AWS does not let one change. */
export const freshSettings = settings.map(([marker, needs, name, root, content = {}]) => ({
  marker,
  name: name || needs,
  get: s3Operation({ on: 'bucket', needs: `s3:${needs}` }, ({ call, bucket }) => {
    needBucket(call, bucket);
    if (typeof content === 'string') throw new AwsError(root, content, { status: 404 });
    return xmlAnswer(root, content);
  }),
}));

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
    // The key is kept as given and not looked up: a wrong one shows at the first upload.
    ...(keyId === undefined ? {} : { keyId }),
    bucketKey: textOf(rule, 'BucketKeyEnabled') === 'true',
    blocked: blockedIn(rule),
  };
}

/** A configuration that leaves the element out brings the block of SSE-C back (recorded answers, Sep 2026). */
function blockedIn(rule: unknown): BucketEncryption['blocked'] {
  const wrapper = element(rule, 'BlockedEncryptionTypes');
  if (wrapper === undefined) return 'SSE-C';
  const types = elements(wrapper, 'EncryptionType');
  const [type] = types;
  if (types.length !== 1) throw new AwsError('InvalidArgument', unverifiedText('blocked-types'));
  if (type !== 'NONE' && type !== 'SSE-C') throw malformedXml();
  return type;
}
