import {
  type DefaultEncryption,
  type LockRule,
  readBucketPolicy,
  readDefaultEncryption,
  readObjectLock,
  readVersioning,
  type Told,
} from '../aws/bucket-settings.ts';
import { describeKey } from '../aws/kms.ts';
import { findBucket } from '../aws/s3.ts';
import { findUploadDenials, type UploadDenial } from '../aws/upload-denials.ts';
import { denialWords, foreignBucketWords, mayDenyWords, wayOutWords } from './bucket-words.ts';
import { type Facts, isPractice, need } from './facts.ts';
import { newKeyId } from './new-key.ts';
import { ownArn } from './own-principal.ts';
import type { Services } from './services.ts';

// Pages: S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)"; S3 API reference, HeadBucket and
// PutObject.

/** What a look at a bucket has found out. */
export type BucketLook = {
  /** Why no upload under the key can get into the bucket, when that is sure; else `undefined`. */
  readonly refusal: string | undefined;
  /** Sentences about what the bucket may demand, and what could not be looked at. */
  readonly notes: readonly string[];
};

/**
 * Looks at a bucket before objects go into it: whether it is there and in the Region of the key, what its policy demands, how it
 * encrypts by default, and what it keeps. Calls HeadBucket, GetBucketPolicy, GetBucketEncryption, GetObjectLockConfiguration,
 * GetBucketVersioning, DescribeKey. Keeps the notes in `services.bucketNotes`, for later questions.
 * @throws the SDK's error when S3 does not answer.
 */
export async function lookAtBucket(facts: Facts, services: Services, bucket: string): Promise<BucketLook> {
  const { session, bucketNotes } = services;
  const { s3 } = session.clients;
  const { region, accountId: owner } = need(facts, 'connection');
  const place = { bucket, owner };
  // All requests are sent at the same time: one after the other, each would wait for the answer to the one before.
  const settings = Promise.all([
    readBucketPolicy(s3, place),
    readDefaultEncryption(s3, place),
    readObjectLock(s3, place),
    readVersioning(s3, place),
    findKeyArn(facts, services),
  ]);
  // When the bucket cannot be used, nobody waits for its settings. Then an error of these requests does not matter.
  settings.catch(() => {});
  const found = await findBucket(s3, place);
  if (found === 'absent') return refused(`There is no bucket ${bucket}.`);
  if (found === 'foreign')
    return refused(`${foreignBucketWords(place)} Choose another bucket, or connect to that account.`);
  if (found !== 'denied' && found.region !== region)
    return refused(
      `${bucket} is in ${found.region}, and the key is in ${region}. S3 uses only keys of the bucket's own Region. Choose a bucket in ${region}.`,
    );
  const [policy, encryption, lock, versioning, keyArn] = await settings;
  if (policy === 'no bucket') return refused(`There is no bucket ${bucket}.`);
  const denials = denialsIn(policy, { facts, bucket, keyArn });
  const sure = denials?.find(({ isSure }) => isSure);
  const notes = [
    ...(found === 'denied' ? [notLookedAt(bucket, region)] : []),
    ...(sure === undefined ? (denials ?? []).map((denial) => mayDenyWords(bucket, denial)) : []),
    ...(denials === undefined
      ? [`The policy of ${bucket} cannot be read as a policy, so it may want another key.`]
      : []),
    ...settingNotes(bucket, { policy, encryption, keyArn }),
    ...keepingNotes(bucket, { lock, versioning }),
  ];
  bucketNotes.keep(bucket, notes);
  const refusal = sure === undefined ? undefined : `${denialWords(bucket, sure)} ${wayOutWords(sure, keyArn)}`;
  return { refusal, notes };
}

/**
 * Finds a statement of a bucket policy that denies the upload of the object `key`; when none surely does, one that may deny it.
 * Gives `undefined` when there is none, also because the text is no policy, and `not shown` when the caller may not read the
 * policy. Calls GetBucketPolicy.
 */
export async function findDenial(
  facts: Facts,
  { session }: Services,
  { bucket, key }: { readonly bucket: string; readonly key: string },
): Promise<UploadDenial | undefined | 'not shown'> {
  const { accountId: owner } = need(facts, 'connection');
  const policy = await readBucketPolicy(session.clients.s3, { bucket, owner });
  if (policy === 'not shown') return 'not shown';
  const denials = denialsIn(policy, { facts, bucket, key, keyArn: need(facts, 'key').keyArn }) ?? [];
  return denials.find(({ isSure }) => isSure) ?? denials[0];
}

type Judged = {
  readonly facts: Facts;
  readonly bucket: string;
  readonly key?: string;
  readonly keyArn: string;
};

/**
 * Finds the statements of a policy that deny uploads, or may. Gives an empty list also when the bucket has no policy or S3 does not
 * show it, and `undefined` when the text is no policy.
 */
function denialsIn(policy: Told<string>, { facts, ...judged }: Judged): readonly UploadDenial[] | undefined {
  if (typeof policy !== 'object') return [];
  const connection = need(facts, 'connection');
  const endpoint = connection.endpoints?.s3 ?? connection.endpoint;
  const isSurelyTls = isPractice(connection) || endpoint === undefined || endpoint.startsWith('https:');
  return findUploadDenials(policy.is, {
    ...connection,
    principalArn: ownArn(connection),
    ...judged,
    // A plain HTTP endpoint is on this machine, and may send the requests on over TLS.
    isTls: isSurelyTls ? true : undefined,
  });
}

/** Gives the ARN of the key: `new` when it is not made yet, `unknown` when KMS does not tell it. Calls DescribeKey. */
async function findKeyArn(facts: Facts, { session }: Services): Promise<string> {
  const key = facts.key;
  if (key === undefined || key.keyId === newKeyId) return 'new';
  // The rehearsal of an answers file knows only how the person named the key.
  if (key.keyArn !== '') return key.keyArn;
  const metadata = await describeKey(session.clients.kms, key.keyId).catch(() => undefined);
  return metadata?.Arn ?? 'unknown';
}

function refused(refusal: string): BucketLook {
  return { refusal, notes: [] };
}

/** Says that HeadBucket was refused, which is no evidence about the bucket. */
const notLookedAt = (bucket: string, region: string) =>
  `S3 does not let you look at ${bucket}: s3:ListBucket would show whether it exists, and is in ${region}. An upload does not need that permission, so it is tried.`;

type Keeping = { readonly lock: Told<LockRule>; readonly versioning: Told<string> };

/** Warns when a bucket keeps objects from being removed, when S3 does not show whether it does, and when it keeps all versions. */
function keepingNotes(bucket: string, { lock, versioning }: Keeping): readonly string[] {
  const isVersioned = typeof versioning === 'object' && versioning.is === 'Enabled';
  return [
    ...(typeof lock === 'object'
      ? [`${bucket} has Object Lock (${lock.is.mode}): no object can be removed for ${lock.is.period}.`]
      : []),
    ...(lock === 'not shown'
      ? [
          `S3 does not show you whether ${bucket} has Object Lock (s3:GetBucketObjectLockConfiguration), which keeps objects from being removed.`,
        ]
      : []),
    ...(isVersioned ? [`${bucket} keeps every version of an object, and each is billed.`] : []),
  ];
}

type Settings = {
  readonly policy: Told<string>;
  readonly encryption: Told<DefaultEncryption>;
  readonly keyArn: string;
};

/** Warns when the caller may not read the policy or the default encryption, and when the bucket has another default key. */
function settingNotes(bucket: string, { policy, encryption, keyArn }: Settings): readonly string[] {
  const keyId = typeof encryption === 'object' ? encryption.is.keyId : undefined;
  const isOther = keyId !== undefined && keyId !== keyArn && !keyArn.endsWith(`/${keyId}`);
  return [
    ...(policy === 'not shown'
      ? [`S3 does not show you the policy of ${bucket} (s3:GetBucketPolicy); it may want another key.`]
      : []),
    ...(encryption === 'not shown'
      ? [`S3 does not show you the default encryption of ${bucket} (s3:GetEncryptionConfiguration).`]
      : []),
    ...(isOther
      ? [`${bucket} encrypts under ${keyId} where an upload asks for no encryption. These uploads name yours.`]
      : []),
  ];
}
