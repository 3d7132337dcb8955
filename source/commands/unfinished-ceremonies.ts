import { join } from 'node:path';
import { ceremonyBegunWith, firstCeremony, laterCeremonies } from '../ceremonies/all.ts';
import { isBegunIn, journalFile, journalsOf } from '../ceremonies/journal-names.ts';
import { listKeyferryFolders } from '../ceremonies/keyferry-folders.ts';
import type { Journal } from '../ceremony/journal.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { journalsIn } from './ceremony-journals.ts';
import { explain, type PlaceOptions } from './open-ceremony.ts';
import { readJournal } from './read-journal.ts';

/** A ceremony that was begun and not finished, or whose journal cannot be read: then `problem` says why. */
export type Unfinished = { readonly path: string; readonly ceremony: KeyferryCeremony } & (
  | { readonly journal: Journal }
  | { readonly problem: Problem }
);

/**
 * Finds the unfinished ceremonies, and those whose journal cannot be read, in `workdir`, or else in the current folder and its
 * `keyferry-` subfolders. Of each later ceremony in a folder, only the last journal counts, once the ceremony has sent something.
 */
export function findUnfinished({ workdir }: PlaceOptions): readonly Unfinished[] {
  return findCeremonyFolders(workdir)
    .flatMap((path) => [
      ...readBegun(firstCeremony(), path, isBegunIn(path) ? journalFile : undefined),
      ...laterCeremonies.flatMap((ceremony) => readBegun(ceremony, path, journalsOf(ceremony.id, path).at(-1))),
    ])
    .filter((found) => 'problem' in found || (found.journal.state.id !== undefined && !found.journal.state.finished));
}

/** Finds the folders in which a ceremony was begun: `workdir`, or else the current folder and its `keyferry-` subfolders. */
export function findCeremonyFolders(workdir: string | undefined): readonly string[] {
  const paths = workdir === undefined ? [process.cwd(), ...listKeyferryFolders(process.cwd())] : [workdir];
  return paths.filter((path) => journalsIn(path).length > 0);
}

/**
 * Reads the ceremony of one journal, finished or not. Gives none without a `name`, and none for a later ceremony that sent nothing.
 * @param expected the ceremony of the journal, unless a `journal.jsonl` names another one.
 * @param name the file name of the journal in the folder `path`.
 */
function readBegun(expected: KeyferryCeremony, path: string, name: string | undefined): readonly Unfinished[] {
  if (name === undefined) return [];
  try {
    const journal = readJournal(expected, join(path, name));
    if (name === journalFile) return [{ path, ceremony: ceremonyBegunWith(journal), journal }];
    return journal.state.attempts.size > 0 ? [{ path, ceremony: expected, journal }] : [];
  } catch (error) {
    return [{ path, ceremony: expected, problem: explain(error) }];
  }
}
