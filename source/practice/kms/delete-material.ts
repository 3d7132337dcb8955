import { AwsError } from '../aws-error.ts';
import { arnOf, isReplica, withoutBytes } from './key-record.ts';
import { needExternalOrigin, needState } from './key-states.ts';
import { changeFamily } from './key-store.ts';
import { keyId, materialId } from './members.ts';
import { operation } from './operation.ts';

const shape = { KeyId: keyId, KeyMaterialId: materialId } as const;

/**
 * DeleteImportedKeyMaterial. Deletes the bytes of the named material; without a name, of the current material. A second
 * request succeeds too. Material that waits for rotation is also removed from the list of materials, here and in all
 * replicas. On a replica, the operation deletes only the bytes of this replica. Source: recorded answers, Sep 2026.
 */
export const deleteImportedKeyMaterial = operation({ on: 'key' }, shape, (call, input) => {
  let id: string | undefined;
  const key = changeFamily(call, input.KeyId, (before, family) => {
    needExternalOrigin(before);
    needState('DeleteImportedKeyMaterial', before);
    id = input.KeyMaterialId ?? before.currentMaterialId;
    const material = before.materials.find((candidate) => candidate.id === id);
    if (input.KeyMaterialId !== undefined && !material) {
      throw new AwsError(
        'ValidationException',
        `Key material (id: ${id}) has never been imported into KMS key ${arnOf(before)}.`,
      );
    }
    const isRemovedEverywhere = material?.pending === true && !isReplica(before);
    return family
      .filter((member) => isRemovedEverywhere || member.region === before.region)
      .map((member) => ({
        ...member,
        materials: member.materials
          .filter((candidate) => !(isRemovedEverywhere && candidate.id === id))
          .map((candidate) => (candidate.id === id ? withoutBytes(candidate) : candidate)),
      }));
  });
  return {
    KeyId: arnOf(key),
    ...(key.keySpec === 'SYMMETRIC_DEFAULT' && id !== undefined ? { KeyMaterialId: id } : {}),
  };
});
