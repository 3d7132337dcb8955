import { quote } from './shell-word.ts';

/** Gives a command line that starts Keyferry with these arguments, each quoted so that a person can paste it into a shell. */
export type OwnCommand = (...words: readonly string[]) => string;

/** Gives the command line of an installed Keyferry, for files that a person reads later or on another computer. */
export const installedCommand: OwnCommand = commandAfter('keyferry');

/** Gives the command line in the form in which the person started this run. */
export const ownCommand: OwnCommand = commandAfter(commandPrefix(process.env));

/**
 * Gives the beginning of the command line with which this run was started, such as `npx keyferry`. npm sets environment
 * variables that name the script and the package it runs, and npx sets the script name `npx` (docs.npmjs.com, "scripts:
 * environment"). `--silent` keeps npm's own lines out of the output.
 */
export function commandPrefix({ npm_lifecycle_event: event, npm_package_name: name }: NodeJS.ProcessEnv): string {
  if (event === 'start' && name === 'keyferry') return 'npm start --silent --';
  return event === 'npx' ? 'npx keyferry' : 'keyferry';
}

/** The flags that take a value. */
const valueFlags: ReadonlySet<string> = new Set([
  '--endpoint-url',
  '--identity',
  '--key',
  '--passphrase-file',
  '--profile',
  '--region',
  '--state',
  '--to',
  '--workdir',
]);

/** Makes a function that gives command lines with this beginning. Without arguments, ` --` at its end is left out. */
function commandAfter(start: string): OwnCommand {
  return (...words) => (words.length === 0 ? start.replace(/ --$/, '') : `${start} ${joinWords(words)}`);
}

/**
 * Quotes the words and joins them with spaces. A value that begins with a hyphen comes as `--flag=-value`, because after a
 * space the program would read the value as another flag.
 */
function joinWords(words: readonly string[]): string {
  return words
    .map((word, index) => {
      const isValue = valueFlags.has(words[index - 1] ?? '');
      const separator = isValue && word.startsWith('-') ? '=' : ' ';
      return index === 0 ? quote(word) : `${separator}${quote(word)}`;
    })
    .join('');
}
