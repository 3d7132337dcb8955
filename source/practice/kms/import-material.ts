import { AwsError } from '../aws-error.ts';
import type { Hsm } from '../hsm.ts';
import { materialLabel } from './data-keys.ts';
import { readExpiry, refuseForeignMembers } from './import-conditions.ts';
import { readToken } from './import-token.ts';
import { arnOf, currentMaterial, type KeyRecord, type Material } from './key-record.ts';
import { needExternalOrigin, needState } from './key-states.ts';
import { changeFamily } from './key-store.ts';
import { ciphertext, keyId, materialId } from './members.ts';
import { operation } from './operation.ts';
import { canonicalMaterial, unwrap } from './unwrap.ts';

/**
 * ImportKeyMaterial. Checks the origin and the state of the key, then the request, the token, the ciphertext and the id of
 * the material. Recordings show that the request is checked before the token (Sep 2026). The rest of the order is
 * unverified: import-order.
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
    let importedId = '';
    const conditions = { 'kms:ExpirationModel': input.ExpirationModel ?? 'KEY_MATERIAL_EXPIRES' };
    const key = changeFamily({ ...call, conditions }, input.KeyId, (before, family) => {
      needExternalOrigin(before);
      needState('ImportKeyMaterial', before);
      refuseForeignMembers(before, input);
      const expiry = readExpiry(input, now);
      const token = readToken(call.hsm, input.ImportToken, before, now);
      const unwrapped = unwrap(
        input.EncryptedKeyMaterial,
        call.wrappingPairs.privateKey(token.pairId),
        token.algorithm,
      );
      const { id, sealed } = sealImported(call.hsm, before, unwrapped, input);
      importedId = id;
      const description =
        input.KeyMaterialDescription === undefined ? {} : { description: input.KeyMaterialDescription };
      const after = { ...withMaterial(before, { id, sealed, ...expiry, ...description }), lastImport: now };
      return family.map((member) => (member.region === before.region ? after : withMaterialsOf(member, after)));
    });
    return { KeyId: arnOf(key), ...(key.keySpec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId: importedId } : {}) };
  },
);

/**
 * Checks imported bytes, and gives them sealed, with their id. Overwrites the bytes, also when they are refused.
 * @throws as {@link canonicalMaterial} and {@link needExpectedMaterial} do.
 */
function sealImported(
  hsm: Hsm,
  key: KeyRecord,
  unwrapped: Buffer,
  { ImportType, KeyMaterialId }: { readonly ImportType?: string; readonly KeyMaterialId?: string },
): { readonly id: string; readonly sealed: string } {
  let material = unwrapped;
  try {
    material = canonicalMaterial(unwrapped, key);
    // As at AWS, the id depends on the key and on the bytes. How AWS computes the id is not published.
    const id = hsm.derive('key material id', Buffer.from(key.keyId), material).toString('hex');
    // Without ImportType, only the first material of a key is new.
    const defaultType = key.materials.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL';
    const isNew = (ImportType ?? defaultType) === 'NEW_KEY_MATERIAL';
    needExpectedMaterial(key, id, isNew, KeyMaterialId);
    return { id, sealed: hsm.seal(material, materialLabel(key, id)).toString('base64') };
  } finally {
    unwrapped.fill(0);
    material.fill(0);
  }
}

/**
 * Checks the imported bytes (recorded answers, Sep 2026). New material must be new to the key. Material that is imported again must
 * be the one that the request names; when it names none, any that was imported before.
 * @param id the id of the imported bytes.
 * @param isNew true when the request imports new material, false when it imports earlier material again.
 * @param expected the id that the request names for material that is imported again.
 * @throws IncorrectKeyMaterialException for bytes that break these rules; KMSInvalidStateException for new material while other
 * material waits for a rotation.
 */
function needExpectedMaterial(key: KeyRecord, id: string, isNew: boolean, expected: string | undefined): void {
  const wasImported = key.materials.some((material) => material.id === id);
  const pending = key.materials.find((material) => material.pending);
  if (isNew && wasImported) {
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
  const isExpected = expected === undefined ? wasImported : id === expected;
  if (!isNew && !isExpected) {
    // When the request names no id, the message names the current material. A key that never had material has no other id to
    // name than that of the imported bytes. unverified: existing-into-empty
    const expectedId = expected ?? currentMaterial(key)?.id ?? id;
    throw new AwsError(
      'IncorrectKeyMaterialException',
      `Imported key material does not have the expected identifier (${expectedId}).`,
    );
  }
}

/**
 * Adds imported material to a key. The key has had this material before, or it is the first material of the key, or it is
 * new material that waits for a rotation. When a re-import has no description, the old description stays. When it has no
 * expiry date, the old date does not stay. Source: ImportKeyMaterial, KMS API reference.
 */
function withMaterial(key: KeyRecord, material: Material): KeyRecord {
  const before = key.materials.find(({ id }) => id === material.id);
  if (before) {
    const { pending, rotatedIn } = before;
    const reimported: Material = {
      ...material,
      ...(pending ? { pending } : {}),
      ...(rotatedIn === undefined ? {} : { rotatedIn }),
      ...(material.description === undefined && before.description !== undefined
        ? { description: before.description }
        : {}),
    };
    // A re-import enables the key, even one that was disabled (recorded answers, Sep 2026).
    return {
      ...key,
      enabled: true,
      materials: key.materials.map((present) => (present.id === reimported.id ? reimported : present)),
    };
  }
  return key.materials.length === 0
    ? { ...key, enabled: true, currentMaterialId: material.id, materials: [material] }
    : { ...key, materials: [...key.materials, { ...material, pending: true }] };
}

/**
 * Gives a related key of another Region with the materials of the changed key. It gets the list of materials and their
 * descriptions, but keeps its own bytes and expiry dates.
 */
function withMaterialsOf(key: KeyRecord, changed: KeyRecord): KeyRecord {
  const materials = changed.materials.map(({ sealed: _, expirationModel: _model, validTo: _validTo, ...shared }) => {
    const { sealed, expirationModel, validTo } = key.materials.find(({ id }) => id === shared.id) ?? {};
    return {
      ...shared,
      ...(sealed === undefined ? {} : { sealed }),
      ...(expirationModel === undefined ? {} : { expirationModel }),
      ...(validTo === undefined ? {} : { validTo }),
    };
  });
  return { ...key, materials };
}
