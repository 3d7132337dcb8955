import { dirname, join } from 'node:path';
import { factsOf } from '../ceremony/ceremony.ts';
import type { Journal } from '../ceremony/journal.ts';
import { backupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { findBroughtBack } from '../steps/brought-before.ts';
import { type Facts, secretInKms } from '../steps/facts.ts';

/** A backup that was opened and shown to hold a material of a key. */
export type ProvenBackup = {
  /** Absolute; a person may have moved the file since. */
  readonly file: string;
  readonly keyMaterialId: string;
  /** ISO 8601. */
  readonly provenAt: string;
};

/**
 * Finds in a journal when which backup was shown to hold material of the key: a check to which KMS answered "the same", an
 * import again from a backup, or a backup that was opened when it was made and whose secret is the one in KMS.
 */
export function provenBackups(journal: Journal): readonly ProvenBackup[] {
  const facts = factsOf<Facts>(journal);
  return [...whenMade(journal, facts), ...whenChecked(facts), ...whenBroughtBack(journal)];
}

function whenMade({ path, lines }: Journal, facts: Facts): readonly ProvenBackup[] {
  const { backup, imported, wrapped } = facts;
  // A later ceremony may repeat what the first import said of the backup; it has wrapped nothing then.
  if (backup === undefined || imported === undefined || wrapped === undefined) return [];
  if (backup.by === 'declined' || backup.proven !== 'opened' || secretInKms(facts) !== 'shown') return [];
  const made = lines.findLast((line) => line.kind === 'done' && 'backup' in line.facts);
  if (made === undefined) return [];
  const { keyMaterialId } = imported;
  return [{ file: join(dirname(path), backup.file), keyMaterialId, provenAt: made.at }];
}

function whenChecked({ answer, check, imported }: Facts): readonly ProvenBackup[] {
  if (answer?.same !== true || check === undefined || imported === undefined) return [];
  return [{ file: check.file, keyMaterialId: imported.keyMaterialId, provenAt: answer.answeredAt }];
}

function whenBroughtBack({ lines }: Journal): readonly ProvenBackup[] {
  return [...findBroughtBack(lines, 'bring-back'), ...findBroughtBack(lines, 'change-expiry')]
    .filter(({ file }) => isBackup(file))
    .map(({ file, keyMaterialId, importedAt }) => ({ file, keyMaterialId, provenAt: importedAt }));
}

/** A key file in the clear is a copy, but no backup. What is not there any more is told by its name. */
function isBackup(file: string): boolean {
  const bytes = readBackupFile(file);
  return typeof bytes === 'string' ? file.endsWith('.age') : typeof backupKind(bytes) === 'string';
}
