import { cells, wrap } from './cells.ts';

/** The programs in the commands that Keyferry prints in a line of text. */
const programs = [
  'keyferry',
  'npx keyferry',
  'npm start',
  'aws',
  'openssl',
  'bash',
  'chmod',
  'chown',
  'ls -l',
  'mv',
  'sudo',
];
/**
 * A command to paste, at the beginning of a line or after a colon. It goes on to the end of the line. What ends with a full stop is
 * a sentence, such as "openssl finds no file of this name."; but a path may be `.` or end with `/.`.
 */
const command = new RegExp(`(?<=^\\s*(?:- )?|: )(?:${programs.join('|')}) .*(?<![^\\s./]\\.)$`, 'u');

/**
 * Wraps a line like {@link wrap}, for text that a person copies from the scrollback. A command that does not fit beside the words
 * before it begins a row of its own, and is not wrapped: the terminal breaks that row itself and joins it again when a person
 * copies it. A line with a word that is wider than the terminal is not wrapped either.
 */
export function wrapForCopying(line: string, width: number): readonly string[] {
  if (cells(line) <= width) return [line];
  const start = command.exec(line)?.index;
  if (start !== undefined) {
    const before = line.slice(0, start);
    if (/^\s*(?:- )?$/u.test(before)) return [line];
    return [...wrapForCopying(before.trimEnd(), width), line.slice(start)];
  }
  return line.split(' ').some((word) => cells(word) > width) ? [line] : wrap(line, width);
}
