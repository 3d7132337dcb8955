/**
 * Requests a second, for an account in a Region. Source: "Request quotas", KMS developer guide; operations whose quota
 * nobody at a keyboard reaches are left out.
 */
export const requestQuotas: Readonly<Record<string, number>> = {
  'kms:CancelKeyDeletion': 5,
  'kms:CreateAlias': 5,
  'kms:CreateKey': 5,
  'kms:DeleteImportedKeyMaterial': 15,
  'kms:DisableKey': 5,
  'kms:EnableKey': 5,
  'kms:GetKeyLastUsage': 5,
  'kms:GetParametersForImport': 1,
  'kms:ImportKeyMaterial': 15,
  'kms:PutKeyPolicy': 15,
  'kms:ReplicateKey': 5,
  'kms:RotateKeyOnDemand': 5,
  'kms:ScheduleKeyDeletion': 15,
  'kms:TagResource': 10,
  'kms:UntagResource': 5,
};
