import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import { sha256Of } from '../disk/sha256.ts';
import { findBackupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { madeBackup } from './backup-fact.ts';
import { type BadBackup, badBackupProblem } from './bad-backup.ts';
import type { BackupLook } from './check-facts.ts';
import { copyKind } from './copies.ts';
import { recordedFacts, type Services } from './services.ts';

/**
 * Looks at the backup that the command line names, else at the backup of the first import. Decrypts nothing.
 * @throws ProblemError when the file cannot be read or is no backup.
 */
export function lookAtBackup(services: Services): BackupLook {
  const backup = madeBackup(recordedFacts(services).backup);
  const path = resolve(backupPath(services));
  const bytes = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') throw badBackupError({ path, trouble: 'not read', why: bytes }, services);
  const found = findBackupKind(bytes);
  if ('trouble' in found) {
    const isPlainKey = copyKind(path) === 'plain';
    throw badBackupError(isPlainKey ? plainKeyAt(path) : { path, ...found }, services);
  }
  const sha256 = sha256Of(bytes);
  const recorded = backup?.sha256 === sha256;
  return { file: path, by: found.kind, sha256, recorded };
}

/** Gives the path of the backup that the command line names, else of the backup of the first import. */
function backupPath(services: Services): string {
  const { folder, preset } = services;
  const backup = madeBackup(recordedFacts(services).backup);
  if (preset.backup !== undefined) return preset.backup;
  if (backup !== undefined) return folder.file(backup.file);
  throw new Error('A check starts only where there is a backup.');
}

const badBackupError = (bad: BadBackup, services: Services) => new ProblemError(badBackupProblem(bad, services));

/** Says that the file is the key itself and not a backup. */
const plainKeyAt = (path: string): BadBackup => ({
  path,
  trouble: 'plain key',
  why: 'It is a plain key file, and no backup: whoever reads it has the key.',
});
