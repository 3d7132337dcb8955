import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBucketNameProblem, suggestedBucketName } from '../../source/aws/bucket-name.ts';
import { contentTypeOf } from '../../source/objects/content-type.ts';
import {
  destinationWords,
  findNameProblem,
  findPrefixProblem,
  objectName,
  oddPrefixWords,
  readDestination,
} from '../../source/objects/object-name.ts';
import { bucketNameFor } from '../../source/steps/object-questions.ts';

test('an object is called after its file, behind the prefix and one slash', () => {
  const name = (prefix: string) => objectName('/some/where/a b.txt', prefix);
  assert.deepEqual(['', 'in', 'in/', 'a/b c', 'a//'].map(name), [
    'a b.txt',
    'in/a b.txt',
    'in/a b.txt',
    'a/b c/a b.txt',
    'a//a b.txt',
  ]);
});

test('a prefix that begins with a slash is refused; two dots are told as odd, and taken', () => {
  assert.match(findPrefixProblem('/in') ?? '', /does not begin with a slash/);
  assert.equal(findPrefixProblem('a/../b'), undefined);
  assert.match(oddPrefixWords('a/../b') ?? '', /^"\.\." is a name like any other to S3, and does no harm there/);
  assert.match(oddPrefixWords('./a') ?? '', /^"\." is a name like any other/);
  assert.deepEqual(['', 'a..b/c', 'a/.b'].map(oddPrefixWords), [undefined, undefined, undefined]);
});

test('the name of an object has at most 1024 bytes, counted in UTF-8 with its prefix', () => {
  const prefix = 'é'.repeat(511);
  assert.equal(findPrefixProblem(prefix), undefined);
  assert.match(
    findPrefixProblem(`${prefix}x`) ?? '',
    /at most 1024 bytes\. The prefix leaves no room for the name of a file\./,
  );
  // A prefix that ends with a slash gets no other one.
  assert.equal(findPrefixProblem(`${prefix}/`), undefined);
  assert.match(findPrefixProblem(`${prefix}x/`) ?? '', /at most 1024 bytes/);
  assert.equal(findNameProblem('b', `${prefix}/`), undefined);
  assert.equal(findNameProblem('b', prefix), undefined);
  assert.match(findNameProblem('bc', prefix) ?? '', /That of bc would have 1025/);
});

test('the type of an object is that of the extension of its name, and none without one', () => {
  assert.deepEqual(['a.csv', 'in/a.json', 'README', 'a.csv/b'].map(contentTypeOf), [
    'text/csv',
    'application/json',
    undefined,
    undefined,
  ]);
});

test('a place in S3 is read with its bucket and prefix, and written again', () => {
  const places = ['s3://bucket', 's3://bucket/in/2026', 's3://bucket/in/', 's3://bucket//x'];
  assert.deepEqual(places.map(readDestination), [
    { bucket: 'bucket', prefix: '' },
    { bucket: 'bucket', prefix: 'in/2026' },
    { bucket: 'bucket', prefix: 'in/' },
    { bucket: 'bucket', prefix: '/x' },
  ]);
  assert.deepEqual(readDestination(' s3://bucket/ '), { bucket: 'bucket', prefix: '' });
  assert.deepEqual(readDestination('s3://bucket/a\nb'), { bucket: 'bucket', prefix: 'a\nb' });
  for (const odd of ['xs3://bucket', 's3://bucket\n/a/', 'S3://bucket', 's3:///a'])
    assert.notEqual(readDestination(odd)?.bucket, 'bucket', odd);
  for (const place of places)
    assert.equal(destinationWords(readDestination(place) ?? { bucket: '', prefix: '' }), place);
  assert.deepEqual(['bucket/in', 's3:/bucket', 's3://', 'https://bucket'].map(readDestination), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('the bucket that is suggested for a key has a name that S3 takes, whatever its alias', () => {
  const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
  for (const [alias, name] of [
    ['alias/payments-2026', 'keyferry-payments-2026-567890ab'],
    ['alias/Team_A/Pay', 'keyferry-team-a-pay-567890ab'],
    [`alias/${'long'.repeat(60)}`, `keyferry-${'long'.repeat(10)}-567890ab`],
    [`alias/${'x'.repeat(39)}/y`, `keyferry-${'x'.repeat(39)}-567890ab`],
    ['alias/-_-', 'keyferry-key-567890ab'],
    ['alias/_a_alias/b_', 'keyferry-a-alias-b-567890ab'],
    [keyId, 'keyferry-key-567890ab'],
  ] as const) {
    assert.equal(bucketNameFor(alias, keyId), name);
    assert.equal(findBucketNameProblem(name), undefined);
  }
});

test('a name for a new bucket that S3 would refuse is offered in a form that S3 takes', () => {
  assert.equal(suggestedBucketName('My_Photos 2026'), 'my-photos-2026');
  assert.equal(suggestedBucketName('.a..b'), 'a.b');
  assert.equal(suggestedBucketName('..My  Photos..2026'), 'my-photos.2026');
  assert.equal(suggestedBucketName('abc'), 'abc');
  for (const long of ['arn:aws:s3:::photos', 's3://photos', 's3://photos/2026'])
    assert.equal(suggestedBucketName(long), 'photos');
  for (const other of ['arn:aws:s3:eu-west-1:111122223333:accesspoint/reports', 'arn:aws:kms:x'])
    assert.equal(suggestedBucketName(other), undefined, other);
  for (const unfinished of ['My', 'my-photos-', 'my.', 'abc-', 'abc.'])
    assert.equal(suggestedBucketName(unfinished), undefined, unfinished);
});

test('a name that cannot be one of a bucket is refused: its length, its signs, its ends, an address', () => {
  for (const name of ['abc', 'x'.repeat(63), '0.a-b.9', '1.2.3.4.5', 'a.b-c1'])
    assert.equal(findBucketNameProblem(name), undefined, name);
  for (const [name, says] of [
    ['ab', /3 to 63 characters/],
    ['x'.repeat(64), /3 to 63 characters/],
    ['Photos', /small letters/],
    ['my_photos', /small letters/],
    ['-photos', /begins and ends with a letter or digit/],
    ['-ab', /begins and ends with a letter or digit/],
    ['photos.', /begins and ends with a letter or digit/],
    ['my..photos', /no two dots in a row/],
    ['a..b', /no two dots in a row/],
    ['192.168.5.4', /does not look like an IP address/],
    ['10.0.0.1', /does not look like an IP address/],
  ] as const)
    assert.match(findBucketNameProblem(name) ?? '', says, name);
});

test('names that S3 keeps for itself are refused, each with what it stands for', () => {
  for (const [name, stands] of [
    ['fast--use1-az4--x-s3', /is a directory bucket/],
    ['a--x-s3', /is a directory bucket/],
    ['reports-abc123-s3alias', /is the alias of an access point/],
    ['a-s3alias', /is the alias of an access point/],
    ['reports--ol-s3', /alias of an Object Lambda/],
    ['a--ol-s3', /alias of an Object Lambda/],
    ['mfzwi23gnjvgw.mrap', /is a Multi-Region Access Point/],
    ['a.mrap', /is a Multi-Region Access Point/],
    ['some--table-s3', /is the bucket of a table.*S3 Tables/],
    ['a--table-s3', /is the bucket of a table.*S3 Tables/],
    ['xn--bucket', /S3 keeps these names/],
    ['xn--a', /S3 keeps these names/],
    ['sthree-bucket', /S3 keeps these names/],
    ['sthree-a', /S3 keeps these names/],
    ['amzn-s3-demo-bucket', /S3 keeps these names/],
    ['amzn-s3-demo-a', /S3 keeps these names/],
    [
      'arn:aws:s3:eu-west-1:111122223333:accesspoint/reports',
      /ARN of an access point\. Give the name of the bucket behind/,
    ],
    ['arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap', /ARN of a Multi-Region Access Point/],
    ['arn:aws:s3-object-lambda:eu-west-1:111122223333:accesspoint/r', /ARN of an Object Lambda access point/],
    ['arn:aws:s3express:us-east-1:111122223333:bucket/fast--use1-az4--x-s3', /ARN of a directory bucket/],
    ['arn:aws:s3tables:us-east-1:111122223333:bucket/a', /ARN of a table bucket/],
    ['arn:aws:s3:::photos', /is more than a name\. Give the name of the bucket alone/],
    ['s3://photos', /is more than a name/],
    ['s3://photos/2026', /is more than a name/],
  ] as const)
    assert.match(findBucketNameProblem(name) ?? '', stands, name);
  for (const name of ['archive-x-s3', 'my-xn--bucket', 's3alias'])
    assert.equal(findBucketNameProblem(name), undefined, name);
});
