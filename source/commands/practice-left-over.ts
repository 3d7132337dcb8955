import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { firstCeremony } from '../ceremonies/all.ts';
import { journalFile } from '../ceremonies/journal-names.ts';
import { factsOf } from '../ceremony/ceremony.ts';
import { ProblemError, problemIn } from '../ceremony/problem.ts';
import { diskReason } from '../disk/reason.ts';
import { destroyKeyFile } from '../material/key-file.ts';
import { removeState, StateInUse, type StateSummary, summarizeState } from '../practice/remove-state.ts';
import { type Facts, isPractice } from '../steps/facts.ts';
import { plainKeyFile } from '../steps/file-names.ts';
import { listCeremonyFolders, practiceFolder } from './open-ceremony.ts';
import { readJournal } from './read-journal.ts';

/** What practice has left on the disk and nobody needs any more. */
export type PracticeLeftOver = {
  /** Absolute. */
  readonly stateFolder: string;
  readonly state: StateSummary;
  /** The plain keys that practice ceremonies with this state folder made; absolute paths. */
  readonly plainKeys: readonly string[];
};

/**
 * Looks at what practice has left: the state folder of practice AWS, and plain keys in the folders of its ceremonies.
 * @returns `undefined` where the path is no state folder of practice AWS.
 * @throws Error when its database cannot be read.
 */
export function findPracticeLeftOver(stateFolder: string): PracticeLeftOver | undefined {
  const path = resolve(stateFolder);
  const state = summarizeState(path);
  if (state === undefined) return undefined;
  const parent = dirname(path);
  const plainKeys = [parent, ...listCeremonyFolders(parent)]
    .filter((folder) => practiceFolder(folder, { workdir: folder }) === path)
    .filter(hasPlainPracticeKey)
    .map((folder) => join(folder, plainKeyFile));
  return { stateFolder: path, state, plainKeys };
}

/** A key that the person brought as a file is theirs, also where it lies in the folder. */
function hasPlainPracticeKey(folder: string): boolean {
  const journal = join(folder, journalFile);
  if (!existsSync(journal) || !existsSync(join(folder, plainKeyFile))) return false;
  try {
    const { connection, secret } = factsOf<Facts>(readJournal(firstCeremony(), journal));
    return connection !== undefined && isPractice(connection) && secret?.origin === 'generated';
  } catch (error) {
    // Of a ceremony whose journal is damaged nobody can tell whether it was practice.
    if (problemIn(error) === undefined) throw error;
    return false;
  }
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** Names what practice has left, a line each, with the paths in full. */
export function describeLeftOver({ stateFolder, state, plainKeys }: PracticeLeftOver): readonly string[] {
  const { keys, buckets, objects, others } = state;
  const holds = [counted(keys, 'KMS key'), counted(buckets, 'bucket'), counted(objects, 'object')].join(', ');
  return [
    `${stateFolder}: practice AWS with ${holds}`,
    ...(others.length === 0 ? [] : [`  These files in it are not of practice AWS, and stay: ${others.join(', ')}`]),
    ...plainKeys.map((path) => `${path}: a plain practice key`),
  ];
}

/**
 * Removes what practice has left: plain keys are overwritten first.
 * @returns what was removed, a line each.
 * @throws ProblemError when something cannot be removed; it says what was.
 */
export function removeLeftOver({ stateFolder, plainKeys }: PracticeLeftOver): readonly string[] {
  const removed: string[] = [];
  try {
    const isGone = removeState(stateFolder);
    removed.push(`Removed ${isGone ? stateFolder : `practice AWS from ${stateFolder}`}`);
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
