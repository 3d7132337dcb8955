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

/** Tells the kind of a file that should hold a copy of a key, or says why it is not a copy. The file is not decrypted. */
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
 * backups, in the ceremony's folder or the current one. A backup whose card names other material is left out.
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

/** The copies that the first import here made or took, where they may hold what it imported. */
function ownCopies(ids: ReadonlySet<string>, { folder, recorded }: Services): readonly string[] {
  const { backup, imported, secret } = recorded ?? {};
  if (recorded === undefined || imported === undefined || secretInKms(recorded) === 'other') return [];
  if (!ids.has(imported.keyMaterialId)) return [];
  const made = backup === undefined || backup.by === 'declined' ? [] : [folder.file(backup.file)];
  return [...made, folder.file(plainKeyFile), ...(secret?.source === undefined ? [] : [secret.source])];
}

/** Gives a path as people read it: from the current folder, where that is shorter. */
export function shownPath(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
}
