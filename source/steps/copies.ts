import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { type BackupKind, backupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readBackupCards } from './backup-card.ts';
import { type Material, secretInKms } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import type { Services } from './services.ts';

/** How a copy of a key is kept: in a backup by age, or as a plain key file. */
export type CopyKind = BackupKind | 'plain';

/** Tells how a file holds a copy of a key, or why the file is no copy. Looks at the file's form only and decrypts nothing. */
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
 * Finds files that may hold the wanted materials: backups whose cards name them, in the ceremony's folder or the current
 * one, then what the first import made or took: its backup, the plain key file, the person's own file. Opens none of them.
 * Gives at most as many paths as there are wanted materials, in the form of {@link shownPath}.
 */
export function copiesHere(wanted: readonly Material[], services: Services): readonly string[] {
  const { folder } = services;
  const ids = new Set(wanted.map(({ keyMaterialId }) => keyMaterialId));
  const carded = [folder.path, process.cwd()]
    .flatMap(readBackupCards)
    .filter(({ keyMaterialId }) => ids.has(keyMaterialId))
    .map(({ path }) => path);
  const paths = [...carded, ...ownCopies(ids, services)].filter((path) => existsSync(path));
  return [...new Set(paths)].slice(0, Math.max(wanted.length, 1)).map((path) => shownPath(path));
}

/**
 * Gives the paths of the copies that the first import in this folder made or took. Gives none when that import did not bring
 * one of the wanted materials, or when KMS showed that these copies hold other bytes.
 */
function ownCopies(ids: ReadonlySet<string>, { folder, recorded }: Services): readonly string[] {
  const { backup, imported, secret } = recorded ?? {};
  if (recorded === undefined || imported === undefined || secretInKms(recorded) === 'other') return [];
  if (!ids.has(imported.keyMaterialId)) return [];
  const made = backup === undefined || backup.by === 'declined' ? [] : [folder.file(backup.file)];
  return [...made, folder.file(plainKeyFile), ...(secret?.source === undefined ? [] : [secret.source])];
}

/** Gives a path below the current folder relative to that folder, and any other path unchanged. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
