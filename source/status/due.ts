import { type ExternalKey, earliestExpiry } from '../aws/external-key.ts';

/** Something that a key needs from a person, and when. */
export type Due =
  /** The key lacks material, so that it cannot be used. `at`: when the material expired; null when nobody here knows that. */
  | { readonly what: 'PendingImport'; readonly at: Date | null }
  /** Material expires soon. */
  | { readonly what: 'Expiry'; readonly at: Date }
  /** New material was imported and waits until somebody rotates the key. */
  | { readonly what: 'PendingRotation'; readonly at: null };

/** `now` is the time when AWS was asked. An expiry is due when it is at most `periodMs` milliseconds away from `now`. */
export type DuePeriod = { readonly now: Date; readonly periodMs: number };

/**
 * Gives what is due for a key, the most urgent first. A key that will be deleted needs nothing.
 * @param expiredAt the time at which the missing material expired; `undefined` when nobody here knows it.
 */
export function dueOf(key: ExternalKey, { now, periodMs }: DuePeriod, expiredAt?: Date): readonly Due[] {
  if (key.keyState === 'PendingDeletion' || key.keyState === 'PendingReplicaDeletion') return [];
  const expiry = earliestExpiry(key);
  const expiresSoon = expiry !== undefined && expiry.getTime() - now.getTime() <= periodMs;
  // A replica is rotated through its primary.
  const needsRotation = key.multiRegion !== 'REPLICA' && key.materials.some(waitsForRotation);
  return [
    ...(key.keyState === 'PendingImport' ? [{ what: 'PendingImport', at: expiredAt ?? null } as const] : []),
    ...(expiresSoon ? [{ what: 'Expiry', at: expiry } as const] : []),
    ...(needsRotation ? [{ what: 'PendingRotation', at: null } as const] : []),
  ];
}

const waitsForRotation = ({ state }: ExternalKey['materials'][number]) =>
  state === 'PENDING_ROTATION' || state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';

/**
 * Tells whether a key has ever had material, even when KMS does not have it now. `undefined` when no material is known and
 * KMS does not tell: for asymmetric and HMAC keys, and when the list of materials could not be read.
 */
export function hadMaterial({ keySpec, materials, notRead }: ExternalKey): boolean | undefined {
  if (materials.length > 0) return true;
  return keySpec === 'SYMMETRIC_DEFAULT' && !notRead?.includes('materials') ? false : undefined;
}
