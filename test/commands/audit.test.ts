import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { PutBucketPolicyCommand } from '@aws-sdk/client-s3';
import { type AuditOptions, audit } from '../../source/commands/audit.ts';
import { environmentOf } from '../faults/outside.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { auditedBucket } from '../practice/audited-bucket.ts';
import { denyCaller } from '../practice/practising.ts';
import { bareAwsEnvironment } from '../ui/fixed-world.ts';
import { type Watch, watchedIo } from './watched-io.ts';
import { writtenTo } from './written-to.ts';

/** The bucket, and the command that looks at objects there. */
async function bucketful(t: TestContext) {
  keepEnvironment(t);
  bareAwsEnvironment(workIn(t));
  const { endpoint, ...bucket } = await auditedBucket(t);
  Object.assign(process.env, environmentOf(bucket.practice.server.credentials));
  const ran = async (place: string, options: AuditOptions = {}, watch: Watch = {}) => {
    const { io, texts } = watchedIo(watch);
    const status = await audit(place, { endpointUrl: endpoint, region: 'us-east-1', ...options }, io);
    return { status, lines: texts.out.trimEnd().split('\n'), ...texts };
  };
  return { ...bucket, ran };
}

test('without a key every object is listed with its encryption, and its status is no verdict', async (t) => {
  const { put, ran, key } = await bucketful(t);
  await put('in/none');
  await put('in/own', key, true);
  await put('in/a\u202E\nb', key);
  await put('out');
  const { status, lines } = await ran('s3://a-bucket/in');
  assert.equal(status, 0);
  assert.deepEqual(
    lines.slice(0, -1).toSorted(),
    ['AES256  in/none', `${key} (bucket key)  in/own`, `${key}  in/a<U+202E><U+000A>b`].toSorted(),
  );
  assert.equal(lines.at(-1), '3 objects at s3://a-bucket/in.');
  assert.equal((await ran('s3://a-bucket/out')).lines.at(-1), '1 object at s3://a-bucket/out.');
  const none = await ran('s3://a-bucket/tpyo', { key });
  assert.deepEqual([none.status, none.out], [0, 'There is no object at s3://a-bucket/tpyo: nothing was compared.\n']);
});

test('with a key one object that is not under it is enough for status 1, and the sums tell both', async (t) => {
  const { put, ran, key, other } = await bucketful(t);
  await put('in/right', key);
  await put('in/wrong', other);
  const [, id = ''] = key.split('/');
  const people = await ran('s3://a-bucket', { key: id });
  assert.deepEqual(people, {
    status: 1,
    lines: [`${other}  in/wrong`, `2 objects at s3://a-bucket: 1 are under ${key}, 1 are not.`],
    out: `${other}  in/wrong\n2 objects at s3://a-bucket: 1 are under ${key}, 1 are not.\n`,
    err: '',
  });
  const programs = await ran('s3://a-bucket', { key: id, json: true });
  const objects = programs.lines.map((line) => JSON.parse(line));
  assert.equal(programs.status, 1);
  assert.deepEqual(objects.map(({ key: name }) => name).toSorted(), ['in/right', 'in/wrong', key].toSorted());
  assert.deepEqual(objects.at(-1), {
    ...{ done: true, bucket: 'a-bucket', prefix: '', key },
    ...{ objects: 2, bytes: 6, underKey: 1, otherwise: 1, notShown: 0 },
  });
  const all = await ran('s3://a-bucket/in/right', { key });
  assert.deepEqual([all.status, all.out], [0, `1 object at s3://a-bucket/in/right: all are under ${key}.\n`]);
  const unnamed = JSON.parse((await ran('s3://a-bucket/in/right', { json: true })).lines.at(-1) ?? '');
  assert.deepEqual([unnamed.key, unnamed.otherwise], [null, 1]);
});

test('one object that S3 does not show is enough for status 2, with a key and without', async (t) => {
  const { put, ran, s3, key, other } = await bucketful(t);
  await put('in/a\u001B\nb', key);
  await put('in/wrong', other);
  await put('right', key);
  const Resource = 'arn:aws:s3:::a-bucket/in/a*';
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource };
  await s3.send(
    new PutBucketPolicyCommand({
      Bucket: 'a-bucket',
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [deny] }),
    }),
  );
  const hidden = 'not shown to you  in/a<U+001B><U+000A>b';
  const sums = [
    ['s3://a-bucket/in', key, `: 0 are under ${key}, 1 are not. S3 does not show you 1 (s3:GetObject).`],
    ['s3://a-bucket/in/a', key, `: 0 are under ${key}, 0 are not. S3 does not show you 1 (s3:GetObject).`],
    ['s3://a-bucket/in', undefined, '. S3 does not show you 1 (s3:GetObject).'],
  ] as const;
  for (const [place, named, says] of sums) {
    const { status, lines } = await ran(place, named === undefined ? {} : { key: named });
    assert.equal(status, 2);
    assert.ok(lines.includes(hidden), lines.join('\n'));
    assert.ok(lines.at(-1)?.endsWith(`${place}${says}`), lines.at(-1));
  }
  const { lines } = await ran('s3://a-bucket/in', { key, json: true });
  const { underKey, otherwise, notShown } = JSON.parse(lines.at(-1) ?? '');
  assert.deepEqual([underKey, otherwise, notShown], [0, 1, 1]);
});

test('whoever may not look at the key compares with the ARN that was named, and with nothing else', async (t) => {
  const { practice, put, ran, key, other } = await bucketful(t);
  await put('a', key);
  denyCaller(practice, 'kms:DescribeKey');
  assert.equal((await ran('s3://a-bucket', { key })).status, 0);
  assert.equal((await ran('s3://a-bucket', { key: other })).status, 1);
  for (const name of ['alias/a', key.split('/')[1] ?? '', key.replace('/', ':')]) {
    const { status, err, out } = await ran('s3://a-bucket', { key: name });
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, /Can't look at the objects\.\n/);
  }
});

test('a place that cannot be looked at is told to people and to programs, with status 2', async (t) => {
  const { put, ran, decide } = await bucketful(t);
  await put('a');
  const unreadable = await ran('a-\u202Ebucket', { json: true });
  assert.equal(unreadable.status, 2);
  assert.match(unreadable.err, /Can't read a-<U\+202E>bucket as a place in S3\./);
  const { done, problem } = JSON.parse(unreadable.out);
  assert.deepEqual([done, problem.code, unreadable.out.includes('\u202E')], [false, 'UsageError', false]);
  const absent = await ran('s3://no-such-bucket');
  assert.deepEqual([absent.status, absent.out], [2, '']);
  assert.match(absent.err, /Can't look at the objects\./);
  // To S3, the bucket is that of another account than the caller's, who may read it all the same.
  decide((call) =>
    call === 'sts:GetCallerIdentity'
      ? { changeBody: (body) => body.replace('<Account>000000000000<', '<Account>111122223333<') }
      : undefined,
  );
  const foreign = await ran('s3://a-bucket', { json: true });
  assert.equal(foreign.status, 2);
  assert.match(foreign.err, /a-bucket belongs to another account than yours, which is 111122223333/);
  assert.equal(JSON.parse(foreign.out).problem.code, 'ForeignBucket');
});

test('a defect is told in one line with status 70, and whoever stops an audit gets no sums', async (t) => {
  const { put, ran } = await bucketful(t);
  // Of a second object the look would be under way at the stop, and go on with nobody to answer.
  await put('a');
  // That a practice account is here makes no problem of it.
  mkdirSync('keyferry-practice-aws');
  const onPrint = () => {
    throw new TypeError('no line\nat a place');
  };
  const { result, written } = await writtenTo(t, process.stderr, () => ran('s3://a-bucket', {}, { onPrint }));
  assert.deepEqual([result.status, result.err, written], [70, '', ['keyferry: no line\n']]);
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  const stopped = ran('s3://a-bucket', {}, { signal: stop.signal, onPrint: () => stop.abort(reason) });
  await assert.rejects(stopped, reason);
});
