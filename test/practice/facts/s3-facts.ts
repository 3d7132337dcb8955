import { randomBytes } from 'node:crypto';
import type { World } from './fact.ts';

export const Key = 'k';

export const Body = Buffer.from('the text');

export const malformed = 'The XML you provided was not well-formed or did not validate against our published schema';

export const setRules = (w: World, Bucket: string, ...Rules: object[]) =>
  w.s3('PutBucketEncryption', { Bucket, ServerSideEncryptionConfiguration: { Rules } });

export const byKms = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: 'not-looked-up' },
};

/** A bucket that takes SSE-C. */
export async function openBucket(w: World): Promise<string> {
  const Bucket = await w.bucket();
  await setRules(w, Bucket, blocks('NONE'));
  return Bucket;
}

export const fresh = () => `b-${randomBytes(8).toString('hex')}`;

export const blocks = (...EncryptionType: string[]) => ({ BlockedEncryptionTypes: { EncryptionType } });
