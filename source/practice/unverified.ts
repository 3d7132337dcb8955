import { type Fact, texts } from './unverified-texts.ts';

/**
 * Behaviour that no recording shows. With the texts it is everything that practice AWS answers without a recording of AWS
 * behind it: texts are used from there, behaviour is marked where it is with `unverified: <id>`, and
 * `keyferry practice-aws --unverified` prints the list.
 */
export const unverifiedBehaviour = {
  simulation: {
    where: 'SimulatePrincipalPolicy',
    what: 'what is not denied is allowed; resources, conditions, boundaries and organizations have no part, and the words are made up',
  },
  'simulation-quota': {
    where: 'SimulatePrincipalPolicy',
    what: 'five requests a second under --real-limits: AWS throttles it, and publishes no quota',
  },
  'dry-run-state': {
    where: 'GenerateDataKey, Decrypt with DryRun',
    what: 'permission is looked at first, then the key state',
  },
  'signature-texts': {
    where: 'every operation',
    what: 'the words for signatures, scopes, dates and tokens that are wrong are from reports',
  },
  'unreadable-request': {
    where: 'every operation',
    what: 'headers of more than 32 KiB, and what is no HTTP, get a 400 in XML',
  },
  'import-seen-late': {
    where: 'every operation on a key',
    what: 'newMaterialTries: a key whose material was just imported shows as PendingImport',
  },
  'alias-in-import': {
    where: 'GetParametersForImport, ImportKeyMaterial, DeleteImportedKeyMaterial',
    what: 'an alias as KeyId is refused as the rotation operations refuse it',
  },
  's3-key-states': {
    where: 'PutObject, GetObject and the like',
    what: 'the words for a key that is pending import, or for something else, are those of KMS',
  },
  'bucket-key-cache': {
    where: 'PutObject, GetObject and the like',
    what: 'the KMS key is asked each time, also with a bucket key, which AWS caches for a while',
  },
  's3-own-bucket': { where: 'CreateBucket', what: 'BucketAlreadyOwnedByYou and its words are general knowledge' },
  'sts-texts': {
    where: 'AssumeRole, GetSessionToken, GetFederationToken',
    what: 'the words are from reports; the code 123456 is always right, and a code may be used again',
  },
  'one-endpoint': {
    where: 'every S3 operation on a bucket',
    what: 'one endpoint serves all Regions: a wrong one is told by the signature, never by PermanentRedirect',
  },
  'block-in-parts': {
    where: 'UploadPart',
    what: 'a part with SSE-C is blocked, though its upload began before the block',
  },
  'expired-token': { where: 'ImportKeyMaterial', what: 'ExpiredImportTokenException has no message' },
  'hmac-wrapping': { where: 'GetParametersForImport', what: 'HMAC keys refuse RSA_AES_KEY_WRAP: from the guide' },
  'hmac-longer': { where: 'ImportKeyMaterial', what: 'HMAC material longer than its spec is taken up to 128 bytes' },
  'import-order': { where: 'ImportKeyMaterial', what: 'the order of the checks beyond "request before token"' },
  'existing-into-empty': {
    where: 'ImportKeyMaterial',
    what: 'EXISTING_KEY_MATERIAL into a key that never had any is refused with the id of what was sent',
  },
  'updating-enabled': { where: 'DescribeKey', what: 'a key that is Updating shows Enabled: true' },
  'state-texts': {
    where: 'every operation on a key',
    what: 'the words for Creating, Updating and "is not pending deletion" are from the guide',
  },
  'last-usage-id': { where: 'GetKeyLastUsage', what: 'KeyId is an ARN' },
  'rotation-status-id': { where: 'GetKeyRotationStatus', what: 'KeyId is an ARN' },
  'rotation-order': { where: 'RotateKeyOnDemand', what: 'the order of the checks' },
  'json-types': { where: 'every KMS operation', what: 'the words of SerializationException' },
  'blob-fields': { where: 'Encrypt, GenerateDataKey', what: 'what the 16 and the 11 bytes of a ciphertext are' },
  'block-after-delete': { where: 'DeleteBucketEncryption', what: 'the block of SSE-C comes back' },
  'unknown-encryption': {
    where: 'PutObject and the like',
    what: 'an unknown algorithm, and AES256 with a key id, answer as an empty algorithm does',
  },
  'context-code': { where: 'PutObject and the like', what: 'the code for an encryption context that is no JSON' },
} as const satisfies Record<string, Fact>;

/** An unverified text with its values put in. */
export function unverifiedText(id: keyof typeof texts, values: Readonly<Record<string, string>> = {}): string {
  return texts[id].text.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all);
}

/** The whole list, a line a fact, in the order of what it is about. */
export function unverifiedList(): string[] {
  const lines = [
    ...Object.values(texts).map(({ where, what, text }) => `${where}: ${what}: "${text}"`),
    ...Object.values(unverifiedBehaviour).map(({ where, what }) => `${where}: ${what}`),
  ];
  return lines.sort((a, b) => (a < b ? -1 : 1));
}
