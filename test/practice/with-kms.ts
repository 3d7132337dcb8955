import type { TestContext } from 'node:test';
import * as sdk from '@aws-sdk/client-kms';
import { practise } from './practising.ts';
import { sendNamed } from './send-named.ts';

export type Input = Record<string, unknown>;

/** A practice AWS, and a function that calls an operation of KMS by its name. */
export async function withKms(t: TestContext, given?: { folder?: string }) {
  const practice = await practise(t, given);
  const client = practice.kms();
  // biome-ignore lint/suspicious/noExplicitAny: the tests read answers of many operations
  const kms = (name: string, input: Input = {}, by = client): Promise<any> => sendNamed(by, sdk, name, input);
  const key = async (input: Input = {}) => (await kms('CreateKey', input)).KeyMetadata.Arn as string;
  return { ...practice, practice, kms, key, kmsClient: practice.kms };
}

/** The ARN of a user of the account. */
export const userArn = (name: string) => `arn:aws:iam::000000000000:user/${name}`;

/** A key that only the first caller may use, and clients of two users who can use it by a grant alone. */
export async function withLockedKey(t: TestContext) {
  const practice = await withKms(t);
  const Principal = { AWS: 'arn:aws:iam::000000000000:role/SecurityAdmin' };
  const Policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] });
  const clientOf = (name: string) => practice.kmsClient('us-east-1', practice.server.credentialsOf(name));
  const [chen, bob] = [clientOf('chen'), clientOf('bob')];
  return { ...practice, KeyId: await practice.key({ Policy }), chen, bob };
}
