import type { S3Client } from '@aws-sdk/client-s3';
import { eachAtOnce } from '../aws/at-once.ts';
import { listObjects, seeObject } from '../aws/object-look.ts';
import type { OwnedBucket } from '../aws/s3.ts';

/** What an audit found out about an object. `kmsKeyArn` is `none` when no KMS key encrypts it. */
export type AuditedObject = { readonly key: string; readonly size: number } & (
  | { readonly seen: 'shown'; readonly sseAlgorithm: string; readonly kmsKeyArn: string; readonly bucketKey: boolean }
  /** S3 did not let the caller look at it. */
  | { readonly seen: 'not shown' }
);

/** Where objects are audited. */
export type AuditPlace = OwnedBucket & { readonly prefix: string };

/** S3's list does not say how an object is encrypted, so each object is looked at: this many at the same time. */
const mostLooks = 32;

/**
 * Looks at every object whose name begins with the prefix, and gives each to `onObject` in the order in which S3 answers.
 * Changes nothing. Holds one page of names at a time. Calls ListObjectsV2 and HeadObject.
 * @throws the SDK's error when S3 cannot be asked; the reason of `signal` when it aborts.
 */
export async function auditObjects(
  s3: S3Client,
  { bucket, prefix, owner }: AuditPlace,
  { onObject, signal }: { readonly onObject: (object: AuditedObject) => void; readonly signal: AbortSignal },
): Promise<void> {
  for await (const page of listObjects(s3, { bucket, prefix, owner }))
    await eachAtOnce(page, mostLooks, async ({ key, size }) => {
      signal.throwIfAborted();
      const seen = await seeObject(s3, { bucket, key, owner });
      // The object was removed after S3 listed it.
      if (seen === 'absent') return;
      if (seen === 'not shown') onObject({ key, size, seen });
      else {
        const { sseAlgorithm, kmsKeyArn, bucketKey } = seen;
        onObject({ key, size, seen: 'shown', sseAlgorithm, kmsKeyArn, bucketKey });
      }
    });
}
