import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { resolve } from 'node:path';
import { SecretText } from '../../ceremony/secret-text.ts';
import { singleQuoted } from '../../ceremony/shell-word.ts';
import { expandHome } from '../../disk/home.ts';
import type { GivenAnswers } from './answers-file.ts';

/** A passphrase is shorter; the byte more shows a file that is longer. */
const mostBytes = 1025;

/** The file that a path in an answers file means: `~/` is the home folder. */
export function secretFilePath(path: string): string {
  return resolve(expandHome(path));
}

/**
 * Reads a secret text, such as a passphrase, from a file that only its owner may open; one line break at its end is left
 * out. The caller destroys the text.
 * @returns why it cannot be taken, as a sentence.
 */
export function readSecretFile(path: string): SecretText | string {
  const target = secretFilePath(path);
  const bytes = Buffer.from(new ArrayBuffer(mostBytes));
  let descriptor: number | undefined;
  try {
    descriptor = openSync(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) return `${path} is not a regular file.`;
    if ((stats.mode & 0o077) !== 0)
      return `Others on this computer may open ${path}. Run: chmod 600 ${singleQuoted(path)}`;
    const length = readSync(descriptor, bytes, 0, mostBytes, 0);
    const line = /\r?\n$/.exec(bytes.toString('latin1', Math.max(0, length - 2), length))?.[0].length ?? 0;
    const text = new SecretText();
    const problem = text.append(bytes.toString('utf8', 0, length - line));
    if (problem === undefined) return text;
    text.destroy();
    return `${path} cannot be used. ${problem}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? `There is no file at ${path}.` : `${path} cannot be read (${code ?? 'unknown error'}).`;
  } finally {
    bytes.fill(0);
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** The files that an answers file names because a passphrase or an age identity is in them. */
export function secretFilesIn(given: GivenAnswers): readonly string[] {
  return [...given.steps.values()].flatMap(({ answers }) =>
    [...answers]
      .filter(([name, { answer }]) => /^identity$|-file$/.test(name) && typeof answer === 'string' && answer !== '')
      .map(([, { answer }]) => secretFilePath(String(answer))),
  );
}
