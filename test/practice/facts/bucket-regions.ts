import assert from 'node:assert/strict';
import { send } from '../signed-request.ts';
import { type Fact, refused, there, type World } from './fact.ts';
import { Body, fresh, Key } from './s3-facts.ts';

const invalid = 'InvalidBucketName';
/** By a request of its own: the SDK takes some of these names for a virtual host. */
const create = async (w: World, Bucket: string) => {
  const answer = await send(w.practice.server, { service: 's3', method: 'PUT', path: `/${Bucket}` });
  throw Object.assign(new Error(answer.text), {
    name: /<Code>(\w+)</.exec(answer.text)?.[1],
    $metadata: { httpStatusCode: answer.status },
  });
};
const constrained = (LocationConstraint: string) => ({ CreateBucketConfiguration: { LocationConstraint } });

/** Section 3.5. */
export const bucketRegionFacts: readonly Fact[] = [
  [
    '3.5',
    'no constraint outside of us-east-1',
    async (w) => {
      const request = { service: 's3', method: 'PUT', path: `/${fresh()}`, region: 'eu-west-1' };
      const answer = await send(w.practice.server, request);
      assert.equal(answer.status, 400);
      assert.match(
        answer.text,
        /<Code>IllegalLocationConstraintException<.*<Message>The unspecified location constraint is incompatible for the region specific endpoint this request was sent to\.</,
      );
    },
  ],
  [
    '3.5',
    "another Region's constraint",
    async (w) =>
      refused(
        w.s3('CreateBucket', { Bucket: fresh(), ...constrained('us-west-2') }, there),
        'IllegalLocationConstraintException',
        'The us-west-2 location constraint is incompatible for the region specific endpoint this request was sent to.',
      ),
  ],
  [
    '3.5',
    'a constraint that is none',
    async (w) =>
      refused(
        w.s3('CreateBucket', { Bucket: fresh(), ...constrained('nowhere') }, there),
        'InvalidLocationConstraint',
        'The specified location-constraint is not valid',
      ),
  ],
  [
    '3.5',
    'a bucket of another Region: the Region is wrong, and the right one is named',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      const answer = await send(w.practice.server, { service: 's3', path: `/${Bucket}`, query: 'list-type=2' });
      assert.equal(answer.status, 400);
      assert.match(
        answer.text.replaceAll('&apos;', "'"),
        /<Code>AuthorizationHeaderMalformed<.*the region 'us-east-1' is wrong; expecting 'eu-west-1'<.*<Region>eu-west-1</,
      );
    },
  ],
  [
    '3.5',
    'HEAD says it in x-amz-bucket-region, without a body',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      await assert.rejects(
        w.s3('HeadBucket', { Bucket }),
        (error: { $response?: { headers: Record<string, string> } }) => {
          assert.equal(error.$response?.headers['x-amz-bucket-region'], 'eu-west-1');
          return true;
        },
      );
      assert.equal((await w.s3('HeadBucket', { Bucket }, there)).BucketRegion, 'eu-west-1');
    },
  ],
  [
    '3.5',
    'a bucket that is yours already: 409, and success in us-east-1',
    async (w) => {
      const Bucket = await w.bucket('eu-west-1');
      await refused(w.s3('CreateBucket', { Bucket }, there), 'BucketAlreadyOwnedByYou', undefined, 409);
      const here = await w.bucket();
      await w.s3('CreateBucket', { Bucket: here });
    },
  ],
  [
    '3.5',
    'a bucket of another account: 409, and 403 for what is in it',
    async (w) => {
      const Bucket = fresh();
      await w.control({ foreignBuckets: [Bucket] }, async () => {
        await refused(w.s3('CreateBucket', { Bucket }), 'BucketAlreadyExists', undefined, 409);
        await refused(w.s3('PutObject', { Bucket, Key, Body }), 'AccessDenied', 'Access Denied', 403);
      });
    },
  ],
  ...['xn--b', 'sthree-b', 'amzn-s3-demo-b', 'b-s3alias', 'b--ol-s3', 'b.mrap', 'b--use1-az4--x-s3', 'b--table-s3'].map(
    (Bucket): Fact => ['3.5', `a reserved name: ${Bucket}`, async (w) => refused(create(w, Bucket), invalid)],
  ),
  ...['foo..bar', 'foo-.bar', 'foo.-bar', '192.168.5.4'].map(
    (Bucket): Fact => ['3.5', `a name of the wrong form: ${Bucket}`, async (w) => refused(create(w, Bucket), invalid)],
  ),
  ...(
    [
      [{ ObjectLockEnabledForBucket: true }, 'x-amz-bucket-object-lock-enabled: true'],
      [{ BucketNamespace: 'account-regional' }, 'x-amz-bucket-namespace: account-regional'],
    ] as const
  ).map(
    ([more, header]): Fact => [
      '3.5',
      `CreateBucket with ${header} is refused by name, and makes nothing`,
      async (w) => {
        const Bucket = fresh();
        const text = `Practice AWS does not do CreateBucket with ${header}.`;
        await refused(w.s3('CreateBucket', { Bucket, ...more }), 'NotImplemented', text, 501);
        await refused(w.s3('GetObject', { Bucket, Key }), 'NoSuchBucket', undefined, 404);
      },
    ],
  ),
];
