import type {
  GetParametersForImportCommandOutput,
  ImportKeyMaterialCommandInput,
  KeyMetadata,
  KMSClient,
} from '@aws-sdk/client-kms';
import { isUsableTime } from './answers.ts';
import { externalKeyRequest } from './external-key-request.ts';
import type { Tag } from './tags.ts';

/** Loads the KMS client, so that it is not loaded before the first call. */
const sdk = () => import('@aws-sdk/client-kms');

/** The tag by which a ceremony finds a key that it made but could not note. */
export const ceremonyTag = 'keyferry:ceremony';

/** What a new key gets when it is made. */
export type NewKey = {
  readonly policy: string;
  readonly description: string;
  readonly ceremonyId: string;
  /** The person's own tags. */
  readonly tags?: readonly Tag[];
  /** True for a multi-Region key. Neither this nor the key spec can be changed later. */
  readonly multiRegion?: boolean;
};

/** Creates a symmetric KMS key that waits for imported material. Calls CreateKey with Origin EXTERNAL. */
export async function createExternalKey(
  kms: KMSClient,
  { policy, description, ceremonyId, tags = [], multiRegion = false }: NewKey,
): Promise<KeyMetadata> {
  const { CreateKeyCommand } = await sdk();
  const { KeyMetadata } = await kms.send(
    new CreateKeyCommand({
      ...externalKeyRequest,
      Policy: policy,
      Description: description,
      ...(multiRegion ? { MultiRegion: true } : {}),
      Tags: kmsTags(ceremonyId, tags),
    }),
  );
  if (KeyMetadata === undefined) throw new Error('CreateKey answered without KeyMetadata.');
  return KeyMetadata;
}

/** Gives the tags of a new key as KMS spells them: that of the ceremony, then the person's own. */
export function kmsTags(ceremonyId: string, tags: readonly Tag[]): { TagKey: string; TagValue: string }[] {
  return [{ key: ceremonyTag, value: ceremonyId }, ...tags].map(({ key, value }) => ({ TagKey: key, TagValue: value }));
}

/** Replaces the policy and the description of a key. Calls PutKeyPolicy and UpdateKeyDescription. */
export async function updateKey(
  kms: KMSClient,
  keyId: string,
  { policy, description }: { policy: string; description: string },
): Promise<void> {
  const { PutKeyPolicyCommand, UpdateKeyDescriptionCommand } = await sdk();
  await kms.send(new PutKeyPolicyCommand({ KeyId: keyId, PolicyName: 'default', Policy: policy }));
  await kms.send(new UpdateKeyDescriptionCommand({ KeyId: keyId, Description: description }));
}

/**
 * Adds the wanted tags that a key lacks or has with another value, and removes the tags that are not wanted. Calls TagResource and
 * UntagResource, each only when there is something to change.
 * @param present the person's own tags that the key has now. The tag of the ceremony is not among them.
 */
export async function changeTags(
  kms: KMSClient,
  keyId: string,
  present: readonly Tag[],
  wanted: readonly Tag[],
): Promise<void> {
  const { TagResourceCommand, UntagResourceCommand } = await sdk();
  const added = wanted.filter((tag) => !present.some(({ key, value }) => key === tag.key && value === tag.value));
  const removed = present.filter((tag) => !wanted.some(({ key }) => key === tag.key)).map(({ key }) => key);
  const Tags = added.map(({ key, value }) => ({ TagKey: key, TagValue: value }));
  if (added.length > 0) await kms.send(new TagResourceCommand({ KeyId: keyId, Tags }));
  if (removed.length > 0) await kms.send(new UntagResourceCommand({ KeyId: keyId, TagKeys: removed }));
}

/** Gives the metadata of a key. Calls DescribeKey. */
export async function describeKey(kms: KMSClient, keyId: string): Promise<KeyMetadata> {
  const { DescribeKeyCommand } = await sdk();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyId }));
  if (KeyMetadata === undefined) throw new Error('DescribeKey answered without KeyMetadata.');
  return KeyMetadata;
}

/** The answer to GetParametersForImport. A part that is missing or unreadable is absent. */
export type ImportParameters = {
  /** The ARN of the key to which both parts belong. */
  readonly keyArn?: string;
  readonly publicKey?: Buffer;
  readonly importToken?: Buffer;
  readonly validTo?: Date;
};

/**
 * Gets the wrapping public key (DER SubjectPublicKeyInfo) and its import token, which KMS accepts for 24 hours. Does not check
 * them. Gives an object without any part when the SDK could not read the answer. Calls GetParametersForImport.
 */
export async function readImportParameters(
  kms: KMSClient,
  keyId: string,
  {
    algorithm,
    keySpec,
  }: { algorithm: 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256'; keySpec: 'RSA_2048' | 'RSA_3072' | 'RSA_4096' },
): Promise<ImportParameters> {
  const { GetParametersForImportCommand } = await sdk();
  const request = { KeyId: keyId, WrappingAlgorithm: algorithm, WrappingKeySpec: keySpec };
  const answer: Partial<GetParametersForImportCommandOutput> = await kms
    .send(new GetParametersForImportCommand(request))
    .catch((error: unknown) => {
      if (isUnreadableAnswer(error)) return {};
      throw error;
    });
  const { KeyId, PublicKey, ImportToken, ParametersValidTo } = answer;
  return {
    ...(KeyId === undefined ? {} : { keyArn: KeyId }),
    ...(PublicKey instanceof Uint8Array ? { publicKey: Buffer.from(PublicKey) } : {}),
    ...(ImportToken instanceof Uint8Array ? { importToken: Buffer.from(ImportToken) } : {}),
    ...(isUsableTime(ParametersValidTo) ? { validTo: ParametersValidTo } : {}),
  };
}

/** True when KMS answered with success but the SDK could not read a part of the JSON, such as text that is not base64. */
function isUnreadableAnswer(error: unknown): boolean {
  const { $metadata } = (error ?? {}) as { $metadata?: { httpStatusCode?: number } };
  return error instanceof TypeError && $metadata?.httpStatusCode === 200;
}

/**
 * Imports wrapped material. Without `ValidTo`, the material does not expire. The import type is always sent, because its
 * default changes after the first import. Calls ImportKeyMaterial.
 * @returns the id of the imported material, when KMS gives it.
 */
export async function importKeyMaterial(
  kms: KMSClient,
  input: Pick<
    ImportKeyMaterialCommandInput,
    'KeyId' | 'EncryptedKeyMaterial' | 'ImportToken' | 'ValidTo' | 'KeyMaterialId' | 'KeyMaterialDescription'
  > & {
    ImportType: 'NEW_KEY_MATERIAL' | 'EXISTING_KEY_MATERIAL';
  },
): Promise<string | undefined> {
  const { ImportKeyMaterialCommand } = await sdk();
  const ExpirationModel = input.ValidTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES';
  const { KeyMaterialId } = await kms.send(new ImportKeyMaterialCommand({ ...input, ExpirationModel }));
  return KeyMaterialId;
}

/** One material of a KMS key that has imported material, as ListKeyRotations gives it. */
export type KeyMaterial = {
  readonly keyMaterialId: string;
  /** Tells whether the material encrypts now, did so earlier, or waits for a rotation. */
  readonly state: 'CURRENT' | 'NON_CURRENT' | 'PENDING_ROTATION' | 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
  /** True when KMS holds the bytes now. */
  readonly isImported: boolean;
  /** When KMS will delete the bytes. `undefined` when they do not expire, or when KMS does not hold them. */
  readonly validTo: Date | undefined;
  readonly description: string | undefined;
};

/**
 * Gives every material that a key has ever had, the oldest first. Where KMS does not tell the state, the material counts as current
 * and imported. Calls ListKeyRotations with ALL_KEY_MATERIAL.
 */
export async function readMaterials(kms: KMSClient, keyId: string): Promise<readonly KeyMaterial[]> {
  const { paginateListKeyRotations } = await sdk();
  const pages = paginateListKeyRotations({ client: kms }, { KeyId: keyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  const materials: KeyMaterial[] = [];
  for await (const { Rotations = [] } of pages)
    for (const { KeyMaterialId = '', KeyMaterialState, ImportState, ValidTo, KeyMaterialDescription } of Rotations)
      materials.push({
        keyMaterialId: KeyMaterialId,
        state: KeyMaterialState ?? 'CURRENT',
        isImported: ImportState !== 'PENDING_IMPORT',
        validTo: ValidTo,
        description: KeyMaterialDescription,
      });
  return materials;
}

/** Gives the aliases of a key. Calls ListAliases with the key's id. */
export async function readAliases(kms: KMSClient, keyId: string): Promise<readonly string[]> {
  const { paginateListAliases } = await sdk();
  const names: string[] = [];
  for await (const { Aliases = [] } of paginateListAliases({ client: kms, pageSize: 100 }, { KeyId: keyId }))
    for (const { AliasName } of Aliases) if (AliasName !== undefined) names.push(AliasName);
  return names;
}

/** Gives one material of a key, or `undefined` when the key has never had it. */
export async function readMaterial(
  kms: KMSClient,
  keyId: string,
  keyMaterialId: string,
): Promise<KeyMaterial | undefined> {
  const materials = await readMaterials(kms, keyId);
  return materials.find((material) => material.keyMaterialId === keyMaterialId);
}

/** Disables a key. Data encrypted under the key cannot be read until the key is enabled again. Calls DisableKey. */
export async function disableKey(kms: KMSClient, keyId: string): Promise<void> {
  const { DisableKeyCommand } = await sdk();
  await kms.send(new DisableKeyCommand({ KeyId: keyId }));
}
