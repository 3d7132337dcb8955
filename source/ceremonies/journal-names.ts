import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The file name of the journal of the ceremony with which a folder was begun. */
export const journalFile = 'journal.jsonl';

/** Tells whether a folder was begun with a ceremony for a new folder. A folder with journals of later ceremonies only was not. */
export const isBegunIn = (folder: string) => existsSync(join(folder, journalFile));

/** File names that earlier versions of this program gave to the journal of a later ceremony, by the id of the ceremony. */
const earlierNames: Readonly<Record<string, string>> = { 'check-backup': 'check-backup.jsonl' };

/** Matches `journal-reimport-20261125T140200Z.jsonl`; the group is the id of the ceremony, here `reimport`. */
const nameWithTime = /^journal-(.+)-\d{8}T\d{6}Z\.jsonl$/;

/** Gives the file names of the journals of a later ceremony in a folder, the oldest first. @param id the ceremony. */
export function journalsOf(id: string, folder: string): readonly string[] {
  return laterJournals(folder).flatMap((journal) => (journal.ceremony === id ? [journal.name] : []));
}

/**
 * Gives the journals in a folder of all ceremonies after the first import: the file name, and the id of the ceremony, which is a
 * part of the name. The journals of one ceremony are sorted, the oldest first: names without a time are older than those with
 * one.
 */
export function laterJournals(folder: string): readonly { readonly ceremony: string; readonly name: string }[] {
  // When the path is that of a file, it has no journals. Who wants to work there is told so elsewhere.
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  const untimed = Object.entries(earlierNames)
    .filter(([, name]) => existsSync(join(folder, name)))
    .map(([ceremony, name]) => ({ ceremony, name }));
  const timed = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const ceremony = nameWithTime.exec(name)?.[1];
      return ceremony === undefined ? [] : [{ ceremony, name }];
    });
  return [...untimed, ...timed];
}
