import type { KnownError } from './entry.ts';
import { objectEncryptionReadings } from './object-encryption.ts';

const head = 'aws s3api head-object --bucket BUCKET --key OBJECT --query [ServerSideEncryption,SSEKMSKeyId]';

/**
 * Errors of S3 about objects, uploads and requests. S3 API reference, "Error responses" and the errors of each operation.
 * KMS's own arrive as `KMS.NAME`.
 */
export const objectEntries: readonly KnownError[] = [
  {
    names: ['NoSuchKey'],
    phrases: [/The specified key does not exist\b/],
    kind: 'fixable',
    why: 'The bucket has no object of this name. Names count capitals, and folders are part of them.',
    look: ['aws s3 ls s3://BUCKET/'],
    next: ['Check the name of the object.'],
  },
  {
    names: ['NotFound', '404'],
    kind: 'fixable',
    why: 'S3 has no bucket or object of this name. Asked for the head alone, it says no more than that.',
    look: ['aws s3 ls', 'aws s3 ls s3://BUCKET/'],
    next: ['Check the names of the bucket and the object.'],
  },
  {
    names: ['InvalidArgument'],
    kind: 'fixable',
    why: 'S3 cannot take one of the values in the request.',
    next: ["Change the value that S3's sentence names, then try again."],
    readings: [
      {
        says: /requires HTTP header x-amz-server-side-encryption : aws:kms/,
        why: 'A KMS key was named, but not that it is to be used.',
        next: ['Add --sse aws:kms (or --server-side-encryption aws:kms).'],
      },
      {
        says: /incompatible with the encryption method specified/,
        why: 'The request asks for SSE-C and SSE-KMS at once. An object has one of them.',
        next: ['Leave out --sse-c and --sse-c-key, and keep --sse aws:kms.'],
      },
      {
        says: /require AWS Signature Version 4/,
        why: 'The client is too old for SSE-KMS: it signs in the first way that S3 knew.',
        next: ['Use a current client.'],
      },
      {
        says: /MD5 hash of the key did not match|secret key was invalid|appropriate secret key|valid encryption algorithm/,
        why: 'This is about SSE-C: a key that the client sends with each request. A key in KMS needs none of it.',
        next: ['Upload with --sse aws:kms --sse-kms-key-id KEY_ARN, and without --sse-c.'],
      },
    ],
  },
  {
    names: ['InvalidRequest', 'MalformedXML', 'InvalidEncryptionAlgorithmError', 'EncryptionTypeMismatch'],
    kind: 'fixable',
    why: 'S3 cannot carry out this request as it is.',
    next: ["Look at what S3's sentence names, then try again."],
    readings: [
      {
        says: /copy an object to itself without changing/,
        why: 'A copy onto itself must change something, such as the key that it is encrypted under.',
        next: ['Add --sse aws:kms --sse-kms-key-id KEY_ARN.'],
      },
      {
        says: /stored using a form of Server Side Encryption/,
        why: 'The object is under SSE-C. S3 opens it only with the key that it was uploaded with.',
        next: ['Send that key with the request. It is not a key in KMS.'],
      },
      ...objectEncryptionReadings,
      {
        // PutObject: a checksum is required for each upload with a retention period by Object Lock.
        says: /Content-MD5(?: OR x-amz-checksum-)? HTTP header is required/i,
        why: 'The bucket has Object Lock, and S3 then wants a checksum with each upload: Content-MD5 or x-amz-checksum-*.',
        causes: ['The client is old and sends no checksum, or its checksums are switched off.'],
        look: [
          'aws s3api get-object-lock-configuration --bucket BUCKET',
          'env | grep ^AWS_REQUEST_CHECKSUM_CALCULATION',
        ],
        next: [
          'Update the client: current SDKs and the aws command send a checksum by themselves.',
          'Or switch its checksum on, as with --checksum-algorithm CRC32.',
        ],
      },
      {
        says: /encryption parameters (are not applicable|did not match)|multipart upload initiate requested encryption/,
        why: 'The request sends a key for SSE-C, and the object or upload was begun another way.',
        look: [head],
        next: ['Leave the SSE-C values out for objects under a KMS key.'],
      },
    ],
  },
  {
    names: [
      'BadDigest',
      'InvalidDigest',
      'XAmzContentSHA256Mismatch',
      'XAmzContentChecksumMismatch',
      'ChecksumMismatch',
    ],
    phrases: [/Checksum mismatch: expected/],
    kind: 'fixable',
    why: 'What arrived is not what was sent: the checksums differ. The ETag is no checksum for objects under KMS.',
    causes: ['The file changed while it was uploaded.', 'Something between here and S3 changed the bytes.'],
    next: ['Try again when nothing writes to the file.'],
  },
  {
    names: [
      'EntityTooLarge',
      'EntityTooSmall',
      'InvalidPart',
      'InvalidPartOrder',
      'NoSuchUpload',
      'TooManyParts',
      'InvalidWriteOffset',
    ],
    kind: 'fixable',
    why: 'The upload in parts does not fit together: a part is missing or has a wrong size, or the upload was ended.',
    look: ['aws s3api list-multipart-uploads --bucket BUCKET'],
    next: ['Start the upload again.'],
  },
  {
    names: ['InvalidObjectState', 'ObjectNotInActiveTierError', 'ObjectAlreadyInActiveTierError'],
    kind: 'fixable',
    why: 'The object is in an archive tier and has to be restored before it can be read or copied.',
    look: ['aws s3api head-object --bucket BUCKET --key OBJECT --query [StorageClass,Restore]'],
    next: ['Restore it, then try again: aws s3api restore-object'],
  },
  {
    names: ['PreconditionFailed', 'ConditionalRequestConflict', 'OperationAborted', 'IdempotencyParameterMismatch'],
    kind: 'fixable',
    why: 'Something else changed the same bucket or object at the same time.',
    next: ['Look what is there now, then try again.'],
  },
  {
    names: [
      'NoSuchAnnotation',
      'InvalidPrefix',
      'AnnotationLimitExceeded',
      'AnnotationNameTooLong',
      'InvalidAnnotationName',
      'UnsupportedMediaType',
    ],
    kind: 'fixable',
    why: 'This concerns annotations of objects, or a prefix, and not the encryption of an object.',
    next: ['Check the annotation or the prefix that the request names.'],
  },
  {
    names: ['MethodNotAllowed', 'NotImplemented'],
    kind: 'fixable',
    why: 'The server does not do this operation. Some S3-compatible servers leave parts of S3 out.',
    look: ['env | grep ^AWS_ENDPOINT_URL'],
    next: ['Check the endpoint: it may not be that of AWS.'],
  },
  {
    names: ['AccountProblem', 'AllAccessDisabled', 'InvalidPayer', 'InvalidSecurity', 'NotSignedUp'],
    kind: 'refused',
    why: 'S3 does nothing for this account or bucket: it was closed, blocked, or never opened for S3.',
    next: ['Ask whoever looks after the account, or AWS Support.'],
  },
  {
    names: [
      'KeyTooLongError',
      'MetadataTooLarge',
      'InvalidURI',
      'InvalidStorageClass',
      'InvalidRange',
      'NoSuchVersion',
      'InvalidPartNumber',
      'AuthorizationQueryParametersError',
    ],
    kind: 'fixable',
    why: 'S3 cannot take the name, the metadata, the storage class, the version, the part or the lifetime that the request gives.',
    next: ["Change the value that S3's sentence names, then try again."],
  },
  {
    names: [
      'IncompleteBody',
      'MissingContentLength',
      'RequestIsNotMultiPartContent',
      'MalformedTrailerError',
      'MissingSecurityHeader',
    ],
    kind: 'fixable',
    why: 'The request did not arrive whole: something on the way cut it or took a header out.',
    causes: ['A proxy changes requests, or the file changed while it was uploaded.'],
    next: ['Try again when nothing writes to the file. Then look at the proxy.'],
  },
];
