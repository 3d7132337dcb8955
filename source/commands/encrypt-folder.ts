import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encrypt } from '../ceremonies/encrypt/encrypt.ts';
import { journalFile, journalsOf } from '../ceremonies/journal-names.ts';
import { type KnownKey, knownKeys } from '../ceremonies/known-keys.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';

/**
 * Gives the folder in which objects are encrypted: `workdir`; else the current folder when it belongs to a key; else the
 * folder here that knows the key; else a new one.
 * @param key the name of the key on the command line or in the answers.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function encryptFolder(place: PlaceOptions, key?: string): string {
  if (place.workdir !== undefined) return resolve(place.workdir);
  const here = process.cwd();
  if (existsSync(join(here, journalFile)) || journalsOf(encrypt.id, here).length > 0) return here;
  return (key === undefined ? undefined : folderThatKnows(key.trim(), place)) ?? newFolder({});
}

function folderThatKnows(key: string, place: PlaceOptions): string | undefined {
  const known = knownKeys(process.cwd()).filter((each) => isNamed(each, key) && isThere(each, place));
  if (new Set(known.map(({ keyArn }) => keyArn)).size > 1) throw new ProblemError(severalProblem(key, known));
  // The folder of an import knows the secret, which must never be uploaded.
  const ofImport = known.find(({ folder }) => existsSync(join(folder, journalFile)));
  return (ofImport ?? known.toSorted((one, other) => (one.asOf < other.asOf ? -1 : 1)).at(-1))?.folder;
}

function isNamed({ keyArn, alias }: KnownKey, key: string): boolean {
  const aliasArn = keyArn.replace(/:key\/.*$/, `:${alias}`);
  return [keyArn, keyArn.split('/').at(-1), alias, aliasArn].includes(key);
}

/** Flags that name another place than that of the key mean another key of the same name. */
function isThere({ source, region }: KnownKey, flags: PlaceOptions): boolean {
  if (flags.practice === true && source !== 'practice') return false;
  if (flags.profile !== undefined && source === 'practice') return false;
  return flags.region === undefined || flags.region === region;
}

function severalProblem(key: string, known: readonly KnownKey[]) {
  return {
    kind: 'fixable',
    what: `Can't tell which key ${key} is.`,
    why: `Folders here know several keys by that name: ${known.map(({ folder, keyArn }) => `${folder} has ${keyArn}`).join('; ')}.`,
    state: 'Nothing was sent or changed.',
    next: [`Name the folder: ${ownCommand('encrypt', 'FILE', '--to', 's3://BUCKET', '--workdir', 'FOLDER')}`],
  } as const;
}
