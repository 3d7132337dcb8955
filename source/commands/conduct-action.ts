import { ceremonyOf } from '../ceremonies/all.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { placeFlags } from '../steps/place-flags.ts';
import { tellWhyNotBegun } from './beginning.ts';
import { conductOnScreen } from './conduct.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { findUnfinished, type Unfinished } from './unfinished-ceremonies.ts';
import type { KeyChoice } from './your-keys.ts';

/**
 * Leads a person through what they chose to do with one of their keys, in the folder that knows the key or in a new one.
 * @returns the exit status; the unfinished ceremony of the key when the person wants to go on with that.
 */
export async function conductAction(
  { key, place, to }: KeyChoice,
  options: InterfaceOptions,
): Promise<number | Unfinished> {
  const folder = key.known?.folder ?? newFolder(options);
  return tellWhyNotBegun(async () => {
    if (to === 'go-on') return findOpen(folder);
    const keyWords = to === 'encrypt' || to === 'expiry' ? ['--key', key.key.keyArn] : [];
    // A folder that knows the key says the rest.
    const newWords = key.known === undefined ? [...keyWords, ...placeFlags(place, options.endpointUrl)] : [];
    const goOn = ownCommand(to, ...newWords, ...workdirWords(folder));
    const where = { ...options, ...place, practice: place.source === 'practice', key: key.key.keyArn };
    return conductOnScreen(ceremonyOf(to), { folder, options: where, goOn });
  });
}

/** @throws ProblemError when the ceremony of the folder was finished since the folder was read. */
function findOpen(folder: string): Unfinished {
  const [open] = findUnfinished({ workdir: folder });
  if (open !== undefined) return open;
  throw new ProblemError({
    kind: 'fixable',
    what: "Can't go on with the ceremony of this key: it was finished meanwhile.",
    state: 'Nothing was changed.',
    next: [`See how the key is now: ${ownCommand()}`],
  });
}
