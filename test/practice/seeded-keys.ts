import { randomBytes } from 'node:crypto';
import { openHsm } from '../../source/practice/hsm.ts';
import { makeAndSaveKey } from '../../source/practice/kms/create-key.ts';
import { defaultPolicy } from '../../source/practice/kms/key-policy.ts';
import type { KeyRecord } from '../../source/practice/kms/key-record.ts';
import { saveKey } from '../../source/practice/kms/key-store.ts';
import { openStore } from '../../source/practice/store.ts';

type Seeded = Partial<Pick<KeyRecord, 'origin' | 'tags'>> & {
  /** When its material expires; null where it does not, absent where the key never had any. */
  readonly validTo?: Date | null;
  readonly alias?: string;
};

/**
 * Puts keys into the state of practice AWS as if they had been made and imported one after another: through the API, the
 * request quotas would make thousands of keys take hours. Nothing can be decrypted with them.
 */
export function seedKeys(stateFolder: string, region: string, keys: readonly Seeded[]): readonly KeyRecord[] {
  const store = openStore(stateFolder);
  try {
    const place = { store, region, now: () => new Date(), hsm: openHsm(stateFolder) };
    return store.change(() =>
      keys.map(({ origin = 'EXTERNAL', tags = [], validTo, alias }) => {
        const made = makeAndSaveKey(place, {
          description: '',
          keySpec: 'SYMMETRIC_DEFAULT',
          keyUsage: 'ENCRYPT_DECRYPT',
          origin,
          manager: 'CUSTOMER',
          policy: defaultPolicy(region),
          tags,
          isMultiRegion: false,
        });
        const key = validTo === undefined || origin === 'AWS_KMS' ? made : withMaterial(made, validTo);
        if (key !== made) saveKey(place, key);
        const now = Date.now();
        if (alias !== undefined)
          store.run('INSERT INTO kms_alias VALUES (?, ?, ?, ?, ?)', region, alias, key.keyId, now, now);
        return key;
      }),
    );
  } finally {
    store.close();
  }
}

function withMaterial(key: KeyRecord, validTo: Date | null): KeyRecord {
  const id = randomBytes(32).toString('hex');
  const expiry =
    validTo === null
      ? ({ expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } as const)
      : ({ expirationModel: 'KEY_MATERIAL_EXPIRES', validTo: Math.floor(validTo.getTime() / 1000) * 1000 } as const);
  return { ...key, currentMaterialId: id, materials: [{ id, sealed: randomBytes(60).toString('base64'), ...expiry }] };
}
