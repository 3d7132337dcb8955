import { AwsError } from '../aws-error.ts';
import { matchesPattern } from '../iam-pattern.ts';
import { notAuthorized } from '../identity-policy.ts';
import { isKnownPrincipal } from '../kms/key-policy.ts';
import { listOf, principalsOf, type Statement, statementsIn } from '../policy-document.ts';
import { readWholeBody } from '../request-body.ts';
import { needBucket, s3Arn, saveBucket } from './bucket-record.ts';
import { s3Operation } from './s3-exchange.ts';

const mostBytes = 20 * 1024;

export const getBucketPolicy = s3Operation({ on: 'bucket', needs: 's3:GetBucketPolicy' }, ({ call, bucket }) => {
  const { policy } = needBucket(call, bucket);
  if (policy === undefined) {
    throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', {
      status: 404,
      details: { BucketName: bucket },
    });
  }
  return { status: 200, headers: { 'content-type': 'application/json' }, body: policy };
});

/** PutBucketPolicy. Every bucket blocks public policies, as new buckets at AWS do. unverified: bucket-policy-order. */
export const putBucketPolicy = s3Operation({ on: 'bucket', needs: 's3:PutBucketPolicy' }, async (request) => {
  const { call, exchange, bucket } = request;
  const policy = (await readWholeBody(exchange.body())).toString('utf8');
  const before = needBucket(call, bucket);
  const arn = s3Arn(call.partition, bucket);
  const wrong = complaint(policy, arn, (name) => isKnownPrincipal(call.partition, name));
  if (wrong !== undefined) throw new AwsError('MalformedPolicy', wrong);
  if (statementsIn(policy)?.some(isPublic)) {
    const why = 'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.';
    throw notAuthorized(call, 's3:PutBucketPolicy', arn, why);
  }
  saveBucket(call.store, { ...before, policy });
  return { status: 204 };
});

export const deleteBucketPolicy = s3Operation({ on: 'bucket', needs: 's3:DeleteBucketPolicy' }, ({ call, bucket }) => {
  const { policy: _, ...kept } = needBucket(call, bucket);
  saveBucket(call.store, kept);
  return { status: 204 };
});

/** Gives S3's message about what is wrong with a policy, or `undefined`. Source: reports of MalformedPolicy. */
function complaint(text: string, arn: string, isKnown: (principal: string) => boolean): string | undefined {
  const statements = statementsIn(text);
  if (!statements) return "Policies must be valid JSON and the first byte must be '{'";
  const rows: ReadonlyArray<readonly [isWrong: (one: Statement) => boolean, text: string]> = [
    [(one) => !('Principal' in one || 'NotPrincipal' in one), 'Missing required field Principal'],
    [(one) => !('Action' in one || 'NotAction' in one), 'Missing required field Action'],
    [(one) => !('Resource' in one || 'NotResource' in one), 'Missing required field Resource'],
    [(one) => principalsOf(one).some((name) => !isKnown(name)), 'Invalid principal in policy'],
    [
      (one) => !listOf(one.Resource ?? one.NotResource).every((name) => isWithin(String(name), arn)),
      'Policy has invalid resource',
    ],
  ];
  return Buffer.byteLength(text) > mostBytes
    ? 'Policy exceeds the maximum allowed document size.'
    : rows.find(([isWrong]) => statements.some(isWrong))?.[1];
}

/** True when a resource in a policy is this bucket or is in this bucket. */
function isWithin(resource: string, arn: string): boolean {
  return matchesPattern(resource, arn) || resource.startsWith(`${arn}/`) || matchesPattern(resource, `${arn}/`);
}

function isPublic(one: Statement): boolean {
  return one.Effect === 'Allow' && one.Condition === undefined && principalsOf(one).includes('*');
}
