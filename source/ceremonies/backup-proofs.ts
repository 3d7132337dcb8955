import { dirname, join } from 'node:path';
import { factsOf } from '../ceremony/ceremony.ts';
import type { Journal } from '../ceremony/journal.ts';
import { findBackupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { madeBackup } from '../steps/backup-fact.ts';
import { findBroughtBack } from '../steps/brought-before.ts';
import { type Facts, secretInKms } from '../steps/facts.ts';

/** A backup that was opened and shown to hold a material of a key. */
export type ProvenBackup = {
  /** The absolute path at that time. A person may have moved the file since. */
  readonly file: string;
  readonly keyMaterialId: string;
  /** The time of the proof, ISO 8601. */
  readonly provenAt: string;
};

/**
 * Finds the backups that the ceremony of a journal has shown to hold material of the key. There are three such proofs: the
 * backup was opened when it was made, and KMS has that secret; KMS answered "the same" to a check of the backup; KMS took the
 * material from the backup in a later import.
 */
export function provenBackups(journal: Journal): readonly ProvenBackup[] {
  const facts = factsOf<Facts>(journal);
  return [...provenWhenMade(journal, facts), ...provenByCheck(facts), ...provenByImport(journal)];
}

/** Gives the backup of a first import when it was opened after it was made, and KMS has the secret in it. */
function provenWhenMade({ path, lines }: Journal, facts: Facts): readonly ProvenBackup[] {
  const { imported, wrapped } = facts;
  const backup = madeBackup(facts.backup);
  // A later ceremony may repeat the facts `backup` and `imported`. Of the journals with a backup that Keyferry made, only that of
  // the first import, which made it, has `wrapped`.
  if (backup === undefined || imported === undefined || wrapped === undefined) return [];
  if (backup.proven !== 'opened' || secretInKms(facts) !== 'shown') return [];
  const doneLine = lines.findLast((line) => line.kind === 'done' && 'backup' in line.facts);
  if (doneLine === undefined) return [];
  const { keyMaterialId } = imported;
  return [{ file: join(dirname(path), backup.file), keyMaterialId, provenAt: doneLine.at }];
}

/** Gives the backup that a check compared with the material in KMS, when KMS answered that the two are the same. */
function provenByCheck({ answer, check, imported }: Facts): readonly ProvenBackup[] {
  if (answer?.same !== true || check === undefined || imported === undefined) return [];
  return [{ file: check.file, keyMaterialId: imported.keyMaterialId, provenAt: answer.answeredAt }];
}

/**
 * Gives the backups whose bytes KMS took in a later import. The step `bring-back` imports in a reimport, the step `change-expiry`
 * in a change of the expiry.
 */
function provenByImport({ lines }: Journal): readonly ProvenBackup[] {
  return [...findBroughtBack(lines, 'bring-back'), ...findBroughtBack(lines, 'change-expiry')]
    .filter(({ file }) => isBackup(file))
    .map(({ file, keyMaterialId, importedAt }) => ({ file, keyMaterialId, provenAt: importedAt }));
}

/** Tells whether a file is an age file, and not a plain key file. When the file cannot be read, its name decides. */
function isBackup(file: string): boolean {
  const bytesOrReason = readBackupFile(file);
  // A string says why the file cannot be read.
  if (typeof bytesOrReason === 'string') return file.endsWith('.age');
  return !('trouble' in findBackupKind(bytesOrReason));
}
