import { explainAwsError } from '../aws/problems.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { Target } from '../objects/refusals.ts';
import { findDenial } from './bucket-look.ts';
import { denialWords, mayDenyWords, wayOutWords } from './bucket-words.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/** What did not happen, and what is true now. */
type Words = { readonly what: string; readonly state: string };

/**
 * Explains why S3 denied an upload. When S3 names another reason than the bucket policy, that is the explanation. Otherwise reads
 * the bucket policy with GetBucketPolicy: often a statement in this policy wants another key. An error of this call counts as a
 * policy that the caller may not read.
 */
export async function explainRefusedUpload(
  error: Error,
  { facts, services }: { readonly facts: Facts; readonly services: Services },
  { bucket, key }: Target,
  words: Words,
): Promise<Problem> {
  const problem = explainAwsError(error, { ...words, operation: 'PutObject' });
  if (namesOtherReason(error.message)) return problem;
  const denial = await findDenial(facts, services, { bucket, key }).catch(() => 'not shown' as const);
  if (denial === undefined) {
    const policyCommand = `aws s3api get-bucket-policy --bucket ${bucket} --query Policy --output text`;
    return {
      ...problem,
      next: [
        `Keyferry has read the policy of ${bucket}, and found no statement that denies this upload. Look yourself: ${policyCommand}`,
        // When S3 names the bucket policy, nothing else is the reason.
        isAboutBucketPolicy(error.message)
          ? 'Have the statement changed that denies it, or choose another bucket.'
          : `Ask whether you may do s3:PutObject in ${bucket}, and kms:GenerateDataKey with the key; for large files also kms:Decrypt.`,
      ],
    };
  }
  if (denial === 'not shown')
    return {
      ...problem,
      next: [
        'You may not read that policy (s3:GetBucketPolicy): ask who may.',
        ...problem.next,
        `Or ${bucket} belongs to another account: each request names yours, ${need(facts, 'connection').accountId}.`,
      ],
    };
  const why = denial.isSure ? denialWords(bucket, denial) : mayDenyWords(bucket, denial);
  return {
    ...problem,
    why: `${why} AWS says: ${error.message}`,
    next: [wayOutWords(denial, need(facts, 'key').keyArn)],
  };
}

/** True when AWS's sentence names a reason that is not the bucket policy: then no look at the bucket policy is needed. */
function namesOtherReason(sentence: string): boolean {
  return /is not authorized to perform/.test(sentence) && !isAboutBucketPolicy(sentence);
}

/** True when AWS's sentence says that the bucket policy denies an action of S3. */
const isAboutBucketPolicy = (sentence: string) => /perform: s3:.*in a resource-based policy/.test(sentence);
