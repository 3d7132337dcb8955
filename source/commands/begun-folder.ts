import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ceremonyBegunWith, firstCeremony } from '../ceremonies/all.ts';
import { expiry } from '../ceremonies/expiry/expiry.ts';
import { journalFile, journalsOf } from '../ceremonies/journal-names.ts';
import { reimport } from '../ceremonies/reimport/reimport.ts';
import { reimportWrapped } from '../ceremonies/reimport/reimport-wrapped.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import type { Journal } from '../ceremony/journal.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Facts } from '../steps/facts.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { readJournal } from './read-journal.ts';

/** Gives the ceremony with which a folder was begun; `undefined` when the folder has no journal that can be read. */
export function ceremonyBegunIn(folder: string): KeyferryCeremony | undefined {
  const path = join(folder, journalFile);
  if (!existsSync(path)) return undefined;
  try {
    return ceremonyBegunWith(readJournal(firstCeremony(), path));
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}

/**
 * Refuses a folder that was begun with another ceremony than this one.
 * @throws ProblemError for such a folder.
 */
export function refuseOtherCeremony(
  { id, title }: KeyferryCeremony,
  journal: Journal,
  { shown, workdirWords }: CeremonyFolder,
): void {
  if (journal.state.id === undefined) return;
  const begunCeremony = ceremonyBegunWith(journal);
  if (begunCeremony.id === id) return;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't begin "${title}" in ${shown}: another ceremony was begun there.`,
    why: `A folder holds one key, and this one was begun with "${begunCeremony.title}".`,
    state: 'Nothing was made or changed.',
    next: [`Go on with that one: ${ownCommand(...workdirWords)}`, 'Or name another folder with --workdir.'],
  });
}

/**
 * Gives the facts of the ceremony with which a folder was begun; `undefined` when no ceremony was begun there. A later reimport
 * or change of the expiry may have imported the same material again: then the expiry is that of the last such import.
 * @throws ProblemError when one of these journals cannot be read.
 */
export function readRecorded(folder: CeremonyFolder): Facts | undefined {
  if (!folder.has(journalFile)) return undefined;
  const first = factsOf<Facts>(readJournal(firstCeremony(), folder.file(journalFile)));
  const { imported } = first;
  if (imported === undefined) return first;
  const laterJournals = [reimport, reimportWrapped, expiry].flatMap((ceremony) =>
    journalsOf(ceremony.id, folder.path).map((name) => readJournal(ceremony, folder.file(name))),
  );
  const lastImport = laterJournals
    .flatMap((journal) => factsOf<Facts>(journal).broughtBack?.materials ?? [])
    .filter(({ keyMaterialId }) => keyMaterialId === imported.keyMaterialId)
    .sort((one, other) => (one.importedAt < other.importedAt ? -1 : 1))
    .at(-1);
  return lastImport === undefined ? first : { ...first, imported: { ...imported, validTo: lastImport.validTo } };
}
