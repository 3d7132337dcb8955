import { type ExternalKey, earliestExpiry } from '../aws/external-key.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { isNeeded } from '../steps/materials.ts';
import { type Due, type DuePeriod, dueOf, hadMaterial } from './due.ts';

/** A key as AWS tells it now, what the folders here know of it, and what is due. */
export type ListedKey = {
  readonly key: ExternalKey;
  /** The recorded alias when the key still has it, else the first alias that KMS lists. `undefined` when the key has none. */
  readonly alias: string | undefined;
  /** When the first of the materials that KMS holds expires. */
  readonly expiry: Date | undefined;
  /** When missing material has expired, if a folder here knows that. */
  readonly expiredAt: Date | undefined;
  /** What one folder knows of the key: the folder from which a person can best go on. */
  readonly known: KnownKey | undefined;
  /**
   * The time of the oldest proof of a backup, and the folder with that backup. Set when each material that the key needs has
   * a proven backup.
   */
  readonly backup: { readonly provenAt: string; readonly workdir: string } | undefined;
  readonly due: readonly Due[];
};

/** Joins each key with what the ceremony folders here know of it. Gives the keys sorted by what is due, the most urgent first. */
export function listKeys(
  keys: readonly ExternalKey[],
  known: readonly KnownKey[],
  period: DuePeriod,
): readonly ListedKey[] {
  const listed = keys.map((key) => {
    const folders = known.filter(({ keyArn }) => isSameKey(keyArn, key.keyArn));
    const expiredAt = recordedExpiry(key, folders, period.now);
    const { aliases } = key;
    return {
      key,
      alias: aliases.find((name) => folders.some(({ alias }) => alias === name)) ?? aliases[0],
      expiry: earliestExpiry(key),
      expiredAt,
      known: folders.toSorted(unfinishedFirst)[0],
      backup: backupOf(key, folders),
      due: dueOf(key, period, expiredAt),
    };
  });
  return listed.sort(byUrgency);
}

/**
 * Tells whether two key ARNs name the same key. A multi-Region key (`mrk-`) counts as one key in all its Regions, because it has
 * one id and the same bytes there.
 */
function isSameKey(one: string, other: string): boolean {
  if (one === other) return true;
  const parts = (arn: string) => arn.split(':');
  // arn:PARTITION:kms:REGION:ACCOUNT:key/ID without the Region, which is part 3.
  return one.includes(':key/mrk-') && [1, 2, 4, 5].every((part) => parts(one)[part] === parts(other)[part]);
}

/**
 * Compares two folders, for `sort`. First comes a folder with an unfinished ceremony, then one with a backup, then the one
 * with the newest journal line.
 */
function unfinishedFirst(one: KnownKey, other: KnownKey): number {
  // Two orders in one number: first unfinished (0) or finished (2), then with (0) or without (1) a backup.
  const rank = ({ isFinished, backup }: KnownKey) => (isFinished ? 2 : 0) + (backup === undefined ? 1 : 0);
  return rank(one) - rank(other) || (one.asOf < other.asOf ? 1 : -1);
}

/** Gives the recorded expiry of missing material; `undefined` when no material is missing, or no past expiry is recorded. */
function recordedExpiry({ keyState }: ExternalKey, folders: readonly KnownKey[], now: Date): Date | undefined {
  if (keyState !== 'PendingImport') return undefined;
  const newestFirst = folders.toSorted((one, other) => (one.asOf < other.asOf ? 1 : -1));
  // The newest folder that knows of an import. Its null says that the material was not to expire.
  const validTo = newestFirst.map((folder) => folder.validTo).find((each) => each !== undefined);
  const expiry = typeof validTo === 'string' ? new Date(validTo) : undefined;
  return expiry !== undefined && expiry <= now ? expiry : undefined;
}

/**
 * Gives the proof that becomes `ListedKey.backup`. Finds the newest proof of a backup for each material that the key needs, and
 * gives the oldest of these: the key is only as well backed up as this one. `undefined` when a needed material has no proof,
 * when the key needs none, or when its materials could not be read.
 */
function backupOf({ materials, notRead }: ExternalKey, folders: readonly KnownKey[]): ListedKey['backup'] {
  const needed = materials.filter(isNeeded);
  if (notRead?.includes('materials')) return undefined;
  const proofs = folders.flatMap(({ backups, folder }) => backups.map((backup) => ({ ...backup, workdir: folder })));
  const newestProofs = needed.flatMap(({ keyMaterialId }) => {
    const proofsOfMaterial = proofs.filter((proof) => proof.keyMaterialId === keyMaterialId);
    return proofsOfMaterial.sort((one, other) => (one.provenAt < other.provenAt ? 1 : -1)).slice(0, 1);
  });
  if (newestProofs.length < needed.length) return undefined;
  const oldest = newestProofs.sort((one, other) => (one.provenAt < other.provenAt ? -1 : 1))[0];
  return oldest === undefined ? undefined : { provenAt: oldest.provenAt, workdir: oldest.workdir };
}

/** Compares two keys for the order of a list: by rank, then by expiry (the earlier first), then by name. */
function byUrgency(one: ListedKey, other: ListedKey): number {
  const time = ({ expiry }: ListedKey) => expiry?.getTime() ?? Number.POSITIVE_INFINITY;
  const name = ({ alias, key }: ListedKey) => alias ?? key.keyId;
  return (
    urgencyRank(one) - urgencyRank(other) ||
    // The difference of two infinite times is not a number; then the names decide, as they do for equal times.
    time(one) - time(other) ||
    (name(one) < name(other) ? -1 : 1)
  );
}

/**
 * Gives the rank of a key: 0 it has lost its material, or perhaps has, 1 its material expires soon, 2 new material waits for a
 * rotation, 3 it never had material, 4 nothing is due.
 */
function urgencyRank({ due, key }: ListedKey): number {
  const isDue = (what: Due['what']) => due.some((one) => one.what === what);
  if (isDue('PendingImport') && hadMaterial(key) !== false) return 0;
  if (isDue('Expiry')) return 1;
  if (isDue('PendingRotation')) return 2;
  return isDue('PendingImport') ? 3 : 4;
}
