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
 * Opens copies of keys with the answers, and holds the keys until the run forgets its secrets. Destroys the keys from other
 * copies, opened before, and the passphrases once all copies are open.
 * @param paths absolute paths.
 * @throws ProblemError when a copy cannot be opened.
 */
export async function openCopies(
  paths: readonly string[],
  answers: Answers,
  services: Services,
): Promise<readonly OpenedCopy[]> {
  const { secrets } = services;
  secrets.keepCopies(paths);
  const opened: OpenedCopy[] = [];
  for (const path of paths) {
    const secret = secrets.copy(path) ?? (await openCopy(path, answers, services));
    secrets.holdCopy(path, secret);
    const card = readCardOf(path);
    opened.push({
      path,
      secret,
      checkValue: keyCheckValue(secret).value,
      ...(card === undefined ? {} : { keyMaterialId: card.keyMaterialId }),
    });
  }
  secrets.forgetPassphrases();
  return opened;
}

/**
 * Tries to open the copies that are still closed, with the answers so far, and holds the keys of those that open.
 * @returns a sentence that says why no copy opened; `undefined` when one did, or when none was closed.
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

async function openCopy(path: string, answers: Answers, services: Services): Promise<SecretBytes> {
  const kind = copyKind(path);
  if (typeof kind !== 'string') throw new ProblemError(cannotOpen(path, kind.why));
  if (kind === 'plain') return readKeyFile(path, inspectKeyFile(path).form);
  const bytes = readBackupFile(path);
  if (typeof bytes === 'string') throw new ProblemError(cannotOpen(path, bytes));
  const opened =
    kind === 'passphrase'
      ? await openWithAnyPassphrase(bytes, services)
      : await openWithAnswers(bytes, kind, answers, services);
  if (!('why' in opened)) return opened;
  const question = kind === 'passphrase' ? 'passphrase' : 'identity';
  throw new ProblemError(cannotOpen(path, opened.why, { question, label: `Give another ${question}` }));
}

/** Tries every passphrase that was given, because each of several backups may have its own. Stops at any other trouble. */
async function openWithAnyPassphrase(file: Buffer, { secrets }: Services): Promise<SecretBytes | BackupTrouble> {
  let result: SecretBytes | BackupTrouble = { trouble: 'wrong passphrase', why: 'Its passphrase was not given.' };
  for (const held of secrets.passphrases) {
    result = await held.use((passphrase) => openBackup(file, { by: 'passphrase', passphrase }));
    if (!('trouble' in result) || result.trouble !== 'wrong passphrase') return result;
  }
  return result;
}

function cannotOpen(
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
