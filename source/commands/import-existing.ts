import { resolve } from 'node:path';
import { importExisting as ceremony } from '../ceremonies/import-existing/import-existing.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { beginOrContinue } from './begin-or-continue.ts';
import { leadWhereAsked } from './beginning.ts';
import { findFolderOfKey, findOtherKey } from './folder-of-key.ts';
import { newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import { findUnfinished } from './unfinished-ceremonies.ts';

/**
 * Imports into a KMS key that exists already, on the screen or line by line. It works in `--workdir`; without it, in the folder
 * of an earlier import into this key; else in a new folder. When neither the folder nor the key is named, the person can choose an
 * unfinished import.
 * @param key the id, the ARN or an alias of the key; without it, the screen offers the keys that wait for material.
 * @returns the exit status.
 */
export function importExisting(key: string | undefined, options: InterfaceOptions): Promise<number> {
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const keyWords = key === undefined ? [] : [key];
  const folderWords = place.workdir === undefined ? [] : workdirWords(place.workdir);
  const continueCommand = ownCommand('import-existing', ...keyWords, ...folderWords);
  return leadWhereAsked({ id: ceremony.id, answersFile: 'existing.yaml' }, options, async () => {
    const knownFolder = place.workdir ?? (key === undefined ? undefined : findFolderOfKey(key));
    if (key !== undefined && knownFolder !== undefined) refuseFolderOfOtherKey(knownFolder, key);
    const isNamed = knownFolder !== undefined || key !== undefined;
    const unfinished = findUnfinished(place).filter((found) => found.ceremony.id === ceremony.id);
    return beginOrContinue(place, {
      ceremony,
      unfinished: isNamed ? [] : unfinished,
      folder: knownFolder ?? newFolder({}),
      continueCommand,
      ...(key === undefined ? {} : { key }),
    });
  });
}

/**
 * Refuses a folder that holds the import into another key than `key`.
 * @throws ProblemError for such a folder.
 */
function refuseFolderOfOtherKey(folder: string, key: string): void {
  const otherKey = findOtherKey(folder, key);
  if (otherKey === undefined) return;
  const problem: Problem = {
    kind: 'fixable',
    what: `Can't import into ${key} here: the folder is of another key.`,
    why: `${folder} holds the import into ${otherKey}.`,
    state: 'Nothing was made or changed.',
    next: ['Name another folder with --workdir.'],
  };
  throw new ProblemError(problem);
}
