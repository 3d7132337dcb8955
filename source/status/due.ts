import { type ExternalKey, earliestExpiry } from '../aws/external-keys.ts';

/** What a key needs from a person, and when. */
export type Due = {
  /**
   * `PendingImport`: the key lacks material, so that it cannot be used. `Expiry`: material expires soon. `PendingRotation`: new
   * material was imported and waits until somebody rotates the key.
   */
  readonly what: 'PendingImport' | 'Expiry' | 'PendingRotation';
  /** When the material expires, or has expired as far as that is known here. */
  readonly at: Date | null;
};

/** A moment, and how long before an expiry the expiry is due. */
export type Within = { readonly now: Date; readonly withinMs: number };

/**
 * Gives what is due for a key, the most urgent first. A key that will be deleted needs nothing.
 * @param expiredAt when material that is missing had its expiry, where that is known.
 */
export function dueOf(key: ExternalKey, { now, withinMs }: Within, expiredAt?: Date): readonly Due[] {
  if (key.keyState === 'PendingDeletion' || key.keyState === 'PendingReplicaDeletion') return [];
  const expiry = earliestExpiry(key);
  const isSoon = expiry !== undefined && expiry.getTime() - now.getTime() <= withinMs;
  // A replica is rotated through its primary.
  const isWaiting = key.multiRegion !== 'REPLICA' && key.materials.some(isPending);
  return [
    ...(key.keyState === 'PendingImport' ? [{ what: 'PendingImport', at: expiredAt ?? null } as const] : []),
    ...(isSoon ? [{ what: 'Expiry', at: expiry } as const] : []),
    ...(isWaiting ? [{ what: 'PendingRotation', at: null } as const] : []),
  ];
}

const isPending = ({ state }: ExternalKey['materials'][number]) =>
  state === 'PENDING_ROTATION' || state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/**
 * Tells whether a key had material once that KMS does not hold now: what it encrypted is unreadable until that comes back.
 * `undefined` where KMS does not tell, as of asymmetric and HMAC keys.
 */
export function hadMaterial({ keySpec, materials, notRead }: ExternalKey): boolean | undefined {
  if (materials.length > 0) return true;
  return keySpec === 'SYMMETRIC_DEFAULT' && !notRead?.includes('materials') ? false : undefined;
}
