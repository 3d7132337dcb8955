import { AwsError } from '../aws-error.ts';
import { arnOf, isReplica, withoutBytes } from './key-record.ts';
import { needExternalOrigin, needState } from './key-states.ts';
import { changeFamily } from './key-store.ts';
import { keyId, materialId } from './members.ts';
import { operation } from './operation.ts';

const shape = { KeyId: keyId, KeyMaterialId: materialId } as const;

/**
 * DeleteImportedKeyMaterial. Deletes the bytes of the named material, by default of the current one; may be repeated.
 * Material that waits for rotation is removed from the history too, and from all replicas. On a replica, only its own bytes
 * are deleted. Source: recorded answers, Sep 2026.
 */
export const deleteImportedKeyMaterial = operation({ on: 'key' }, shape, (call, input) => {
  let id: string | undefined;
  const key = changeFamily(call, input.KeyId, (before, family) => {
    needExternalOrigin(before);
    needState('DeleteImportedKeyMaterial', before);
    id = input.KeyMaterialId ?? before.currentMaterialId;
    const found = before.materials.find((one) => one.id === id);
    if (input.KeyMaterialId !== undefined && !found) {
      throw new AwsError(
        'ValidationException',
        `Key material (id: ${id}) has never been imported into KMS key ${arnOf(before)}.`,
      );
    }
    const forgets = found?.pending === true && !isReplica(before);
    return family
      .filter((one) => forgets || one.region === before.region)
      .map((one) => ({
        ...one,
        materials: one.materials
          .filter((material) => !(forgets && material.id === id))
          .map((material) => (material.id === id ? withoutBytes(material) : material)),
      }));
  });
  return {
    KeyId: arnOf(key),
    ...(key.keySpec === 'SYMMETRIC_DEFAULT' && id !== undefined ? { KeyMaterialId: id } : {}),
  };
});
