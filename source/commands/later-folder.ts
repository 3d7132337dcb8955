import { resolve } from 'node:path';
import { isBegunIn } from '../ceremonies/journal-names.ts';
import type { Answer } from '../ceremony/question.ts';
import { newFolder, type PlaceOptions } from './open-ceremony.ts';
import { findUnfinished } from './unfinished-ceremonies.ts';

/**
 * Gives the folder for a later ceremony: `workdir`; else the current folder, if a first import was begun in it; else, with a
 * `key`, the folder in which the same ceremony of that key has stopped; else a new folder.
 * @param id the kind of the later ceremony, such as `expiry`.
 * @param key the key that the answers of an unattended run name.
 */
export function laterFolder(id: string, { workdir }: PlaceOptions, key?: Answer): string {
  if (workdir !== undefined) return resolve(workdir);
  if (isBegunIn(process.cwd())) return process.cwd();
  return (key === undefined ? undefined : findStopped(id, key)) ?? newFolder({});
}

/** Finds the folder in which a ceremony of this kind about this key has stopped. Leaves out folders with a first import. */
function findStopped(id: string, key: Answer): string | undefined {
  return findUnfinished({}).find(
    (found) =>
      'journal' in found &&
      found.ceremony.id === id &&
      !isBegunIn(found.path) &&
      found.journal.state.answers.get('find-key')?.key === key,
  )?.path;
}
