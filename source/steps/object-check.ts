import { undefinedIfDenied } from '../aws/access-denied.ts';
import { findObject, headObject, type ObjectHead, readBackSha256 } from '../aws/s3.ts';
import type { Uploaded } from '../aws/upload.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import type { Target } from './own-object.ts';
import type { Services } from './services.ts';

/** The object in S3 is not what was uploaded. To correct this, the file must be uploaded again. */
export class WrongObjectError extends ProblemError {}

/**
 * Asks S3 for the KMS key of an uploaded object, reads the object back, and compares its SHA-256 with that of the file. What
 * the caller may not do is left out, and the result says so: without any look at the object, S3's answer to the upload counts.
 * @throws WrongObjectError when the object is gone, was replaced, is under another key, or has other bytes.
 */
export async function checkObject(
  { facts, services, report, signal }: ActContext<Facts, Services>,
  { bucket, key }: Target,
  uploaded: Uploaded,
): Promise<EncryptedObject> {
  const { s3 } = services.session.clients;
  const { keyArn } = need(facts, 'key');
  const { size, sha256 } = uploaded;
  const objectUrl = `s3://${bucket}/${key}`;
  const refuseOther = (head: ObjectHead) => {
    if (head.etag !== uploaded.etag) throw new WrongObjectError(replacedProblem(objectUrl));
    if (head.kmsKeyArn !== keyArn) throw new WrongObjectError(otherKeyProblem(objectUrl, head.kmsKeyArn));
    if (head.size !== size)
      throw new WrongObjectError(otherBytesProblem(objectUrl, `It has ${head.size} bytes, and ${size} were sent`));
  };
  const head = await findObject(s3, bucket, key);
  if (head === 'absent') throw new WrongObjectError(goneProblem(objectUrl));
  const isShown = head !== 'not shown';
  if (isShown) refuseOther(head);
  let seen = isShown ? head : undefined;
  const onHead = (answered: ObjectHead) => {
    if (isShown) return;
    refuseOther(answered);
    seen = answered;
  };
  const onBytes = (done: number) =>
    report({ id: key, label: key, note: 'reading back', bytes: { done, total: size }, state: 'working' });
  const readSha256 = await undefinedIfDenied(readBackSha256(s3, { bucket, key, size }, { onHead, onBytes, signal }));
  if (readSha256 !== undefined && readSha256 !== sha256)
    throw new WrongObjectError(otherBytesProblem(objectUrl, 'Its SHA-256 differs'));
  // Journals of earlier versions do not have the encryption that S3 named when it answered the upload.
  const named = seen ?? uploaded.named ?? (await headObject(s3, bucket, key));
  if (named.kmsKeyArn !== keyArn) throw new WrongObjectError(otherKeyProblem(objectUrl, named.kmsKeyArn));
  const { sseAlgorithm, kmsKeyArn } = named;
  const object = { bucket, key, size, sha256, sseAlgorithm, kmsKeyArn };
  const checkWords =
    readSha256 === undefined
      ? `key ${isShown ? 'checked' : 'named by S3'}, not read back: you may not`
      : 'key checked, read back';
  report({ id: key, label: key, note: `${size} bytes, ${checkWords}`, state: 'done' });
  return readSha256 === undefined
    ? { ...object, verified: false, keyNamedBy: isShown ? 'look' : 'upload answer' }
    : { ...object, verified: true };
}

function otherKeyProblem(objectUrl: string, usedKeyArn: string): Problem {
  return {
    kind: 'fixable',
    what: `${objectUrl} is not under your key.`,
    why: `S3 names ${usedKeyArn}.`,
    state: 'The object was uploaded, under the wrong key.',
    next: [
      'Look for a proxy or a bucket policy that changes the request.',
      'Then try again: the file is uploaded in its place.',
    ],
  };
}

function otherBytesProblem(objectUrl: string, difference: string): Problem {
  return {
    kind: 'fixable',
    what: `${objectUrl} did not come back as it was sent.`,
    why: `${difference}: something on the way changed the bytes.`,
    state: 'The object is in the bucket, under your key.',
    next: ['Try again: the file is uploaded in its place.'],
  };
}

function goneProblem(objectUrl: string): Problem {
  return {
    kind: 'fixable',
    what: `${objectUrl} is gone.`,
    why: 'It was removed after it was uploaded, and before it was checked.',
    state: 'Your file is unchanged.',
    next: ['Try again: it is uploaded again.'],
  };
}

function replacedProblem(objectUrl: string): Problem {
  return {
    kind: 'fixable',
    what: `${objectUrl} is not the object that was uploaded.`,
    why: 'Something else replaced it before it was checked.',
    state: 'The object was left as it is. Your file is unchanged.',
    next: ['Find out what else writes to this name, and move its object away. Then try again.'],
  };
}
