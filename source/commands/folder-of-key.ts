import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { importExisting as importExistingCeremony } from '../ceremonies/import-existing/import-existing.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import type { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';
import type { Facts } from '../steps/facts.ts';
import { readJournal } from './read-journal.ts';
import { findCeremonyFolders } from './unfinished-ceremonies.ts';

/**
 * Tells whether a person means the key of this ceremony by the name `key`. The name is the key's id, its ARN, its alias, or the
 * name that the person answered at the step `existing-key`.
 */
export function isOfKey(journal: Journal, key: Answer): boolean {
  const { keyId, keyArn, alias } = factsOf<Facts>(journal).key ?? {};
  return [keyId, keyArn, alias, journal.state.answers.get('existing-key')?.key].includes(String(key).trim());
}

/**
 * Finds the folder of an import into this existing key, finished or not, so that the same command goes on there. Looks in the
 * current folder and in its `keyferry-` subfolders. `undefined` when there is none.
 */
export function findFolderOfKey(key: Answer): string | undefined {
  return findCeremonyFolders(undefined).find((path) => {
    const journal = readFirstJournal(path);
    return journal?.state.ceremony === importExistingCeremony.id && isOfKey(journal, key);
  });
}

/**
 * Finds out whether the ceremony of a folder imports into another key than `key`.
 * @returns the alias of the other key; `undefined` when the folder is of `key`, or its key is not known.
 */
export function findOtherKey(folder: string, key: Answer): string | undefined {
  const journal = readFirstJournal(folder);
  if (journal === undefined || isOfKey(journal, key)) return undefined;
  return factsOf<Facts>(journal).key?.alias;
}

/**
 * Reads the journal with which a folder was begun. Gives `undefined` also when the journal cannot be read, because the person is
 * told of it when the folder is opened.
 */
function readFirstJournal(folder: string): Journal | undefined {
  const path = join(folder, journalFile);
  if (!existsSync(path)) return undefined;
  try {
    return readJournal(importExistingCeremony, path);
  } catch (error) {
    if (error instanceof ProblemError) return undefined;
    throw error;
  }
}
