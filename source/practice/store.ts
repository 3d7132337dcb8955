import { join } from 'node:path';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { makePrivateFolder, type UnfitFolder } from '../disk/private-folder.ts';
import { DatabaseSync } from './sqlite.ts';

/**
 * The state of practice AWS in an SQLite database. All processes that serve the folder share it; none keeps a copy in
 * memory.
 */
export type Store = {
  readonly folder: string;
  /** Gives the first row of a query, or `undefined` when there is none. */
  first<Row>(sql: string, ...values: SQLInputValue[]): Row | undefined;
  /** Gives all rows of a query. */
  all<Row>(sql: string, ...values: SQLInputValue[]): Row[];
  /** Runs a statement and gives the number of changed rows. */
  run(sql: string, ...values: SQLInputValue[]): number;
  /**
   * Runs `work` as one transaction and gives its result. Other processes wait. When `work` throws, the state stays as it was.
   * Inside of another transaction, `work` is a part of that transaction.
   */
  change<Result>(work: () => Result): Result;
  close(): void;
};

/** The name of the database in the state folder. */
export const databaseFile = 'practice.sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS kms_key (region TEXT, key_id TEXT, doc TEXT NOT NULL, PRIMARY KEY (region, key_id)) STRICT;
  CREATE INDEX IF NOT EXISTS kms_key_by_id ON kms_key (key_id);
  CREATE TABLE IF NOT EXISTS clock (
    one INTEGER PRIMARY KEY, wall INTEGER NOT NULL, practice INTEGER NOT NULL, speed REAL NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS kms_alias (
    region TEXT, name TEXT, key_id TEXT NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL,
    PRIMARY KEY (region, name)) STRICT;
  CREATE TABLE IF NOT EXISTS kms_material_owner (
    region TEXT, material_id TEXT, key_id TEXT NOT NULL, PRIMARY KEY (region, material_id)) STRICT;
  CREATE INDEX IF NOT EXISTS kms_material_owner_by_id ON kms_material_owner (material_id);
  CREATE TABLE IF NOT EXISTS kms_last_use (
    region TEXT, key_id TEXT, doc TEXT NOT NULL, PRIMARY KEY (region, key_id)) STRICT;
  CREATE TABLE IF NOT EXISTS kms_wrapping_pair (
    pair_id TEXT PRIMARY KEY, spec TEXT NOT NULL, public_der BLOB NOT NULL, sealed_private BLOB NOT NULL,
    tokens INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS principal_try (arn TEXT PRIMARY KEY, tries INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS s3_bucket (
    name TEXT PRIMARY KEY, region TEXT NOT NULL, created INTEGER NOT NULL, doc TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS s3_object (
    bucket TEXT, key TEXT, doc TEXT NOT NULL, PRIMARY KEY (bucket, key)) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS s3_upload (
    upload_id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, initiated INTEGER NOT NULL,
    doc TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS s3_part (
    upload_id TEXT, number INTEGER, doc TEXT NOT NULL, PRIMARY KEY (upload_id, number)) STRICT, WITHOUT ROWID;
`;

/** The error for a state folder that is not for this user alone. The folder was not changed. */
export class UnfitStateFolder extends Error {
  readonly unfit: UnfitFolder;

  constructor(folder: string, unfit: UnfitFolder) {
    super(`${folder} ${unfit.why}`);
    this.unfit = unfit;
  }
}

/**
 * Opens the state in `folder`. Makes the folder (0700) and the tables when they are missing.
 * @throws UnfitStateFolder; or any other error when the folder or the database cannot be used.
 */
export function openStore(folder: string): Store {
  const unfit = makePrivateFolder(folder);
  if (unfit !== undefined) throw new UnfitStateFolder(folder, unfit);
  const database = new DatabaseSync(join(folder, databaseFile), { timeout: 10_000 });
  // With FULL, a write is on the disk before the client gets its answer, so that a crash loses nothing that was answered.
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;');
  database.exec(`BEGIN IMMEDIATE; ${schema} COMMIT;`);

  const prepared = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const compiled = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, compiled);
    return compiled;
  };

  return {
    folder,
    first: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SQLInputValue[]) => statement(sql).all(...values) as Row[],
    run: (sql, ...values) => Number(statement(sql).run(...values).changes),
    change(work) {
      if (database.isTransaction) return work();
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = work();
        database.exec('COMMIT');
        return result;
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}
