import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Facts } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { answersOf } from './past.ts';
import { keyHere } from './secret-key-fact.ts';
import type { Services } from './services.ts';

/** Device and inode number of a file: they are the same under each name that the file has (inode(7)). */
export type FileIdentity = { readonly dev: bigint; readonly ino: bigint };

/** A file that this ceremony never uploads to S3. */
export type KeptFile = FileIdentity & {
  /** What the file is: the words after "is" in a sentence. */
  readonly is: string;
  readonly realPath: string;
};

export const theBackup = 'the backup of your secret key';

/** Lists the existing files that must not be uploaded: the secret key, its backups, files that open a backup, the journals. */
export function listKeptFiles(facts: Pick<Facts, 'secret'>, services: Services): readonly KeptFile[] {
  const { folder, journal, secrets, earlier } = services;
  const names = existsSync(folder.path) ? readdirSync(folder.path) : [];
  const backups = names.filter((name) => name.includes('.key.age'));
  const journals = names.filter((name) => name.endsWith('.jsonl') && folder.file(name) !== journal.path);
  const openingFiles = [...secrets.files, ...answeredFiles(services), ...(earlier?.openingFiles ?? [])];
  const pathsAndMeanings: readonly (readonly [string | undefined, string])[] = [
    [folder.file(plainKeyFile), 'your secret key'],
    ...[keyHere(facts.secret)?.source, ...(earlier?.copies ?? [])].map(
      (path) => [path, 'the file that your secret key was taken from'] as const,
    ),
    ...openingFiles.map((path) => [path, 'a file that opens the backup of your secret key'] as const),
    ...backups.map((name) => [folder.file(name), theBackup] as const),
    [journal.path, 'the journal of this ceremony'],
    ...journals.map((name) => [folder.file(name), 'the journal of a ceremony'] as const),
  ];
  return pathsAndMeanings.flatMap(([path, is]) => {
    const identity = path === undefined ? undefined : fileIdentityOf(path);
    return path === undefined || identity === undefined ? [] : [{ is, realPath: realPathOf(path), ...identity }];
  });
}

/**
 * Finds the kept file to which a path leads; `undefined` when it leads to no kept file. The device and inode number find the
 * file through a hard link too. The real path finds it also when it was written again, with a new inode, after `kept` was
 * made.
 * @param identity that of the file at `path`.
 */
export function findKeptFile(path: string, identity: FileIdentity, kept: readonly KeptFile[]): KeptFile | undefined {
  const realPath = realPathOf(path);
  return kept.find((file) => (file.dev === identity.dev && file.ino === identity.ino) || file.realPath === realPath);
}

/** Gives the paths of the passphrase and identity files that the journal's answers name, of this run or an earlier one. */
function answeredFiles(services: Services): readonly string[] {
  return (['backup', 'wrap'] as const).flatMap((step) => {
    const answers = answersOf(services, step);
    return [answers.identity, answers['passphrase-file']]
      .filter((path) => typeof path === 'string' && path !== '')
      .map((path) => services.folder.locate(String(path)));
  });
}

/** Gives the identity of the file at a path, through links; `undefined` when there is none or it cannot be looked at. */
function fileIdentityOf(path: string): FileIdentity | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : { dev: stats.dev, ino: stats.ino };
  } catch {
    // A file that cannot be looked at cannot be uploaded either.
    return undefined;
  }
}

/** Resolves all links in a path. Gives the absolute path when that fails, such as when the file does not exist. */
function realPathOf(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return resolve(path);
  }
}
