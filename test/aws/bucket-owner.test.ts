import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import {
  readBucketPolicy,
  readDefaultEncryption,
  readObjectLock,
  readVersioning,
} from '../../source/aws/bucket-settings.ts';
import {
  isNothingUnder,
  listObjects,
  listSentParts,
  listUploadsOf,
  readBackSha256,
  seeObject,
} from '../../source/aws/object-look.ts';
import {
  abortUpload,
  completeUpload,
  createUpload,
  putObject,
  sendPart,
  streamPart,
} from '../../source/aws/object-write.ts';
import { createBucket, findBucket, findOwner, listBuckets } from '../../source/aws/s3.ts';
import { bucket, object, place, upload } from './an-object.ts';
import { answeringS3, refusal } from './answering-clients.ts';
import { callsIn, sources } from './calls-in-sources.ts';

/* Every request about a bucket names the account that it must belong to, so that nothing goes into a stranger's bucket. */

const { owner } = bucket;
const bytes = { bytes: Buffer.from('a'), crc32: 'AAAAAA==', sha256: '00' };
const part = { ...bytes, number: 1 };
const whole = { parts: [], size: 1, crc32: 'AAAAAA==', condition: 'absent' } as const;
const { signal } = new AbortController();

type Sent = { readonly command: string; readonly owner: string | undefined };

/** A client of S3 that sends nothing: it notes each call, and answers with nothing, or as `answer` says. */
function notingS3(answer: (sent: Sent) => object = () => ({})) {
  const sent: Sent[] = [];
  const s3 = answeringS3((input, command) => {
    const call = { command, owner: 'ExpectedBucketOwner' in input ? input.ExpectedBucketOwner : undefined };
    sent.push(call);
    return answer(call);
  });
  return { s3, sent };
}

const all = async (pages: AsyncIterable<unknown>) => {
  for await (const _ of pages);
};

test('every call of S3 that takes the owner of the bucket names it', async () => {
  const { s3, sent } = notingS3(({ command }) => (command === 'GetObject' ? { Body: Readable.from([]) } : {}));
  await findBucket(s3, bucket);
  await findOwner(s3, bucket);
  await readBucketPolicy(s3, bucket);
  await readDefaultEncryption(s3, bucket);
  await readObjectLock(s3, bucket);
  await readVersioning(s3, bucket);
  await seeObject(s3, place);
  await isNothingUnder(s3, { ...bucket, prefix: '' });
  await all(listObjects(s3, { ...bucket, prefix: '' }));
  await listSentParts(s3, upload);
  await listUploadsOf(s3, place);
  await readBackSha256(s3, { ...place, size: 1000 }, { onBytes: () => {}, signal });
  await putObject(s3, object, { ...bytes, condition: 'absent' }, signal);
  await createUpload(s3, object, signal);
  await sendPart(s3, upload, part, signal);
  await streamPart(s3, upload, { number: 1, size: 1, body: Readable.from('a') }, signal);
  await completeUpload(s3, upload, whole, signal);
  await abortUpload(s3, upload);
  await createBucket(s3, 'a-bucket');
  await all(listBuckets(s3));
  const unnamed = sent.filter((call) => call.owner !== owner).map(({ command }) => command);
  // These two have no such parameter. A bucket that is made is the caller's.
  assert.deepEqual([...new Set(unnamed)].toSorted(), ['CreateBucket', 'ListBuckets']);
  const called = new Set(sent.map(({ command }) => `S3.${command}`));
  const inSources = new Set(sources.flatMap(callsIn).filter((name) => name.startsWith('S3.')));
  assert.deepEqual([...called].toSorted(), [...inSources].toSorted(), 'and there are no other calls');
});

/** An answer to HeadBucket that refuses: S3 names the Region of the bucket in a header, also here. */
const refusing = (status: number, region?: string) =>
  refusal('Unknown', status, {
    $response: { headers: region === undefined ? {} : { 'x-amz-bucket-region': region } },
  });

for (const [whose, found, seen] of [
  ["another account's", 'foreign', 200],
  ['nobody knows whose', 'denied', 403],
] as const)
  test(`a bucket that S3 denies to its supposed owner is ${whose} where it answers ${seen} to anybody`, async () => {
    const { s3, sent } = notingS3((call) => {
      if (call.owner !== undefined || seen === 403) throw refusing(403, 'us-east-1');
      return { BucketRegion: 'us-east-1' };
    });
    assert.equal(await findBucket(s3, bucket), found);
    assert.deepEqual(
      sent.map((call) => call.owner),
      [owner, undefined],
    );
  });

test('a refusal that names the Region of the client is a refusal, and one that names another Region tells the place', async () => {
  const findAfter = (error: Error) => findBucket(notingS3(() => error).s3, bucket);
  assert.equal(await findAfter(refusing(403, 'us-east-1')), 'denied');
  assert.equal(await findAfter(refusing(403)), 'denied');
  assert.equal(await findAfter(refusing(404, 'us-east-1')), 'absent');
  assert.equal(await findAfter(refusing(404)), 'absent');
  for (const status of [301, 400, 403])
    assert.deepEqual(await findAfter(refusing(status, 'eu-west-1')), { region: 'eu-west-1', isNamed: true });
  for (const error of [refusing(500, 'us-east-1'), refusing(400), new Error('no answer')])
    await assert.rejects(findAfter(error), error);
});

test('a bucket whose Region S3 does not tell is taken for one of the Region of the client, and that is told', async () => {
  assert.deepEqual(await findBucket(notingS3().s3, bucket), { region: 'us-east-1', isNamed: false });
  const named = notingS3(() => ({ BucketRegion: 'eu-west-1' }));
  assert.deepEqual(await findBucket(named.s3, bucket), { region: 'eu-west-1', isNamed: true });
  assert.equal(named.sent.length, 1);
});

test('whose a bucket is, which may not be looked at, follows from the list and from a name that is free', async () => {
  const ownerBy = (list: readonly string[] | Error, head: Error | undefined) => {
    const { s3, sent } = notingS3(({ command }) => {
      if (command === 'ListBuckets') {
        if (list instanceof Error) throw list;
        return { Buckets: list.map((Name) => ({ Name })) };
      }
      if (head !== undefined) throw head;
      return { BucketRegion: 'us-east-1' };
    });
    return findOwner(s3, bucket).then((whose) => ({ whose, asked: sent.map(({ command }) => command) }));
  };
  assert.deepEqual(await ownerBy(['a-bucke', 'a-bucket'], refusing(403)), { whose: 'own', asked: ['ListBuckets'] });
  assert.deepEqual(await ownerBy(['a-bucket-2'], refusing(404)), {
    whose: 'foreign',
    asked: ['ListBuckets', 'HeadBucket'],
  });
  for (const head of [refusing(403), undefined]) assert.equal((await ownerBy([], head)).whose, 'unknown');
  const denied = refusal('AccessDenied', 403);
  assert.deepEqual(await ownerBy(denied, refusing(404)), { whose: 'unknown', asked: ['ListBuckets'] });
  const broken = new Error('no answer');
  await assert.rejects(ownerBy(broken, refusing(404)), broken);
});
