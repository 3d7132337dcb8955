import { existsSync, lstatSync } from 'node:fs';
import { basename, join } from 'node:path';
import { laterCeremonies } from '../ceremonies/all.ts';
import { isBegunIn, journalFile, journalsOf } from '../ceremonies/journal-names.ts';
import { Journal } from '../ceremony/journal.ts';
import { recordNamesOf } from '../steps/file-names.ts';
import type { KeyferryCeremony } from '../steps/services.ts';

/** The name of the lock in a folder. A ceremony holds the lock while it works in the folder. */
export const lockFile = 'journal.lock';

/**
 * Gives the file name of the journal that a ceremony continues or begins in a folder. A ceremony that begins in a new folder
 * always has `journal.jsonl`. A later ceremony continues its last journal when that ceremony has sent something and is not
 * finished, or when its run was killed before it wrote the record. Else it begins another journal, with the time in its name:
 * `journal-reimport-20261125T140200Z.jsonl`.
 * @throws ProblemError when the last journal of a later ceremony cannot be read.
 */
export function journalNameOf({ id, startsFrom, record }: KeyferryCeremony, folder: string, now: Date): string {
  if (startsFrom.from === 'new folder') return journalFile;
  const lastName = journalsOf(id, folder).at(-1);
  if (lastName !== undefined) {
    const journal = new Journal(join(folder, lastName));
    if (isUnderWay(journal) || (record !== undefined && lacksRecord(journal, folder))) return lastName;
  }
  // When the name of this second is taken, the next free second gives the name.
  for (let at = now; ; at = new Date(at.getTime() + 1000)) {
    const name = `journal-${id}-${stampOf(at)}.jsonl`;
    if (!existsSync(join(folder, name))) return name;
  }
}

/** Gives the file names of the journals of every ceremony in a folder. */
export function journalsIn(folder: string): readonly string[] {
  const first = isBegunIn(folder) ? [journalFile] : [];
  return [...first, ...laterCeremonies.flatMap(({ id }) => journalsOf(id, folder))];
}

/** Tells whether a later ceremony has sent something and is not finished. A ceremony that has sent nothing begins again. */
function isUnderWay({ state }: Journal): boolean {
  return !state.finished && state.attempts.size > 0;
}

/** Tells whether a stop now would leave a ceremony that the same command continues, or that is finished. */
export function canContinue({ startsFrom }: KeyferryCeremony, journal: Journal): boolean {
  if (startsFrom.from === 'new folder') return journal.state.id !== undefined;
  return journal.state.finished || isUnderWay(journal);
}

/**
 * Tells whether the run of a journal has sent something and has not written the record: it was killed before that, and has left
 * its lock in the folder. A run that is still at work has its lock there too: then the new run is refused
 * when it takes the lock.
 */
function lacksRecord({ path, state }: Journal, folder: string): boolean {
  // lstat, because the lock is a symbolic link to a file that does not exist.
  const isLocked = lstatSync(join(folder, lockFile), { throwIfNoEntry: false }) !== undefined;
  return isLocked && state.attempts.size > 0 && !existsSync(join(folder, recordNamesOf(basename(path)).markdown));
}

/** Gives a time for a file name: `20261125T140200Z`. */
function stampOf(at: Date): string {
  // Takes the hyphens, the colons and the milliseconds out of `2026-11-25T14:02:00.000Z`.
  return at.toISOString().replaceAll(/[-:]|\.\d+/g, '');
}
