import { basename } from 'node:path';
import { explainAwsError } from '../aws/problems.ts';
import { isWithoutAnswer } from '../aws/retrying.ts';
import { abortUploads, createBucket, findBucket, headObject, readBackSha256 } from '../aws/s3.ts';
import { isOwnBucket, isRefusal } from '../aws/spreading.ts';
import { type Uploaded, uploadObject } from '../aws/upload.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import type { Services } from './services.ts';
import { UploadGuard } from './upload-guard.ts';

type Context = ActContext<Facts, Services>;

/** Makes a bucket in the Region of the connection, once. */
export async function makeBucket({ services, attempt, report }: Context, bucket: string): Promise<void> {
  const { s3, region } = services.session.clients;
  report({ id: 'bucket', label: `Making the bucket ${bucket}`, state: 'working' });
  try {
    await attempt({
      name: `create bucket ${bucket}`,
      act: () =>
        createBucket(s3, bucket).catch((error: unknown) => {
          if (!isOwnBucket(error)) throw error;
        }),
      probe: async () =>
        typeof (await findBucket(s3, bucket)) === 'object'
          ? { found: 'done', result: undefined }
          : { found: 'not done' },
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

/** The way on from anything that keeps a file from being uploaded. */
export const chooseAgain = {
  action: 'ask-again',
  label: 'Choose another bucket or other files',
  question: 'where',
} as const;

/** The name of the attempt that encrypts an object: one name in two buckets is two attempts. */
export const uploadName = (bucket: string, key: string) => `upload s3://${bucket}/${key}`;

/** Uploads one file, lets S3 name the key it used, reads the object back and compares. */
export async function encryptObject(context: Context, bucket: string, path: string): Promise<EncryptedObject> {
  const { attempt, services, signal } = context;
  const { journal, session } = services;
  const key = basename(path);
  let cutOff = false;
  try {
    return await attempt({
      name: uploadName(bucket, key),
      act: async () => {
        if (cutOff) await abortUploads(session.clients.s3, bucket, key, new Date(journal.state.begunAt ?? 0));
        return uploadAndCheck(context, { bucket, key, path });
      },
      // Uploading the same file to the same name again is harmless, and the only way to mend a wrong one.
      probe: async () => {
        cutOff = true;
        return { found: 'not done' };
      },
      refused: isRefusal,
      passing: isWithoutAnswer,
    });
  } catch (error) {
    signal.throwIfAborted();
    const problem = explainAwsError(error, {
      what: `Can't encrypt ${key} into s3://${bucket}.`,
      state: 'The key is ready. Files uploaded before this one stay.',
    });
    throw new ProblemError({
      ...problem,
      remedies: [chooseAgain],
    });
  }
}

async function uploadAndCheck(
  { facts, services, report, signal }: Context,
  { bucket, key, path }: { bucket: string; key: string; path: string },
): Promise<EncryptedObject> {
  const { s3 } = services.session.clients;
  const { keyArn } = need(facts, 'key');
  const show = (note: string, total: number) => (done: number) =>
    report({ id: key, label: key, note, bytes: { done, total }, state: 'working' });
  const guard = new UploadGuard(facts, services);
  const file = await guard.open(path);
  let uploaded: Uploaded;
  try {
    const onBytes = show('uploading', (await file.stat()).size);
    onBytes(0);
    const judge = (bytes: Buffer) => guard.judge(path, bytes);
    uploaded = await uploadObject(s3, file, { bucket, key, keyArn }, { judge, onBytes, signal });
  } finally {
    await file.close();
  }
  const { size, sha256 } = uploaded;
  const head = await headObject(s3, bucket, key);
  if (head.kmsKeyArn !== keyArn) throw new ProblemError(otherKey(bucket, key, head.kmsKeyArn));
  const back = await readBackSha256(s3, bucket, key, { onBytes: show('reading back', size), signal });
  if (back !== sha256 || head.size !== size) throw new ProblemError(otherBytes(bucket, key));
  report({ id: key, label: key, note: `${size} bytes, key checked, read back`, state: 'done' });
  return { bucket, key, size, sha256, sseAlgorithm: head.sseAlgorithm, kmsKeyArn: head.kmsKeyArn, verified: true };
}

function otherKey(bucket: string, key: string, used: string) {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} is not under your key.`,
    why: `S3 names ${used}.`,
    state: 'The object was uploaded, under the wrong key.',
    next: ['Look for a proxy or a bucket policy that changes the request, then try again.'],
  } as const;
}

function otherBytes(bucket: string, key: string) {
  return {
    kind: 'fixable',
    what: `s3://${bucket}/${key} did not come back as it was sent.`,
    why: 'Its SHA-256 differs. The file may have changed while it was uploaded.',
    state: 'The object is in the bucket, under your key.',
    next: ['Try again when nothing writes to the file.'],
  } as const;
}
