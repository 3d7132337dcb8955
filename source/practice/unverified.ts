import { declinedOperations as declinedKms } from './kms/declined.ts';
import { declinedOperations } from './s3/declined.ts';
import { texts } from './unverified-texts.ts';

/**
 * Behaviour of practice AWS that no recording of AWS confirms. Each entry names the operation and then says what is uncertain.
 * The code has the mark `unverified: <id>` at the place of that behaviour. Unconfirmed texts are in {@link texts}. `keyferry
 * practice-aws --unverified` prints both.
 */
export const unverifiedBehaviour = {
  simulation:
    'SimulatePrincipalPolicy: which condition keys it fills in by itself, and where it lists those that are missing; the words of its refusals are made up',
  'tags-at-once':
    'every operation on a key: a new tag counts for IAM at once, while AWS takes up to five minutes; that it also takes them after CreateKey is not known',
  'scp-arn':
    'every operation: how the ARN of a service control policy follows the words: from the user guides, which differ',
  'practice-tls':
    'every operation: requests count as sent over TLS from 127.0.0.1, unless requestContext says otherwise',
  'simulation-quota':
    'SimulatePrincipalPolicy: five requests a second under --real-limits: AWS throttles it, and publishes no quota',
  'dry-run-state': 'GenerateDataKey, Decrypt with DryRun: permission is looked at first, then the key state',
  'signature-texts':
    'every operation: the words for signatures, scopes, dates and tokens that are wrong are from reports',
  'unreadable-request': 'every operation: headers of more than 32 KiB, and what is no HTTP, get a 400 in XML',
  'import-seen-late':
    'every operation on a key: newMaterialTries: a key whose material was just imported shows as PendingImport',
  'bucket-seen-late': 'every operation on a bucket: newBucketTries: a bucket that was just made is unknown',
  'alias-in-import':
    'GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial: an alias as KeyId is refused as the rotation operations refuse it',
  's3-key-states':
    'PutObject, GetObject and the like: the words for a key that is pending import, or for something else, are those of KMS',
  'bucket-key-cache':
    'PutObject, GetObject and the like: the KMS key is asked each time, also with a bucket key, which AWS caches for a while',
  'create-with-tags':
    'CreateKey, CreateBucket with tags: TagResource is asked of IAM, on every key of the account and on the bucket; aws:RequestTag counts for CreateKey and TagResource, not for CreateBucket itself',
  'initiator-name':
    'ListMultipartUploads, ListParts: the name of an initiator that is no user, which recordings do not show, is left out',
  'sts-texts':
    'AssumeRole, GetSessionToken, GetFederationToken: the words are from reports; the code 123456 is always right, and a code may be used again',
  'one-endpoint':
    'every S3 operation on a bucket: one endpoint serves all Regions: a wrong one is told by the signature, never by PermanentRedirect',
  'bucket-policy-order':
    'PutBucketPolicy: which complaint about a policy comes first; a policy counts as public where it allows everybody, on no condition',
  'policy-in-parts':
    'UploadPart, CompleteMultipartUpload: for the bucket policy a part has the encryption that its upload began with',
  'private-acl':
    'PutObject, CopyObject, CreateMultipartUpload, CreateBucket: the list `private` is taken like bucket-owner-full-control',
  'encoded-signs':
    'ListObjects and other lists: with encoding-type=url, the signs * and ~ are encoded as a form does it',
  'nul-in-key': 'every operation on an object: S3 refuses a key with the character 0; its code and words are a guess',
  'attributes-parts': 'GetObjectAttributes: parts are listed one by one only where the checksum is a COMPOSITE one',
  'part-checksums': 'GetObject, HeadObject with partNumber: no checksum of the part is sent',
  'complete-sse-c': 'CompleteMultipartUpload: an upload with SSE-C ends without its key, also where it has a checksum',
  'metadata-in-copies':
    'CopyObject: PutObjectTagging is asked of IAM where the source has tags, and GetObjectTagging is not',
  'block-in-parts': 'UploadPart: a part with SSE-C is blocked, though its upload began before the block',
  'regions-page': 'ListRegions: without MaxResults, a page has 20 Regions',
  'expired-token': 'ImportKeyMaterial: ExpiredImportTokenException has no message',
  'sm4-wrong-length':
    'ImportKeyMaterial: in China Regions, symmetric material of another length than 16 bytes is refused like any other of a wrong length; all encryption is AES there too',
  'hmac-wrapping': 'GetParametersForImport: HMAC keys refuse RSA_AES_KEY_WRAP: from the guide',
  'hmac-longer': 'ImportKeyMaterial: HMAC material longer than its spec is taken up to 128 bytes',
  'import-order': 'ImportKeyMaterial: the order of the checks beyond "request before token"',
  'existing-into-empty':
    'ImportKeyMaterial: EXISTING_KEY_MATERIAL into a key that never had any is refused with the id of what was sent',
  'updating-enabled': 'DescribeKey: a key that is Updating shows Enabled: true',
  'state-texts':
    'every operation on a key: the words for Creating, Updating and "is not pending deletion" are from the guide',
  'last-usage-id': 'GetKeyLastUsage: KeyId is an ARN',
  'rotation-status-id': 'GetKeyRotationStatus: KeyId is an ARN',
  'rotation-order': 'RotateKeyOnDemand: the order of the checks',
  'json-types': 'every KMS operation: the words of SerializationException',
  'blob-fields': 'Encrypt, GenerateDataKey: what the 16 and the 11 bytes of a ciphertext are',
  'block-after-delete': 'DeleteBucketEncryption: the block of SSE-C comes back',
  'unknown-encryption':
    'PutObject and the like: an unknown algorithm, and AES256 with a key id, answer as an empty algorithm does',
  'context-code': 'PutObject and the like: the code for an encryption context that is no JSON',
} as const satisfies Record<string, string>;

/** Gives an unverified text with `values` in place of its placeholders. */
export function unverifiedText(id: keyof typeof texts, values: Readonly<Record<string, string>> = {}): string {
  return texts[id][1].replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

/**
 * Gives the list of unverified texts and behaviour, and of the operations that practice AWS does not have: one line for each
 * fact, sorted by operation.
 */
export function unverifiedList(): string[] {
  const lines = [
    ...Object.values(texts).map(([fact, text]) => `${fact}: "${text}"`),
    ...Object.values(unverifiedBehaviour),
    ...Object.entries(declinedKms).map(([name, why]) => `${name}: not there: ${why}`),
    ...declinedOperations.map(({ name, why }) => `${name}: not there: ${why}`),
  ];
  return lines.sort((a, b) => (a < b ? -1 : 1));
}
