import type { World } from './fact.ts';
import { Body, Key } from './s3-facts.ts';

export const kmsEncrypted = { ServerSideEncryption: 'aws:kms' };

export const text = async (w: World, input: object) =>
  (await w.s3('GetObject', input as Record<string, unknown>)).Body?.transformToString();

/** A bucket, a key with material, and an object under it. */
export async function underKey(w: World, more: object = {}) {
  const [Bucket, key] = [await w.bucket(), await w.imported()];
  const put = await w.s3('PutObject', { Bucket, Key, Body, ...kmsEncrypted, SSEKMSKeyId: key.KeyId, ...more });
  return { Bucket, ...key, put };
}
