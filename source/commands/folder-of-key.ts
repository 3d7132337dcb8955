import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importExisting } from '../ceremonies/import-existing/import-existing.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import type { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';
import type { Facts } from '../steps/facts.ts';
import { findCeremonyFolders } from './open-ceremony.ts';
import { readJournal } from './read-journal.ts';

/** Tells whether a person means the key of this ceremony by that name: its id, its ARN, its alias, or what was answered. */
export function isOfKey(journal: Journal, key: Answer): boolean {
  const { keyId, keyArn, alias } = factsOf<Facts>(journal).key ?? {};
  return [keyId, keyArn, alias, journal.state.answers.get('existing-key')?.key].includes(String(key).trim());
}

/**
 * Finds the folder of an import into this key, finished or not, in the current folder and its `keyferry-` subfolders: so the
 * same command goes on there.
 */
export function findFolderOfKey(key: Answer): string | undefined {
  return findCeremonyFolders(undefined).find((path) => {
    const journal = importIn(path);
    return journal?.state.ceremony === importExisting.id && isOfKey(journal, key);
  });
}

/** Gives the name of the key into which a folder's ceremony imports, where it is not the key that is named now. */
export function findOtherKey(folder: string, key: Answer): string | undefined {
  const journal = importIn(folder);
  const alias = journal === undefined ? undefined : factsOf<Facts>(journal).key?.alias;
  return journal === undefined || alias === undefined || isOfKey(journal, key) ? undefined : alias;
}

/** A journal that cannot be read is told where its folder is opened. */
function importIn(folder: string): Journal | undefined {
  const path = join(folder, journalFile);
  if (!existsSync(path)) return undefined;
  try {
    return readJournal(importExisting, path);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
