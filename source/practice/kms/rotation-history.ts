import { AwsError } from '../aws-error.ts';
import { arnOf, type KeyRecord, type Material } from './key-record.ts';
import { findKey, loadFamily } from './key-store.ts';
import { keyId, limit, marker } from './members.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

/** ListKeyRotations. Source: recorded answers, Sep 2026. */
export const listKeyRotations = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    IncludeKeyMaterial: { kind: 'choice', values: ['ALL_KEY_MATERIAL', 'ROTATIONS_ONLY'] },
    Limit: limit,
    Marker: marker,
  },
  (call, input) => {
    const key = findKey(call, input.KeyId, 'without aliases');
    const isSymmetric = key.keySpec === 'SYMMETRIC_DEFAULT';
    if (!isSymmetric && input.IncludeKeyMaterial !== undefined) {
      throw new AwsError(
        'ValidationException',
        'Input parameter includeKeyMaterial can only be used with symmetric keys.',
      );
    }
    const wantsAll = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
    const family = loadFamily(call, key.keyId);
    // `page` compares names as texts. The zeros before each number keep the order of the materials.
    const entries = (isSymmetric ? key.materials : [])
      .map((material, index) => ({ order: String(index).padStart(6, '0'), material }))
      .filter(({ material }) => wantsAll || material.rotatedIn !== undefined);
    const { Rotations, ...paging } = page('Rotations', entries, ({ order }) => order, input, 100);
    return {
      Rotations: (Rotations as typeof entries).map(({ material }) => entryOf(key, family, material)),
      ...paging,
    };
  },
);

/** Gives a material in the form of ListKeyRotations. */
function entryOf(key: KeyRecord, family: readonly KeyRecord[], material: Material): Record<string, unknown> {
  const { id, sealed, description, expirationModel, validTo, rotatedIn } = material;
  const importFields =
    key.origin === 'EXTERNAL'
      ? {
          ImportState: sealed === undefined ? 'PENDING_IMPORT' : 'IMPORTED',
          ...(sealed !== undefined && expirationModel ? { ExpirationModel: expirationModel } : {}),
          ...(sealed !== undefined && validTo !== undefined ? { ValidTo: validTo / 1000 } : {}),
        }
      : {};
  return {
    KeyId: arnOf(key),
    KeyMaterialId: id,
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ...importFields,
    KeyMaterialState: materialStateOf(key, family, material),
    ...(rotatedIn === undefined ? {} : { RotationDate: rotatedIn / 1000, RotationType: 'ON_DEMAND' }),
  };
}

/** Gives the state of a material. A rotation can use new material only when its bytes are in all Regions. */
function materialStateOf(key: KeyRecord, family: readonly KeyRecord[], { id, pending }: Material): string {
  if (!pending) return id === key.currentMaterialId ? 'CURRENT' : 'NON_CURRENT';
  const isEverywhere = family.every(({ materials }) =>
    materials.some((material) => material.id === id && material.sealed !== undefined),
  );
  return isEverywhere ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}
