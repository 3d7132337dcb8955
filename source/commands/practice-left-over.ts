import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { firstCeremony } from '../ceremonies/all.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { listKeyferryFolders } from '../ceremonies/keyferry-folders.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import { ProblemError, problemIn } from '../ceremony/problem.ts';
import { diskReason } from '../disk/reason.ts';
import { destroyKeyFile } from '../material/key-file.ts';
import { removeState, StateInUse, type StateSummary, summarizeState } from '../practice/remove-state.ts';
import { type Facts, isPractice } from '../steps/facts.ts';
import { plainKeyFile } from '../steps/file-names.ts';
import { practiceFolder } from './open-ceremony.ts';
import { readJournal } from './read-journal.ts';

/** The practice files on the disk that nobody needs any more. */
export type PracticeLeftOver = {
  /** The absolute path of the folder. */
  readonly stateFolder: string;
  readonly state: StateSummary;
  /** The absolute paths of the plain key files that practice ceremonies with this state folder made. */
  readonly plainKeys: readonly string[];
};

/**
 * Finds the practice files: the state folder of practice AWS, and plain keys in the folders of the ceremonies that used it.
 * @returns `undefined` when the path is no state folder of practice AWS.
 * @throws Error when its database cannot be read.
 */
export function findPracticeLeftOver(stateFolder: string): PracticeLeftOver | undefined {
  const path = resolve(stateFolder);
  const state = summarizeState(path);
  if (state === undefined) return undefined;
  const parent = dirname(path);
  const plainKeys = [parent, ...listKeyferryFolders(parent)]
    // Only ceremonies whose practice AWS keeps its state in this state folder.
    .filter((folder) => practiceFolder(folder, { workdir: folder }) === path)
    .filter(hasPlainPracticeKey)
    .map((folder) => join(folder, plainKeyFile));
  return { stateFolder: path, state, plainKeys };
}

/**
 * Tells whether the folder has a plain key file that a practice ceremony generated. A key that the person brought as a file
 * belongs to the person, also when it is in the folder.
 */
function hasPlainPracticeKey(folder: string): boolean {
  const journal = join(folder, journalFile);
  if (!existsSync(journal) || !existsSync(join(folder, plainKeyFile))) return false;
  try {
    const { connection, secret } = factsOf<Facts>(readJournal(firstCeremony(), journal));
    return connection !== undefined && isPractice(connection) && secret?.origin === 'generated';
  } catch (error) {
    // A journal that cannot be read does not tell whether the ceremony was practice, so its key stays.
    if (problemIn(error) === undefined) throw error;
    return false;
  }
}

/** Gives a count with its noun: `1 bucket`, `2 buckets`. */
const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Gives a line about each thing that practice has left, with its absolute path. */
export function describeLeftOver({ stateFolder, state, plainKeys }: PracticeLeftOver): readonly string[] {
  const { keys, buckets, objects, others } = state;
  const contents = [counted(keys, 'KMS key'), counted(buckets, 'bucket'), counted(objects, 'object')].join(', ');
  return [
    `${stateFolder}: practice AWS with ${contents}`,
    ...(others.length === 0 ? [] : [`  These files in it are not of practice AWS, and stay: ${others.join(', ')}`]),
    ...plainKeys.map((path) => `${path}: a plain practice key`),
  ];
}

/**
 * Removes the practice files. Plain keys are overwritten before they are removed.
 * @returns a line about each thing that was removed.
 * @throws ProblemError when something cannot be removed. The problem says what was removed before.
 */
export function removeLeftOver({ stateFolder, plainKeys }: PracticeLeftOver): readonly string[] {
  const removed: string[] = [];
  try {
    const isFolderRemoved = removeState(stateFolder);
    removed.push(`Removed ${isFolderRemoved ? stateFolder : `practice AWS from ${stateFolder}`}`);
    for (const path of plainKeys) {
      destroyKeyFile(path);
      removed.push(`Removed ${path}`);
    }
    return removed;
  } catch (error) {
    const { why } = problemIn(error) ?? {};
    throw new ProblemError({
      kind: 'fixable',
      what: "Can't remove everything that practice has left.",
      why: error instanceof StateInUse ? `${error.message}.` : (why ?? diskReason(error)),
      state: removed.length === 0 ? 'Nothing was removed.' : `${removed.join('. ')}. The rest is still there.`,
      next: [
        error instanceof StateInUse
          ? 'Stop it with Ctrl+C where it runs, then do the same again.'
          : 'Remove the rest by hand, or do the same again.',
      ],
    });
  }
}
