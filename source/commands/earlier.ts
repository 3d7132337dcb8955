import { factsOf } from '../ceremony/ceremony.ts';
import type { CeremonyFolder } from '../ceremony/folder.ts';
import { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { EncryptedObject, Facts } from '../steps/facts.ts';
import type { Earlier } from '../steps/services.ts';
import { journalsIn } from './ceremony-journals.ts';

/** Reads what every ceremony in a folder has left, finished or not. A journal that cannot be read is left out. */
export function readEarlier(folder: CeremonyFolder): Earlier {
  const journals = journalsIn(folder.path)
    .flatMap((name) => readWhole(folder.file(name)))
    .sort((one, other) => ((one.state.begunAt ?? '') < (other.state.begunAt ?? '') ? -1 : 1));
  return {
    objects: journals.flatMap(objectsIn),
    openingFiles: journals.flatMap((journal) => answeredPaths(journal, openingAnswer, folder)),
    copies: journals.flatMap((journal) => [
      ...answeredPaths(journal, 'backups', folder),
      ...(factsOf<Facts>(journal).broughtBack?.materials ?? []).map(({ file }) => file),
    ]),
  };
}

/** The names of answers that are a file with a passphrase or an age identity. */
const openingAnswer = /^(?:identity|passphrase(?:-\d+)?-file)$/;

function answeredPaths({ state }: Journal, name: string | RegExp, folder: CeremonyFolder): readonly string[] {
  const isMeant = (id: string) => (typeof name === 'string' ? id === name : name.test(id));
  return [...state.answers.values()]
    .flatMap((answers) => Object.entries(answers).flatMap(([id, answer]) => (isMeant(id) ? [answer].flat() : [])))
    .filter((path) => typeof path === 'string' && path !== '')
    .map((path) => folder.locate(String(path)));
}

/** What a journal has as checked, also where a later file stopped the step. */
function objectsIn({ state }: Journal): readonly EncryptedObject[] {
  return [...state.attempts].flatMap(([name, { outcome, result }]) =>
    name.startsWith('encrypt-objects/check ') && outcome === 'done' ? [result as EncryptedObject] : [],
  );
}

function readWhole(path: string): readonly Journal[] {
  try {
    return [new Journal(path)];
  } catch (error) {
    if (error instanceof ProblemError) return [];
    throw error;
  }
}
