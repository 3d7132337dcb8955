import { isBegunIn } from '../ceremonies/journal-names.ts';
import type { InterfaceOptions } from './open-interface.ts';

const switches = [
  ['plain', '--plain'],
  ['practice', '--practice'],
  ['asInTheVideo', '--as-in-the-video'],
  ['redact', '--redact'],
] as const;

const values = [
  ['profile', '--profile'],
  ['region', '--region'],
  ['workdir', '--workdir'],
  ['endpointUrl', '--endpoint-url'],
] as const;

/** Gives the words of a command line that has these options. */
export function optionWords(options: InterfaceOptions): readonly string[] {
  return [
    ...switches.flatMap(([name, flag]) => (options[name] === true ? [flag] : [])),
    ...values.flatMap(([name, flag]) => {
      const value = options[name];
      return value === undefined ? [] : [flag, value];
    }),
  ];
}

/**
 * Gives the words that name the account, Region and endpoint again, for a later ceremony that begins again because it stopped
 * before it sent anything. Gives no words when a ceremony was begun in the folder: then its journal names the place.
 */
export function placeWordsOf(options: InterfaceOptions, folder: string): readonly string[] {
  const { plain, asInTheVideo, redact, workdir, ...place } = options;
  return isBegunIn(folder) ? [] : optionWords(place);
}
