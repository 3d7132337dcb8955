import assert from 'node:assert/strict';
import { test } from 'node:test';
import { permissionsOfCalls } from '../../source/aws/permissions-of-calls.ts';
import { iamOperations } from '../../source/practice/iam.ts';
import { operations as kmsOperations } from '../../source/practice/kms/operations.ts';
import { s3Operations } from '../../source/practice/s3/routes.ts';
import { callsIn, clients, sources } from './calls-in-sources.ts';

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
