import { quote } from './shell-word.ts';

/** A command line that starts Keyferry with these words, to be pasted into a shell. */
export type OwnCommand = (...words: readonly string[]) => string;

/** As it is once it is installed: for files that are read later, anywhere. */
export const installedCommand: OwnCommand = commandAfter('keyferry');

/** As the person who sees it started this run. */
export const ownCommand: OwnCommand = commandAfter(startedBy(process.env));

/**
 * What comes before the words. npm tells the programs that it runs which script of which package began them; npx has no
 * script and says so (docs.npmjs.com, "scripts: environment"). Without --silent npm's own lines would stand in the output.
 */
export function startedBy({ npm_lifecycle_event: event, npm_package_name: name }: NodeJS.ProcessEnv): string {
  if (event === 'start' && name === 'keyferry') return 'npm start --silent --';
  return event === 'npx' ? 'npx keyferry' : 'keyferry';
}

function commandAfter(start: string): OwnCommand {
  return (...words) => (words.length === 0 ? start.replace(/ --$/, '') : [start, ...words.map(quote)].join(' '));
}
