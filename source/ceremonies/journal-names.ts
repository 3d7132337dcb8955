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
 * Gives the journals of all later ceremonies in a folder: the file name of each, and the id of the ceremony, which is a part of
 * the name. The journals of one ceremony are in order, the oldest first. Names without a time are older than names with one.
 */
export function laterJournals(folder: string): readonly { readonly ceremony: string; readonly name: string }[] {
  // There are no journals when the path is that of a file. The person is told of it where the folder is opened.
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
