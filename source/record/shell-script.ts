import { type Transcript, withoutRepetition } from './transcript.ts';

/**
 * Gives a finished ceremony as a bash script, which runs the same commands in the same order in a new folder, but none a second
 * time: see {@link withoutRepetition}. The script stops at the first command that fails. Two kinds of commands are only comments:
 * those that remove something for good, so that a person decides, and those for somebody else or for another machine.
 */
export function shellScript({ title, version, finishedAt, again, practice, steps }: Transcript): string {
  const all = withoutRepetition(steps);
  const parts = all.flatMap(({ title: step, commands }) =>
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
    ...versionCheckLines(all.flatMap(({ commands }) => commands.map(({ shell }) => shell)).join('\n')),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own.
    'mkdir -- "${1:?Name a new folder}"\ncd -- "$1"',
    ...parts,
  ].join('\n\n')}\n`;
}

/**
 * Gives lines that check the installed aws, before the script makes anything. An aws from before June 2025 does not know an option
 * of the import, and the lines end the script. Without them it would end at the import, and leave a key without material. Gives an
 * empty list when no command has the option.
 */
function versionCheckLines(commands: string): string[] {
  const option = '--key-material-description';
  if (!commands.includes(`${option} `)) return [];
  const says = `This aws does not know ${option}: update it. Nothing was made.`;
  return [
    `# This asks nothing of AWS.\naws kms import-key-material ${option} x --generate-cli-skeleton > /dev/null ||\n  { echo '${says}' >&2; exit 1; }`,
  ];
}

/** Gives text as comment lines. Every line gets its own `#`, because text from a person may contain line breaks. */
const commentLines = (text: string) =>
  text
    .split(/[\r\n]+/)
    .map((line) => `# ${line}`)
    .join('\n');
