import { basename } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { openingQuestion, openWithAnswers } from './backup-file.ts';
import { type BadBackup, badBackupProblem } from './bad-backup.ts';
import type { BackupLook } from './check-facts.ts';
import type { Services } from './services.ts';

/**
 * Asks for the passphrase or the identity file that opens a backup, before the backup is checked. Tries the answer immediately, so
 * that the backup is open before the person agrees to anything.
 * @param sendWords a sentence that says what Keyferry will send.
 */
export function openingForCheck(look: BackupLook, services: Services, sendWords: string): Question {
  const { by, file } = look;
  const help = `It opens\n${file}\n${sendWords}`;
  const question = openingQuestion({ by, file: basename(file) }, services, help);
  const verify = async (answer: Answer) => {
    const badBackup = await tryToOpen(look, { [question.id]: answer }, services);
    if (badBackup === undefined) return undefined;
    const { trouble, why } = badBackup;
    if (trouble === 'wrong passphrase' || trouble === 'wrong identity') return why;
    const { state, next } = badBackupProblem(badBackup, services);
    return [why, state, next[0]].join(' ');
  };
  return { ...question, verify, isVerifiedByAct: true };
}

/**
 * Opens a backup with the answers, unless its key is in memory already. Returns the key: `services.secrets` owns it, so the
 * caller must not destroy it.
 * @throws ProblemError when the backup does not open to a key.
 */
export async function openForCheck(look: BackupLook, answers: Answers, services: Services) {
  const badBackup = services.secrets.key === undefined ? await tryToOpen(look, answers, services) : undefined;
  if (badBackup !== undefined) throw new ProblemError(badBackupProblem(badBackup, services));
  if (services.secrets.key === undefined) throw new Error('The backup was opened a moment ago.');
  return services.secrets.key;
}

/**
 * Opens a backup and gives its key to `services.secrets`.
 * @returns what is wrong with the file, or `undefined` when it opened.
 */
async function tryToOpen(look: BackupLook, answers: Answers, services: Services): Promise<BadBackup | undefined> {
  const { file: path, by, recorded } = look;
  const bytes = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') return { path, trouble: 'not read', why: bytes };
  const keyOrTrouble = await openWithAnswers(bytes, by, answers, services);
  if (!('why' in keyOrTrouble)) {
    services.secrets.holdKey(keyOrTrouble);
    return undefined;
  }
  const changeNote = recorded ? '' : ' It is not, byte for byte, the file that was made with the key.';
  return { path, trouble: keyOrTrouble.trouble, why: `${keyOrTrouble.why}${changeNote}` };
}
