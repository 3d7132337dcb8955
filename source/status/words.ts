import { timeLeft } from '../steps/dates.ts';
import { hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';

const hourInMs = 60 * 60 * 1000;
const dayInMs = 24 * hourInMs;

/** Gives the name by which a person knows a key: its alias, or the beginning and the end of its id. */
export function nameOf({ alias, key: { keyId } }: ListedKey, ellipsis: string): string {
  // Four more characters when the id begins with `mrk-`, as the id of each multi-Region key does.
  return alias ?? `${keyId.slice(0, keyId.startsWith('mrk-') ? 8 : 4)}${ellipsis}${keyId.slice(-4)}`;
}

/** Gives a key state as words: "Pending import" for `PendingImport`. An empty state is "unknown". */
export function stateWords(keyState: string): string {
  // Each capital letter after a small letter begins a word.
  const words = keyState.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words === '' ? 'unknown' : words;
}

/** Says why Keyferry has no ceremony for a key: it is of another kind than SYMMETRIC_DEFAULT. */
export const otherKindWords = (keySpec: string) => `Keyferry does this with SYMMETRIC_DEFAULT keys; this is ${keySpec}`;

/**
 * Says in a few words what comes first of these: when the key is deleted, that KMS has no material for it (and why, if that is
 * known), when its material expires, that new material waits for a rotation, or that the material does not expire.
 */
export function expiryWords({ key, expiry, expiredAt, due }: ListedKey, now: Date): string {
  const { deletionDate, keyState, materials } = key;
  if (deletionDate !== undefined) return `deleted in ${shortTime(deletionDate, now)}`;
  if (keyState === 'PendingImport') {
    if (expiredAt !== undefined) return `expired ${shortTime(now, expiredAt)} ago`;
    const had = hadMaterial(key);
    if (had === undefined) return 'has no material';
    if (!had) return 'never had material';
    const missing = materials.filter(({ importState }) => importState === 'PENDING_IMPORT').length;
    return materials.length > 1 ? `${missing} of ${materials.length} are gone` : 'material is gone';
  }
  if (expiry !== undefined) return expiry <= now ? 'expires now' : `expires in ${shortTime(expiry, now)}`;
  return due.some(({ what }) => what === 'PendingRotation') ? 'rotation waits' : 'does not expire';
}

/**
 * Says in a few words what the folders here know of a backup: "proven 3 May 2026" when each needed material has one that was
 * opened and compared, "kept elsewhere" when the key was never here, "never opened" when there is one that nobody has opened, else
 * "no backup known".
 */
export function backupWords({ backup, known }: ListedKey): string {
  if (backup !== undefined) return `proven ${dayOf(backup.provenAt)}`;
  if (known?.keeper !== undefined) return 'kept elsewhere';
  return known?.hasUnopenedBackup === true ? 'never opened' : 'no backup known';
}

/** Gives the time between two dates, rounded down: `27 d`; below two days `31 h`; below one hour `12 min`, at least `0 min`. */
function shortTime(later: Date, earlier: Date): string {
  const ms = later.getTime() - earlier.getTime();
  if (ms >= 2 * dayInMs) return `${Math.floor(ms / dayInMs)} d`;
  return ms >= hourInMs ? `${Math.floor(ms / hourInMs)} h` : timeLeft(later, earlier);
}

/** Gives the day of an ISO 8601 time, in UTC: `3 May 2026`. */
function dayOf(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
