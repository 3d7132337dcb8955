import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { journalFile } from '../ceremonies/journal-names.ts';
import { isNamed, type KnownKey, knownKeys } from '../ceremonies/known-keys.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { PlaceOptions } from './open-ceremony.ts';

/**
 * Finds the folder, in and beside the current one, that knows a key by the name that a person gives it.
 * @param place flags that name another place than that of a key mean another key of the same name.
 * @param nameFolder the command that names the folder, for where several keys have the name.
 * @returns `undefined` when no folder knows it.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function findFolderThatKnows(name: string, place: PlaceOptions, nameFolder: string): string | undefined {
  const known = knownKeys(process.cwd()).filter((each) => isNamed(each, name) && isAt(each, place));
  if (new Set(known.map(({ keyArn }) => keyArn)).size > 1)
    throw new ProblemError({
      kind: 'fixable',
      what: `Can't tell which key ${name} is.`,
      why: `Folders here know several keys by that name: ${known.map(({ folder, keyArn }) => `${folder} has ${keyArn}`).join('; ')}.`,
      state: 'Nothing was sent or changed.',
      next: [`Name the folder: ${nameFolder}`],
    });
  // The folder of an import knows the secret and its copies.
  const ofImport = known.find(({ folder }) => existsSync(join(folder, journalFile)));
  return (ofImport ?? known.toSorted((one, other) => (one.asOf < other.asOf ? -1 : 1)).at(-1))?.folder;
}

function isAt({ source, region }: KnownKey, flags: PlaceOptions): boolean {
  if (flags.practice === true && source !== 'practice') return false;
  if (flags.profile !== undefined && source === 'practice') return false;
  return flags.region === undefined || flags.region === region;
}
