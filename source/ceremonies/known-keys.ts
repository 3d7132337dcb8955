import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { factsOf } from '../ceremony/ceremony.ts';
import { Journal } from '../ceremony/journal.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { madeBackup } from '../steps/backup-fact.ts';
import type { Facts, Source } from '../steps/facts.ts';
import { keyElsewhere } from '../steps/secret-key-fact.ts';
import { type ProvenBackup, provenBackups } from './backup-proofs.ts';
import { journalFile, laterJournals } from './journal-names.ts';
import { listKeyferryFolders } from './keyferry-folders.ts';

/** A KMS key as the journals of one folder know it, without asking AWS. Never secret. Times are ISO 8601. */
export type KnownKey = {
  readonly keyArn: string;
  readonly alias: string;
  /** The absolute path of the folder. */
  readonly folder: string;
  readonly accountId: string;
  readonly region: string;
  readonly source: Source;
  /** False while a ceremony of this folder about this key is under way. */
  readonly isFinished: boolean;
  /** The time of the newest line in the journals about this key. */
  readonly asOf: string;
  /** When the key's material expires, by its last import. Null when it does not expire; absent when nothing was imported. */
  readonly validTo?: string | null;
  /** The backup that was proven last, whichever material of the key it holds. */
  readonly backup?: ProvenBackup;
  /** For each material of the key the backup that was proven last. */
  readonly backups: readonly ProvenBackup[];
  /** Who keeps the key, when its bytes were never here. Nobody has checked it. */
  readonly keeper?: string;
  /** Whether the ceremony made a backup that could not be opened here. Its file was only compared byte for byte. */
  readonly hasUnopenedBackup: boolean;
};

/** The keys and the ceremonies that {@link readKnownFolders} found in the journals of several folders. */
export type KnownFolders = {
  readonly keys: readonly KnownKey[];
  /** The ceremonies that were begun and not finished: the folder of each, by the ceremony's own random id. */
  readonly unfinished: ReadonlyMap<string, string>;
  /** The journals that cannot be read, and why. The keys in them are missing from `keys`. */
  readonly unreadable: readonly { readonly path: string; readonly why: string }[];
};

/** Tells whether a person means this key by a name. The name is the key's id, its ARN, its alias or the ARN of the alias. */
export function isNamed({ keyArn, alias }: KnownKey, name: string): boolean {
  // The ARN of the key ends with `:key/ID`, the ARN of its alias with `:alias/NAME`.
  const aliasArn = keyArn.replace(/:key\/.*$/, `:${alias}`);
  return [keyArn, keyArn.split('/').at(-1), alias, aliasArn].includes(name.trim());
}

/** Gives the KMS keys that the folders near `parent` know: see {@link readKnownFolders}. */
export const knownKeys = (parent: string): readonly KnownKey[] => readKnownFolders(parent).keys;

/**
 * Reads the journals in the folder `parent` and in its `keyferry-` subfolders. When `parent` itself has a journal, this
 * also reads the journals in the `keyferry-` folders beside `parent`. A folder that the person may not open is left out.
 * @returns what the journals know. A key that several folders know has an entry for each of them.
 */
export function readKnownFolders(parent: string): KnownFolders {
  const folders = foldersNear(resolve(parent)).map(readFolder);
  return {
    keys: folders.flatMap(({ keys }) => keys),
    unfinished: new Map(folders.flatMap(({ unfinished }) => unfinished)),
    unreadable: folders.flatMap(({ unreadable }) => unreadable),
  };
}

/** Gives the folders that {@link readKnownFolders} reads, each once. */
function foldersNear(parent: string): readonly string[] {
  const beside = journalNames(parent).length > 0 ? listKeyferryFolders(dirname(parent)) : [];
  return [...new Set([parent, ...listKeyferryFolders(parent), ...beside])];
}

/** Gives the file names of the journals in a folder, `journal.jsonl` first; none when the folder may not be read. */
function journalNames(folder: string): readonly string[] {
  try {
    const later = laterJournals(folder).map(({ name }) => name);
    return existsSync(join(folder, journalFile)) ? [journalFile, ...later] : later;
  } catch {
    return [];
  }
}

/** Reads the journals of one folder. Gives its part of each field of {@link KnownFolders}. */
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
  // The oldest comes first, because the facts of a newer journal replace those of an older one.
  journals.sort((one, other) => ((one.state.begunAt ?? '') < (other.state.begunAt ?? '') ? -1 : 1));
  const arns = new Set(journals.flatMap((journal) => factsOf<Facts>(journal).key?.keyArn ?? []));
  return {
    keys: [...arns].flatMap((keyArn) => knownKeyOf(keyArn, folder, journals)),
    unfinished: journals.flatMap(({ state: { id, finished } }) =>
      id === undefined || finished ? [] : [[id, folder] as const],
    ),
    unreadable,
  };
}

/**
 * Tells whether a journal counts as a ceremony that was begun. A journal with another name than `journal.jsonl` is of a later
 * ceremony; it counts only when it has sent something to AWS or is finished.
 */
function countsAsBegun({ state }: Journal, name: string): boolean {
  return name === journalFile || state.finished || state.attempts.size > 0;
}

/**
 * Gives what a folder knows of one key. Gives an empty list when its journals have no connection.
 * @param allJournals the journals of the folder, the oldest first; they may be about several keys.
 */
function knownKeyOf(keyArn: string, folder: string, allJournals: readonly Journal[]): readonly KnownKey[] {
  const journals = allJournals.filter((journal) => factsOf<Facts>(journal).key?.keyArn === keyArn);
  // The facts of all journals in one object. The newest journal wins.
  const facts: Facts = Object.assign({}, ...journals.map((journal) => factsOf<Facts>(journal)));
  const { key, connection } = facts;
  if (key === undefined || connection === undefined) return [];
  const backups = newestOfEachMaterial(journals.flatMap(provenBackups));
  const backup = backups.toSorted(byTime).at(-1);
  const { accountId, region, source } = connection;
  const validTo = lastExpiry(journals);
  const lastTimes = journals.flatMap(({ lines }) => lines.at(-1)?.at ?? []);
  // Only a first import says who keeps the key; a later ceremony may not know it.
  const first = journals.map((journal) => factsOf<Facts>(journal)).find(({ imported }) => imported !== undefined);
  const keeper = keyElsewhere(first?.secret)?.keeper;
  const madeBackups = journals.flatMap((journal) => madeBackup(factsOf<Facts>(journal).backup) ?? []);
  return [
    {
      keyArn,
      alias: key.alias,
      folder,
      accountId,
      region,
      source,
      isFinished: lastOfEachCeremony(journals).every(({ state }) => state.finished),
      asOf: lastTimes.sort().at(-1) ?? '',
      ...(validTo === undefined ? {} : { validTo }),
      ...(backup === undefined ? {} : { backup }),
      backups,
      ...(keeper === undefined ? {} : { keeper }),
      hasUnopenedBackup: madeBackups.some(({ proven }) => proven === 'written'),
    },
  ];
}

/**
 * Gives the newest journal of each ceremony: once, for example, a second reimport has begun, nobody continues the first.
 * @param journals the oldest first. The map keeps the last journal that has the same id of a ceremony.
 */
function lastOfEachCeremony(journals: readonly Journal[]): readonly Journal[] {
  return [...new Map(journals.map((journal) => [journal.state.ceremony, journal])).values()];
}

/**
 * Gives the expiry that the material got in its last import: see `KnownKey.validTo`. When a first import is recorded, only
 * later imports of the same material count.
 */
function lastExpiry(journals: readonly Journal[]): string | null | undefined {
  const facts = journals.map((journal) => factsOf<Facts>(journal));
  // A check of a backup repeats this fact of the first import.
  const recordedImport = facts.findLast(({ imported }) => imported !== undefined)?.imported;
  const laterImports = facts.flatMap(({ broughtBack }) => broughtBack?.materials ?? []);
  const lastImport = laterImports.findLast(
    ({ keyMaterialId }) => recordedImport === undefined || keyMaterialId === recordedImport.keyMaterialId,
  );
  return lastImport === undefined ? recordedImport?.validTo : lastImport.validTo;
}

/** Compares two proofs by time. The older one comes first. */
const byTime = (one: ProvenBackup, other: ProvenBackup) => (one.provenAt < other.provenAt ? -1 : 1);

/** Gives for each material the newest proof. The map keeps the last proof that has the same id of a material. */
function newestOfEachMaterial(proofs: readonly ProvenBackup[]): readonly ProvenBackup[] {
  return [...new Map(proofs.toSorted(byTime).map((proof) => [proof.keyMaterialId, proof])).values()];
}
