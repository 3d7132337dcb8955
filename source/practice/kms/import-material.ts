import { AwsError } from '../aws-error.ts';
import { materialLabel } from './data-keys.ts';
import { expiryOf, refuseForeignMembers } from './import-conditions.ts';
import { openToken } from './import-token.ts';
import { arnOf, currentMaterial, type KeyRecord, type Material } from './key-record.ts';
import { needExternalOrigin, needState } from './key-states.ts';
import { changeFamily } from './key-store.ts';
import { ciphertext, keyId, materialId } from './members.ts';
import { operation } from './operation.ts';
import { canonicalMaterial, unwrap } from './unwrap.ts';

/**
 * ImportKeyMaterial. Checks the origin and the state of the key, then the request, the token, the ciphertext and the identity
 * of the material. That the request is checked before the token is recorded (Sep 2026); the rest is unverified: import-order.
 */
export const importKeyMaterial = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    ImportToken: { ...ciphertext, required: true },
    EncryptedKeyMaterial: { ...ciphertext, required: true },
    ValidTo: { kind: 'time' },
    ExpirationModel: { kind: 'choice', values: ['KEY_MATERIAL_EXPIRES', 'KEY_MATERIAL_DOES_NOT_EXPIRE'] },
    ImportType: { kind: 'choice', values: ['NEW_KEY_MATERIAL', 'EXISTING_KEY_MATERIAL'] },
    KeyMaterialDescription: { kind: 'text', min: 0, max: 256, pattern: '^[a-zA-Z0-9:/_\\s.-]+$' },
    KeyMaterialId: materialId,
  },
  (call, input) => {
    const now = call.now().getTime();
    let id = '';
    const conditions = { 'kms:ExpirationModel': input.ExpirationModel ?? 'KEY_MATERIAL_EXPIRES' };
    const key = changeFamily({ ...call, conditions }, input.KeyId, (before, family) => {
      needExternalOrigin(before);
      needState('ImportKeyMaterial', before);
      refuseForeignMembers(before, input);
      const expiry = expiryOf(input, now);
      const token = openToken(call.hsm, input.ImportToken, before, now);
      const opened = unwrap(input.EncryptedKeyMaterial, call.wrappingPairs.privateKey(token.pairId), token.algorithm);
      const material = canonicalMaterial(opened, before.keySpec);
      // As at AWS, the id depends on the key and on the bytes. How AWS computes the id is not published.
      id = call.hsm.derive('key material id', Buffer.from(before.keyId), material).toString('hex');
      const isNew =
        (input.ImportType ?? (before.materials.length === 0 ? 'NEW_KEY_MATERIAL' : '')) === 'NEW_KEY_MATERIAL';
      needExpectedMaterial(before, id, isNew, input.KeyMaterialId);
      const sealed = call.hsm.seal(material, materialLabel(before, id)).toString('base64');
      opened.fill(0);
      material.fill(0);
      const described = input.KeyMaterialDescription === undefined ? {} : { description: input.KeyMaterialDescription };
      const after = { ...withMaterial(before, { id, sealed, ...expiry, ...described }), lastImport: now };
      return family.map((one) => (one.region === before.region ? after : withShared(one, after)));
    });
    return { KeyId: arnOf(key), ...(key.keySpec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId: id } : {}) };
  },
);

/**
 * Checks that these are the bytes that the request and the history of the key need (recorded answers, Sep 2026).
 * @param id the id of the bytes.
 * @param expected the id that the request names.
 * @throws IncorrectKeyMaterialException or KMSInvalidStateException when they are not.
 */
function needExpectedMaterial(key: KeyRecord, id: string, isNew: boolean, expected: string | undefined): void {
  const known = key.materials.some((one) => one.id === id);
  const pending = key.materials.find((one) => one.pending);
  if (isNew && known) {
    throw new AwsError(
      'IncorrectKeyMaterialException',
      `Key material (id: ${id}) being imported as NEW_KEY_MATERIAL is already associated with KMS key ${arnOf(key)}.`,
    );
  }
  if (isNew && pending) {
    throw new AwsError(
      'KMSInvalidStateException',
      `New key material (id: ${id}) cannot be imported into KMS key ${arnOf(key)}, because another key material (id: ${pending.id}) is pending rotation.`,
    );
  }
  // unverified: existing-into-empty
  if (!isNew && (expected === undefined ? !known : id !== expected)) {
    const wanted = expected ?? currentMaterial(key)?.id ?? id;
    throw new AwsError(
      'IncorrectKeyMaterialException',
      `Imported key material does not have the expected identifier (${wanted}).`,
    );
  }
}

/**
 * Adds imported material to a key: again, as the first material, or as new material that waits for a rotation. A description
 * that an import leaves out stays as it was, an expiry does not. KMS API reference, ImportKeyMaterial.
 */
function withMaterial(key: KeyRecord, material: Material): KeyRecord {
  const before = key.materials.find((one) => one.id === material.id);
  if (before) {
    const { pending, rotatedIn } = before;
    const again: Material = {
      ...material,
      ...(pending ? { pending } : {}),
      ...(rotatedIn === undefined ? {} : { rotatedIn }),
      ...(material.description === undefined && before.description !== undefined
        ? { description: before.description }
        : {}),
    };
    // A re-import enables the key, even one that was disabled (recorded answers, Sep 2026).
    return { ...key, enabled: true, materials: key.materials.map((one) => (one.id === again.id ? again : one)) };
  }
  return key.materials.length === 0
    ? { ...key, enabled: true, currentMaterialId: material.id, materials: [material] }
    : { ...key, materials: [...key.materials, { ...material, pending: true }] };
}

/**
 * Updates the related key in another Region. It gets the list of materials and their descriptions, but keeps its own bytes.
 */
function withShared(key: KeyRecord, changed: KeyRecord): KeyRecord {
  const materials = changed.materials.map(({ sealed: _, expirationModel: _model, validTo: _validTo, ...shared }) => {
    const { sealed, expirationModel, validTo } = key.materials.find((one) => one.id === shared.id) ?? {};
    return {
      ...shared,
      ...(sealed === undefined ? {} : { sealed }),
      ...(expirationModel === undefined ? {} : { expirationModel }),
      ...(validTo === undefined ? {} : { validTo }),
    };
  });
  return { ...key, materials };
}
