import { isBegunIn } from '../ceremonies/journal-names.ts';
import { isNamed, type KnownKey, knownKeys } from '../ceremonies/known-keys.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { PlaceOptions } from './open-ceremony.ts';

/**
 * Finds the folder that knows the key with this name. Looks in the current folder and in those near it, as `readKnownFolders`
 * does. When several folders know the key, it gives the one with a first import, else the one with the newest journal line.
 * @param name the key's id, its ARN or an alias.
 * @param flags the account and the Region that the person named. A key of another account or Region is another key.
 * @param commandWithFolder a command with a flag for the folder. The problem shows it when several keys have the name.
 * @returns `undefined` when no folder knows the key.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function findFolderThatKnows(name: string, flags: PlaceOptions, commandWithFolder: string): string | undefined {
  const known = knownKeys(process.cwd()).filter((each) => isNamed(each, name) && fitsFlags(each, flags));
  if (new Set(known.map(({ keyArn }) => keyArn)).size > 1)
    throw new ProblemError({
      kind: 'fixable',
      what: `Can't tell which key ${name} is.`,
      why: `Folders here know several keys by that name: ${known.map(({ folder, keyArn }) => `${folder} has ${keyArn}`).join('; ')}.`,
      state: 'Nothing was sent or changed.',
      next: [`Name the folder: ${commandWithFolder}`],
    });
  // The folder of a first import also knows the secret and its copies.
  const withFirstImport = known.find(({ folder }) => isBegunIn(folder));
  const newest = known.toSorted((one, other) => (one.asOf < other.asOf ? -1 : 1)).at(-1);
  return (withFirstImport ?? newest)?.folder;
}

/** Tells whether a key can be in the account and the Region of the flags. A flag that is not given excludes no key. */
function fitsFlags({ source, region }: KnownKey, flags: PlaceOptions): boolean {
  if (flags.practice === true && source !== 'practice') return false;
  // Which account a profile leads to is not known here: a profile excludes only the keys of practice AWS.
  if (flags.profile !== undefined && source === 'practice') return false;
  return flags.region === undefined || flags.region === region;
}
