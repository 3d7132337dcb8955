import type { Problem } from '../ceremony/problem.ts';
import type { Services } from '../steps/services.ts';

/**
 * Makes the function that refuses to start a later ceremony where the first import has not imported yet. Without a first
 * import it refuses nothing: the person is asked for the key.
 * @param what what did not happen.
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
