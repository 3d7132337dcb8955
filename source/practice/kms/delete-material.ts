import { AwsError } from '../aws-error.ts';
import { arnOf, isReplica, withoutBytes } from './key-record.ts';
import { allow, needExternalOrigin } from './key-states.ts';
import { changeFamily } from './key-store.ts';
import { keyId, materialId } from './members.ts';
import { operation } from './operation.ts';

const shape = { KeyId: keyId, KeyMaterialId: materialId } as const;

/**
 * DeleteImportedKeyMaterial: the current material unless another is named. Works as often as one likes. Material that waits
 * for rotation disappears from the history, with the replicas' copies of it; a replica loses its own copy only. Source: recorded answers, Sep 2026.
 */
export const deleteImportedKeyMaterial = operation({ on: 'key' }, shape, (call, input) => {
  let id: string | undefined;
  const key = changeFamily(call, input.KeyId, (before, family) => {
    needExternalOrigin(before);
    allow('DeleteImportedKeyMaterial', before);
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
