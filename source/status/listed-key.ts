import { type ExternalKey, earliestExpiry } from '../aws/external-keys.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { isNeeded } from '../steps/materials.ts';
import { type Due, dueOf, hadMaterial, type Within } from './due.ts';

/** A key as AWS tells it now, with what folders here know of it and what is due. */
export type ListedKey = {
  readonly key: ExternalKey;
  /** Its alias, as far as it is still its own the one on record; none where it has none. */
  readonly alias: string | undefined;
  readonly expiry: Date | undefined;
  /** When material that is missing has expired, where a folder here knows that. */
  readonly expiredAt: Date | undefined;
  /** What the folder knows that is the best to go on from. */
  readonly known: KnownKey | undefined;
  /** When backups of all materials that the key needs were proven: the oldest of the proofs, and the folder of that. */
  readonly backup: { readonly provenAt: string; readonly workdir: string } | undefined;
  readonly due: readonly Due[];
};

/** Joins keys with what is known here, sorted by what is due first. */
export function listKeys(
  keys: readonly ExternalKey[],
  known: readonly KnownKey[],
  within: Within,
): readonly ListedKey[] {
  const listed = keys.map((key) => {
    const folders = known.filter(({ keyArn }) => isSameKey(keyArn, key.keyArn));
    const best = folders.toSorted(byUse)[0];
    const expiredAt = expiryOf(key, folders, within.now);
    const { aliases } = key;
    return {
      key,
      alias: aliases.find((name) => folders.some(({ alias }) => alias === name)) ?? aliases[0],
      expiry: earliestExpiry(key),
      expiredAt,
      known: best,
      backup: backupOf(key, folders),
      due: dueOf(key, within, expiredAt),
    };
  });
  return listed.sort(byUrgency);
}

/** The Regions of a multi-Region key have one id and the same bytes. */
function isSameKey(one: string, other: string): boolean {
  if (one === other) return true;
  const parts = (arn: string) => arn.split(':');
  return one.includes(':key/mrk-') && [1, 2, 4, 5].every((part) => parts(one)[part] === parts(other)[part]);
}

/** A ceremony that is under way comes first, then a folder with a backup, then the one with the latest news. */
function byUse(one: KnownKey, other: KnownKey): number {
  const rank = ({ isFinished, backup }: KnownKey) => (isFinished ? 1 : 0) * 2 + (backup === undefined ? 1 : 0);
  return rank(one) - rank(other) || (one.asOf < other.asOf ? 1 : -1);
}

function expiryOf({ keyState }: ExternalKey, folders: readonly KnownKey[], now: Date): Date | undefined {
  if (keyState !== 'PendingImport') return undefined;
  const last = folders.toSorted((one, other) => (one.asOf < other.asOf ? 1 : -1)).find(({ validTo }) => validTo);
  const at = typeof last?.validTo === 'string' ? new Date(last.validTo) : undefined;
  return at !== undefined && at <= now ? at : undefined;
}

/** A key with several materials needs a backup of each that has encrypted something. */
function backupOf({ materials, notRead }: ExternalKey, folders: readonly KnownKey[]): ListedKey['backup'] {
  const needed = materials.filter(isNeeded);
  if (needed.length === 0 || notRead?.includes('materials')) return undefined;
  const proofs = folders.flatMap(({ backups, folder }) => backups.map((backup) => ({ ...backup, workdir: folder })));
  const latest = needed.map(({ keyMaterialId }) =>
    proofs
      .filter((proof) => proof.keyMaterialId === keyMaterialId)
      .sort((one, other) => (one.provenAt < other.provenAt ? 1 : -1))
      .at(0),
  );
  if (latest.includes(undefined)) return undefined;
  const oldest = latest.sort((one, other) => ((one?.provenAt ?? '') < (other?.provenAt ?? '') ? -1 : 1))[0];
  return oldest === undefined ? undefined : { provenAt: oldest.provenAt, workdir: oldest.workdir };
}

/** Lost material comes first, then what expires next; a key that was never used can wait longer than both. */
function byUrgency(one: ListedKey, other: ListedKey): number {
  const time = ({ expiry }: ListedKey) => expiry?.getTime() ?? Number.POSITIVE_INFINITY;
  const name = ({ alias, key }: ListedKey) => alias ?? key.keyId;
  return (
    rankOf(one) - rankOf(other) ||
    (time(one) === time(other) ? 0 : time(one) - time(other)) ||
    (name(one) < name(other) ? -1 : 1)
  );
}

function rankOf({ due, key }: ListedKey): number {
  const is = (what: Due['what']) => due.some((one) => one.what === what);
  if (is('PendingImport') && hadMaterial(key) !== false) return 0;
  if (is('Expiry')) return 1;
  if (is('PendingRotation')) return 2;
  return is('PendingImport') ? 3 : 4;
}
