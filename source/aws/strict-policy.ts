import type { KeyPolicy, PolicyChoices, Statement } from './policy-choices.ts';

// Pages: KMS developer guide, "AWS KMS permissions", "Key policies in AWS KMS".

/** An action of the strict policy, and what it is there for. */
type Allowed = readonly [action: string, words: string];

/** What IAM of the account may allow to anybody. None of these uses, imports, grants or destroys. */
const accountActions: readonly Allowed[] = [
  ['kms:PutKeyPolicy', 'change this policy; KMS makes no key whose policy nobody could change'],
  ['kms:GetKeyPolicy', 'read this policy'],
  ['kms:DescribeKey', 'see state and expiry'],
  ['kms:GetKeyRotationStatus', 'see whether a rotation is under way'],
  ['kms:List*', 'list materials, tags, grants and policies'],
  ['kms:CreateAlias', 'give the key a name'],
  ['kms:UpdateAlias', 'move a name to or from the key'],
  ['kms:DeleteAlias', 'take a name away'],
  ['kms:TagResource', 'set tags'],
  ['kms:UntagResource', 'take tags away'],
  ['kms:UpdateKeyDescription', 'change the description'],
  ['kms:RevokeGrant', 'end a grant'],
  ['kms:CancelKeyDeletion', 'stop a deletion'],
];

/** What custodians may do: look after the key, without using it or giving rights to it. */
const custodianActions: readonly Allowed[] = [
  ['kms:DescribeKey', 'see state and expiry'],
  ['kms:GetKeyPolicy', 'read this policy'],
  ['kms:GetKeyRotationStatus', 'see whether a rotation is under way'],
  ['kms:List*', 'list materials, tags, grants and policies'],
  ['kms:EnableKey', 'let the key be used'],
  ['kms:DisableKey', 'stop its use'],
  ['kms:RotateKeyOnDemand', 'make material that was imported the current one'],
  ['kms:TagResource', 'set tags'],
  ['kms:UntagResource', 'take tags away'],
  ['kms:UpdateKeyDescription', 'change the description'],
  ['kms:CreateAlias', 'give the key a name'],
  ['kms:UpdateAlias', 'move a name to or from the key'],
  ['kms:DeleteAlias', 'take a name away'],
  ['kms:RevokeGrant', 'end a grant'],
  ['kms:CancelKeyDeletion', 'stop a deletion'],
];

/** What custodians may do in addition when they may delete. */
const destroyerActions: readonly Allowed[] = [
  ['kms:DeleteImportedKeyMaterial', 'take the material away at once'],
  ['kms:ScheduleKeyDeletion', 'delete the key, after 7 to 30 days'],
];

/** What importers may do: import, and see that the import has worked. */
const importerActions: readonly Allowed[] = [
  ['kms:GetParametersForImport', 'fetch a wrapping key and its token'],
  ['kms:ImportKeyMaterial', 'import, also again after an expiry'],
  ['kms:DescribeKey', 'see state and expiry'],
  ['kms:ListKeyRotations', 'see which material is there'],
  ['kms:ListResourceTags', 'find the key of a ceremony again'],
];

/** What importers may do to make a proof and to decrypt it. The condition allows nothing else. */
const proofActions: readonly Allowed[] = [
  ['kms:GenerateDataKey', 'make the data key of the proof'],
  ['kms:Decrypt', 'open it again'],
];

/** What users may do through S3. Uploads in parts and changes of encryption need more than GenerateDataKey. */
const userActions: readonly Allowed[] = [
  ['kms:GenerateDataKey*', 'encrypt an object'],
  ['kms:Decrypt', 'read an object, and write one in parts'],
  ['kms:Encrypt', "change an object's key"],
  ['kms:ReEncrypt*', "change an object's key"],
];

/** The condition that a call belongs to a proof. The encryption context shows it: to decrypt, a call must give the same one. */
export const proofCondition = { StringEquals: { 'kms:EncryptionContext:purpose': 'keyferry-proof' } };

/** How the names of S3 for kms:ViaService end, by partition. KMS developer guide, "kms:ViaService". */
const dnsSuffixes: Readonly<Record<string, string>> = {
  aws: 'amazonaws.com',
  'aws-us-gov': 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
};

/** Tells whether the name of S3, to which a strict policy limits its users, is known for this partition. */
export const isStrictKnown = (partition: string): boolean => partition in dnsSuffixes;

/**
 * Builds a policy that keeps duties apart: custodians look after the key, importers import, and users use the key through S3
 * alone. None of them has PutKeyPolicy or CreateGrant, so that none can take what the others have. Only IAM of the account can
 * allow somebody to change the policy. KMS makes the key only when IAM allows this to the caller of CreateKey: KMS API
 * reference, CreateKey, Policy. The choices must have a Region, and a partition for which {@link isStrictKnown} is true.
 */
export function buildStrictPolicy(choices: PolicyChoices): KeyPolicy {
  return {
    Version: '2012-10-17',
    Id: 'keyferry-strict-1',
    Statement: listDuties(choices)
      .filter(({ who }) => who.length > 0)
      .map(({ Sid, who, actions, Condition }): Statement => {
        const Action = actions.map(([action]) => action);
        const statement = { Sid, Effect: 'Allow', Principal: { AWS: who }, Action, Resource: '*' } as const;
        return Condition === undefined ? statement : { ...statement, Condition };
      }),
  };
}

/** Says for each duty of a strict policy which actions it has and what each is there for, as lines of a page. */
export function describeDuties(choices: PolicyChoices): readonly string[] {
  return listDuties(choices).flatMap(({ Sid, who, actions, limit }) => [
    `${Sid}${limit === undefined ? '' : `, ${limit}`}:`,
    ...(who.length === 0 ? ['  nobody'] : who.map((arn) => `  ${arn}`)),
    ...actions.map(([action, words]) => `  - ${action}: ${words}`),
    '',
  ]);
}

/** One statement of the policy. */
type Duty = {
  readonly Sid: string;
  readonly who: readonly string[];
  readonly actions: readonly Allowed[];
  readonly Condition?: Statement['Condition'];
  /** The condition in words. */
  readonly limit?: string;
};

/** Lists the duties of a strict policy, also those that nobody has. */
function listDuties(choices: PolicyChoices): readonly Duty[] {
  const { partition, accountId, region = '', administrators, importers = [], users, administratorsMayDelete } = choices;
  const viaS3 = `s3.${region}.${dnsSuffixes[partition]}`;
  return [
    { Sid: 'Account, by IAM', who: [`arn:${partition}:iam::${accountId}:root`], actions: accountActions },
    { Sid: 'Custodians', who: administrators, actions: custodianActions },
    ...(administratorsMayDelete
      ? [{ Sid: 'Custodians may delete', who: administrators, actions: destroyerActions }]
      : []),
    { Sid: 'Importers', who: importers, actions: importerActions },
    {
      Sid: 'Importers prove',
      who: importers,
      actions: proofActions,
      Condition: proofCondition,
      limit: 'only in a proof (encryption context purpose=keyferry-proof)',
    },
    {
      Sid: 'Users',
      who: users,
      actions: userActions,
      Condition: { StringEquals: { 'kms:ViaService': viaS3 } },
      limit: `only through S3 (${viaS3})`,
    },
    { Sid: 'Users look', who: users, actions: [['kms:DescribeKey', 'see state and expiry']] },
  ];
}
