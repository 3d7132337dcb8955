import type { ExternalKey } from '../aws/external-keys.ts';
import type { KnownFolders } from '../ceremonies/known-keys.ts';
import type { Within } from './due.ts';
import { type ListedKey, listKeys } from './listed-key.ts';
import { isPartial, type RegionLook } from './region-look.ts';

/** What a look at an account found. */
export type Status = {
  readonly asOf: Date;
  readonly withinMs: number;
  /** Absent where nobody could ask. */
  readonly account: string | undefined;
  readonly looks: readonly RegionLook[];
  /** Of all Regions, sorted by what is due first. */
  readonly keys: readonly ListedKey[];
  readonly unreadable: KnownFolders['unreadable'];
};

/** Puts together what AWS tells of an account and what folders here know. */
export function statusOf(
  account: string | undefined,
  looks: readonly RegionLook[],
  { keys, unreadable }: Pick<KnownFolders, 'keys' | 'unreadable'>,
  within: Within,
): Status {
  const found: readonly ExternalKey[] = looks.flatMap((look) => ('problem' in look ? [] : look.keys));
  return {
    asOf: within.now,
    withinMs: within.withinMs,
    account,
    looks,
    keys: listKeys(found, keys, within),
    unreadable,
  };
}

/** Gives the exit status: 0 nothing is due, 1 something is, 2 not everything could be looked at. */
export function exitStatusOf({ looks, keys }: Pick<Status, 'looks' | 'keys'>): 0 | 1 | 2 {
  if (looks.some(isPartial)) return 2;
  return keys.some(({ due }) => due.length > 0) ? 1 : 0;
}
