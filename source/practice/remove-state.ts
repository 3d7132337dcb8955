import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { controlFileName } from './control.ts';
import { masterKeyFile } from './hsm.ts';
import { logFileName } from './log.ts';
import { bodiesName } from './s3/body-folder.ts';
import { DatabaseSync } from './sqlite.ts';
import { databaseFile } from './store.ts';

/** How many things a state folder holds. */
export type StateSummary = {
  readonly keys: number;
  readonly buckets: number;
  readonly objects: number;
  /** The names of files in the folder that practice AWS did not make. A removal leaves them. */
  readonly others: readonly string[];
};

/** SQLite keeps these two beside a database in WAL mode (sqlite.org/wal.html). */
const databaseFiles = [databaseFile, `${databaseFile}-wal`, `${databaseFile}-shm`];

/** The names of everything that practice AWS makes in a state folder. */
const ownNames: ReadonlySet<string> = new Set([
  ...databaseFiles,
  masterKeyFile,
  logFileName,
  controlFileName,
  bodiesName,
]);

/**
 * Counts the keys, buckets and objects in a state folder of practice AWS. Other processes may serve the folder meanwhile.
 * @returns `undefined` when the path is no state folder: it does not exist, is a link, or has no database of practice AWS.
 * @throws Error when the database cannot be read.
 */
export function summarizeState(stateFolder: string): StateSummary | undefined {
  if (lstatSync(stateFolder, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const file = join(stateFolder, databaseFile);
  if (!existsSync(file)) return undefined;
  const database = new DatabaseSync(file, { readOnly: true, timeout: 10_000 });
  try {
    const count = (table: string) =>
      Number((database.prepare(`SELECT count(*) AS n FROM ${table}`).get() as { n: number }).n);
    const others = readdirSync(stateFolder).filter((name) => !ownNames.has(name));
    return { keys: count('kms_key'), buckets: count('s3_bucket'), objects: count('s3_object'), others };
  } finally {
    database.close();
  }
}

/** The error for a state folder that another process serves. Nothing was removed. */
export class StateInUse extends Error {}

/**
 * Removes all files of practice AWS from a state folder. Removes the folder too when it is empty after that.
 * @returns true when the folder was removed.
 * @throws StateInUse while a process serves the folder; the error of SQLite for a broken database; the error of the system when
 * a file cannot be removed.
 */
export function removeState(stateFolder: string): boolean {
  refuseWhileServed(join(stateFolder, databaseFile));
  for (const name of ownNames) rmSync(join(stateFolder, name), { recursive: true, force: true });
  if (readdirSync(stateFolder).length > 0) return false;
  rmdirSync(stateFolder);
  return true;
}

/**
 * Refuses when another process has the database open. To find out, takes the database out of WAL mode: this works only while
 * nobody else has the database open (sqlite.org/pragma.html#pragma_journal_mode).
 * @throws StateInUse when another process has the database open; any other error of SQLite as it is.
 */
function refuseWhileServed(file: string): void {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    database.exec('PRAGMA journal_mode = DELETE');
  } catch (error) {
    throw (error as { errcode?: number }).errcode === busyCode ? new StateInUse(inUseText, { cause: error }) : error;
  } finally {
    database.close();
  }
}

/** The error code SQLITE_BUSY (sqlite.org/rescode.html). */
const busyCode = 5;

const inUseText = 'Practice AWS is running with this state folder';
