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
 * Gives the words with which a command finds the account of a later ceremony again that stops before it has sent anything: such a
 * ceremony begins anew. No words where the folder has a first import, because the folder says the account then.
 * @param hasFirstImport whether the folder has one.
 */
export function placeWordsOf(
  { practice, profile, region, endpointUrl }: InterfaceOptions,
  hasFirstImport: boolean,
): readonly string[] {
  if (hasFirstImport) return [];
  const place = { practice, profile, region, endpointUrl };
  return optionWords(Object.fromEntries(Object.entries(place).filter(([, value]) => value !== undefined)));
}
