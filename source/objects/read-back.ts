import { createHash } from 'node:crypto';
import { undefinedIfDenied } from '../aws/access-denied.ts';
import { isPreconditionFailed } from '../aws/eventual-consistency.ts';
import { readBackSha256, seeObject } from '../aws/object-look.ts';
import type { Problem } from '../ceremony/problem.ts';
import { OpenFile } from '../disk/open-file.ts';
import { isSameVersion, piecesOf, versionOf } from './file-bytes.ts';
import type { LineOf } from './manifest-line.ts';
import { goneProblem, replacedProblem, wrongBytesProblem, wrongKeyProblem } from './refusals.ts';
import type { TransferSettings } from './transfer-context.ts';

/** An object to read back, as the manifest has it. */
export type ToReadBack = LineOf<'uploaded'>;

/**
 * Looks at an uploaded object, reads it back and compares its bytes with those of the file. Leaves out what the caller may not
 * do. Notes in the manifest what was done, and what is wrong.
 * @param onBytes gets the number of bytes that came.
 * @returns the problem of an object that is gone, was replaced, is under another key or has other bytes; else `undefined`.
 */
export async function readBack(
  settings: TransferSettings,
  object: ToReadBack,
  onBytes: (bytes: number) => void,
): Promise<Problem | undefined> {
  const { s3, bucket, owner, keyArn, manifest } = settings;
  const { n, key, etag, size } = object;
  const target = { bucket, key, path: object.path };
  const wrong = (problem: Problem) => {
    manifest.note({ is: 'wrong', n, etag, size, why: problem.why ?? problem.what });
    return problem;
  };
  const seen = await seeObject(s3, { bucket, key, owner });
  if (seen === 'absent') return wrong(goneProblem(target));
  const looked = seen !== 'not shown';
  if (looked && seen.etag !== etag) return wrong(replacedProblem(target));
  if (looked && seen.kmsKeyArn !== keyArn) return wrong(wrongKeyProblem(target, seen.kmsKeyArn));
  if (looked && seen.size !== size)
    return wrong(wrongBytesProblem(target, `It has ${seen.size} bytes, and ${size} were sent`));
  try {
    /** Whether the bytes are those of the file; `undefined` when the caller may not read the object. */
    const isSame = await undefinedIfDenied(
      size <= settings.limits.rangeBytes
        ? readWhole(settings, object, onBytes)
        : readInRanges(settings, object, onBytes),
    );
    if (isSame === false) return wrong(wrongBytesProblem(target, 'Its SHA-256 differs'));
    // An object that was read has shown itself, also when the look did not show it.
    manifest.note({ is: 'checked', n, readBack: isSame === true, looked: looked || isSame === true });
    return undefined;
  } catch (error) {
    if (isPreconditionFailed(error)) return wrong(replacedProblem(target));
    throw error;
  }
}

/** Reads an object in one request. Tells whether its SHA-256 is that of the file as it was sent. */
async function readWhole(
  { s3, bucket, owner, signal }: TransferSettings,
  { key, etag, size, sha256 }: ToReadBack,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const watch = { onBytes: reportNewBytes(onBytes), signal };
  return (await readBackSha256(s3, { bucket, key, owner, etag, size }, watch)) === sha256;
}

/** Makes a function that takes the number of all bytes so far, and calls `onBytes` with the number of new ones. */
function reportNewBytes(onBytes: (bytes: number) => void): (received: number) => void {
  let before = 0;
  return (received) => {
    onBytes(received - before);
    before = received;
  };
}

/**
 * Reads a large object in ranges, so that a later run continues after the last range. Tells whether each range has the bytes of
 * the file. When the file has changed since it was sent, or cannot be opened, or changes now so that a range differs, reads the
 * whole object and compares its SHA-256 with that of the file as it was sent.
 */
async function readInRanges(
  settings: TransferSettings,
  object: ToReadBack,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const { s3, bucket, owner, manifest, signal } = settings;
  const { rangeBytes } = settings.limits;
  const { n, key, etag, size, path } = object;
  const file = await OpenFile.open(path).catch(() => undefined);
  const isFileAsSent = () => file !== undefined && isSameVersion(object, versionOf(file));
  try {
    if (file === undefined || !isFileAsSent()) return await readWhole(settings, object, onBytes);
    // The ranges that an earlier run has read count as read now.
    const from = manifest.states.readTo(n);
    onBytes(from);
    for (let place = from; place < size; place += rangeBytes) {
      const length = Math.min(rangeBytes, size - place);
      const range = { bucket, key, owner, etag, from: place, size: length };
      const theirs = await readBackSha256(s3, range, { onBytes: reportNewBytes(onBytes), signal });
      const ours = createHash('sha256');
      for await (const piece of piecesOf(file, place, length)) ours.update(piece);
      if (theirs !== ours.digest('hex')) return !isFileAsSent() && (await readWhole(settings, object, onBytes));
      manifest.note({ is: 'read', n, to: place + length });
    }
    return true;
  } finally {
    file?.close();
  }
}
