import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { encrypt } from '../ceremonies/encrypt/encrypt.ts';
import { journalFile, journalsOf } from '../ceremonies/journal-names.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { findFolderThatKnows } from './folder-that-knows.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';

/**
 * Gives the folder in which objects are encrypted: `workdir`; else the current folder when it belongs to a key; else the
 * folder here that knows the key, and so the secret that must never be uploaded; else a new one.
 * @param key the name of the key on the command line or in the answers.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function encryptFolder(place: PlaceOptions, key?: string): string {
  if (place.workdir !== undefined) return resolve(place.workdir);
  const here = process.cwd();
  if (existsSync(join(here, journalFile)) || journalsOf(encrypt.id, here).length > 0) return here;
  const nameFolder = ownCommand('encrypt', 'FILE', '--to', 's3://BUCKET', '--workdir', 'FOLDER');
  return (key === undefined ? undefined : findFolderThatKnows(key, place, nameFolder)) ?? newFolder({});
}
