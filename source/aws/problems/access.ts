import { ownCommand } from '../../ceremony/own-command.ts';
import type { Help, KnownError } from './entry.ts';
import { objectEncryptionReadings } from './object-encryption.ts';
import { roleReadings } from './role-denials.ts';

// Pages: KMS developer guide, "Key policies in AWS KMS"; IAM user guide, "Policy evaluation logic".

const whoAmI = 'aws sts get-caller-identity';
const keyPolicy = 'aws kms get-key-policy --key-id KEY --query Policy --output text';

const bucketPolicy = 'aws s3api get-bucket-policy --bucket BUCKET --query Policy --output text';

const refused: Help = {
  kind: 'refused',
  why: 'Your credentials may not do this.',
  causes: [
    'No IAM policy of yours allows the action on this resource.',
    'The key policy names neither you nor the account root, so that IAM policies do not count for this key.',
    'A service control policy, a permissions boundary or a VPC endpoint policy forbids it.',
    'You are signed in as another user or role, or in another account, than you think.',
  ],
  look: [
    whoAmI,
    keyPolicy,
    'aws iam simulate-principal-policy --policy-source-arn YOUR_ROLE_OR_USER_ARN --action-names ACTION',
  ],
  next: [
    'Ask an administrator of the account which permission is missing: AWS names none here.',
    `A policy for all steps: ${ownCommand('explain', 'permissions')}`,
  ],
};

/** What to do when AWS's sentence names the permission that is missing. */
const askForNamed = [
  'Ask an administrator of the account for the permission named above, then try again.',
  `A policy for all steps: ${ownCommand('explain', 'permissions')}`,
];

/** What a bucket policy that wants another key looks like from outside, and what to do about it. */
const otherKeyWanted = {
  causes: [
    'A statement of the bucket policy denies s3:PutObject under any other key than the one that it names.',
    'A statement of the bucket policy wants another encryption, such as AES256.',
  ],
  look: [bucketPolicy, 'aws s3api get-bucket-encryption --bucket BUCKET'],
  next: [
    'Look for a "Deny" with s3:x-amz-server-side-encryption in the bucket policy, and have it name the full ARN of your key as well.',
    'Or choose another bucket.',
  ],
} as const;

/** Errors about who may do what: IAM, key policies and principals. IAM and KMS API references, "Common Errors". */
export const accessEntries: readonly KnownError[] = [
  {
    ...refused,
    names: ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation', 'AuthorizationError', 'NotAuthorized'],
    // Next to a tag, these words are from the page of a proxy.
    phrases: [/(?<![>\w])Access Denied\b(?!<)/],
    readings: [
      ...objectEncryptionReadings,
      {
        says: /MultiFactorAuthentication failed/,
        onlyWithCode: true,
        kind: 'fixable',
        why: 'STS did not take the code of the MFA device.',
        causes: ['A code is good once and for half a minute.', 'mfa_serial in the profile names another device.'],
        look: ['aws iam list-mfa-devices', 'aws configure get mfa_serial --profile NAME'],
        next: ['Wait until the device shows the next code, then try again.', 'Check mfa_serial in the profile.'],
      },
      ...roleReadings,
      {
        says: /blocked upload requests that specify Server Side Encryption with Customer provided keys/,
        why: 'The bucket refuses SSE-C, as new buckets do since April 2026. SSE-C is not encryption with a KMS key.',
        causes: ['The upload sends a key of its own, while what is meant is SSE-KMS: a key in KMS.'],
        look: ['aws s3api get-bucket-encryption --bucket BUCKET'],
        next: ['Upload with --sse aws:kms --sse-kms-key-id KEY_ARN, and without --sse-c.'],
      },
      {
        says: /must provide the correct secret key/,
        why: 'The object is under SSE-C, and this is not the key that it was uploaded with.',
        next: ['Give the key that the object was uploaded with. S3 keeps no copy of it.'],
      },
      {
        // KMS developer guide, "Delete an AWS KMS key": what a deleted key encrypted cannot be decrypted any more.
        says: /ciphertext refers to a (?:customer master|KMS) key that does not exist/i,
        why: 'KMS does not let you open this: its key is in another account or Region, was deleted, or is not for you.',
        causes: [
          'The call goes to another Region or account than that in which it was encrypted.',
          'You lack kms:Decrypt on the key, in IAM or in the key policy.',
          'The key was deleted. What it encrypted is then lost.',
        ],
        look: [whoAmI, 'aws configure get region', 'aws kms list-aliases --region REGION'],
        next: ['Try in the Region of the key. Then ask for kms:Decrypt on it.'],
      },
      {
        says: /resource does not exist in this Region, no resource-based policies allow access/,
        why: 'The key is in another account or Region, or its policy does not let you in. AWS does not say which.',
        causes: [
          'The key belongs to another account, whose key policy does not name yours.',
          'An alias was given: in a bucket default it is looked up in the account of whoever asks.',
        ],
        look: [whoAmI, 'aws s3api get-bucket-encryption --bucket BUCKET'],
        next: [
          'Name the key by its full ARN.',
          'For a key of another account, both the key policy there and your IAM policy here must allow it.',
        ],
      },
      {
        says: /perform: s3:PutObject\b.{0,2000}explicit deny in a resource-based policy/,
        why: 'The bucket policy forbids this upload. For a new key, suspect first that the policy wants another key.',
        ...otherKeyWanted,
      },
      {
        says: /explicit deny in a resource-based policy/,
        why: 'The policy of the key or bucket forbids this to you. No permission elsewhere outweighs that.',
        look: [keyPolicy, bucketPolicy],
        next: ['Have the statement with "Effect": "Deny" changed by someone whom it does not meet.'],
      },
      {
        says: /explicit deny in an? (identity-based policy|service control policy|resource control policy|permissions boundary|session policy|VPC endpoint policy)/,
        why: 'A policy of the kind that AWS names forbids this to you. No permission elsewhere outweighs that.',
        look: [whoAmI],
        next: ['Ask an administrator which policy holds the deny, and whether another role is meant for this.'],
      },
      {
        says: /perform: kms:Decrypt/,
        why: 'You may not open what this key encrypted. Large uploads need it as well: S3 opens the data key for each part.',
        causes: [
          'You may encrypt (kms:GenerateDataKey) but not decrypt: small uploads work, large ones fail.',
          'The key policy does not name you among the users of the key.',
        ],
        look: [whoAmI, keyPolicy],
        next: ['Ask for kms:Decrypt together with kms:GenerateDataKey on this key.'],
      },
      {
        says: /no resource-based policy allows/,
        why: 'The key policy does not let you do this, and does not leave it to IAM either.',
        causes: ['The statement for the account root is missing, so only who is named in the key policy has access.'],
        look: [keyPolicy],
        next: ['Ask a key administrator to add you to the key policy.'],
      },
      {
        says: /no (identity-based|session|permissions boundary|service control|VPC endpoint) policy allows/,
        why: 'No policy of yours allows this action.',
        causes: [
          'The permission is in no policy of the user or role that AWS names, or is there for another resource.',
          'The policy counts on a tag of the key (aws:ResourceTag). KMS may need up to five minutes to see a new tag.',
          'You are signed in as another user or role, or in another account, than you think.',
        ],
        look: [whoAmI],
        next: askForNamed,
      },
      {
        in: /^(CompleteMultipartUpload|UploadPart|UploadPartCopy)$/,
        why: 'S3 needs kms:Decrypt for each part of a large upload, beside kms:GenerateDataKey.',
        next: ['Ask for kms:Decrypt and kms:GenerateDataKey on this key.'],
      },
      { says: /not authorized to perform/, next: askForNamed },
      {
        in: /^(PutObject|CreateMultipartUpload)$/,
        why: 'S3 refuses the upload and does not say why. For a new key, suspect first a bucket policy that wants another key.',
        causes: [...otherKeyWanted.causes, 'You lack s3:PutObject on the object, or kms:GenerateDataKey on the key.'],
        look: otherKeyWanted.look,
        next: otherKeyWanted.next,
      },
    ],
  },
  {
    names: ['MalformedPolicyDocumentException', 'MalformedPolicyDocument', 'InvalidPolicyDocument'],
    kind: 'fixable',
    why: 'AWS does not take the policy: a user or role in it does not exist, or nobody could change it later.',
    causes: ['A principal that does not exist, a lock-out, or JSON that is not a policy.'],
    look: ['aws iam get-role --role-name ROLE', whoAmI],
    next: ['Check the administrators and users for one that was deleted or mistyped.'],
    readings: [
      {
        // IAM user guide, "Amazon Resource Names (ARNs)": the partitions aws, aws-cn and aws-us-gov.
        says: /Partition "?[\w-]{1,40}"? is not valid for resource/,
        why: 'An ARN in the policy names the wrong partition: each Region belongs to one, and ARNs begin with its name.',
        causes: ['A template or policy was written for other Regions, with arn:aws in it.'],
        look: ['aws sts get-caller-identity --query Arn --output text   # begins with the right partition'],
        next: ['Write arn:aws-us-gov for GovCloud, arn:aws-cn for China, arn:aws elsewhere.'],
      },
      {
        says: /will not allow you to update the key policy/,
        why: 'With this policy you could not change the policy again, so KMS refuses it. Nothing was changed.',
        causes: [
          'Neither you nor the account root may call kms:PutKeyPolicy in it.',
          'The role that runs this is another than the administrator that is named, as with a deployment role.',
        ],
        look: [whoAmI, keyPolicy],
        next: [
          'Add the account root, or the role that you are in, with kms:PutKeyPolicy.',
          'Do not switch the safety check off: a key that nobody can manage needs AWS Support.',
        ],
      },
      {
        says: /invalid principals/,
        why: 'KMS does not see one of the users or roles in the policy.',
        causes: [
          'It was made a moment ago, and IAM has not spread it yet: seconds, at times minutes.',
          'It is mistyped, was deleted, is a group, or is of another partition.',
          'A service-linked role that does not exist in this account yet.',
        ],
        look: [
          'aws iam get-role --role-name ROLE --query Role.Arn',
          'aws iam get-user --user-name USER --query User.Arn',
        ],
        next: [
          'Check each ARN: its partition, its account and its path. For a session, name its role.',
          'If one is new, wait a minute and try again.',
        ],
      },
    ],
  },
  {
    names: ['NoSuchEntityException', 'NoSuchEntity'],
    kind: 'fixable',
    why: 'IAM has no user, role or policy of this name in this account.',
    look: [whoAmI, 'aws iam list-roles --query "Roles[].RoleName"'],
    next: ['Check the name and the account. IAM names have no Region, but each account has its own.'],
  },
  {
    names: ['InvalidInputException', 'InvalidInput', 'PolicyEvaluationException', 'PolicyEvaluation'],
    kind: 'fixable',
    why: 'IAM cannot work with this request, or cannot evaluate one of the policies.',
    next: ["Look at the value that IAM's sentence names."],
  },
  {
    names: ['PackedPolicyTooLargeException', 'PackedPolicyTooLarge'],
    kind: 'fixable',
    why: 'The session policies and tags together are too large for STS.',
    next: ['Use fewer or shorter session policies and tags.'],
  },
  {
    names: ['RegionDisabledException', 'OptInRequired'],
    kind: 'fixable',
    why: 'This Region is not switched on in your account.',
    look: ['aws account list-regions --query "Regions[].[RegionName,RegionOptStatus]" --output text'],
    next: ['Have an administrator enable the Region, or choose another.'],
  },
];
