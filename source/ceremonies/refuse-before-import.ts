import type { Problem } from '../ceremony/problem.ts';
import type { Services } from '../steps/services.ts';

/**
 * Makes the function that refuses to start a later ceremony in a folder whose first import has not imported the material yet.
 * In a folder without a first import, that function refuses nothing: a step then asks the person for the key.
 * @param what the sentence of the problem that says what cannot be done.
 */
export function refuseBeforeImport(what: string): (services: Services) => Problem | undefined {
  return ({ recorded, folder, ownCommand }) =>
    recorded === undefined || recorded.imported !== undefined
      ? undefined
      : {
          kind: 'fixable',
          what,
          why: `The ceremony in ${folder.path} has not come to its import.`,
          state: 'Nothing was sent or changed.',
          next: [`Go on with it: ${ownCommand(...folder.workdirWords)}`],
        };
}
