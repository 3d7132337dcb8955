import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { factsOf } from '../ceremony/ceremony.ts';
import { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Facts, Source } from '../steps/facts.ts';
import { type ProvenBackup, provenBackups } from './backup-proofs.ts';
import { journalFile, laterJournals } from './journal-names.ts';

/** What the journals of one folder know of a KMS key. Never secret; AWS is not asked. Times are ISO 8601. */
export type KnownKey = {
  readonly keyArn: string;
  readonly alias: string;
  /** Absolute. */
  readonly folder: string;
  readonly accountId: string;
  readonly region: string;
  readonly source: Source;
  /** False while a ceremony of this folder about this key is under way. */
  readonly isFinished: boolean;
  /** Of the last line about this key. */
  readonly asOf: string;
  /** When the material expires that was imported last: null where it does not, absent where none was imported. */
  readonly validTo?: string | null;
  /** The backup that was shown last to hold material of this key. */
  readonly backup?: ProvenBackup;
  /** The same for each material of the key. */
  readonly backups: readonly ProvenBackup[];
  /** Whether a backup was made here that nothing here could open, so that it was only compared byte for byte. */
  readonly hasUnopenedBackup: boolean;
};

/** What the folders in and beside a folder know. */
export type KnownFolders = {
  readonly keys: readonly KnownKey[];
  /** The folder of each ceremony that was begun and not finished, by the id of the ceremony. */
  readonly unfinished: ReadonlyMap<string, string>;
  /** Journals that cannot be read, and why. What they know is not among the keys. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
};

/** Tells whether a person means this key by a name: its id, its ARN, its alias or the ARN of that. */
export function isNamed({ keyArn, alias }: KnownKey, name: string): boolean {
  const aliasArn = keyArn.replace(/:key\/.*$/, `:${alias}`);
  return [keyArn, keyArn.split('/').at(-1), alias, aliasArn].includes(name.trim());
}

/** Gives what is known here of KMS keys: see {@link readKnownFolders}. */
export const knownKeys = (parent: string): readonly KnownKey[] => readKnownFolders(parent).keys;

/**
 * Reads the journals in a folder and in its `keyferry-` subfolders; where a ceremony was begun in the folder itself, also
 * those in the `keyferry-` folders beside it.
 * @returns what they know. A key has an entry for each folder that knows it. A folder that nobody may look into is left out.
 */
export function readKnownFolders(parent: string): KnownFolders {
  const read = foldersNear(resolve(parent)).map(readFolder);
  return {
    keys: read.flatMap(({ keys }) => keys),
    unfinished: new Map(read.flatMap(({ unfinished }) => unfinished)),
    unreadable: read.flatMap(({ unreadable }) => unreadable),
  };
}

function foldersNear(parent: string): readonly string[] {
  const beside = journalNames(parent).length > 0 ? ceremonyFolders(dirname(parent)) : [];
  return [...new Set([parent, ...ceremonyFolders(parent), ...beside])];
}

function ceremonyFolders(parent: string): readonly string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name.startsWith('keyferry-'))
      .map(({ name }) => join(parent, name))
      .sort();
  } catch {
    return [];
  }
}

/** The first import's journal comes first. */
function journalNames(folder: string): readonly string[] {
  try {
    const later = laterJournals(folder).map(({ name }) => name);
    return existsSync(join(folder, journalFile)) ? [journalFile, ...later] : later;
  } catch {
    return [];
  }
}

function readFolder(folder: string) {
  const journals: Journal[] = [];
  const unreadable: { path: string; why: string }[] = [];
  for (const name of journalNames(folder)) {
    const path = join(folder, name);
    try {
      const journal = new Journal(path);
      if (countsAsBegun(journal, name)) journals.push(journal);
    } catch (error) {
      const { what, why } = error instanceof ProblemError ? error.problem : { what: (error as Error).message };
      unreadable.push({ path, why: why ?? what });
    }
  }
  journals.sort((one, other) => ((one.state.begunAt ?? '') < (other.state.begunAt ?? '') ? -1 : 1));
  const arns = new Set(journals.flatMap((journal) => factsOf<Facts>(journal).key?.keyArn ?? []));
  return {
    keys: [...arns].flatMap((keyArn) => knownKey(keyArn, folder, journals)),
    unfinished: journals.flatMap(({ state: { id, finished } }) =>
      id === undefined || finished ? [] : [[id, folder] as const],
    ),
    unreadable,
  };
}

/**
 * True when the journal holds a ceremony that was begun. A later ceremony, which has a journal of another name, counts only
 * when it has sent something or is finished.
 */
function countsAsBegun({ state }: Journal, name: string): boolean {
  return state.id !== undefined && (name === journalFile || state.finished || state.attempts.size > 0);
}

function knownKey(keyArn: string, folder: string, all: readonly Journal[]): readonly KnownKey[] {
  const journals = all.filter((journal) => factsOf<Facts>(journal).key?.keyArn === keyArn);
  const facts: Facts = Object.assign({}, ...journals.map((journal) => factsOf<Facts>(journal)));
  const { key, connection } = facts;
  if (key === undefined || connection === undefined) return [];
  const backups = newestOfEach(journals.flatMap(provenBackups));
  const [backup] = backups.toSorted(byTime).reverse();
  const { accountId, region, source } = connection;
  const validTo = lastExpiry(journals);
  const made = journals.map((journal) => factsOf<Facts>(journal).backup);
  return [
    {
      keyArn,
      alias: key.alias,
      folder,
      accountId,
      region,
      source,
      isFinished: lastOfEachKind(journals).every(({ state }) => state.finished),
      asOf:
        journals
          .flatMap(({ lines }) => lines.at(-1)?.at ?? [])
          .sort()
          .at(-1) ?? '',
      ...(validTo === undefined ? {} : { validTo }),
      ...(backup === undefined ? {} : { backup }),
      backups,
      hasUnopenedBackup: made.some((one) => one !== undefined && one.by !== 'declined' && one.proven === 'written'),
    },
  ];
}

/** An earlier ceremony of a kind is not continued any more once a later one has begun. @param journals the oldest first. */
function lastOfEachKind(journals: readonly Journal[]): readonly Journal[] {
  return [...new Map(journals.map((journal) => [journal.state.ceremony, journal])).values()];
}

/** By what the first import and later ones said of the material. */
function lastExpiry(journals: readonly Journal[]): string | null | undefined {
  const facts = journals.map((journal) => factsOf<Facts>(journal));
  const current = facts.findLast(({ imported }) => imported !== undefined)?.imported;
  const brought = facts.flatMap(({ broughtBack }) => broughtBack?.materials ?? []);
  const later = brought.findLast(
    ({ keyMaterialId }) => current === undefined || keyMaterialId === current.keyMaterialId,
  );
  return later === undefined ? current?.validTo : later.validTo;
}

const byTime = (one: ProvenBackup, other: ProvenBackup) => (one.provenAt < other.provenAt ? -1 : 1);

function newestOfEach(proofs: readonly ProvenBackup[]): readonly ProvenBackup[] {
  return [...new Map(proofs.toSorted(byTime).map((proof) => [proof.keyMaterialId, proof])).values()];
}
