import { explainAwsError } from '../aws/problems.ts';
import type { Problem } from '../ceremony/problem.ts';
import { findDenial } from './bucket-look.ts';
import { denialWords, mayDenyWords } from './bucket-words.ts';
import { type Facts, need } from './facts.ts';
import type { Target } from './own-object.ts';
import type { Services } from './services.ts';

/** What did not happen, and what is true now. */
type Words = { readonly what: string; readonly state: string };

/**
 * Explains why S3 denied an upload. When S3 does not name the reason, a bucket policy that wants another key is suspected
 * first: the policy is read, where the caller may read it. GetBucketPolicy.
 */
export async function explainRefusedUpload(
  error: Error,
  { facts, services }: { readonly facts: Facts; readonly services: Services },
  { bucket, key }: Target,
  words: Words,
): Promise<Problem> {
  const problem = explainAwsError(error, { ...words, operation: 'PutObject' });
  if (namesOtherReason(error.message)) return problem;
  const denial = await findDenial(facts, services, { bucket, keys: [key] }).catch(() => 'not shown' as const);
  if (denial === undefined)
    return {
      ...problem,
      why: `${problem.why ?? ''} Its policy was read: no statement in it was found that denies this upload.`,
      next: [
        `Ask whether you may do s3:PutObject in ${bucket}, and kms:GenerateDataKey with the key; for large files also kms:Decrypt.`,
        'A service control policy, a permissions boundary or a VPC endpoint policy may forbid it as well.',
      ],
    };
  if (denial === 'not shown')
    return { ...problem, next: [`You may not read the policy (s3:GetBucketPolicy): ask who may.`, ...problem.next] };
  const { keyArn } = need(facts, 'key');
  return {
    ...problem,
    why: `${denial.isSure ? denialWords(bucket, denial, keyArn) : mayDenyWords(bucket, denial)} S3 says: ${error.message}`,
    next: [
      `Have the statement changed, so that it names ${keyArn} as well. Then try again.`,
      'Or choose another bucket.',
    ],
  };
}

/** True when AWS's sentence names a reason that is not the bucket policy: no look at the bucket policy is needed then. */
function namesOtherReason(sentence: string): boolean {
  return (
    /\S+ is not authorized to perform|blocked upload/.test(sentence) &&
    !/s3:.*in a resource-based policy/.test(sentence)
  );
}
