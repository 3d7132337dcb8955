import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as account from '@aws-sdk/client-account';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import * as sts from '@aws-sdk/client-sts';
import { permissionsOfCalls } from '../../source/aws/permissions-of-calls.ts';
import { iamOperations } from '../../source/practice/iam.ts';
import { operations as kmsOperations } from '../../source/practice/kms/operations.ts';
import { s3Operations } from '../../source/practice/s3/routes.ts';

/** The clients of the SDK, by the name of the service and of the package. */
const clients = [
  ['KMS', '@aws-sdk/client-kms', kms],
  ['S3', '@aws-sdk/client-s3', s3],
  ['IAM', '@aws-sdk/client-iam', iam],
  ['STS', '@aws-sdk/client-sts', sts],
  ['Account', '@aws-sdk/client-account', account],
] as const;

const sources = readdirSync('source', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('practice/'))
  .map((name) => readFileSync(join('source', name), 'utf8'));

/** The operations that a source calls: the command classes and paginators of the clients that it loads. */
function callsIn(source: string): readonly string[] {
  const names = [...source.matchAll(/(?<!['\w])(?:paginate(\w+)|([A-Z]\w+)Command)\b/g)].map(
    ([, a, b]) => a ?? b ?? '',
  );
  return clients
    .filter(([, from]) => source.includes(`'${from}'`))
    .flatMap(([service, , client]) =>
      names.filter((name) => `${name}Command` in client).map((name) => `${service}.${name}`),
    );
}

test('every client of AWS that the sources load is known here', () => {
  const loaded = new Set(
    sources.flatMap((source) => [...source.matchAll(/'(@aws-sdk\/client-\w+)'/g)].map(([, name]) => name)),
  );
  assert.deepEqual([...loaded].toSorted(), clients.map(([, from]) => from).toSorted());
});

test('every call that the sources make has its permissions in the table, and the table has no other', () => {
  const calls = [...new Set(sources.flatMap(callsIn))];
  assert.ok(calls.includes('KMS.CreateKey') && calls.includes('KMS.ListKeys'), 'commands and paginators are found');
  assert.deepEqual(calls.toSorted(), Object.keys(permissionsOfCalls).toSorted());
});

test('each call needs at least the permission that practice AWS asks for', () => {
  const asked = new Map<string, string>([
    ...Object.keys(kmsOperations).map((name) => [`KMS.${name}`, `kms:${name}`] as const),
    ...Object.keys(iamOperations).map((name) => [`IAM.${name}`, `iam:${name}`] as const),
    ...s3Operations.map(({ name, operation }) => [`S3.${name}`, String(operation.authority.needs)] as const),
  ]);
  for (const [call, permissions] of Object.entries(permissionsOfCalls)) {
    const action = asked.get(call);
    if (action !== undefined) assert.equal(permissions[0]?.action, action, call);
  }
});
