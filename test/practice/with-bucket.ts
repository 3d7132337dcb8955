import type { TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-s3';
import { practise } from './practising.ts';
import { sendNamed } from './send-named.ts';

export const Bucket = 'bucket-of-this-test';
export const Key = 'a key';
export type Input = Record<string, unknown>;

/** A bucket, and a function that calls an operation of S3 by its name. */
export async function withBucket(t: TestContext) {
  const practice = await practise(t);
  const client = practice.s3();
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers of many operations
  const s3 = (name: string, input: Input = {}): Promise<any> => sendNamed(client, sdk, name, { Bucket, ...input });
  await s3('CreateBucket');
  return { ...practice, client: practice.s3, s3 };
}
