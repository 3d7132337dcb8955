import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { readFault, readSettings, type Settings } from '../../source/practice/control-settings.ts';
import { requestQuotas } from '../../source/practice/request-quotas.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { openStore } from '../../source/practice/store.ts';
import { passTime } from './key-makers.ts';
import { externalKey, importMaterial, practise, refused, tryOnce } from './practising.ts';
import { send } from './signed-request.ts';

/** Clients that do not try again. */
async function withClients(t: TestContext, settings?: Settings) {
  const practice = await practise(t, settings === undefined ? {} : { settings });
  const config = tryOnce(practice.server);
  return {
    ...practice,
    kms: new KMSClient(config),
    s3: new S3Client(config),
    sts: new STSClient(config),
    iam: new IAMClient(config),
    account: new AccountClient(config),
  };
}

test('every service throttles, and fails, in its own words', async (t) => {
  const faults = (['throttle', 'fail'] as const).map((kind) => ({ operation: '*', do: kind }));
  const expected = {
    throttle: ['ThrottlingException', 'SlowDown', 'Throttling', 'Throttling', 'TooManyRequestsException'],
    fail: [
      'KMSInternalException',
      'InternalError',
      'InternalFailure',
      'ServiceFailureException',
      'InternalServerException',
    ],
  };
  for (const fault of faults) {
    const { kms, s3, sts, iam, account } = await withClients(t, { faults: [fault] });
    const asked = await Promise.allSettled([
      kms.send(new ListKeysCommand({})),
      s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' })),
      sts.send(new GetCallerIdentityCommand({})),
      iam.send(new ListUsersCommand({})),
      account.send(new ListRegionsCommand({})),
    ]);
    const failures = asked.map((result) => (result.status === 'rejected' ? (result.reason as Failure) : undefined));
    assert.deepEqual(
      failures.map((failure) => failure?.name),
      expected[fault.do],
    );
    const statuses = failures.map((failure) => failure?.$metadata.httpStatusCode);
    assert.deepEqual(statuses, fault.do === 'fail' ? Array(5).fill(500) : [400, 503, 400, 400, 429]);
  }
});

type Failure = Error & { readonly $metadata: { readonly httpStatusCode?: number } };

test('a rate of half a request a second lets one request through every two seconds', async (t) => {
  const { kms, clock } = await withClients(t, {
    faults: [{ operation: 'kms:ListKeys', do: 'throttle', perSecond: 0.5 }],
  });
  const isTaken = () =>
    kms.send(new ListKeysCommand({})).then(
      () => true,
      () => false,
    );
  assert.deepEqual([await isTaken(), await isTaken()], [true, false]);
  passTime({ clock }, 1500);
  assert.equal(await isTaken(), false);
  passTime({ clock }, 501);
  assert.equal(await isTaken(), true);
});

test('a key and a bucket are new for a minute and no longer', async (t) => {
  const { kms, s3, clock } = await withClients(t, { newKeyTries: 5, newBucketTries: 5 });
  const KeyId = await externalKey(kms);
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const look = () => kms.send(new DescribeKeyCommand({ KeyId }));
  const head = () => s3.send(new HeadBucketCommand({ Bucket: 'a-bucket' }));
  await refused(look(), 'NotFoundException');
  await refused(head(), 'NotFound');
  passTime({ clock }, 60_000);
  await look();
  await head();
});

test('numbers in the settings have bounds, and each setting its kind', () => {
  for (const text of [
    'kms:X=fail,chance=1.1',
    'kms:X=fail,chance=-0.1',
    'kms:X=fail,times=0.5',
    'kms:X=fail,after=-1',
    'kms:X=slow,milliseconds=600001',
    'kms:X=throttle,perSecond=0',
    'kms:=fail',
    'kms CreateKey=fail',
  ])
    assert.throws(() => readFault(text), /is no fault/, text);
  for (const text of ['kms:X=fail,chance=1', 's3=fail,times=0', '*=slow,milliseconds=600000', 'iam:List*=silent'])
    assert.ok(readFault(text), text);
  assert.throws(
    () => readFault('kms:X=fail,odds=1'),
    /^Error: kms:X=fail,odds=1 is no fault \(odds is not known\); write for/,
  );
  assert.throws(() => readSettings('{'), /^Error: it is not JSON$/);
  assert.throws(() => readSettings('[]'), /^Error: it is a list and not an object$/);
  assert.throws(
    () => readSettings('{"faults":[{"operation":"kms:X","do":"fail","times":-1}]}'),
    /^Error: faults\.0\.times: /,
  );
  for (const text of [
    '{"clockSpeed":-1}',
    '{"clockSpeed":1000001}',
    '{"newKeyTries":-1}',
    '{"newMaterialTries":1.5}',
    '{"newBucketTries":"2"}',
    '{"foreignBuckets":"a"}',
    '{"deny":{"bob":"kms:*"}}',
    '{"sessionSeconds":-1}',
    '{"policies":{"bob":[{}]}}',
    '{"organization":{}}',
    '{"simulationPage":0}',
    '{"simulationMissingKeys":"nowhere"}',
    '{"requestContext":{"a":1}}',
  ])
    assert.throws(() => readSettings(text), Error, text);
});

test('as many requests a second get through as the KMS developer guide says, and not one more', async (t) => {
  const { server } = await withClients(t, { realLimits: true });
  const isThrottled = async (name: string) => {
    const headers = { 'x-amz-target': `TrentService.${name}` };
    const { text } = await send(server, { service: 'kms', method: 'POST', headers, body: '{}' });
    return text.includes('ThrottlingException');
  };
  const five = ['CancelKeyDeletion', 'CreateAlias', 'CreateKey', 'DisableKey', 'EnableKey', 'GetKeyLastUsage'];
  const names: ReadonlyArray<readonly [quota: number, names: readonly string[]]> = [
    [1, ['GetParametersForImport']],
    [5, [...five, 'ReplicateKey', 'RotateKeyOnDemand', 'UntagResource']],
    [10, ['TagResource']],
    [15, ['DeleteImportedKeyMaterial', 'ImportKeyMaterial', 'PutKeyPolicy', 'ScheduleKeyDeletion']],
  ];
  for (const [quota, name] of names.flatMap(([number, all]) => all.map((each) => [number, each] as const))) {
    for (let asked = 0; asked < quota; asked += 1) assert.equal(await isThrottled(name), false, `${asked} ${name}`);
    assert.equal(await isThrottled(name), true, name);
  }
  // Only the table shows quotas that nobody at a keyboard reaches, and that nothing else has a quota of 1 or 10.
  const at = (quota: number) => Object.keys(requestQuotas).filter((name) => requestQuotas[name] === quota);
  assert.deepEqual(at(500), ['kms:ListAliases', 'kms:ListKeys']);
  assert.deepEqual([at(1), at(10)], [['kms:GetParametersForImport'], ['kms:TagResource']]);
});

test('what fails inside practice AWS is told without its cause, which the log has', async (t) => {
  const { kms, s3, account, folder } = await withClients(t);
  const KeyId = await externalKey(kms);
  const store = openStore(folder);
  store.run('CREATE TRIGGER lost AFTER INSERT ON kms_wrapping_pair BEGIN DELETE FROM kms_wrapping_pair; END');
  store.close();
  const failed = importMaterial(kms, KeyId, Buffer.alloc(32));
  await refused(failed, 'KMSInternalException', 'An internal error occurred.');
  const again = 'We encountered an internal error. Please try again.';
  const dropped = openStore(folder);
  for (const table of ['s3_bucket', 'kms_key']) dropped.run(`DROP TABLE ${table}`);
  dropped.close();
  await refused(s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' })), 'InternalError', again);
  await refused(account.send(new ListRegionsCommand({})), 'InternalServerException', again);
  const log = join(folder, 'practice-aws.log');
  assert.match(
    readFileSync(log, 'utf8'),
    /A request failed inside practice AWS\..*\nError: the state folder has lost a wrapping/,
  );
  assert.equal(statSync(log).mode & 0o777, 0o600);
});

test('what a killed process left of objects is removed at the start, and nothing that is in use or new', async (t) => {
  const { s3, server, folder } = await withClients(t);
  await s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  await s3.send(new PutObjectCommand({ Bucket: 'a-bucket', Key: 'k', Body: 'text' }));
  await server.close();
  const objects = join(folder, 'objects');
  const [inUse = ''] = readdirSync(objects);
  const old = new Date(Date.now() - 61_000);
  utimesSync(join(objects, inUse), old, old);
  // No process has the last of these ids: it is larger than any that a system gives.
  const [own, init, gone] = [process.pid, 1, 2 ** 30].map((pid) => `a.${pid}.part`);
  const other = `${gone}.kept`;
  for (const name of ['new', 'old', own, init, gone, other]) writeFileSync(join(objects, String(name)), '');
  utimesSync(join(objects, 'old'), old, old);
  const again = await startPracticeAws({ stateFolder: folder });
  t.after(() => again.close());
  assert.deepEqual(readdirSync(objects).toSorted(), [inUse, 'new', own, init, other].toSorted());
});

test('a page of Regions has twenty by default, and only a POST to a known path is taken', async (t) => {
  const { account, server } = await withClients(t);
  const { Regions, NextToken } = await account.send(new ListRegionsCommand({}));
  assert.equal(Regions?.length, 20);
  assert.ok(NextToken);
  const ask = async (path: string, method = 'POST', body = '{}') => {
    const answer = await send(server, { service: 'account', method, path, body });
    return [answer.status, answer.headers['x-amzn-errortype']];
  };
  assert.deepEqual(await ask('/listRegions'), [200, undefined]);
  assert.deepEqual(await ask('/listRegions', 'GET', ''), [404, 'UnknownOperationException']);
  const spoiled = {
    service: 'account',
    method: 'POST',
    path: '/listRegions',
    body: '{}',
    after: { host: 'localhost:1' },
  };
  const { status, headers } = await send(server, spoiled);
  assert.deepEqual([status, headers['x-amzn-errortype']], [403, 'InvalidSignatureException']);
  assert.deepEqual(await ask('/getRegionOptStatus'), [404, 'UnknownOperationException']);
  for (const body of ['[]', 'null', '{', '"text"'])
    assert.deepEqual(await ask('/listRegions', 'POST', body), [400, 'SerializationException'], body);
  for (const body of ['{"MaxResults":1.5}', '{"MaxResults":"9"}', '{"RegionOptStatusContains":["ENABLED","NOWHERE"]}'])
    assert.deepEqual(await ask('/listRegions', 'POST', body), [400, 'ValidationException'], body);
  for (const body of ['{"MaxResults":1}', '{"MaxResults":50}', ''])
    assert.deepEqual(await ask('/listRegions', 'POST', body), [200, undefined], body);
  const rest = await account.send(new ListRegionsCommand({ NextToken, MaxResults: 50 }));
  assert.deepEqual(
    [rest.NextToken, rest.Regions?.some((region) => region.RegionName === Regions?.[19]?.RegionName)],
    [undefined, false],
  );
});
