import { resolve } from 'node:path';
import { importExisting as ceremony } from '../ceremonies/import-existing/import-existing.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import { beginOrContinue } from './begin-or-continue.ts';
import { leadWhereAsked } from './beginning.ts';
import { findFolderOfKey, findOtherKey } from './folder-of-key.ts';
import { findUnfinished, newFolder } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';

/**
 * Imports into a KMS key that is there already, on the screen or line by line: in the folder named, in that of an earlier
 * import into this key, or else in a new one.
 * @param key its id, its ARN or an alias; without it, the screen offers the keys that wait.
 * @returns the exit status.
 */
export function importExisting(key: string | undefined, options: InterfaceOptions): Promise<number> {
  const place = options.workdir === undefined ? options : { ...options, workdir: resolve(options.workdir) };
  const workdir = place.workdir === undefined ? [] : workdirWords(place.workdir);
  const goOn = ownCommand('import-existing', ...(key === undefined ? [] : [key]), ...workdir);
  return leadWhereAsked({ id: ceremony.id, answersFile: 'existing.yaml' }, options, async () => {
    const known = place.workdir ?? (key === undefined ? undefined : findFolderOfKey(key));
    if (key !== undefined && known !== undefined) refuseOtherKey(known, key);
    const isUnfinished = findUnfinished(place).filter((found) => found.ceremony.id === ceremony.id);
    return beginOrContinue(place, {
      ceremony,
      unfinished: known === undefined && key === undefined ? isUnfinished : [],
      folder: known ?? newFolder({}),
      goOn,
      ...(key === undefined ? {} : { key }),
    });
  });
}

/** @throws ProblemError where the folder is of another key. */
function refuseOtherKey(folder: string, key: string): void {
  const other = findOtherKey(folder, key);
  if (other === undefined) return;
  const problem: Problem = {
    kind: 'fixable',
    what: `Can't import into ${key} here: the folder is of another key.`,
    why: `${folder} holds the import into ${other}.`,
    state: 'Nothing was made or changed.',
    next: ['Name another folder with --workdir.'],
  };
  throw new ProblemError(problem);
}
