import type { ExternalKey } from '../aws/external-key.ts';
import type { KnownFolders } from '../ceremonies/known-keys.ts';
import type { DuePeriod } from './due.ts';
import { type ListedKey, listKeys } from './listed-key.ts';
import { isPartial, type RegionLook } from './region-look.ts';

/** The state of an account's keys: what AWS said about some Regions at one time, and what ceremony folders here know. */
export type Status = {
  readonly asOf: Date;
  /** An expiry is due when it is at most this many milliseconds away. */
  readonly periodMs: number;
  /** The number of the account. `undefined` when AWS could not be asked. */
  readonly account: string | undefined;
  readonly looks: readonly RegionLook[];
  /** The keys of all Regions, the most urgent first. */
  readonly keys: readonly ListedKey[];
  readonly unreadable: KnownFolders['unreadable'];
};

/** Builds a status from the answers of AWS and from the ceremony folders on this machine. */
export function statusOf(
  account: string | undefined,
  looks: readonly RegionLook[],
  { keys, unreadable }: Pick<KnownFolders, 'keys' | 'unreadable'>,
  period: DuePeriod,
): Status {
  const found: readonly ExternalKey[] = looks.flatMap((look) => ('problem' in look ? [] : look.keys));
  return {
    asOf: period.now,
    periodMs: period.periodMs,
    account,
    looks,
    keys: listKeys(found, keys, period),
    unreadable,
  };
}

/** Tells whether AWS did not show all keys or all their materials. Hidden tags, hidden aliases and unread journals do not count. */
export const isIncomplete = ({ looks }: Pick<Status, 'looks'>): boolean => looks.some(isPartial);

/** Gives the exit status: 2 when {@link isIncomplete}, whether or not something is due; else 1 when something is due, else 0. */
export function exitStatusOf({ looks, keys }: Pick<Status, 'looks' | 'keys'>): 0 | 1 | 2 {
  if (isIncomplete({ looks })) return 2;
  return keys.some(({ due }) => due.length > 0) ? 1 : 0;
}
