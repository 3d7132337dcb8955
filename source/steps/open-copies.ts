import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import { type BackupTrouble, openBackup } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readKeyFile } from '../material/key-file.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import { readCardOf } from './backup-card.ts';
import { openWithAnswers } from './backup-file.ts';
import { copyKind, shownPath } from './copies.ts';
import type { Services } from './services.ts';

/** A copy of a key that was opened. {@link HeldSecrets} owns the bytes and destroys them. */
export type OpenedCopy = {
  readonly path: string;
  readonly secret: SecretBytes;
  readonly checkValue: string;
  /** The id of the material that the card beside the copy names. */
  readonly keyMaterialId?: string;
};

/**
 * Opens copies of keys with the answers. `services.secrets` owns the keys until the run forgets its secrets. First destroys
 * the keys from copies that are not in `paths`. Destroys the passphrases once all copies are open.
 * @param paths absolute paths of the copies.
 * @throws ProblemError when a copy cannot be opened.
 */
export async function openCopies(
  paths: readonly string[],
  answers: Answers,
  services: Services,
): Promise<readonly OpenedCopy[]> {
  const { secrets } = services;
  secrets.keepCopies(paths);
  const openedCopies: OpenedCopy[] = [];
  for (const path of paths) {
    const secret = secrets.copy(path) ?? (await openCopy(path, answers, services));
    secrets.holdCopy(path, secret);
    const card = readCardOf(path);
    openedCopies.push({
      path,
      secret,
      checkValue: keyCheckValue(secret).value,
      ...(card === undefined ? {} : { keyMaterialId: card.keyMaterialId }),
    });
  }
  secrets.forgetPassphrases();
  return openedCopies;
}

/**
 * Tries to open the copies that are still closed, with the answers so far. `services.secrets` gets the keys of those that open, and
 * notes that the passphrases were tried.
 * @returns a sentence that says why no copy opened; `undefined` when a copy opened, or when all were open before.
 */
export async function openMore(
  paths: readonly string[],
  answers: Answers,
  services: Services,
): Promise<string | undefined> {
  const { secrets } = services;
  const closed = paths.filter((path) => secrets.copy(path) === undefined);
  const reasons: string[] = [];
  for (const path of closed) {
    try {
      secrets.holdCopy(path, await openCopy(path, answers, services));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      reasons.push(error.problem.why ?? error.problem.what);
    }
  }
  secrets.noteTried();
  if (reasons.length < closed.length || closed.length === 0) return undefined;
  return closed.length === 1 ? reasons[0] : `It opens none of these ${closed.length} backups. ${reasons[0]}`;
}

/**
 * Opens one copy: a plain key file, or a backup with the answers. Returns the key.
 * @throws ProblemError when the copy does not open.
 */
async function openCopy(path: string, answers: Answers, services: Services): Promise<SecretBytes> {
  const kind = copyKind(path);
  // An object says why the file is no copy.
  if (typeof kind === 'object') throw new ProblemError(cannotOpenProblem(path, kind.why));
  if (kind === 'plain') return readKeyFile(path, inspectKeyFile(path).form);
  const bytes = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') throw new ProblemError(cannotOpenProblem(path, bytes));
  const keyOrTrouble =
    kind === 'passphrase'
      ? await openWithAnyPassphrase(bytes, services)
      : await openWithAnswers(bytes, kind, answers, services);
  if (!('why' in keyOrTrouble)) return keyOrTrouble;
  const question = kind === 'passphrase' ? 'passphrase' : 'identity';
  throw new ProblemError(cannotOpenProblem(path, keyOrTrouble.why, { question, label: `Give another ${question}` }));
}

/**
 * Tries every passphrase that was given, because each of several backups may have its own. Stops when the backup has another
 * trouble than a wrong passphrase.
 */
async function openWithAnyPassphrase(file: Buffer, { secrets }: Services): Promise<SecretBytes | BackupTrouble> {
  let result: SecretBytes | BackupTrouble = { trouble: 'wrong passphrase', why: 'Its passphrase was not given.' };
  for (const text of secrets.passphrases) {
    result = await text.use((passphrase) => openBackup(file, { by: 'passphrase', passphrase }));
    if (!('trouble' in result) || result.trouble !== 'wrong passphrase') return result;
  }
  return result;
}

/** Makes the problem of a copy that does not open. @param opening the question whose answer may be wrong, and its label. */
function cannotOpenProblem(
  path: string,
  why: string,
  opening?: { readonly question: string; readonly label: string },
): Problem {
  const another = { action: 'ask-again', label: 'Name another copy', question: 'backups' } as const;
  return {
    kind: 'fixable',
    what: `Can't open the copy ${shownPath(path)}.`,
    why,
    state: 'Nothing was sent or changed.',
    next: ['Give what opens it, or name another copy.'],
    remedies: opening === undefined ? [another] : [{ action: 'ask-again', ...opening }, another],
  };
}
