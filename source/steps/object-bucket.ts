import { isOwnBucket, isRefusal } from '../aws/eventual-consistency.ts';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { createBucket, findBucket } from '../aws/s3.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/**
 * Makes a bucket in the Region of the connection, with the tags that the person gave the key. Does nothing when this ceremony has
 * made the bucket before.
 * @throws ProblemError when S3 refuses, or the outcome is unknown.
 */
export async function makeBucket(
  { facts, services, attempt, report }: ActContext<Facts, Services>,
  bucket: string,
): Promise<void> {
  const { s3, region } = services.session.clients;
  report({ id: 'bucket', label: `Making the bucket ${bucket}`, state: 'working' });
  try {
    await attempt({
      name: `create bucket ${bucket}`,
      act: () =>
        // An earlier try of this ceremony may have made the bucket already.
        createBucket(s3, bucket, facts.description?.tags).catch((error: unknown) => {
          if (!isOwnBucket(error)) throw error;
        }),
      // When the probe does not see a new bucket, making it again does no harm: S3 answers that the caller owns it already.
      probe: async () => {
        const bucketPlace = await findBucket(s3, { bucket, owner: need(facts, 'connection').accountId });
        // Only an answer that names the bucket's Region shows that the bucket is there.
        const isThere = typeof bucketPlace === 'object' && bucketPlace.isNamed;
        return isThere ? { found: 'done', result: undefined } : { found: 'not done' };
      },
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    const problem = explainAwsError(error, {
      what: `Can't make the bucket ${bucket}.`,
      state: 'The key is ready; no object was uploaded.',
    });
    throw new ProblemError({
      ...problem,
      remedies: [{ action: 'ask-again', label: 'Choose another bucket', question: 'where' }],
    });
  }
  report({ id: 'bucket', label: `s3://${bucket}`, note: `made in ${region}`, state: 'done' });
}
