import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
} from '@aws-sdk/client-s3';
import { passTime } from './key-makers.ts';
import { denyCaller, enabledKey, refused, setControl } from './practising.ts';
import { md5Header, outcomeOf, send, updateEncryption } from './signed-request.ts';
import { Bucket, type Input, Key, withBucket } from './with-bucket.ts';
import { userArn } from './with-kms.ts';

test('the settings that nobody can change are told as those of a new bucket', async (t) => {
  const { s3 } = await withBucket(t);
  const told = async (name: string) => {
    const { $metadata: _, ...answer } = await s3(name);
    return JSON.parse(JSON.stringify(answer)) as object;
  };
  for (const name of ['BucketVersioning', 'BucketLogging', 'BucketNotificationConfiguration'])
    assert.deepEqual(await told(`Get${name}`), {}, name);
  assert.deepEqual(await told('GetBucketAccelerateConfiguration'), {});
  assert.deepEqual(await told('GetBucketRequestPayment'), { Payer: 'BucketOwner' });
  const Rules = [{ ObjectOwnership: 'BucketOwnerEnforced' }];
  assert.deepEqual(await told('GetBucketOwnershipControls'), { OwnershipControls: { Rules } });
  assert.equal((await s3('GetBucketAcl')).Grants[0].Permission, 'FULL_CONTROL');
  for (const [name, code] of [
    ['BucketLifecycleConfiguration', 'NoSuchLifecycleConfiguration'],
    ['BucketCors', 'NoSuchCORSConfiguration'],
    ['BucketWebsite', 'NoSuchWebsiteConfiguration'],
    ['BucketReplication', 'ReplicationConfigurationNotFoundError'],
    ['ObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'],
  ] as const)
    await assert.rejects(s3(`Get${name}`), (error: Error & { $metadata: { httpStatusCode: number } }) => {
      assert.deepEqual([error.name, error.$metadata.httpStatusCode], [code, 404]);
      return true;
    });
  await refused(s3('GetBucketCors', { Bucket: 'no-such-bucket' }), 'NoSuchBucket');
});

test('buckets are listed page by page, by their prefix and by their Region', async (t) => {
  const { s3, client } = await withBucket(t);
  const there = client('eu-west-1');
  for (const name of ['a-1', 'a-2', 'a-3']) await there.send(new CreateBucketCommand({ Bucket: `bucket-${name}` }));
  const namesOf = ({ Buckets = [] }: { Buckets?: Array<{ Name: string }> }) => Buckets.map(({ Name }) => Name);
  const first = await s3('ListBuckets', { MaxBuckets: 2, Prefix: 'bucket-a' });
  assert.deepEqual([namesOf(first), first.Prefix], [['bucket-a-1', 'bucket-a-2'], 'bucket-a']);
  const { ContinuationToken } = first;
  assert.ok(ContinuationToken);
  const second = await s3('ListBuckets', { MaxBuckets: 2, Prefix: 'bucket-a', ContinuationToken });
  assert.deepEqual([namesOf(second), second.ContinuationToken], [['bucket-a-3'], undefined]);
  assert.deepEqual(namesOf(await s3('ListBuckets', { BucketRegion: 'us-east-1' })), [Bucket]);
  // Another partition has its own buckets.
  const inChina = client('cn-north-1');
  const CreateBucketConfiguration = { LocationConstraint: 'cn-north-1' } as const;
  await inChina.send(new CreateBucketCommand({ Bucket: 'bucket-in-china', CreateBucketConfiguration }));
  assert.deepEqual(
    (await inChina.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name),
    ['bucket-in-china'],
  );
  assert.ok(!namesOf(await s3('ListBuckets')).includes('bucket-in-china'));
  await refused(s3('GetBucketLocation', { Bucket: 'bucket-in-china' }), 'NoSuchBucket');
});

test('nobody is given access to a bucket or an object by a grant in a header', async (t) => {
  const { s3 } = await withBucket(t);
  const everybody = { GrantRead: 'uri="http://acs.amazonaws.com/groups/global/AllUsers"' };
  const made = s3('CreateBucket', { Bucket: 'another-bucket', ...everybody });
  await refused(made, 'InvalidBucketAclWithObjectOwnership');
  await refused(s3('PutObject', { Key, Body: 'text', ...everybody }), 'AccessControlListNotSupported');
});

test('a bucket that is made again in us-east-1 stays as it was, and EU is eu-west-1', async (t) => {
  const { s3, clock, folder, client } = await withBucket(t);
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }];
  await s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules } });
  const dateOf = async () => (await s3('ListBuckets')).Buckets[0].CreationDate.getTime();
  const made = await dateOf();
  passTime({ clock }, 60_000);
  await s3('CreateBucket');
  const { ServerSideEncryptionConfiguration: kept } = await s3('GetBucketEncryption');
  assert.equal(kept.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, 'aws:kms');
  assert.equal(await dateOf(), made);

  const Tags = [{ Key: 'team', Value: 'keys' }];
  const CreateBucketConfiguration = { LocationConstraint: 'EU', Tags };
  await s3('CreateBucket', { Bucket: 'an-old-name', CreateBucketConfiguration, ACL: 'private' });
  const { TagSet } = await client('eu-west-1').send(new GetBucketTaggingCommand({ Bucket: 'an-old-name' }));
  assert.deepEqual(TagSet, Tags);
  denyCaller({ folder }, 's3:TagResource');
  const tagged = { Bucket: 'another-bucket', CreateBucketConfiguration: { LocationConstraint: 'EU', Tags } };
  await assert.rejects(
    s3('CreateBucket', tagged),
    /perform: s3:TagResource on resource: "arn:aws:s3:::another-bucket" /,
  );
  // The permission may depend on the tags.
  const withTeam = { StringEquals: { 'aws:RequestTag/team': 'keys' } };
  const Statement = [
    { Effect: 'Allow', NotAction: 's3:TagResource', Resource: '*' },
    { Effect: 'Allow', Action: 's3:TagResource', Resource: '*', Condition: withTeam },
  ];
  setControl({ folder }, { policies: { SecurityAdmin: [{ Statement }] } });
  await s3('CreateBucket', tagged);
  const others = { LocationConstraint: 'EU', Tags: [{ Key: 'team', Value: 'others' }] };
  const forOthers = s3('CreateBucket', { Bucket: 'a-third-bucket', CreateBucketConfiguration: others });
  await refused(forOthers, 'AccessDenied');
});

test('a bucket takes fifty tags, and an object ten', async (t) => {
  const { s3 } = await withBucket(t);
  const many = (count: number) => [...Array(count).keys()].map((number) => ({ Key: `k${number}`, Value: '' }));
  await s3('PutBucketTagging', { Tagging: { TagSet: many(50) } });
  await refused(s3('PutBucketTagging', { Tagging: { TagSet: many(51) } }), 'BadRequest');
  await s3('PutObject', { Key, Body: 'text' });
  const longest = { Key: 'k'.repeat(128), Value: 'v'.repeat(256) };
  await s3('PutObjectTagging', { Key, Tagging: { TagSet: [...many(9), longest] } });
  const tooLong = { Key: 'k'.repeat(129), Value: '' };
  await refused(s3('PutObjectTagging', { Key, Tagging: { TagSet: [tooLong] } }), 'InvalidTag');
});

test('documents of XML need a checksum where S3 wants one, and a right one wherever there is one', async (t) => {
  const { server, s3 } = await withBucket(t);
  await s3('PutObject', { Key: 'k', Body: 'text' });
  const ask = async (method: string, query: string, body: string, headers: Record<string, string>, path = '') => {
    return outcomeOf(await send(server, { service: 's3', method, path: `/${Bucket}${path}`, query, headers, body }));
  };
  const remove = '<Delete><Object><Key>k</Key></Object></Delete>';
  const rule =
    '<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault></Rule>';
  const encryption = `<ServerSideEncryptionConfiguration>${rule}</ServerSideEncryptionConfiguration>`;
  const tagging = '<Tagging><TagSet/></Tagging>';
  const wrongCrc = { 'x-amz-checksum-crc32': 'AAAAAA==' };
  for (const [method, query, body] of [
    ['POST', 'delete=', remove],
    ['PUT', 'encryption=', encryption],
    ['PUT', 'tagging=', tagging],
    ['PUT', 'publicAccessBlock=', '<PublicAccessBlockConfiguration/>'],
  ] as const) {
    assert.equal(await ask(method, query, body, {}), '400 InvalidRequest', query);
    assert.equal(await ask(method, query, body, md5Header('another')), '400 BadDigest', query);
    assert.equal(await ask(method, query, body, wrongCrc), '400 BadDigest', query);
  }
  assert.equal(await ask('PUT', 'tagging=', tagging, md5Header('another'), '/k'), '400 BadDigest');
  assert.equal(await ask('PUT', 'tagging=', tagging, {}, '/k'), '200');
  for (const wrong of ['<Other/>', '<Delete></Delete>', '<Delete><Object/></Delete>', '<Delete>'])
    assert.equal(await ask('POST', 'delete=', wrong, md5Header(wrong)), '400 MalformedXML', wrong);
  const objects = (count: number) => `<Delete>${'<Object><Key>none</Key></Object>'.repeat(count)}</Delete>`;
  assert.equal(await ask('POST', 'delete=', objects(1001), md5Header(objects(1001))), '400 MalformedXML');
  assert.equal(await ask('POST', 'delete=', objects(1000), md5Header(objects(1000))), '200');
  assert.equal(await ask('POST', 'delete=', remove, md5Header(remove)), '200');
});

test('a bucket policy has every part that S3 needs, is about its bucket, and has at most 20 KB', async (t) => {
  const { s3 } = await withBucket(t);
  const arn = `arn:aws:s3:::${Bucket}`;
  const statement = (more: Input) => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:GetObject',
    Resource: arn,
    ...more,
  });
  const put = (...Statement: object[]) => s3('PutBucketPolicy', { Policy: JSON.stringify({ Statement }) });
  const code = 'MalformedPolicy';
  await refused(put(statement({ Resource: undefined })), code, 'Missing required field Resource');
  const long = statement({ Sid: 'x'.repeat(20 * 1024) });
  await refused(put(long), code, 'Policy exceeds the maximum allowed document size.');
  for (const Resource of [`${arn}2/*`, [arn, 'arn:aws:s3:::another']])
    await refused(put(statement({ Resource })), code, 'Policy has invalid resource');
  for (const Resource of ['*', `${arn.slice(0, -3)}*`, `${arn.slice(0, -3)}*/*`, `${arn}/a/*`])
    await put(statement({ Resource }));
  await put(statement({ Resource: undefined, NotResource: `${arn}/kept` }));
  await put(
    statement({
      Action: undefined,
      NotAction: 's3:GetObject',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
  const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
  await put(statement({ Effect: 'Allow', Condition }));
});

test('the default encryption gives way to what an upload says, and only a map of texts is an encryption context', async (t) => {
  const { s3 } = await withBucket(t);
  const byDefault = { SSEAlgorithm: 'aws:kms' };
  const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }];
  await s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules } });
  const put = (more: Input) => s3('PutObject', { Key, Body: 'text', ...more });
  assert.equal((await put({})).BucketKeyEnabled, true);
  assert.equal((await put({ BucketKeyEnabled: false })).BucketKeyEnabled, undefined);
  const block = [{ BlockedEncryptionTypes: { EncryptionType: ['NONE'] } }];
  await s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules: block } });
  assert.equal((await put({})).ServerSideEncryption, 'aws:kms');
  const words = 'The encryption method specified is not supported';
  await refused(put({ ServerSideEncryption: 'AES256', SSEKMSKeyId: 'any' }), 'InvalidArgument', words);
  for (const context of ['{"a":1}', 'null', '"text"', '["text"]']) {
    const SSEKMSEncryptionContext = Buffer.from(context).toString('base64');
    await refused(put({ ServerSideEncryption: 'aws:kms', SSEKMSEncryptionContext }), 'InvalidArgument');
  }
});

test('each statement of a bucket policy is looked at, and the policy is given back byte for byte until it is removed', async (t) => {
  const { s3 } = await withBucket(t);
  const Resource = `arn:aws:s3:::${Bucket}/*`;
  const sound = { Effect: 'Deny', Principal: { AWS: userArn('bob') }, Action: 's3:GetObject', Resource };
  const put = (...Statement: Input[]) => s3('PutBucketPolicy', { Policy: JSON.stringify({ Statement }) });
  const two = (wrong: Input) => put(sound, { ...sound, ...wrong });
  const code = 'MalformedPolicy';
  await refused(two({ Principal: undefined }), code, 'Missing required field Principal');
  await refused(two({ Action: undefined }), code, 'Missing required field Action');
  const Aws = [userArn('bob'), userArn('nobody')];
  await refused(two({ Principal: { AWS: Aws } }), code, 'Invalid principal in policy');
  const elsewhere = { Resource: undefined, NotResource: 'arn:aws:s3:::another/*' };
  await refused(two(elsewhere), code, 'Policy has invalid resource');
  const noJson = "Policies must be valid JSON and the first byte must be '{'";
  await refused(s3('PutBucketPolicy', { Policy: 'text' }), code, noJson);
  // It allows something, but not to everybody.
  const Policy = JSON.stringify({ Statement: { ...sound, Effect: 'Allow' } }).padEnd(20 * 1024, ' ');
  await s3('PutBucketPolicy', { Policy });
  assert.equal((await s3('GetBucketPolicy')).Policy, Policy);
  await s3('DeleteBucketPolicy');
  await refused(s3('GetBucketPolicy'), 'NoSuchBucketPolicy');
});

test('a bucket of somebody else is neither made nor opened', async (t) => {
  const { s3, folder } = await withBucket(t);
  setControl({ folder }, { foreignBuckets: [Bucket] });
  await refused(s3('CreateBucket'), 'BucketAlreadyExists');
  await refused(s3('ListObjectsV2'), 'AccessDenied', 'Access Denied');
  await refused(s3('PutObject', { Key, Body: 'text' }), 'AccessDenied', 'Access Denied');
  setControl({ folder }, {});
  assert.equal((await s3('ListObjectsV2')).KeyCount, 0);
});

test('a bucket is made only as practice AWS can keep it, and only us-east-1 tells where a bucket of any Region is', async (t) => {
  const { s3, server, client } = await withBucket(t);
  const other = { Bucket: 'another-bucket' };
  await refused(s3('CreateBucket', { ...other, ObjectLockEnabledForBucket: true }), 'NotImplemented');
  const CreateBucketConfiguration = { LocationConstraint: 'us-east-1' };
  await refused(s3('CreateBucket', { ...other, CreateBucketConfiguration }), 'InvalidLocationConstraint');
  const spoiled = { service: 's3', method: 'PUT', path: '/another-bucket', body: '<CreateBucketConfiguration>' };
  assert.equal(outcomeOf(await send(server, spoiled)), '400 MalformedXML');
  await refused(s3('HeadBucket', other), 'NotFound');
  const elsewhere = client('eu-west-1').send(new GetBucketLocationCommand({ Bucket }));
  await refused(elsewhere, 'AuthorizationHeaderMalformed');
});

test('a default encryption that S3 does not know is refused, and the bucket keeps the one that it had', async (t) => {
  const { s3 } = await withBucket(t);
  const put = (rule: Input) => s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules: [rule] } });
  const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms:dsse' } };
  await put(byDefault);
  const unknown = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'rot13' } };
  await refused(put(unknown), 'MalformedXML');
  for (const [EncryptionType, code] of [
    [['NONE', 'SSE-C'], 'InvalidArgument'],
    [[], 'InvalidArgument'],
    [['ALL'], 'MalformedXML'],
  ] as const)
    await refused(put({ ...byDefault, BlockedEncryptionTypes: { EncryptionType } }), code);
  const { ServerSideEncryptionConfiguration: kept } = await s3('GetBucketEncryption');
  assert.equal(kept.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm, 'aws:kms:dsse');
});

test('access control lists of what is not there are not refused, but missing', async (t) => {
  const { s3 } = await withBucket(t);
  for (const name of ['GetObjectAcl', 'PutObjectAcl']) await refused(s3(name, { Key, ACL: 'private' }), 'NoSuchKey');
  await refused(s3('PutBucketAcl', { Bucket: 'no-such-bucket', ACL: 'private' }), 'NoSuchBucket');
});

test('under another key, an object keeps its bytes, ETag and type, and each refusal of S3 has its code and words', async (t) => {
  const { s3, server, kms, folder } = await withBucket(t);
  const { arn } = await enabledKey(kms());
  const update = async (inner: string, path = `${Bucket}/k`) => {
    const answer = await updateEncryption(server, `/${path}`, inner);
    return `${outcomeOf(answer)} ${/<Message>(.{0,75})/.exec(answer.text)?.[1] ?? ''}`.trim();
  };
  const under = (keyArn: string, more = '') => `<SSE-KMS><KMSKeyArn>${keyArn}</KMSKeyArn>${more}</SSE-KMS>`;
  const { ETag } = await s3('PutObject', { Key: 'k', Body: 'text', ContentType: 'text/plain' });
  for (const flag of [true, false]) {
    assert.equal(await update(under(arn, `<BucketKeyEnabled>${flag}</BucketKeyEnabled>`)), '200');
    const got = await s3('GetObject', { Key: 'k' });
    assert.deepEqual([await got.Body.transformToString(), got.ETag, got.ContentType], ['text', ETag, 'text/plain']);
    assert.deepEqual([got.SSEKMSKeyId, got.BucketKeyEnabled], [arn, flag ? true : undefined]);
  }
  assert.match(await update(under(arn), `${Bucket}/none`), /^404 NoSuchKey /);
  assert.match(await update(under(arn), 'no-such-bucket/k'), /^404 NoSuchBucket /);
  assert.match(await update(''), /^400 InvalidRequest .* require a valid new/);
  assert.match(await update('<SSE-KMS></SSE-KMS>'), /^400 InvalidRequest .* encryption type to SSE-KMS/);
  assert.match(await update(under('no-arn')), /^400 InvalidRequest .* encryption type to SSE-KMS/);
  const ofOthers = under(arn.replace('000000000000', '111111111111'));
  assert.match(
    await update(ofOthers),
    /^403 AccessDenied The Amazon Web Services KMS key in the request must be owned/,
  );
  const Rules = [{ BlockedEncryptionTypes: { EncryptionType: ['NONE'] } }];
  await s3('PutBucketEncryption', { ServerSideEncryptionConfiguration: { Rules } });
  for (const how of [
    { ServerSideEncryption: 'aws:kms:dsse', SSEKMSKeyId: arn },
    { SSECustomerAlgorithm: 'AES256', SSECustomerKey: Buffer.alloc(32, 5) },
  ]) {
    await s3('PutObject', { Key: 'other', Body: 'text', ...how });
    assert.match(
      await update(under(arn), `${Bucket}/other`),
      /^400 InvalidRequest The UpdateObjectEncryption operation/,
    );
  }
  setControl({ folder }, { objectLock: [Bucket] });
  assert.match(await update(under(arn)), /^403 AccessDenied /);
});

test('another encryption is asked for in the words of S3, and each mistake is told', async (t) => {
  const { server, s3 } = await withBucket(t);
  await s3('PutObject', { Key: 'k', Body: 'text' });
  const update = async (inner: string) =>
    (await updateEncryption(server, `/${Bucket}/k`, `<SSE-KMS>${inner}</SSE-KMS>`)).text;
  const arn = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000000';
  const flagged = await update(`<KMSKeyArn>${arn}</KMSKeyArn><BucketKeyEnabled>yes</BucketKeyEnabled>`);
  assert.match(flagged, /<Code>InvalidRequest<.*The BucketKeyEnabled value isn(.+)t valid\./);
  assert.match(
    await update('<KMSKeyArn></KMSKeyArn>'),
    /<Code>InvalidRequest<.* require an Amazon Web Services KMS key/,
  );
  const alias = await update('<KMSKeyArn>arn:aws:kms:us-east-1:000000000000:alias/mine</KMSKeyArn>');
  assert.match(alias, /<Code>InvalidRequest<.* require a valid Amazon Web Services KMS key/);
  assert.match(await update(`<KMSKeyArn>${arn}</KMSKeyArn>`), /<Code>KMS\.NotFoundException</);
});

test('an error of S3 is a document with what it is about, and with the id of the request', async (t) => {
  const { server } = await withBucket(t);
  const ask = async (path: string, method = 'GET') => {
    const { headers, text } = await send(server, { service: 's3', path, method });
    const memberOf = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(text)?.[1];
    assert.deepEqual([memberOf('RequestId'), memberOf('HostId')], [headers['x-amz-request-id'], headers['x-amz-id-2']]);
    assert.equal(headers['content-type'], 'application/xml');
    return ['Code', 'Message', 'Key', 'BucketName'].map(memberOf);
  };
  const noKey = ['NoSuchKey', 'The specified key does not exist.', 'a key', undefined];
  assert.deepEqual(await ask(`/${Bucket}/a%20key`), noKey);
  const noBucket = ['NoSuchBucket', 'The specified bucket does not exist', undefined, 'no-such-bucket'];
  assert.deepEqual(await ask('/no-such-bucket'), noBucket);
  const method = await ask(`/${Bucket}`, 'PATCH');
  assert.deepEqual(method.slice(0, 2), ['NotImplemented', 'Practice AWS has no operation for PATCH  of a bucket.']);
  const named = await send(server, { service: 's3', path: `/${Bucket}/k`, method: 'PATCH', query: 'acl=&x=' });
  assert.match(named.text, /Practice AWS has no operation for PATCH \?acl \?x of an object\./);
  const version = { service: 's3', path: `/${Bucket}/a%20key`, query: 'versionId=other' };
  assert.equal(outcomeOf(await send(server, version)), '404 NoSuchVersion');
});
