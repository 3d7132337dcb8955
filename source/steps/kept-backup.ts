import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { renameLasting } from '../disk/flush.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { type MadeBackup, madeBackup } from './backup-fact.ts';
import { writeAttemptName } from './backup-file.ts';
import { type Facts, need } from './facts.ts';
import { backupFileName } from './file-names.ts';
import { isDone } from './past.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** A backup that was made in this ceremony, and the path at which its file is now. */
export type BackupHere = { readonly fact: MadeBackup; readonly path: string };

/**
 * Finds the backup that a person had made before they went back to an earlier step. Gives `undefined` while the step `backup` is
 * done, and otherwise what {@link findBackupOfKey} gives.
 */
export function findKeptBackup(facts: Facts, services: Services): BackupHere | undefined {
  return isDone(services, 'backup') ? undefined : findBackupOfKey(facts, services);
}

/**
 * Finds the backup with which the step `backup` was done last. Gives `undefined` when that step was never done, when the person
 * declined a backup there, when the backup holds another key than the ceremony has now, or when its file is not there as it was
 * written. The facts may be those of a step before the backup.
 */
export function findBackupOfKey(facts: Facts, { journal, folder }: Services): BackupHere | undefined {
  const madeAt = journal.lines.findLastIndex((line) => line.kind === 'done' && line.step === 'backup');
  const made = journal.lines[madeAt];
  const fact = made?.kind === 'done' ? madeBackup((made.facts as Facts).backup) : undefined;
  if (fact === undefined) return undefined;
  // The key at that time: the last one that a step had given.
  const withSecret = journal.lines.findLast(
    (line, index) => index <= madeAt && line.kind === 'done' && 'secret' in line.facts,
  );
  const secretThen = withSecret?.kind === 'done' ? keyHere((withSecret.facts as Facts).secret) : undefined;
  const secretNow = keyHere(facts.secret);
  if (secretThen === undefined || secretThen.checkValue.value !== secretNow?.checkValue.value) return undefined;
  // A run that was cut off may have renamed the file already.
  const names = facts.description === undefined ? [fact.file] : [fact.file, newNameOf(facts)];
  const path = names.map((name) => folder.file(name)).find((each) => hasHash(each, fact.sha256));
  return path === undefined ? undefined : { fact, path };
}

/**
 * Keeps a backup that was made before, and gives its file the name that belongs to the present alias.
 * @param makeRoom gets the new name before the file gets it, and renames another file that has this name.
 * @returns the facts of the backup.
 * @throws ProblemError when there is no such backup any more.
 */
export async function keepEarlierBackup(
  { facts, services, attempt, report }: ActContext<Facts, Services>,
  makeRoom: (name: string) => void,
): Promise<MadeBackup> {
  const kept = findKeptBackup(facts, services);
  if (kept === undefined) throw new ProblemError(notKeptProblem);
  const name = newNameOf(facts);
  const target = services.folder.file(name);
  if (kept.path !== target) {
    makeRoom(name);
    await attempt({
      name: writeAttemptName(name),
      act: async () => {
        renameLasting(kept.path, target);
        return { sha256: kept.fact.sha256 };
      },
      // When an earlier run has renamed the file, `kept` has it at the target already, and there is no attempt.
      probe: async () => ({ found: 'not done' }),
      refused: () => !services.folder.has(name),
    });
  }
  report({ id: 'backup', label: `${name}, which was made before, stays`, state: 'done' });
  return { ...kept.fact, file: name };
}

/** Tells whether there is a file with this SHA-256 at the path. */
function hasHash(path: string, sha256: string): boolean {
  const bytes = readBackupFile(path);
  return typeof bytes !== 'string' && sha256Of(bytes) === sha256;
}

const newNameOf = (facts: Facts) => backupFileName(need(facts, 'description').alias);

const notKeptProblem = {
  kind: 'fixable',
  what: "Can't keep the backup that was made before.",
  why: 'Its file has changed, or is gone.',
  state: 'Nothing was imported; the key is unchanged.',
  next: ['Make another one.'],
  remedies: [{ action: 'ask-again', label: 'Choose how to make it', question: 'how' }],
} as const;
