import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as account from '@aws-sdk/client-account';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';

/** The clients of the SDK, by the name of the service and of the package. */
export const clients = [
  ['KMS', '@aws-sdk/client-kms', kms],
  ['S3', '@aws-sdk/client-s3', s3],
  ['IAM', '@aws-sdk/client-iam', iam],
  ['STS', '@aws-sdk/client-sts', sts],
  ['Account', '@aws-sdk/client-account', account],
] as const;

/** The sources of the program without practice AWS. */
export const sources = readdirSync('source', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('practice/'))
  .map((name) => readFileSync(join('source', name), 'utf8'));

/** The operations that a source calls: the command classes and paginators of the clients that it loads. */
export function callsIn(source: string): readonly string[] {
  const names = [...source.matchAll(/(?<!['\w])(?:paginate(\w+)|([A-Z]\w+)Command)\b/g)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  return clients
    .filter(([, from]) => source.includes(`'${from}'`))
    .flatMap(([service, , client]) =>
      names.filter((name) => `${name}Command` in client).map((name) => `${service}.${name}`),
    );
}
