import { AwsError } from '../aws-error.ts';
import { unverifiedText } from '../unverified.ts';
import { element, elements, textOf, type XmlValue } from '../xml.ts';
import { ownerOnly } from './access-control.ts';
import { type BucketEncryption, needBucket, newBucketEncryption, saveBucket } from './bucket-record.ts';
import { malformedXml, readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';

const encryptionRoot = 'ServerSideEncryptionConfiguration';

export const getBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:GetEncryptionConfiguration' },
  ({ call, bucket }) => {
    const { algorithm, keyId, bucketKey, blocked } = needBucket(call, bucket).encryption;
    return xmlAnswer(encryptionRoot, {
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
    const document = await readXml(exchange, encryptionRoot, 'with a checksum');
    saveBucket(call.store, {
      ...before,
      encryption: encryptionIn(document, before.encryption),
      wasEncryptionPut: true,
    });
    return { status: 200 };
  },
);

/** DeleteBucketEncryption. Sets the encryption of a new bucket again. unverified: block-after-delete. */
export const deleteBucketEncryption = s3Operation(
  { on: 'bucket', needs: 's3:PutEncryptionConfiguration' },
  ({ call, bucket }) => {
    saveBucket(call.store, { ...needBucket(call, bucket), encryption: newBucketEncryption });
    return { status: 204 };
  },
);

const ownership = { Rule: { ObjectOwnership: 'BucketOwnerEnforced' } };
type Setting = readonly [
  /** The query parameter that asks for the setting. */
  marker: string,
  /** The permission that is needed, without `s3:`. */
  needs: string,
  /** The name of the operation; empty when the permission has the same name. */
  name: string,
  /** The root of the answer, or the code of the error. */
  rootOrCode: string,
  /** The content of the answer, or the message of the error. */
  contentOrMessage?: { readonly [name: string]: XmlValue } | string,
];

/**
 * The settings of a bucket that can only be read here. In every bucket they are as in a new bucket. For some of them, the
 * answer is an error. Source: S3 API reference.
 */
const settings: readonly Setting[] = [
  ['versioning', 'GetBucketVersioning', '', 'VersioningConfiguration'],
  ['logging', 'GetBucketLogging', '', 'BucketLoggingStatus'],
  ['notification', 'GetBucketNotification', 'GetBucketNotificationConfiguration', 'NotificationConfiguration'],
  ['accelerate', 'GetAccelerateConfiguration', 'GetBucketAccelerateConfiguration', 'AccelerateConfiguration'],
  ['requestPayment', 'GetBucketRequestPayment', '', 'RequestPaymentConfiguration', { Payer: 'BucketOwner' }],
  ['acl', 'GetBucketAcl', '', 'AccessControlPolicy', ownerOnly],
  ['ownershipControls', 'GetBucketOwnershipControls', '', 'OwnershipControls', ownership],
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
export const fixedSettings = settings.map(([marker, needs, name, rootOrCode, contentOrMessage = {}]) => ({
  marker,
  name: name || needs,
  get: s3Operation({ on: 'bucket', needs: `s3:${needs}` }, ({ call, bucket }) => {
    needBucket(call, bucket);
    // A setting with a message is one that a new bucket lacks: the answer is an error.
    if (typeof contentOrMessage === 'string') throw new AwsError(rootOrCode, contentOrMessage, { status: 404 });
    return xmlAnswer(rootOrCode, contentOrMessage);
  }),
}));

/**
 * Reads the default encryption from the document of PutBucketEncryption.
 * @param before the present encryption. Its algorithm stays when the document names none, but its key id never stays.
 * @throws MalformedXML; InvalidArgument for a key id with SSE-S3, and for not exactly one blocked encryption.
 */
function encryptionIn(document: unknown, before: BucketEncryption): BucketEncryption {
  const rules = elements(document, 'Rule');
  if (rules.length !== 1) throw malformedXml();
  const [rule] = rules;
  const defaultElement = element(rule, 'ApplyServerSideEncryptionByDefault');
  const algorithmText = textOf(defaultElement, 'SSEAlgorithm');
  const keyId = textOf(defaultElement, 'KMSMasterKeyID');
  const algorithm = (['AES256', 'aws:kms', 'aws:kms:dsse'] as const).find((name) => name === algorithmText);
  if (defaultElement !== undefined && !algorithm) throw malformedXml();
  if (algorithm === 'AES256' && keyId !== undefined) {
    throw new AwsError(
      'InvalidArgument',
      'a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse',
      { details: { ArgumentName: 'ApplyServerSideEncryptionByDefault' } },
    );
  }
  return {
    algorithm: algorithm ?? before.algorithm,
    // S3 does not check the key here. With a wrong key, the first upload fails.
    ...(keyId === undefined ? {} : { keyId }),
    bucketKey: textOf(rule, 'BucketKeyEnabled') === 'true',
    blocked: readBlocked(rule),
  };
}

/**
 * Reads which encryption is blocked. Without the element, SSE-C is blocked again (recorded answers, Sep 2026).
 * @throws InvalidArgument when the element does not name exactly one, MalformedXML for an unknown one.
 */
function readBlocked(rule: unknown): BucketEncryption['blocked'] {
  const wrapper = element(rule, 'BlockedEncryptionTypes');
  if (wrapper === undefined) return 'SSE-C';
  const types = elements(wrapper, 'EncryptionType');
  const [type] = types;
  if (types.length !== 1) throw new AwsError('InvalidArgument', unverifiedText('blocked-types'));
  if (type !== 'NONE' && type !== 'SSE-C') throw malformedXml();
  return type;
}
