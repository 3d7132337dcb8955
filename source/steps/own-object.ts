import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { findObject, readBackSha256 } from '../aws/s3.ts';
import type { Uploaded } from '../aws/upload.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type EncryptedObject, type Facts, need } from './facts.ts';
import type { Services } from './services.ts';

/** The object to which a file is uploaded, and the path of the file. */
export type Target = { readonly bucket: string; readonly key: string; readonly path: string };

/** Finds the fact about an object that an earlier ceremony in this folder has uploaded and checked. */
export function uploadedBefore({ earlier }: Services, { bucket, key }: Target): EncryptedObject | undefined {
  return earlier?.objects.findLast((object) => object.bucket === bucket && object.key === key);
}

/**
 * Finds out whether an upload with an unknown outcome has made its object: with the bytes of the file, under the key. Returns
 * `undefined` when there is no object, or when the object that the upload should replace is still there (`replaces` is its
 * ETag).
 * @throws ProblemError when another object is there. Keyferry leaves it alone, because nobody can tell whose it is.
 */
export async function findOwnObject(
  { facts, services, signal }: ActContext<Facts, Services>,
  { bucket, key, path }: Target,
  { file, replaces }: { readonly file: FileHandle; readonly replaces: string | undefined },
): Promise<Uploaded | undefined> {
  const { s3 } = services.session.clients;
  const head = await findObject(s3, bucket, key);
  if (head === 'absent' || head.etag === replaces) return undefined;
  const { size } = await file.stat();
  if (head.kmsKeyArn === need(facts, 'key').keyArn && head.size === size) {
    const sha256 = await sha256OfFile(file);
    const readSha256 = await readBackSha256(s3, { bucket, key, size }, { onBytes: () => {}, signal });
    if (readSha256 === sha256) return { etag: head.etag, size, sha256 };
  }
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't upload ${path}: s3://${bucket}/${key} exists already.`,
    why: 'That object has other bytes or another key, so nothing shows that Keyferry put it there in this ceremony.',
    state: 'The object was left as it is. The key is ready, and files that were uploaded before stay.',
    next: [
      `Look at it: aws s3api head-object --bucket ${quote(bucket)} --key ${quote(key)}`,
      'Move or delete it, or give the file another name. Then try again.',
    ],
  });
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
