import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { journalFile } from '../ceremonies/journal-names.ts';
import type { Answer } from '../ceremony/question.ts';
import { findUnfinished, newFolder, type PlaceOptions } from './open-ceremony.ts';

/**
 * Gives the folder for a ceremony that starts from what another one has recorded: `workdir`; else the current folder when it
 * holds a first import; else the folder where such a ceremony of `key` has stopped; else a new folder.
 * @param id the ceremony.
 * @param key the key that the answers of an unattended run name.
 */
export function laterFolder(id: string, { workdir }: PlaceOptions, key?: Answer): string {
  if (workdir !== undefined) return resolve(workdir);
  if (existsSync(join(process.cwd(), journalFile))) return process.cwd();
  return (key === undefined ? undefined : findStopped(id, key)) ?? newFolder({});
}

/** Finds the folder of an unfinished ceremony of this key which has no first import in the same folder. */
function findStopped(id: string, key: Answer): string | undefined {
  return findUnfinished({}).find(
    (found) =>
      'journal' in found &&
      found.ceremony.id === id &&
      !existsSync(join(found.path, journalFile)) &&
      found.journal.state.answers.get('find-key')?.key === key,
  )?.path;
}
