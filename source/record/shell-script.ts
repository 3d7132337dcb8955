import { type Transcript, withoutRepetition } from './transcript.ts';

/**
 * Gives a finished ceremony as a bash script, which runs the same commands in the same order in a new folder. The script
 * stops at the first command that fails. A command that removes something for good is only a comment, so that a person
 * decides; so is a command for somebody else, or for another machine.
 */
export function shellScript({ title, version, finishedAt, again, practice, steps }: Transcript): string {
  const parts = withoutRepetition(steps).flatMap(({ title: step, commands }) =>
    commands.length === 0
      ? []
      : [
          `# ${step}`,
          ...commands.map(({ says, shell, destroys, isForOther }) => {
            if (destroys === true) return commentLines(`${says}. It cannot be undone, so it is left to you:\n${shell}`);
            if (isForOther === true) return commentLines(`${says}. This script does not run it:\n${shell}`);
            return `${commentLines(says)}\n${shell}`;
          }),
        ],
  );
  return `${[
    [
      '#!/usr/bin/env bash',
      commentLines(`${title}, as Keyferry ${version} made it on ${finishedAt}, with aws and openssl 3.`),
      `# ${again} Nothing in it is secret.`,
      '# Usage: bash runbook.sh NEW-FOLDER',
      ...(practice === undefined
        ? []
        : [commentLines(`For practice AWS, first paste the lines that this prints: ${practice}`)]),
    ].join('\n'),
    'set -euo pipefail\numask 077',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own.
    'mkdir -- "${1:?Name a new folder}"\ncd -- "$1"',
    ...parts,
  ].join('\n\n')}\n`;
}

/** Gives text as comment lines. Every line gets its own `#`, because text from a person may contain line breaks. */
const commentLines = (text: string) =>
  text
    .split(/[\r\n]+/)
    .map((line) => `# ${line}`)
    .join('\n');
