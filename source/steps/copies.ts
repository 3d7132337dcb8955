import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import { type BackupKind, backupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readKeyFile } from '../material/key-file.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import { cardBeside, readBackupCards } from './backup-card.ts';
import { openWithAnswers } from './backup-file.ts';
import { type Facts, type Material, need } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import type { Services } from './services.ts';

/** How a copy of a key is kept: in a backup by age, or as a plain key file. */
export type CopyKind = BackupKind | 'plain';

/** What a file is that should hold a copy of a key, or why it is none, as a sentence. Nothing is opened. */
export function copyKind(path: string): CopyKind | { readonly why: string } {
  const bytes = readBackupFile(path);
  if (typeof bytes === 'string') return { why: bytes };
  const kind = backupKind(bytes);
  if (typeof kind === 'string') return kind;
  const { verdict, findings } = inspectKeyFile(path);
  if (verdict === 'ready' || verdict === 'convertible') return 'plain';
  return { why: `${basename(path)} is neither a backup nor a key file. ${findings[0] ?? kind.why}` };
}

/**
 * Copies of the key that are at hand, as paths that a person can read: the plain key file, the person's own file, and
 * backups. A backup whose card says that it is of another key, or of material that is not wanted, is left out.
 */
export function copiesHere(wanted: readonly Material[], facts: Facts, services: Services): readonly string[] {
  const { folder, recorded } = services;
  const { keyArn } = need(facts, 'key');
  const ids = new Set(wanted.map(({ keyMaterialId }) => keyMaterialId));
  const carded = readBackupCards(folder.path)
    .filter((card) => card.keyArn === keyArn && ids.has(card.keyMaterialId))
    .map(({ backup }) => folder.file(backup.file));
  const { backup, imported, secret } = recorded ?? {};
  const isRecordedWanted = imported !== undefined && (ids.has(imported.keyMaterialId) || ids.has(''));
  const made = isRecordedWanted && backup !== undefined && backup.by !== 'declined' ? [folder.file(backup.file)] : [];
  const plain = isRecordedWanted ? [folder.file(plainKeyFile), secret?.source] : [];
  const paths = [...carded, ...made, ...plain].filter((path) => path !== undefined && existsSync(path));
  return [...new Set(paths as readonly string[])].slice(0, Math.max(wanted.length, 1)).map((path) => shownPath(path));
}

/** A path as people read it: from the current folder, where that is shorter. */
function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}

/** A copy of a key that was opened, with what is known of it. The bytes stay the run's own, which destroys them. */
export type OpenedCopy = {
  readonly path: string;
  readonly secret: SecretBytes;
  readonly checkValue: string;
  /** The material that the card beside it names. */
  readonly keyMaterialId?: string;
};

/**
 * Opens copies of keys with what was answered, and holds them until the run forgets its secrets.
 * @throws ProblemError when one cannot be opened: nothing was sent by then.
 */
export async function openCopies(
  paths: readonly string[],
  answers: Answers,
  services: Services,
): Promise<readonly OpenedCopy[]> {
  const opened: OpenedCopy[] = [];
  for (const path of paths) {
    const secret = services.secrets.copy(path) ?? (await openCopy(path, answers, services));
    services.secrets.holdCopy(path, secret);
    const card = cardBeside(path);
    opened.push({
      path,
      secret,
      checkValue: keyCheckValue(secret).value,
      ...(card === undefined ? {} : { keyMaterialId: card.keyMaterialId }),
    });
  }
  return opened;
}

async function openCopy(path: string, answers: Answers, services: Services): Promise<SecretBytes> {
  const kind = copyKind(path);
  if (typeof kind !== 'string') throw new ProblemError(cannotOpen(path, kind.why));
  if (kind === 'plain') return readKeyFile(path, inspectKeyFile(path).form);
  const bytes = readBackupFile(path);
  if (typeof bytes === 'string') throw new ProblemError(cannotOpen(path, bytes));
  const opened = await openWithAnswers(bytes, kind, answers, services);
  if (!('why' in opened)) return opened;
  const question = kind === 'passphrase' ? 'passphrase' : 'identity';
  throw new ProblemError({
    ...cannotOpen(path, opened.why),
    remedies: [
      { action: 'ask-again', label: `Give another ${question}`, question },
      { action: 'ask-again', label: 'Name another copy', question: 'backups' },
    ],
  });
}

function cannotOpen(path: string, why: string) {
  return {
    kind: 'fixable',
    what: `Can't open the copy ${shownPath(path)}.`,
    why,
    state: 'Nothing was sent or changed.',
    next: ['Give what opens it, or name another copy.'],
    remedies: [{ action: 'ask-again', label: 'Name another copy', question: 'backups' }],
  } as const;
}
