import { randomBytes, randomUUID } from 'node:crypto';
import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { World } from '../exchange.ts';
import { needIdentityPermission } from '../identity-policy.ts';
import type { Keys } from '../policy-conditions.ts';
import { materialLabel } from './data-keys.ts';
import { checkPolicy, defaultPolicy } from './key-policy.ts';
import { type KeyRecord, metadataOf } from './key-record.ts';
import { factsOf, type KeySpec, type KeyUsage, keySpecs } from './key-specs.ts';
import { type KeyAccess, saveKey } from './key-store.ts';
import { flag, policy } from './members.ts';
import { makeMaterial } from './new-material.ts';
import { operation } from './operation.ts';
import { addTags, tagConditions } from './tags.ts';

/** The specs of AWS that practice AWS has no keys of. */
const missingSpecs = ['SM2', 'ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const;
const specNames = [...(Object.keys(keySpecs) as KeySpec[]), ...missingSpecs] as const;
const usages = [
  ...(['SIGN_VERIFY', 'ENCRYPT_DECRYPT', 'GENERATE_VERIFY_MAC', 'KEY_AGREEMENT'] as const),
  'ENCAPSULATE_DECAPSULATE',
] as const;

/** CreateKey for the origins EXTERNAL and AWS_KMS. Source of the texts: recorded answers, Sep 2026. */
export const createKey = operation(
  { on: 'account', conditionsOf: conditionsOfNewKey },
  {
    Policy: policy,
    Description: { kind: 'text', min: 0, max: 8192 },
    KeyUsage: { kind: 'choice', values: usages },
    CustomerMasterKeySpec: { kind: 'choice', values: specNames },
    KeySpec: { kind: 'choice', values: specNames },
    Origin: { kind: 'choice', values: ['AWS_KMS', 'EXTERNAL', 'AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] },
    BypassPolicyLockoutSafetyCheck: flag,
    Tags: { kind: 'tags' },
    MultiRegion: flag,
  },
  (call, input) => {
    const keySpec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
    const origin = input.Origin ?? 'AWS_KMS';
    if (isMissing(keySpec)) throw new AwsError('UnsupportedOperationException', `Practice AWS has no ${keySpec} keys.`);
    if (origin !== 'AWS_KMS' && origin !== 'EXTERNAL')
      throw new AwsError('UnsupportedOperationException', 'Practice AWS has no custom key stores.');
    const keyUsage = usageOf(keySpec, input.KeyUsage);
    if (origin === 'EXTERNAL' && !factsOf(keySpec).isImportable)
      throw new AwsError('ValidationException', `KeySpec ${keySpec} is not supported for Origin EXTERNAL`);
    const tags = addTags(input.Tags ?? []);
    if (tags.length > 0) {
      // unverified: create-with-tags.
      const everyKey = `arn:${call.partition}:kms:${call.region}:${accountId}:key/*`;
      needIdentityPermission(call, 'kms:TagResource', everyKey, tagConditions(tags));
    }
    if (input.Policy !== undefined) checkPolicy(call, input.Policy, input.BypassPolicyLockoutSafetyCheck ?? false);
    const key = makeAndSaveKey(call, {
      description: input.Description ?? '',
      keySpec,
      keyUsage,
      origin,
      manager: 'CUSTOMER',
      policy: input.Policy ?? defaultPolicy(call.region),
      tags,
      isMultiRegion: input.MultiRegion ?? false,
    });
    return { KeyMetadata: metadataOf(key) };
  },
);

function isMissing(spec: (typeof specNames)[number]): spec is (typeof missingSpecs)[number] {
  return (missingSpecs as readonly string[]).includes(spec);
}

/** Gives the condition keys of CreateKey. KMS developer guide, "AWS KMS condition keys". */
function conditionsOfNewKey(request: Readonly<Record<string, unknown>>): Keys {
  const { KeySpec, KeyUsage, Origin, MultiRegion, BypassPolicyLockoutSafetyCheck, Tags } = request;
  const isMultiRegion = MultiRegion === true;
  return {
    'kms:CallerAccount': accountId,
    'kms:KeyOrigin': String(Origin ?? 'AWS_KMS'),
    'kms:KeySpec': String(KeySpec ?? request.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'),
    'kms:KeyUsage': String(KeyUsage ?? 'ENCRYPT_DECRYPT'),
    'kms:MultiRegion': String(isMultiRegion),
    ...(isMultiRegion ? { 'kms:MultiRegionKeyType': 'PRIMARY' } : {}),
    'kms:BypassPolicyLockoutSafetyCheck': String(BypassPolicyLockoutSafetyCheck === true),
    ...(Array.isArray(Tags) ? tagConditions(Tags) : {}),
  };
}

/**
 * Makes and saves a key. A key with origin AWS_KMS gets new material, but one for ML-DSA gets none: see {@link makeMaterial}. A
 * key with origin EXTERNAL is PendingImport.
 */
export function makeAndSaveKey(
  access: KeyAccess & Pick<World, 'hsm'>,
  {
    isMultiRegion,
    ...facts
  }: Pick<KeyRecord, 'description' | 'keySpec' | 'keyUsage' | 'origin' | 'manager' | 'policy' | 'tags'> & {
    readonly isMultiRegion: boolean;
  },
): KeyRecord {
  const { region } = access;
  const keyWithoutMaterial: KeyRecord = {
    ...facts,
    region,
    keyId: isMultiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
    created: access.now().getTime(),
    enabled: true,
    materials: [],
    ...(isMultiRegion ? { multiRegion: { primary: region, regions: [region] } } : {}),
  };
  const bytes = facts.origin === 'AWS_KMS' ? makeMaterial(facts.keySpec) : undefined;
  const key = bytes ? withMaterial(access, keyWithoutMaterial, bytes) : keyWithoutMaterial;
  bytes?.fill(0);
  access.store.change(() => saveKey(access, key));
  return key;
}

/** Gives the key with its first material. The id of this material is random. */
function withMaterial({ hsm }: Pick<World, 'hsm'>, key: KeyRecord, bytes: Buffer): KeyRecord {
  const id = randomBytes(32).toString('hex');
  const sealed = hsm.seal(bytes, materialLabel(key, id)).toString('base64');
  return { ...key, currentMaterialId: id, materials: [{ id, sealed }] };
}

/**
 * Gives the usage of a new key.
 * @param wantedUsage the KeyUsage of the request. Only the request for a symmetric key may leave it out.
 * @throws ValidationException when the usage is missing for another key, or does not fit the spec.
 */
function usageOf(keySpec: KeySpec, wantedUsage: (typeof usages)[number] | undefined): KeyUsage {
  const { usages: possibleUsages } = factsOf(keySpec);
  if (wantedUsage === undefined && keySpec !== 'SYMMETRIC_DEFAULT') {
    throw new AwsError(
      'ValidationException',
      'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    );
  }
  const usage = wantedUsage ?? 'ENCRYPT_DECRYPT';
  const possible = possibleUsages.find((name) => name === usage);
  if (possible === undefined)
    throw new AwsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${keySpec}`);
  return possible;
}
