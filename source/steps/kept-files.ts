import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Facts } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { answersOf } from './past.ts';
import type { Services } from './services.ts';

/** Device and inode number of a file: they are the same under each name that the file has (inode(7)). */
export type FileIdentity = { readonly dev: bigint; readonly ino: bigint };

/** A file that this ceremony never uploads to S3. */
export type KeptFile = FileIdentity & {
  /** What the file is: words that follow "is" in a sentence. */
  readonly is: string;
  readonly realPath: string;
};

export const theBackup = 'the backup of your secret key';

/** Lists the existing files that must not be uploaded: the secret key, its backups, what opens a backup, and the journal. */
export function listKeptFiles(facts: Pick<Facts, 'secret'>, services: Services): readonly KeptFile[] {
  const { folder, journal, secrets, earlier } = services;
  const names = existsSync(folder.path) ? readdirSync(folder.path) : [];
  const backups = names.filter((name) => name.includes('.key.age'));
  const journals = names.filter((name) => name.endsWith('.jsonl') && folder.file(name) !== journal.path);
  const opening = [...secrets.files, ...answeredFiles(services), ...(earlier?.openingFiles ?? [])];
  const named: readonly (readonly [string | undefined, string])[] = [
    [folder.file(plainKeyFile), 'your secret key'],
    ...[facts.secret?.source, ...(earlier?.copies ?? [])].map(
      (path) => [path, 'the file that your secret key was taken from'] as const,
    ),
    ...opening.map((path) => [path, 'a file that opens the backup of your secret key'] as const),
    ...backups.map((name) => [folder.file(name), theBackup] as const),
    [journal.path, 'the journal of this ceremony'],
    ...journals.map((name) => [folder.file(name), 'the journal of a ceremony'] as const),
  ];
  return named.flatMap(([path, is]) => {
    const identity = path === undefined ? undefined : inodeOf(path);
    return path === undefined || identity === undefined ? [] : [{ is, realPath: realPathOf(path), ...identity }];
  });
}

/**
 * Finds the kept file to which a path leads; undefined when it is none. Device and inode number find it by a hard link too.
 * The real path finds it also when it was written again, with a new inode, after `kept` was made.
 */
export function findKeptFile(path: string, identity: FileIdentity, kept: readonly KeptFile[]): KeptFile | undefined {
  const realPath = realPathOf(path);
  return kept.find((one) => (one.dev === identity.dev && one.ino === identity.ino) || one.realPath === realPath);
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

function inodeOf(path: string): FileIdentity | undefined {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats === undefined ? undefined : { dev: stats.dev, ino: stats.ino };
  } catch {
    // A file that cannot be looked at cannot be uploaded either.
    return undefined;
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
