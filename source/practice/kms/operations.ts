import { createAlias, deleteAlias, listAliases, updateAlias } from './aliases.ts';
import { createKey } from './create-key.ts';
import {
  decryptOperation,
  encryptOperation,
  generateDataKeyOperation,
  generateDataKeyWithoutPlaintext,
  reEncryptOperation,
} from './crypto-operations.ts';
import { deleteImportedKeyMaterial } from './delete-material.ts';
import { createGrant, listGrants, revokeGrant } from './grants.ts';
import { importKeyMaterial } from './import-material.ts';
import { getParametersForImport } from './import-parameters.ts';
import {
  cancelKeyDeletion,
  describeKey,
  disableKey,
  enableKey,
  listKeys,
  scheduleKeyDeletion,
  updateKeyDescription,
} from './key-operations.ts';
import { getKeyLastUsage } from './last-usage.ts';
import { generateMac, verifyMac } from './macs.ts';
import { replicateKey, updatePrimaryRegion } from './multi-region.ts';
import type { Operation } from './operation.ts';
import { getKeyPolicy, listKeyPolicies, putKeyPolicy } from './policy-operations.ts';
import { deriveSharedSecret, getPublicKey } from './public-keys.ts';
import { generateDataKeyPair, generateDataKeyPairWithoutPlaintext, generateRandom } from './random-operations.ts';
import { listRetirableGrants, retireGrant } from './retire-grant.ts';
import { disableKeyRotation, enableKeyRotation, getKeyRotationStatus, rotateKeyOnDemand } from './rotation.ts';
import { listKeyRotations } from './rotation-history.ts';
import { signOperation, verifyOperation } from './signing.ts';
import { listResourceTags, tagResource, untagResource } from './tags.ts';

/** Every KMS operation that practice AWS answers, by the name in `x-amz-target`. */
export const operations: Readonly<Record<string, Operation>> = {
  CancelKeyDeletion: cancelKeyDeletion,
  CreateAlias: createAlias,
  CreateGrant: createGrant,
  CreateKey: createKey,
  Decrypt: decryptOperation,
  DeleteAlias: deleteAlias,
  DeleteImportedKeyMaterial: deleteImportedKeyMaterial,
  DeriveSharedSecret: deriveSharedSecret,
  DescribeKey: describeKey,
  DisableKey: disableKey,
  DisableKeyRotation: disableKeyRotation,
  EnableKey: enableKey,
  EnableKeyRotation: enableKeyRotation,
  Encrypt: encryptOperation,
  GenerateDataKey: generateDataKeyOperation,
  GenerateDataKeyPair: generateDataKeyPair,
  GenerateDataKeyPairWithoutPlaintext: generateDataKeyPairWithoutPlaintext,
  GenerateDataKeyWithoutPlaintext: generateDataKeyWithoutPlaintext,
  GenerateMac: generateMac,
  GenerateRandom: generateRandom,
  GetKeyLastUsage: getKeyLastUsage,
  GetKeyPolicy: getKeyPolicy,
  GetKeyRotationStatus: getKeyRotationStatus,
  GetParametersForImport: getParametersForImport,
  GetPublicKey: getPublicKey,
  ImportKeyMaterial: importKeyMaterial,
  ListAliases: listAliases,
  ListGrants: listGrants,
  ListKeyPolicies: listKeyPolicies,
  ListKeyRotations: listKeyRotations,
  ListKeys: listKeys,
  ListResourceTags: listResourceTags,
  ListRetirableGrants: listRetirableGrants,
  PutKeyPolicy: putKeyPolicy,
  ReEncrypt: reEncryptOperation,
  ReplicateKey: replicateKey,
  RetireGrant: retireGrant,
  RevokeGrant: revokeGrant,
  RotateKeyOnDemand: rotateKeyOnDemand,
  ScheduleKeyDeletion: scheduleKeyDeletion,
  Sign: signOperation,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateAlias: updateAlias,
  UpdateKeyDescription: updateKeyDescription,
  UpdatePrimaryRegion: updatePrimaryRegion,
  Verify: verifyOperation,
  VerifyMac: verifyMac,
};
