import type { S3Client } from '@aws-sdk/client-s3';
import { bucketMembers, type OwnedBucket } from './s3.ts';

/** Loads the S3 client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-s3');

/**
 * What S3 told about a setting of a bucket. `none`: the bucket does not have it. `not shown`: S3 refused the question, or sent it
 * to another Region, so that nothing is known. `no bucket`: there is no such bucket.
 */
export type Told<Setting> = { readonly is: Setting } | 'none' | 'not shown' | 'no bucket';

/** The encryption of an object when its upload names no encryption. `keyId` is as it was set: an ARN, an id or an alias. */
export type DefaultEncryption = { readonly algorithm: string; readonly keyId?: string };

/** Gives the text of a bucket's policy. Calls GetBucketPolicy, which needs s3:GetBucketPolicy. */
export async function readBucketPolicy(s3: S3Client, bucket: OwnedBucket): Promise<Told<string>> {
  const { GetBucketPolicyCommand } = await sdk();
  return askForSetting(async () => (await s3.send(new GetBucketPolicyCommand(bucketMembers(bucket)))).Policy);
}

/** Gives a bucket's default encryption. Calls GetBucketEncryption, which needs s3:GetEncryptionConfiguration. */
export async function readDefaultEncryption(s3: S3Client, bucket: OwnedBucket): Promise<Told<DefaultEncryption>> {
  const { GetBucketEncryptionCommand } = await sdk();
  return askForSetting(async () => {
    const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand(bucketMembers(bucket)));
    const chosen = ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault;
    if (chosen?.SSEAlgorithm === undefined) return undefined;
    const { SSEAlgorithm: algorithm, KMSMasterKeyID: keyId } = chosen;
    return { algorithm, ...(keyId === undefined ? {} : { keyId }) };
  });
}

/** How long objects may not be removed: by a default retention, in days or years. In mode COMPLIANCE nobody can shorten it. */
export type LockRule = { readonly mode: string; readonly period: string };

/**
 * Gives the default retention of a bucket with Object Lock; `none` also for Object Lock without a default retention. Calls
 * GetObjectLockConfiguration.
 */
export async function readObjectLock(s3: S3Client, bucket: OwnedBucket): Promise<Told<LockRule>> {
  const { GetObjectLockConfigurationCommand } = await sdk();
  return askForSetting(async () => {
    const answer = await s3.send(new GetObjectLockConfigurationCommand(bucketMembers(bucket)));
    const { Mode, Days, Years } = answer.ObjectLockConfiguration?.Rule?.DefaultRetention ?? {};
    if (Mode === undefined) return undefined;
    return { mode: Mode, period: Years === undefined ? `${Days ?? 0} days` : `${Years} years` };
  });
}

/**
 * Tells whether a bucket keeps earlier versions of objects: `Enabled` or `Suspended`, and `none` when it never did. Calls
 * GetBucketVersioning.
 */
export async function readVersioning(s3: S3Client, bucket: OwnedBucket): Promise<Told<string>> {
  const { GetBucketVersioningCommand } = await sdk();
  return askForSetting(async () => (await s3.send(new GetBucketVersioningCommand(bucketMembers(bucket)))).Status);
}

/**
 * Asks S3 for a setting. `ask` gives the setting, or `undefined` when the bucket does not have it.
 * @throws the SDK's error when S3 had a fault of its own, or did not answer.
 */
async function askForSetting<Setting>(ask: () => Promise<Setting | undefined>): Promise<Told<Setting>> {
  try {
    const setting = await ask();
    return setting === undefined ? 'none' : { is: setting };
  } catch (error) {
    const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    // These codes say that there is no such setting. S3 API reference, "Error responses".
    if (name === 'NoSuchBucketPolicy' || name === 'ServerSideEncryptionConfigurationNotFoundError') return 'none';
    if (name === 'ObjectLockConfigurationNotFoundError') return 'none';
    if (name === 'NoSuchBucket') return 'no bucket';
    const status = $metadata?.httpStatusCode ?? 0;
    // Some servers that speak the protocol of S3 do not have the operation, and so not the setting.
    if (status === 501) return 'none';
    if (status >= 300 && status < 500) return 'not shown';
    throw error;
  }
}
