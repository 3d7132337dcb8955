/**
 * How many requests a second an account may send in a Region, by operation. Cryptographic operations are left out. Source:
 * "Request quotas", KMS developer guide. IAM publishes no quotas; unverified: simulation-quota.
 */
export const requestQuotas: Readonly<Record<string, number>> = {
  'iam:SimulatePrincipalPolicy': 5,
  'kms:CancelKeyDeletion': 5,
  'kms:CreateAlias': 5,
  'kms:CreateKey': 5,
  'kms:DeleteAlias': 15,
  'kms:DeleteImportedKeyMaterial': 15,
  'kms:DescribeKey': 2000,
  'kms:DisableKey': 5,
  'kms:DisableKeyRotation': 5,
  'kms:EnableKey': 5,
  'kms:EnableKeyRotation': 15,
  'kms:GetKeyLastUsage': 5,
  'kms:GetParametersForImport': 1,
  'kms:ImportKeyMaterial': 15,
  'kms:ListAliases': 500,
  'kms:ListKeyRotations': 100,
  'kms:ListKeys': 500,
  'kms:ListResourceTags': 2000,
  'kms:PutKeyPolicy': 15,
  'kms:ReplicateKey': 5,
  'kms:RotateKeyOnDemand': 5,
  'kms:ScheduleKeyDeletion': 15,
  'kms:TagResource': 10,
  'kms:UntagResource': 5,
  'kms:UpdateAlias': 5,
  'kms:UpdateKeyDescription': 5,
  'kms:UpdatePrimaryRegion': 5,
};
