import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  readBucketPolicy,
  readDefaultEncryption,
  readObjectLock,
  readVersioning,
} from '../../source/aws/bucket-settings.ts';
import { createBucket } from '../../source/aws/s3.ts';
import { bucket } from './an-object.ts';
import { answeringS3, refusal } from './answering-clients.ts';
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
  await assert.rejects(told('versions', 503, code('SlowDown')), { name: 'SlowDown' });
  // Without an answer, nothing is known, and nothing was refused.
  const cut = answeringS3(() => new Error('cut'));
  for (const reader of Object.values(readers)) await assert.rejects(reader(cut, bucket), /cut/);
  for (const status of [300, 499]) {
    const refusing = answeringS3(() => refusal('Any', status));
    assert.equal(await readVersioning(refusing, bucket), 'not shown', `${status}`);
  }
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

test('each setting is asked of a bucket of this account', async () => {
  const asked: object[] = [];
  const s3 = answeringS3((input, command) => {
    asked.push({ ...input, command });
    return { Status: 'Enabled', Policy: '{}' };
  });
  assert.deepEqual(await readVersioning(s3, bucket), { is: 'Enabled' });
  assert.deepEqual(await readBucketPolicy(s3, bucket), { is: '{}' });
  assert.equal(await readDefaultEncryption(s3, bucket), 'none');
  assert.equal(await readObjectLock(s3, bucket), 'none');
  const members = { Bucket: 'a-bucket', ExpectedBucketOwner: '111122223333' };
  assert.deepEqual(
    asked,
    ['GetBucketVersioning', 'GetBucketPolicy', 'GetBucketEncryption', 'GetObjectLockConfiguration'].map((command) => ({
      ...members,
      command,
    })),
  );
});

test('a bucket is made with its tags, and without any where there are none', async () => {
  const asked: object[] = [];
  const s3 = answeringS3((input) => {
    asked.push(input);
    return {};
  });
  await createBucket(s3, 'new');
  await createBucket(s3, 'new', [{ key: 'team', value: 'pay' }]);
  assert.deepEqual(asked, [
    { Bucket: 'new' },
    { Bucket: 'new', CreateBucketConfiguration: { Tags: [{ Key: 'team', Value: 'pay' }] } },
  ]);
});
