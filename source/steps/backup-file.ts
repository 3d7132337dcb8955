import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { renameLasting } from '../disk/flush.ts';
import { sha256Of } from '../disk/sha256.ts';
import { type BackupTrouble, openBackup } from '../material/backup.ts';
import { readBackupFile, readIdentities } from '../material/backup-file.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import type { MadeBackup } from './backup-fact.ts';
import type { Facts } from './facts.ts';
import { answersOf } from './past.ts';
import type { Services } from './services.ts';

/** Gives the name that the attempt to write a backup file has in the journal. */
export const writeAttemptName = (name: string) => `write ${name}`;

/**
 * Builds the question that asks for the passphrase of a backup, or for the path of an age identity file that opens it.
 * @param backup its file name, and whether it is under a passphrase or for age recipients.
 * @param help a sentence that tells the person why Keyferry opens the backup.
 */
export function openingQuestion(backup: Pick<MadeBackup, 'by' | 'file'>, services: Services, help: string): Question {
  if (backup.by === 'passphrase') {
    return {
      kind: 'secret',
      id: 'passphrase',
      ask: `What is the passphrase of ${backup.file}?`,
      label: 'Passphrase',
      form: 'the passphrase of the backup',
      keep: (text) => services.secrets.holdPassphrase(text),
      answeredIn: 'backup',
      help,
    };
  }
  // The step that made the backup may have opened it with an identity file. The same file is the likely answer now.
  const earlierPath = answersOf(services, 'backup').identity;
  return {
    kind: 'file',
    id: 'identity',
    ask: `Which identity file opens ${backup.file}?`,
    label: 'Identity file',
    form: 'the path of an age identity file, as age-keygen makes it',
    complete: services.folder.complete,
    ...(typeof earlierPath === 'string' && earlierPath !== '' ? { default: earlierPath } : {}),
    check: (path) => identityProblem(path, services),
    help,
  };
}

/** Gives the absolute path of the identity file from the answers, or an empty text when none was given. */
export function identityPath({ identity }: Answers, { folder }: Services): string {
  return typeof identity === 'string' && identity.trim() !== '' ? folder.locate(identity) : '';
}

/** Says why a file cannot be used as an age identity file; `undefined` when it can. */
export function identityProblem(path: string, { folder }: Services): string | undefined {
  if (path.trim() === '') return 'Type the path of the identity file.';
  const identitiesOrReason = readIdentities(folder.locate(path));
  return typeof identitiesOrReason === 'string' ? identitiesOrReason : undefined;
}

/**
 * Opens the bytes of a backup with the passphrase or the identity file that the person gave as the answer to
 * {@link openingQuestion}. Returns the key, which the caller must destroy, or says why the backup did not open.
 * @param file the bytes of the backup.
 * @param by whether the backup is under a passphrase or for age recipients.
 * @throws ProblemError when no passphrase or identity file was given in this run, or the identity file cannot be read.
 */
export async function openWithAnswers(
  file: Buffer,
  by: MadeBackup['by'],
  answers: Answers,
  services: Services,
): Promise<SecretBytes | BackupTrouble> {
  const { secrets } = services;
  if (by === 'passphrase') {
    if (secrets.passphrase === undefined) throw new ProblemError(notGivenProblem('passphrase'));
    return secrets.passphrase.use((passphrase) => openBackup(file, { by, passphrase }));
  }
  const path = identityPath(answers, services);
  if (path === '') throw new ProblemError(notGivenProblem('identity'));
  const identities = readIdentities(path);
  // A string says why the identity file was not read.
  if (typeof identities === 'string') throw new ProblemError({ ...notGivenProblem('identity'), why: identities });
  return openBackup(file, { by: 'identities', identities });
}

/**
 * Opens the backup of this ceremony with the given answers. Returns the key, which the caller must destroy.
 * @throws ProblemError when the file cannot be read, when no passphrase or identity was given in this run, or when the file does
 * not open. A file that has changed and still opens is no error.
 */
export async function openBackupFile(
  backup: MadeBackup,
  { answers, services }: { facts: Facts; answers: Answers; services: Services },
): Promise<SecretBytes> {
  const path = services.folder.file(backup.file);
  const file = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof file === 'string') throw new ProblemError(cannotOpenProblem(path, file));
  const keyOrTrouble = await openWithAnswers(file, backup.by, answers, services);
  if (!('trouble' in keyOrTrouble)) return keyOrTrouble;
  const hasChanged = sha256Of(file) !== backup.sha256;
  const why = hasChanged ? `The file has changed since it was made. ${keyOrTrouble.why}` : keyOrTrouble.why;
  const question = backup.by === 'passphrase' ? 'passphrase' : 'identity';
  throw new ProblemError({
    ...cannotOpenProblem(path, why),
    // No other passphrase or identity helps when the file itself has changed.
    ...(hasChanged ? {} : { remedies: [{ action: 'ask-again', label: `Give another ${question}`, question }] }),
  });
}

/**
 * Writes a backup to the file `NAME.new`, reads that file back from the disk, and hands the bytes to `prove`. Renames the
 * file to `name` when `prove` resolves; else removes it. So a file called `name` is never half-written or unproven. Replaces files
 * that have these names already.
 * @param file the bytes of the backup.
 * @returns the result of `prove`.
 * @throws ProblemError when the file cannot be written or read, or whatever `prove` throws.
 */
export async function keepBackup<Proof>(
  file: Buffer,
  name: string,
  { folder }: Services,
  prove: (readBack: Buffer) => Promise<Proof>,
): Promise<Proof> {
  const newName = `${name}.new`;
  rmSync(folder.file(newName), { force: true });
  try {
    folder.write(newName, file);
    const readBack = readBackupFile(folder.file(newName));
    // A string says why the file was not read.
    if (typeof readBack === 'string') throw new ProblemError(cannotOpenProblem(folder.file(newName), readBack));
    const proof = await prove(readBack);
    renameLasting(folder.file(newName), folder.file(name));
    return proof;
  } finally {
    // After the rename there is no such file, and this does nothing.
    rmSync(folder.file(newName), { force: true });
  }
}

function cannotOpenProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: `Can't open the backup ${path}.`,
    why,
    state: 'Nothing was changed.',
    next: [`Put a good copy of the backup back at ${resolve(path)}, or give what opens it.`],
  } as const;
}

function notGivenProblem(question: 'passphrase' | 'identity') {
  return {
    kind: 'fixable',
    what: "Can't open the backup.",
    why: `Its ${question} was not given in this run.`,
    state: 'Nothing was changed.',
    next: [`Give the ${question}.`],
    remedies: [{ action: 'ask-again', label: `Give the ${question}`, question }],
  } as const;
}
