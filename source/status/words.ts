import { timeLeft } from '../steps/dates.ts';
import { hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';

const day = 24 * 60 * 60 * 1000;

/** Gives the name by which a person knows a key: its alias, or the beginning and the end of its id. */
export function nameOf({ alias, key: { keyId } }: ListedKey, ellipsis: string): string {
  return alias ?? `${keyId.slice(0, keyId.startsWith('mrk-') ? 8 : 4)}${ellipsis}${keyId.slice(-4)}`;
}

/** Gives a key state as words: "Pending import". */
export function stateWords(keyState: string): string {
  const words = keyState.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words === '' ? 'unknown' : words;
}

/** Says in a few words when the material of a key expires, or why it is not there. */
export function expiryWords({ key, expiry, expiredAt, due }: ListedKey, now: Date): string {
  const { deletionDate, keyState, materials } = key;
  if (deletionDate !== undefined) return `deleted in ${inShort(deletionDate, now)}`;
  if (keyState === 'PendingImport') {
    if (expiredAt !== undefined) return `expired ${inShort(now, expiredAt)} ago`;
    if (hadMaterial(key) === false) return 'never had material';
    const missing = materials.filter(({ importState }) => importState === 'PENDING_IMPORT').length;
    return materials.length > 1 ? `${missing} of ${materials.length} are gone` : 'material is gone';
  }
  if (expiry !== undefined) return expiry <= now ? 'expires now' : `expires in ${inShort(expiry, now)}`;
  return due.some(({ what }) => what === 'PendingRotation') ? 'rotation waits' : 'does not expire';
}

/** Says whether a backup is known here: "proven 3 May 2026". */
export function backupWords({ backup, known }: ListedKey): string {
  if (backup !== undefined) return `proven ${dayOf(backup.provenAt)}`;
  return known?.hasUnopenedBackup === true ? 'never opened' : 'no backup known';
}

/** `27 d`, and within two days `31 h` or `12 min`. */
function inShort(later: Date, earlier: Date): string {
  const ms = Math.max(0, later.getTime() - earlier.getTime());
  if (ms >= 2 * day) return `${Math.floor(ms / day)} d`;
  return ms >= 3_600_000 ? `${Math.floor(ms / 3_600_000)} h` : timeLeft(later, earlier);
}

function dayOf(time: string): string {
  return new Date(time).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}
