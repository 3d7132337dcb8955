import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { findObject, readBackSha256 } from '../aws/s3.ts';
import type { Uploaded } from '../aws/upload.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

// Pages: S3 user guide, "Conditional writes"; S3 API reference, HeadObject.

/** The object to which a file is uploaded, and the path of the file. */
export type Target = { readonly bucket: string; readonly key: string; readonly path: string };

/** Finds the fact about an object that an earlier ceremony in this folder has uploaded and checked. */
export function uploadedBefore({ earlier }: Services, { bucket, key }: Target): EncryptedObject | undefined {
  return earlier?.objects.findLast((object) => object.bucket === bucket && object.key === key);
}

/**
 * Finds out whether an upload with an unknown outcome has made its object: with the bytes of the file, under the key. Returns
 * `undefined` when there is no object, or when the object that the upload should replace is still there (`replaces` is its
 * ETag). Returns `not shown` when the caller may not read the object.
 * @throws ProblemError when another object is there. Keyferry leaves it alone, because nobody can tell whose it is.
 */
export async function findOwnObject(
  { facts, services, signal }: ActContext<Facts, Services>,
  { bucket, key, path }: Target,
  { file, replaces }: { readonly file: FileHandle; readonly replaces: string | undefined },
): Promise<Uploaded | undefined | 'not shown'> {
  const { s3 } = services.session.clients;
  const head = await findObject(s3, bucket, key);
  if (head === 'not shown') return 'not shown';
  if (head === 'absent' || head.etag === replaces) return undefined;
  const { size } = await file.stat();
  const { sseAlgorithm, kmsKeyArn } = head;
  if (kmsKeyArn === need(facts, 'key').keyArn && head.size === size) {
    const sha256 = await sha256OfFile(file);
    const readSha256 = await undefinedIfDenied(
      readBackSha256(s3, { bucket, key, size }, { onBytes: () => {}, signal }),
    );
    if (readSha256 === undefined) return 'not shown';
    if (readSha256 === sha256) return { etag: head.etag, size, sha256, named: { sseAlgorithm, kmsKeyArn } };
  }
  throw new ProblemError({
    ...existsProblem({ bucket, key, path }),
    why: 'That object has other bytes or another key, so nothing shows that Keyferry put it there in this ceremony.',
  });
}

/** An object that may be from an upload of this ceremony whose answer was lost. Nobody here can look. */
export class UnknownObjectError extends ProblemError {}

/** Makes the problem of an object that stands where a file should go, and that the caller may not read. */
export function unreadableObjectProblem(target: Target): Problem {
  const why = `S3 says that an object of this name exists, and does not let you look at it (${needed}).`;
  return { ...existsProblem(target), why };
}

/** Makes the problem of an upload whose answer was lost, and whose object the caller may not read. */
export function unknownObjectProblem(target: Target, keyArn: string): Problem {
  const { bucket, key, path } = target;
  return {
    ...existsProblem(target),
    kind: 'lost',
    what: `Can't tell whether ${path} is at s3://${bucket}/${key}.`,
    why: `The answer to an upload of it was lost. S3 takes no second one: an object of this name is there, or that upload has ended. S3 does not let you look (${needed}), so it may be this file or somebody else's object.`,
    state: 'What is there was left as it is. The key is ready, and files that were uploaded before stay.',
    next: [
      `Have somebody look who may: ${headCommand(target)}. Your file is there when the object is under ${keyArn} and has its size.`,
      'With the permission to read it, try again: Keyferry compares.',
      'Or give the file another name, or move the object away. Then try again.',
    ],
  };
}

/** What the caller needs to read an object under a KMS key. */
const needed = 's3:GetObject, and kms:Decrypt on the key';

const headCommand = ({ bucket, key }: Target) => `aws s3api head-object --bucket ${quote(bucket)} --key ${quote(key)}`;

/** The problem that an object stands where a file should go, except for the reason. */
function existsProblem({ bucket, key, path }: Target) {
  return {
    kind: 'fixable',
    what: `Can't upload ${path}: s3://${bucket}/${key} exists already.`,
    state: 'The object was left as it is. The key is ready, and files that were uploaded before stay.',
    next: [
      `Look at it: ${headCommand({ bucket, key, path })}`,
      'Move or delete it, or give the file another name. Then try again.',
    ],
  } as const;
}

/**
 * Gives the SHA-256 (hex) of the file at a path.
 * @throws the system's error when the file cannot be read.
 */
export async function sha256OfPath(path: string): Promise<string> {
  const file = await open(path);
  try {
    return await sha256OfFile(file);
  } finally {
    await file.close();
  }
}

/** Gives the SHA-256 (hex) of a whole open file, without moving the file's position. */
async function sha256OfFile(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
