import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readBucketPolicy,
  readDefaultEncryption,
  readObjectLock,
  readVersioning,
} from '../../source/aws/bucket-settings.ts';
import { bucket } from './an-object.ts';
import { served } from './impatient-clients.ts';

test('a setting of a bucket is there, is not there, or is not shown, or there is no such bucket', async (t) => {
  let next = { status: 200, body: '' };
  const { clients } = await served(t, (_, answer) => {
    answer.writeHead(next.status, { 'content-type': 'application/xml' }).end(next.body);
  });
  const readers = {
    policy: readBucketPolicy,
    encryption: readDefaultEncryption,
    lock: readObjectLock,
    versions: readVersioning,
  };
  const told = (reader: keyof typeof readers, status: number, body: string) => {
    next = { status, body };
    return readers[reader](clients.s3, bucket);
  };
  const code = (name: string) => `<Error><Code>${name}</Code></Error>`;
  assert.equal(await told('policy', 404, code('NoSuchBucketPolicy')), 'none');
  assert.equal(await told('encryption', 404, code('ServerSideEncryptionConfigurationNotFoundError')), 'none');
  assert.equal(await told('lock', 404, code('ObjectLockConfigurationNotFoundError')), 'none');
  assert.equal(await told('versions', 501, code('NotImplemented')), 'none');
  assert.equal(await told('policy', 404, code('NoSuchBucket')), 'no bucket');
  for (const [status, name] of [
    [301, 'PermanentRedirect'],
    [403, 'AccessDenied'],
    [405, 'MethodNotAllowed'],
  ] as const)
    assert.equal(await told('policy', status, code(name)), 'not shown', name);
  await assert.rejects(told('policy', 500, code('InternalError')), { name: 'InternalError' });
  const rule = (retention: string) =>
    `<ObjectLockConfiguration><Rule><DefaultRetention>${retention}</DefaultRetention></Rule></ObjectLockConfiguration>`;
  for (const [retention, setting] of [
    ['<Mode>COMPLIANCE</Mode><Days>30</Days>', { mode: 'COMPLIANCE', period: '30 days' }],
    ['<Mode>GOVERNANCE</Mode><Years>2</Years>', { mode: 'GOVERNANCE', period: '2 years' }],
  ] as const)
    assert.deepEqual(await told('lock', 200, rule(retention)), { is: setting });
  assert.equal(await told('lock', 200, '<ObjectLockConfiguration></ObjectLockConfiguration>'), 'none');
  const byDefault = (more: string) =>
    `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault>${more}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`;
  const algorithm = '<SSEAlgorithm>aws:kms</SSEAlgorithm>';
  const withKey = byDefault(`${algorithm}<KMSMasterKeyID>alias/a</KMSMasterKeyID>`);
  assert.deepEqual(await told('encryption', 200, withKey), { is: { algorithm: 'aws:kms', keyId: 'alias/a' } });
  assert.deepEqual(await told('encryption', 200, byDefault(algorithm)), { is: { algorithm: 'aws:kms' } });
});
