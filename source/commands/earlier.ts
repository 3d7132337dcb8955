import { factsOf } from '../ceremony/ceremony.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { EncryptedObject, Facts } from '../steps/facts.ts';
import type { Earlier } from '../steps/services.ts';
import { journalsIn } from './ceremony-journals.ts';

/**
 * Reads what the ceremonies of a folder, finished or not, have left: uploaded objects, files that open a backup, and copies of the
 * key. The journals tell it. A journal that cannot be read is left out.
 */
export function readEarlier(folder: CeremonyFolder): Earlier {
  const journals = journalsIn(folder.path)
    .flatMap((name) => readIfWhole(folder.file(name)))
    .sort((one, other) => ((one.state.begunAt ?? '') < (other.state.begunAt ?? '') ? -1 : 1));
  return {
    objects: journals.flatMap(objectsIn),
    openingFiles: journals.flatMap((journal) => answeredPaths(journal, openingQuestion, folder)),
    copies: journals.flatMap((journal) => [
      ...answeredPaths(journal, 'backups', folder),
      ...(factsOf<Facts>(journal).broughtBack?.materials ?? []).map(({ file }) => file),
    ]),
  };
}

/** Matches the ids of questions for a file with an age identity or a passphrase, such as `passphrase-2-file`. */
const openingQuestion = /^(?:identity|passphrase(?:-\d+)?-file)$/;

/** Gives the absolute paths that were answered to a question. @param question the id of the question, or a pattern for ids. */
function answeredPaths({ state }: Journal, question: string | RegExp, folder: CeremonyFolder): readonly string[] {
  const matches = (id: string) => (typeof question === 'string' ? id === question : question.test(id));
  // An answer is one path or a list of paths.
  return [...state.answers.values()]
    .flatMap((answers) => Object.entries(answers).flatMap(([id, answer]) => (matches(id) ? answer : [])))
    .filter((path) => typeof path === 'string' && path !== '')
    .map((path) => folder.locate(String(path)));
}

/**
 * Gives the uploaded and checked objects that a journal lists: those of a step that is done; in a journal of an earlier version,
 * also those of a step that stopped.
 */
function objectsIn(journal: Journal): readonly EncryptedObject[] {
  // Earlier versions noted the check of each object.
  const checked = [...journal.state.attempts].flatMap(([name, { outcome, result }]) =>
    name.startsWith('encrypt-objects/check ') && outcome === 'done' ? [result as EncryptedObject] : [],
  );
  const listed = factsOf<Facts>(journal).objects?.objects ?? [];
  return [...checked, ...listed.filter(({ key }) => !checked.some((object) => object.key === key))];
}

/** Reads a journal; gives none when it cannot be read, is damaged, is no regular file, or may be changed by others. */
function readIfWhole(path: string): readonly Journal[] {
  try {
    return [new Journal(path)];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}
