import { join, resolve } from 'node:path';
import { encrypt } from '../ceremonies/encrypt/encrypt.ts';
import { isBegunIn, journalsOf } from '../ceremonies/journal-names.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readDestination } from '../objects/object-name.ts';
import { absoluteInput } from '../objects/walk.ts';
import type { UploadChoice } from '../steps/services.ts';
import { findFolderThatKnows } from './folder-that-knows.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';

/**
 * Gives the folder in which an encryption works and keeps its journal. That is `workdir`; else the current folder, if it has a
 * journal of a first import or of an encryption; else the folder near here that knows the key; else a new folder. The folder
 * that knows the key also knows which files hold its secret and must never be uploaded. A new folder is called after the bucket
 * and the choice, when the command names these: see {@link folderOfChoice}.
 * @param key the name of the key on the command line or in the answers.
 * @throws ProblemError when folders here know several keys by that name.
 */
export function encryptFolder(place: PlaceOptions, key?: string, choice?: EncryptChoice): string {
  if (place.workdir !== undefined) return resolve(place.workdir);
  const here = process.cwd();
  if (isBegunIn(here) || journalsOf(encrypt.id, here).length > 0) return here;
  const commandWithFolder = ownCommand('encrypt', 'FILE', '--to', 's3://BUCKET', '--workdir', 'FOLDER');
  return (key === undefined ? undefined : findFolderThatKnows(key, place, commandWithFolder)) ?? folderOfChoice(choice);
}

/** The parts of a command line in which one encryption differs from another. */
export type EncryptChoice = UploadChoice & {
  /** `s3://BUCKET/PREFIX`. */
  readonly to: string | undefined;
  readonly files: readonly string[];
  readonly key: string | undefined;
};

/**
 * Gives the folder for an encryption when no other folder fits. The same command always gets the same folder, so that it can go on
 * there. When the command names no place or no files, gives a new folder.
 */
function folderOfChoice(choice: EncryptChoice | undefined): string {
  const destination = choice?.to === undefined ? undefined : readDestination(choice.to);
  if (choice === undefined || destination === undefined || choice.files.length === 0) return newFolder({});
  const { include, exclude, replace, key, files } = choice;
  const { bucket, prefix } = destination;
  const words = [bucket, prefix, key, files.map((file) => absoluteInput(file)), include, exclude, replace];
  const hash = sha256Of(JSON.stringify(words)).slice(0, 8);
  return join(process.cwd(), `keyferry-encrypt-${bucket}-${hash}`);
}
