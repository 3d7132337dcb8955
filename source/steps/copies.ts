import { existsSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { type BackupKind, findBackupKind } from '../material/backup.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { inspectKeyFile } from '../material/inspect.ts';
import { readBackupCards } from './backup-card.ts';
import { madeBackup } from './backup-fact.ts';
import { type Material, secretInKms } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** How a copy of a key is kept: in a backup by age, or as a plain key file. */
export type CopyKind = BackupKind | 'plain';

/** Tells how a file holds a copy of a key, or why the file is no copy. Looks only at the file's form and decrypts nothing. */
export function copyKind(path: string): CopyKind | { readonly why: string } {
  const bytes = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') return { why: bytes };
  const found = findBackupKind(bytes);
  if (!('trouble' in found)) return found.kind;
  const { verdict, findings } = inspectKeyFile(path);
  if (verdict === 'ready' || verdict === 'convertible') return 'plain';
  return { why: `${basename(path)} is neither a backup nor a key file. ${findings[0] ?? found.why}` };
}

/**
 * Finds files that may hold the wanted materials, and opens none of them. First come the backups whose cards name one of the
 * materials, in the ceremony's folder or the current folder. Then come the copies of the first import: its backup, the plain
 * key file, the person's own file. Gives at most as many paths as there are wanted materials, in the form of
 * {@link shownPath}.
 */
export function copiesHere(wanted: readonly Material[], services: Services): readonly string[] {
  const { folder } = services;
  const ids = new Set(wanted.map(({ keyMaterialId }) => keyMaterialId));
  const backupsWithCard = [folder.path, process.cwd()]
    .flatMap(readBackupCards)
    .filter(({ keyMaterialId }) => ids.has(keyMaterialId))
    .map(({ path }) => path);
  const paths = [...backupsWithCard, ...ownCopies(ids, services)].filter((path) => existsSync(path));
  return [...new Set(paths)].slice(0, wanted.length).map((path) => shownPath(path));
}

/**
 * Gives the paths of the copies that the first import in this folder made or took. Gives none when that import brought no
 * wanted material, or when KMS showed that these copies hold other bytes.
 * @param ids those of the wanted materials.
 */
function ownCopies(ids: ReadonlySet<string>, { folder, recorded }: Services): readonly string[] {
  const { imported } = recorded ?? {};
  const backup = madeBackup(recorded?.backup);
  const source = keyHere(recorded?.secret)?.source;
  if (recorded === undefined || imported === undefined || secretInKms(recorded) === 'other') return [];
  if (!ids.has(imported.keyMaterialId)) return [];
  const backups = backup === undefined ? [] : [folder.file(backup.file)];
  return [...backups, folder.file(plainKeyFile), ...(source === undefined ? [] : [source])];
}

/** Gives a path below the current folder relative to that folder, and any other path unchanged. */
export function shownPath(path: string): string {
  const relativePath = relative(process.cwd(), path);
  return relativePath.startsWith('..') ? path : relativePath;
}
