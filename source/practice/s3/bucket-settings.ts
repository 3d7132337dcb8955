import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, elements, textOf, type XmlValue } from '../xml.ts';
import { type BucketEncryption, freshEncryption, needBucket, saveBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { malformedXml, readXml, type S3Operation, xmlAnswer } from './s3-exchange.ts';

const root = 'ServerSideEncryptionConfiguration';

export const getBucketEncryption: S3Operation = ({ call, bucket }) => {
  const { algorithm, keyId, bucketKey, blocked } = needBucket(call, bucket).encryption;
  return xmlAnswer(root, {
    Rule: {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId },
      BucketKeyEnabled: bucketKey,
      BlockedEncryptionTypes: { EncryptionType: blocked },
    },
  });
};

export const putBucketEncryption: S3Operation = async ({ call, exchange, bucket }) => {
  const before = needBucket(call, bucket);
  const document = await readXml(exchange, root, 'with a checksum');
  saveBucket(call.store, { ...before, encryption: encryptionIn(document, before.encryption) });
  return { status: 200 };
};

/** Back to SSE-S3. unverified: block-after-delete. */
export const deleteBucketEncryption: S3Operation = ({ call, bucket }) => {
  saveBucket(call.store, { ...needBucket(call, bucket), encryption: freshEncryption });
  return { status: 204 };
};

/** What a bucket says to a read of a setting that nobody has made. Source: S3 API reference, one page an operation. */
export const freshSettings: Readonly<
  Record<string, { root: string; content: { readonly [name: string]: XmlValue } } | AwsError>
> = {
  versioning: { root: 'VersioningConfiguration', content: {} },
  logging: { root: 'BucketLoggingStatus', content: {} },
  notification: { root: 'NotificationConfiguration', content: {} },
  accelerate: { root: 'AccelerateConfiguration', content: {} },
  requestPayment: { root: 'RequestPaymentConfiguration', content: { Payer: 'BucketOwner' } },
  acl: {
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
  },
  ownershipControls: { root: 'OwnershipControls', content: { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } } },
  publicAccessBlock: {
    root: 'PublicAccessBlockConfiguration',
    content: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  },
  tagging: missing('NoSuchTagSet', 'The TagSet does not exist'),
  policy: missing('NoSuchBucketPolicy', 'The bucket policy does not exist'),
  lifecycle: missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist'),
  cors: missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist'),
  website: missing('NoSuchWebsiteConfiguration', 'The specified bucket does not have a website configuration'),
  replication: missing('ReplicationConfigurationNotFoundError', 'The replication configuration was not found'),
  'object-lock': missing(
    'ObjectLockConfigurationNotFoundError',
    'Object Lock configuration does not exist for this bucket',
  ),
};

/** Reads a setting that practice AWS does not let one change. */
export function getFreshSetting(name: string): S3Operation {
  return ({ call, bucket }) => {
    needBucket(call, bucket);
    const setting = freshSettings[name];
    if (!setting || setting instanceof AwsError) {
      throw setting ?? new AwsError('NotImplemented', undefined, { status: 501 });
    }
    return xmlAnswer(setting.root, setting.content);
  };
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
