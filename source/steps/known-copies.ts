import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { sha256Of } from '../disk/sha256.ts';
import { readBackupFile } from '../material/backup-file.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { examineKeyFile } from '../material/inspect.ts';
import { madeBackup } from './backup-fact.ts';
import { type Facts, secretInKms } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { isDone } from './past.ts';
import { keyElsewhere, keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** A copy of the key that exists now. Paths are absolute. Nothing of it is secret. */
export type KnownCopy =
  | {
      /** `plain file` is in the ceremony's folder, `own file` is the file that the person brought. */
      readonly kind: 'plain file' | 'own file';
      readonly path: string;
      /** Whether others on this computer may read the file. `--json` prints it under this name. */
      readonly openToOthers: boolean;
    }
  | {
      readonly kind: 'backup';
      readonly path: string;
      readonly by: 'passphrase' | 'recipients';
      /** Whether it was opened when it was made, or only compared byte for byte. */
      readonly proven: 'opened' | 'written';
    }
  /** The key in the memory of this run. It is gone when the run ends. */
  | { readonly kind: 'memory' };

/** A file that should hold the key and does not hold it now. `why` is one or more sentences. */
export type FileWithoutKey = { readonly path: string; readonly why: string };

export type KnownCopies = {
  /** When the disk was looked at, ISO 8601. */
  readonly asOf: string;
  readonly copies: readonly KnownCopy[];
  readonly filesWithoutKey: readonly FileWithoutKey[];
};

/** The sentence for a person when {@link findCopies} finds no copy. */
export const noCopyKnownWords = 'There is no copy of the key anywhere that Keyferry knows of.';

/** The sentence that says what may happen when no copy exists. */
export const withoutCopyWords = 'If its material expires or is deleted, everything under the key is lost.';

/** What a person can do now about a key without a copy, as parts of a sentence. */
export const actWithoutCopy = [
  'see to it that nobody deletes the material or the key',
  'before you encrypt what must last, bring another key, with a backup',
] as const;

/**
 * Looks for every copy of the key that Keyferry knows of, on the disk and in memory. When KMS has refused the secret of the
 * ceremony as other bytes, nothing that holds this secret is a copy: the files are in `filesWithoutKey`, and the memory is not
 * listed.
 */
export function findCopies(facts: Facts, services: Services): KnownCopies {
  const { asOf, copies, filesWithoutKey } = findSecret(facts, services);
  if (facts.imported === undefined || secretInKms(facts) !== 'other') return { asOf, copies, filesWithoutKey };
  const others = copies.flatMap((copy) =>
    copy.kind === 'memory' ? [] : [{ path: copy.path, why: otherSecretReason }],
  );
  return { asOf, copies: [], filesWithoutKey: [...others, ...filesWithoutKey] };
}

/**
 * Looks for every copy of the ceremony's secret, even when KMS holds other bytes. Compares a plain file by the check value of
 * its key, and a backup by its SHA-256.
 */
export function findSecret(facts: Facts, services: Services): KnownCopies {
  const files = [...backupCopies(facts, services), ...plainCopies(facts, services)];
  const memory: readonly KnownCopy[] = services.secrets.key === undefined ? [] : [{ kind: 'memory' }];
  return {
    asOf: services.clock().toISOString(),
    copies: [...files.filter((file) => 'kind' in file), ...memory],
    filesWithoutKey: files.filter((file) => 'why' in file),
  };
}

const otherSecretReason = 'It holds the secret of this ceremony, which is not the key in KMS.';

/**
 * Tells whether a copy of the key exists outside the memory of this run. During the rehearsal of an answers file, a file that
 * a later step will write counts as a copy. For a key elsewhere, the copy of its keeper counts, as the person stated it.
 */
export function isCopyLeft(facts: Facts, services: Services): boolean {
  if (keyElsewhere(facts.secret) !== undefined) return true;
  // The fact of a step that is not done is foreseen, in a rehearsal.
  if (!isDone(services, 'secret-key') && keyHere(facts.secret)?.file !== undefined) return true;
  if (!isDone(services, 'backup') && madeBackup(facts.backup) !== undefined) return true;
  return findCopies(facts, services).copies.some(({ kind }) => kind !== 'memory');
}

/** Looks at the plain key file, if it exists or should exist, and at the person's own file, if the key came from one. */
function plainCopies(
  { secret: anySecret, finish }: Facts,
  { folder }: Services,
): readonly (KnownCopy | FileWithoutKey)[] {
  const secret = keyHere(anySecret);
  if (secret === undefined) return [];
  const inFolder = resolve(folder.file(plainKeyFile));
  const { source } = secret;
  const shouldExist = secret.file !== undefined && finish?.plainKey !== 'destroyed';
  const hasOwnFile = source !== undefined && realPath(source) !== realPath(inFolder);
  const files: (KnownCopy | FileWithoutKey)[] = [];
  if (shouldExist || existsSync(inFolder))
    files.push(examinePlainFile(inFolder, 'plain file', secret.checkValue.value));
  if (hasOwnFile) files.push(examinePlainFile(source, 'own file', secret.checkValue.value));
  return files;
}

/** Gives the copy when a plain file holds the key with this check value; else says why the file is no copy. */
function examinePlainFile(
  path: string,
  kind: 'plain file' | 'own file',
  checkValue: string,
): KnownCopy | FileWithoutKey {
  const { inspection, key } = examineKeyFile(path);
  if (key === undefined)
    return { path, why: inspection.verdict === 'absent' ? goneReason : inspection.findings.join(' ') };
  const foundValue = keyCheckValue(key).value;
  key.destroy();
  if (foundValue !== checkValue) return { path, why: `It holds another key: its check value is ${foundValue}.` };
  // The warning says that others may open the file. No other warning exists.
  return { kind, path, openToOthers: inspection.warning !== undefined };
}

/** Looks at the backup. Gives an empty list when no backup was made. */
function backupCopies(facts: Facts, { folder }: Services): readonly (KnownCopy | FileWithoutKey)[] {
  const backup = madeBackup(facts.backup);
  if (backup === undefined) return [];
  const path = resolve(folder.file(backup.file));
  if (!existsSync(path)) return [{ path, why: goneReason }];
  const bytes = readBackupFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') return [{ path, why: bytes }];
  if (sha256Of(bytes) !== backup.sha256) return [{ path, why: 'It has changed since it was made.' }];
  return [{ kind: 'backup', path, by: backup.by, proven: backup.proven }];
}

const goneReason = 'It is not there any more.';

/** Gives a path in the form for people: a file in the ceremony's folder begins with the folder's short path. */
export function displayPath({ folder }: Services, path: string): string {
  return dirname(path) === resolve(folder.path) ? `${folder.shown}/${basename(path)}` : path;
}

/** Resolves links, because one file may have two paths. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
