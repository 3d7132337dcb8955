import { basename } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { openingQuestion, openWithAnswers } from './backup-file.ts';
import { type BadBackup, badBackupProblem } from './bad-backup.ts';
import type { BackupLook } from './check-facts.ts';
import type { Services } from './services.ts';

/**
 * Builds the question for what opens a backup that is to be checked. The answer is tried at once, so that the backup is open
 * before a person agrees to anything.
 * @param sends a sentence that says what is sent.
 */
export function openingForCheck(look: BackupLook, services: Services, sends: string): Question {
  const { by, file } = look;
  const help = `It opens\n${file}\n${sends}`;
  const question = openingQuestion({ by, file: basename(file) }, services, help);
  const verify = async (answer: Answer) => {
    const bad = await tryToOpen(look, { [question.id]: answer }, services);
    if (bad === undefined) return undefined;
    if (bad.trouble === 'wrong passphrase' || bad.trouble === 'wrong identity') return bad.why;
    const { state, next } = badBackupProblem(bad, services);
    return [bad.why, state, next[0]].join(' ');
  };
  return { ...question, verify, isVerifiedByAct: true };
}

/**
 * Opens a backup with the answers and lets the run hold its key, unless it does already.
 * @throws ProblemError when the backup does not open to a key.
 */
export async function openForCheck(look: BackupLook, answers: Answers, services: Services) {
  const bad = services.secrets.key === undefined ? await tryToOpen(look, answers, services) : undefined;
  if (bad !== undefined) throw new ProblemError(badBackupProblem(bad, services));
  if (services.secrets.key === undefined) throw new Error('The backup was opened a moment ago.');
  return services.secrets.key;
}

/** Opens a backup and lets the run hold its key. @returns what is wrong with the file, or `undefined` when it opened. */
async function tryToOpen(look: BackupLook, answers: Answers, services: Services): Promise<BadBackup | undefined> {
  const { file: path, by, recorded } = look;
  const bytes = readBackupFile(path);
  if (typeof bytes === 'string') return { path, trouble: 'not read', why: bytes };
  const opened = await openWithAnswers(bytes, by, answers, services);
  if (!('why' in opened)) {
    services.secrets.holdKey(opened);
    return undefined;
  }
  const changed = recorded ? '' : ' It is not, byte for byte, the file that was made with the key.';
  return { path, trouble: opened.trouble, why: `${opened.why}${changed}` };
}
