import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { environmentOf } from '../faults/outside.ts';
import { newFolder } from '../new-folder.ts';
import { auditedBucket } from '../practice/audited-bucket.ts';
import { keyferry } from './program.ts';

/** The bucket, and the command that looks at objects there. */
async function bucketful(t: TestContext) {
  const { practice, endpoint, ...bucket } = await auditedBucket(t);
  const environment = environmentOf(practice.server.credentials);
  const audit = (...words: readonly string[]) =>
    keyferry(['audit', ...words, '--endpoint-url', endpoint, '--region', 'us-east-1'], newFolder(), environment);
  return { ...bucket, audit };
}

test('an audit lists under which key each object is, and ends with 1 where one is not under the key', async (t) => {
  const { put, audit, key, other } = await bucketful(t);
  for (let number = 0; number < 5; number += 1) await put(`in/${number}`, key);
  await put('in/other', other);
  await put('in/none');
  await put('out', other);

  const all = await audit('s3://a-bucket/in');
  assert.equal(all.status, 0, all.stderr);
  const lines = all.stdout.trimEnd().split('\n');
  assert.equal(lines.length, 8);
  assert.ok(lines.includes(`${key}  in/3`));
  assert.ok(lines.includes('AES256  in/none'));
  assert.equal(lines.at(-1), '7 objects at s3://a-bucket/in.');

  const wrong = await audit('s3://a-bucket/in', '--key', key);
  assert.equal(wrong.status, 1);
  assert.deepEqual(
    wrong.stdout.trimEnd().split('\n').slice(0, -1).toSorted(),
    ['AES256  in/none', `${other}  in/other`].toSorted(),
  );
  assert.match(wrong.stdout, /7 objects at s3:\/\/a-bucket\/in: 5 are under .*, 2 are not\.\n$/);

  const right = await audit('s3://a-bucket/out', '--key', other, '--json');
  assert.equal(right.status, 0, right.stderr);
  const [object, sums] = right.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(object, {
    key: 'out',
    size: 3,
    seen: 'shown',
    sseAlgorithm: 'aws:kms',
    kmsKeyArn: other,
    bucketKey: false,
  });
  assert.deepEqual(sums, {
    done: true,
    bucket: 'a-bucket',
    prefix: 'out',
    key: other,
    objects: 1,
    bytes: 3,
    underKey: 1,
    otherwise: 0,
    notShown: 0,
  });
});

test('an audit where no object is says that, and calls none of them right', async (t) => {
  const { audit, key } = await bucketful(t);
  const { status, stdout } = await audit('s3://a-bucket/tpyo', '--key', key);
  assert.equal(status, 0);
  assert.equal(stdout, 'There is no object at s3://a-bucket/tpyo: nothing was compared.\n');
});

test('an audit that S3 did not show every object ends with 2, also where another one is not under the key', async (t) => {
  const { put, audit, decide, key, other } = await bucketful(t);
  await put('in/hidden', key);
  await put('in/other', other);
  decide((call) => (/^s3:HEAD .*hidden/.test(call) ? { status: 403, body: '' } : undefined));
  const { status, stdout } = await audit('s3://a-bucket/in', '--key', key);
  assert.equal(status, 2);
  assert.match(stdout, /^not shown to you {2}in\/hidden$/m);
  assert.match(stdout, /: 0 are under .*, 1 are not\. S3 does not show you 1 \(s3:GetObject\)\.\n$/);
  // Nothing is said of all, also where every object that was shown is under the key.
  const alone = await audit('s3://a-bucket/in/hidden', '--key', key);
  assert.equal(alone.status, 2);
  assert.match(
    alone.stdout,
    /\n1 object at .*: 0 are under .*, 0 are not\. S3 does not show you 1 \(s3:GetObject\)\.\n$/,
  );
  const any = await audit('s3://a-bucket/in');
  assert.equal(any.status, 2);
  assert.match(any.stdout, /\n2 objects at s3:\/\/a-bucket\/in\. S3 does not show you 1 \(s3:GetObject\)\.\n$/);
});

test('an audit for programs lists every object, and one for people says of which the bucket key is used', async (t) => {
  const { put, audit, key, other } = await bucketful(t);
  await put('in/right', key, true);
  await put('in/wrong', other);
  const { status, stdout } = await audit('s3://a-bucket', '--key', key, '--json');
  const objects = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(status, 1);
  assert.deepEqual(
    objects
      .slice(0, -1)
      .map(({ key }) => key)
      .toSorted(),
    ['in/right', 'in/wrong'],
  );
  assert.deepEqual([objects[2].underKey, objects[2].otherwise], [1, 1]);
  assert.match((await audit('s3://a-bucket')).stdout, new RegExp(`^${key} \\(bucket key\\) {2}in/right$`, 'm'));
});

test('the name of an object cannot look like a line of the audit', async (t) => {
  const { put, audit, key } = await bucketful(t);
  await put('in/a\n2 objects at s3://a-bucket/in: all are under it.');
  const { status, stdout } = await audit('s3://a-bucket/in', '--key', key);
  assert.equal(status, 1);
  const lines = stdout.trimEnd().split('\n');
  assert.deepEqual(lines.length, 2);
  assert.equal(lines[0], 'AES256  in/a<U+000A>2 objects at s3://a-bucket/in: all are under it.');
});

test('who may not look at the key compares with the ARN that was named', async (t) => {
  const { put, audit, decide, key, other } = await bucketful(t);
  await put('a.txt', key);
  const denied = { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' } };
  decide((call) =>
    call === 'kms:DescribeKey' ? { ...denied, body: JSON.stringify({ __type: 'AccessDeniedException' }) } : undefined,
  );
  assert.equal((await audit('s3://a-bucket', '--key', key)).status, 0);
  assert.equal((await audit('s3://a-bucket', '--key', other)).status, 1);
  assert.equal((await audit('s3://a-bucket', '--key', 'alias/some-key')).status, 2);
});

test('the name of an object takes one line of an audit, whatever characters it has', async (t) => {
  const { put, audit } = await bucketful(t);
  // XML would turn a carriage return into a line break, which is the name of another object.
  for (const name of ['a\nAES256  forged', 'a\rb', 'a\u001b[2Jb', 'a\u202Eb', 'a+b c%2B', 'ab']) await put(name);
  const { stdout } = await audit('s3://a-bucket');
  assert.deepEqual(
    stdout.trimEnd().split('\n').slice(0, -1).toSorted(),
    ['a<U+000A>AES256  forged', 'a<U+000D>b', 'a<U+001B>[2Jb', 'a<U+202E>b', 'a+b c%2B', 'ab']
      .map((name) => `AES256  ${name}`)
      .toSorted(),
  );
});

test('an audit that could not look says so, with status 2', async (t) => {
  const { audit, key } = await bucketful(t);
  const absent = await audit('s3://no-such-bucket', '--key', key);
  assert.equal(absent.status, 2);
  assert.match(absent.stderr, /Can't look at the objects\./);
  const unreadable = await audit('a-bucket', '--json');
  assert.equal(unreadable.status, 2);
  assert.match(unreadable.stderr, /Can't read a-bucket as a place in S3\./);
  assert.equal(JSON.parse(unreadable.stdout).done, false);
});

test('a bucket of another account is told so, in place of an access that is denied', async (t) => {
  const { put, audit, decide, key } = await bucketful(t);
  await put('a.txt', key);
  // To S3, the bucket belongs to 000000000000; the caller is somebody else now, who may still read it.
  decide((call) =>
    call === 'sts:GetCallerIdentity'
      ? { changeBody: (body) => body.replace('<Account>000000000000<', '<Account>111122223333<') }
      : undefined,
  );
  const { status, stderr } = await audit('s3://a-bucket');
  assert.equal(status, 2);
  assert.match(stderr, /a-bucket belongs to another account than yours, which is 111122223333/);
});
