import assert from 'node:assert/strict';
import { send } from '../signed-request.ts';
import { type Fact, refused, there } from './fact.ts';
import { Body, fresh, Key } from './s3-facts.ts';

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
];
