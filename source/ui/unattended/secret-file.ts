import { readSync } from 'node:fs';
import type { CeremonyFolder } from '../../ceremony/folder.ts';
import { zeroedBuffer } from '../../ceremony/hidden.ts';
import { SecretText } from '../../ceremony/secret-text.ts';
import { withPrivateFile } from '../../disk/private-file.ts';
import { diskReasons } from '../../disk/reason.ts';
import type { GivenAnswers } from './given-answers.ts';

/** How many bytes of a file are read: one more than a passphrase can have, so that a longer file is noticed. */
const mostBytes = 1025;

/** Why a secret text cannot be read from a file, as a sentence, and whether the file is missing. */
type ReadFailure = { readonly why: string; readonly isMissing: boolean };

/**
 * Reads a secret text, such as a passphrase, from a file that only its owner can open. Leaves out one line break at the end.
 * @returns the text, which the caller must destroy, or why it cannot be read.
 */
export function readSecretFile(path: string): SecretText | ReadFailure {
  const read = withPrivateFile(path, readText, 'others may do nothing');
  if (read instanceof SecretText) return read;
  // A string says why the bytes of the file are no text. An object says why the file itself cannot be used.
  return typeof read === 'string'
    ? { why: read, isMissing: false }
    : { why: read.why, isMissing: read.why === diskReasons.ENOENT };
}

/** Reads the secret text of an open file. @returns the text, or a sentence that says why the file holds none. */
function readText(descriptor: number): SecretText | string {
  const bytes = zeroedBuffer(mostBytes);
  try {
    const length = readSync(descriptor, bytes, 0, mostBytes, 0);
    const lastTwo = bytes.toString('latin1', Math.max(0, length - 2), length);
    const lineBreak = /\r?\n$/.exec(lastTwo)?.[0] ?? '';
    const text = new SecretText();
    const problem = text.appendBytes(bytes.subarray(0, length - lineBreak.length));
    if (problem === undefined) return text;
    text.destroy();
    return problem;
  } finally {
    bytes.fill(0);
  }
}

/**
 * Lists the files with a passphrase or an age identity that an answers file names. Such answers are called `identity`, or end
 * in `-file`.
 */
export function secretFilesIn(given: GivenAnswers, folder: CeremonyFolder): readonly string[] {
  return [...given.steps.values()].flatMap(({ answers }) =>
    [...answers]
      .filter(([name, { answer }]) => /^identity$|-file$/.test(name) && typeof answer === 'string' && answer !== '')
      .map(([, { answer }]) => folder.locate(String(answer))),
  );
}
