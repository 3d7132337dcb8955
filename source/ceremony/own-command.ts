import { quote } from './shell-word.ts';

/** A command line that starts Keyferry with these words, to be pasted into a shell. */
export type OwnCommand = (...words: readonly string[]) => string;

/** The command of an installed Keyferry. Files that a person reads later, or on another computer, use it. */
export const installedCommand: OwnCommand = commandAfter('keyferry');

/** The command in the form with which the person started this run. */
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

function commandAfter(start: string): OwnCommand {
  return (...words) => (words.length === 0 ? start.replace(/ --$/, '') : [start, ...words.map(quote)].join(' '));
}
