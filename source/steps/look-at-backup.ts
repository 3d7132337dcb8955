import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import { backupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { sha256Of } from './backup-file.ts';
import { type BadBackup, badBackupProblem } from './bad-backup.ts';
import type { BackupLook } from './check-facts.ts';
import { copyKind } from './copies.ts';
import { recordedFacts, type Services } from './services.ts';

/**
 * Looks at the backup that the command line names, else at the one that the first import made, without decrypting it.
 * @throws ProblemError when it is no backup.
 */
export function lookAtBackup(services: Services): BackupLook {
  const { backup } = recordedFacts(services);
  const path = resolve(backupPath(services));
  const bytes = readBackupFile(path);
  if (typeof bytes === 'string') throw badBackup({ path, trouble: 'not read', why: bytes }, services);
  const kind = backupKind(bytes);
  if (typeof kind !== 'string')
    throw badBackup(copyKind(path) === 'plain' ? plainKey(path) : { path, ...kind }, services);
  const sha256 = sha256Of(bytes);
  const recorded = backup !== undefined && backup.by !== 'declined' && backup.sha256 === sha256;
  return { file: path, by: kind, sha256, recorded };
}

function backupPath(services: Services): string {
  const { folder, preset } = services;
  const { backup } = recordedFacts(services);
  if (preset.backup !== undefined) return preset.backup;
  if (backup !== undefined && backup.by !== 'declined') return folder.file(backup.file);
  throw new Error('A check starts only where there is a backup.');
}

const badBackup = (bad: BadBackup, services: Services) => new ProblemError(badBackupProblem(bad, services));

const plainKey = (path: string): BadBackup => ({
  path,
  trouble: 'plain key',
  why: 'It is a plain key file, and no backup: whoever reads it has the key.',
});
