import { resolve } from 'node:path';
import { encrypt } from '../ceremonies/encrypt/encrypt.ts';
import { isBegunIn, journalsOf } from '../ceremonies/journal-names.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { findFolderThatKnows } from './folder-that-knows.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';

/**
 * Gives the folder in which an encryption works and keeps its journal. That is `workdir`; else the current folder, if it has a
 * journal of a first import or of an encryption; else the folder near here that knows the key; else a new folder. The folder
 * that knows the key also knows which files hold its secret and must never be uploaded.
 * @param key the name of the key on the command line or in the answers.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function encryptFolder(place: PlaceOptions, key?: string): string {
  if (place.workdir !== undefined) return resolve(place.workdir);
  const here = process.cwd();
  if (isBegunIn(here) || journalsOf(encrypt.id, here).length > 0) return here;
  const commandWithFolder = ownCommand('encrypt', 'FILE', '--to', 's3://BUCKET', '--workdir', 'FOLDER');
  return (key === undefined ? undefined : findFolderThatKnows(key, place, commandWithFolder)) ?? newFolder({});
}
