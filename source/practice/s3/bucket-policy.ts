import { AwsError } from '../aws-error.ts';
import { matchesPattern } from '../iam-pattern.ts';
import { notAuthorized } from '../identity-policy.ts';
import { isKnownPrincipal } from '../kms/key-policy.ts';
import { listOf, principalsOf, type Statement, statementsIn } from '../policy-document.ts';
import { readWholeBody } from '../request-body.ts';
import { needBucket, s3Arn, saveBucket } from './bucket-record.ts';
import { publicAccessBlockOf } from './public-access.ts';
import { s3Operation } from './s3-exchange.ts';

const maxBytes = 20 * 1024;

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

/** PutBucketPolicy. A new bucket blocks public policies, as at AWS. unverified: bucket-policy-order. */
export const putBucketPolicy = s3Operation({ on: 'bucket', needs: 's3:PutBucketPolicy' }, async (request) => {
  const { call, exchange, bucket } = request;
  const policy = (await readWholeBody(exchange.body())).toString('utf8');
  const before = needBucket(call, bucket);
  const arn = s3Arn(call.partition, bucket);
  const mistake = findMistake(policy, arn, (name) => isKnownPrincipal(call.partition, name));
  if (mistake !== undefined) throw new AwsError('MalformedPolicy', mistake);
  if (publicAccessBlockOf(before)?.BlockPublicPolicy && statementsIn(policy)?.some(isPublic)) {
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

/**
 * Looks for a mistake in a bucket policy. Gives the message of S3 about it, or `undefined` when there is none. Source: reports
 * of MalformedPolicy.
 * @param arn the ARN of the bucket.
 * @param isKnown true for a principal that a policy may name.
 */
function findMistake(text: string, arn: string, isKnown: (principal: string) => boolean): string | undefined {
  const statements = statementsIn(text);
  if (!statements) return "Policies must be valid JSON and the first byte must be '{'";
  const hasAnyOf = (statement: Statement, ...members: ReadonlyArray<keyof Statement>) =>
    members.some((member) => member in statement);
  const resourcesOf = ({ Resource, NotResource }: Statement) => listOf(Resource ?? NotResource).map(String);
  const rules: ReadonlyArray<readonly [isWrong: (statement: Statement) => boolean, message: string]> = [
    [(statement) => !hasAnyOf(statement, 'Principal', 'NotPrincipal'), 'Missing required field Principal'],
    [(statement) => !hasAnyOf(statement, 'Action', 'NotAction'), 'Missing required field Action'],
    [(statement) => !hasAnyOf(statement, 'Resource', 'NotResource'), 'Missing required field Resource'],
    [(statement) => !principalsOf(statement).every(isKnown), 'Invalid principal in policy'],
    [(statement) => !resourcesOf(statement).every((name) => isAboutBucket(name, arn)), 'Policy has invalid resource'],
  ];
  return Buffer.byteLength(text) > maxBytes
    ? 'Policy exceeds the maximum allowed document size.'
    : rules.find(([isWrong]) => statements.some(isWrong))?.[1];
}

/**
 * True when the Resource of a policy names this bucket or objects in it. The Resource is an ARN or a pattern, such as
 * `arn:aws:s3:::name/*` or `*`.
 * @param arn the ARN of the bucket.
 */
function isAboutBucket(resource: string, arn: string): boolean {
  // The last comparison is for a pattern such as `arn:aws:s3:::na*/*`, whose end matches any object.
  return matchesPattern(resource, arn) || resource.startsWith(`${arn}/`) || matchesPattern(resource, `${arn}/`);
}

/** True when a statement allows something to everybody, without a condition. */
function isPublic(statement: Statement): boolean {
  return statement.Effect === 'Allow' && statement.Condition === undefined && principalsOf(statement).includes('*');
}
