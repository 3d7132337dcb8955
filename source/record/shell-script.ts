import { type Transcript, withoutRepetition } from './transcript.ts';

/**
 * Writes the run as a bash script with the same commands in the same order, in a new folder. The script stops at the first
 * command that fails. Commands that delete something for ever are comments, so that a person decides.
 */
export function shellScript({ title, version, finishedAt, practice, steps }: Transcript): string {
  const parts = withoutRepetition(steps).flatMap(({ title: step, commands }) =>
    commands.length === 0
      ? []
      : [
          `# ${step}`,
          ...commands.map(({ says, shell, destroys }) =>
            destroys === true
              ? commented(`${says}. It cannot be undone, so it is left to you:\n${shell}`)
              : `${commented(says)}\n${shell}`,
          ),
        ],
  );
  return `${[
    [
      '#!/usr/bin/env bash',
      commented(`${title}, as Keyferry ${version} made it on ${finishedAt}, with aws and openssl 3.`),
      '# It makes everything again: another key, with the same alias, policy and names. Nothing in it is secret.',
      '# Usage: bash runbook.sh NEW-FOLDER',
      ...(practice === undefined
        ? []
        : [commented(`For practice AWS, first paste the lines that this prints: ${practice}`)]),
    ].join('\n'),
    'set -euo pipefail\numask 077',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own.
    'mkdir -- "${1:?Name a new folder}"\ncd -- "$1"',
    ...parts,
  ].join('\n\n')}\n`;
}

/** A receipt or a path may hold anything; a comment ends with its line. */
const commented = (text: string) =>
  text
    .split(/[\r\n]+/)
    .map((line) => `# ${line}`)
    .join('\n');
