import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The journal of the first import in a folder. */
export const journalFile = 'journal.jsonl';

/** Before later ceremonies had journals with a time in their name, there was one of them. */
const earlierNames: Readonly<Record<string, string>> = { 'check-backup': 'check-backup.jsonl' };

const namedByTime = /^journal-(.+)-\d{8}T\d{6}Z\.jsonl$/;

/** Gives the journals of a later ceremony in a folder, the oldest first. */
export function journalsOf(id: string, folder: string): readonly string[] {
  return laterJournals(folder).flatMap((journal) => (journal.ceremony === id ? [journal.name] : []));
}

/** Gives the journals of all later ceremonies in a folder, with the ceremony that their name says; of each, the oldest first. */
export function laterJournals(folder: string): readonly { readonly ceremony: string; readonly name: string }[] {
  if (!existsSync(folder)) return [];
  const earlier = Object.entries(earlierNames)
    .filter(([, name]) => existsSync(join(folder, name)))
    .map(([ceremony, name]) => ({ ceremony, name }));
  const named = readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const ceremony = namedByTime.exec(name)?.[1];
      return ceremony === undefined ? [] : [{ ceremony, name }];
    });
  return [...earlier, ...named];
}
