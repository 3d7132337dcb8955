import { ownCommand } from '../../ceremony/own-command.ts';
import type { KnownError } from './entry.ts';

const describe = 'aws kms describe-key --key-id KEY --query KeyMetadata';

/** Errors of KMS about keys, states, aliases and quotas. KMS API reference, the errors of each operation. */
export const kmsEntries: readonly KnownError[] = [
  {
    names: ['KMSInvalidStateException'],
    kind: 'fixable',
    why: 'The KMS key is in a state that does not allow this.',
    causes: ['The key waits for its material, is to be deleted, or is still being made.'],
    look: [`${describe}.KeyState`],
    next: [`Look at the key state: ${describe}.KeyState`],
    readings: [
      {
        says: /is pending import/,
        why: 'The key has no material: it was never imported, was deleted, or has expired.',
        causes: [
          'The material expired or was deleted; whatever it encrypted is unreadable until it comes back.',
          'The import has not been done yet, or was done a few seconds ago.',
          'After a rotation, one of the older materials is gone: the key needs all of them.',
        ],
        look: [
          `${describe}.[KeyState,ValidTo]`,
          'aws kms list-key-rotations --key-id KEY --include-key-material ALL_KEY_MATERIAL',
        ],
        next: [
          `Bring the same bytes back into the same KMS key: ${ownCommand('reimport')}`,
          'Where it was just imported, wait a minute.',
        ],
      },
      {
        says: /is pending (replica )?deletion/,
        why: 'The key is to be deleted, and can do nothing until that is cancelled.',
        causes: ['Someone scheduled the deletion, or a tool removed the key from its configuration.'],
        look: [`${describe}.[KeyState,DeletionDate]`],
        next: ['To keep it, cancel the deletion. Then enable it, or import its material again if it has none.'],
        commands: ['aws kms cancel-key-deletion --key-id KEY', 'aws kms enable-key --key-id KEY'],
      },
      {
        says: /No available key material pending rotation/,
        why: 'There is no new material to rotate in.',
        causes: ['An imported key rotates only into material that was imported as new before.'],
        next: ['Import other bytes with --import-type NEW_KEY_MATERIAL, then rotate.'],
      },
      {
        says: /another key material .{0,200} is pending rotation/,
        why: 'New material waits already for its rotation, and a key takes one at a time.',
        next: ['Rotate that one in, or delete it by its id, before other bytes are imported.'],
      },
      {
        says: /has not been imported for replicas/,
        why: 'The new material is not in every replica yet.',
        next: ['Import the same bytes in the Region of each replica, then rotate.'],
      },
      {
        says: /is not pending deletion/,
        why: 'No deletion of this key is scheduled, so there is none to cancel.',
        next: ['Nothing has to be done.'],
      },
    ],
  },
  {
    names: ['DisabledException'],
    phrases: [/arn:aws[\w-]{0,20}:kms:\S{1,200} is disabled\b/],
    kind: 'fixable',
    why: 'The KMS key is disabled: nothing can be encrypted or opened with it until it is enabled.',
    causes: ['Someone disabled the key. A re-import of its material enables it too.'],
    look: [`${describe}.KeyState`],
    next: ['Ask who disabled it, then: aws kms enable-key --key-id KEY'],
  },
  {
    names: ['NotFoundException'],
    kind: 'fixable',
    why: 'KMS does not know this key or alias in this account and Region.',
    causes: [
      'The key is in another Region or account: an alias or id is looked up only where the call goes.',
      'The id or the alias is mistyped, or the key was deleted.',
      'The key was made a moment ago and is not everywhere yet.',
    ],
    look: ['aws sts get-caller-identity', 'aws kms list-aliases --region REGION', 'aws configure get region'],
    phrases: [/Key '[^'\n]{1,300}' does not exist/, /Alias arn:[^\s]{1,300} is not found/],
    next: ['Name the key by its full ARN, in its own Region.', 'If it is new, wait a few seconds and try again.'],
    readings: [
      {
        // S3 user guide, "Using server-side encryption with AWS KMS keys (SSE-KMS)": for another account, a customer managed key.
        says: /Invalid keyId '?(?:alias\/)?aws\/s3/,
        why: 'aws/s3 is the key that AWS manages for one account. In a bucket of another account it can never be used.',
        causes: [
          'The upload, or the default of the bucket, names aws/s3, and who uploads is of another account.',
          'The name is no id: KMS takes an alias only with alias/ before it, and only of your own account.',
        ],
        look: ['aws sts get-caller-identity', 'aws s3api get-bucket-encryption --bucket BUCKET'],
        next: [
          'Name a customer managed key by its full ARN. Its key policy must let your account in.',
          "Or leave out the key and --sse, so that the bucket's default counts.",
        ],
      },
      {
        says: /Invalid arn [a-z]{2,4}(?:-[a-z]{2,20}){1,3}-\d/,
        why: 'The key is in another Region than the one that was asked.',
        look: ['aws configure get region'],
        next: ["Use a key of this Region: S3 takes only keys of the bucket's own Region."],
      },
      {
        says: /Invalid keyId/,
        why: 'This is no id of a KMS key.',
        look: ['aws kms list-aliases --region REGION'],
        next: ['Name the key by its id, its ARN, or an alias that begins with alias/.'],
      },
    ],
  },
  {
    names: ['InvalidArnException'],
    kind: 'fixable',
    why: 'The ARN is not one of a KMS key, or an alias stands where only a key may.',
    causes: ['Import, rotation and policy operations take a key id or key ARN, never an alias.'],
    look: ['aws kms describe-key --key-id ALIAS --query KeyMetadata.Arn'],
    next: ['Use the key id or the full key ARN.'],
  },
  {
    names: ['AlreadyExistsException'],
    phrases: [/An alias with the name \S{1,300} already exists/],
    kind: 'fixable',
    why: 'The alias is taken in this account and Region.',
    causes: [
      'An earlier try made it. A key that is to be deleted keeps its aliases until then.',
      'Another key has the alias, perhaps under another tool.',
    ],
    look: ['aws kms list-aliases --query "Aliases[?AliasName==\'ALIAS\']"', `${describe}.KeyState`],
    next: ['Choose another alias.', 'Or move it to the new key; whoever names the alias then uses that one.'],
    commands: ['aws kms update-alias --alias-name ALIAS --target-key-id KEY'],
    readings: [
      {
        says: /can create only one replica/,
        why: 'This Region has a replica of the key already.',
        look: [`${describe}.MultiRegionConfiguration`],
        next: ['Use the replica that is there.'],
      },
    ],
  },
  {
    names: ['InvalidAliasNameException'],
    kind: 'fixable',
    why: "KMS does not take this name for an alias. Names that begin with alias/aws/ are AWS's own.",
    next: ['Choose alias/ and letters, digits, / _ or -.'],
  },
  {
    names: ['LimitExceededException', 'LimitExceeded'],
    kind: 'fixable',
    why: 'A quota of this account is used up.',
    causes: ['Too many keys, aliases, grants or rotations, or a policy past 32 KiB.'],
    look: ['aws service-quotas list-service-quotas --service-code kms'],
    next: ['Ask AWS for a higher quota, or remove what is not needed.'],
    readings: [
      {
        says: /on-demand rotations limit/,
        why: 'A key takes 25 rotations on demand in its life, and this one has had them.',
        next: ['Create another key. This quota cannot be raised.'],
      },
    ],
  },
  {
    names: ['TagException'],
    kind: 'fixable',
    why: 'KMS does not take one of the tags.',
    causes: ['A tag begins with aws:, stands there twice, or there are more than 50.'],
    next: ['Change the tags, then try again.'],
  },
  {
    names: ['InvalidKeyUsageException'],
    kind: 'fixable',
    why: 'The key is for another use: a signing key does not encrypt, for example.',
    look: [`${describe}.[KeySpec,KeyUsage]`],
    next: ['Use a symmetric key with the usage ENCRYPT_DECRYPT; S3 takes no other.'],
    readings: [
      {
        // KMS API reference, ImportKeyMaterial: asymmetric and HMAC keys take material too. LocalStack, issues 9111 and 10115.
        says: /key usage is (?:SIGN_VERIFY|GENERATE_VERIFY_MAC|KEY_AGREEMENT) which is not valid for (?:ImportKeyMaterial|GetParametersForImport)/,
        why: 'KMS imports material for such a key. What answers this is an emulator that does not: LocalStack, for example.',
        speaker: 'The emulator',
        look: ['env | grep ^AWS_ENDPOINT_URL', 'aws configure get endpoint_url --profile NAME'],
        next: ['Use a newer version of the emulator, or AWS itself.'],
      },
    ],
  },
  {
    names: ['IncorrectKeyException'],
    phrases: [/key ID in the request does not identify a (?:CMK|KMS key) that can perform/],
    kind: 'fixable',
    why: 'This ciphertext was made by another KMS key than the one that was named.',
    causes: ['The object or data key was encrypted before, under another key.'],
    next: ['Leave the key out: KMS finds it by the ciphertext. Or name the key that encrypted it.'],
  },
  {
    names: ['DryRunOperationException'],
    kind: 'fixable',
    why: 'The request would have been carried out. It only asked whether it would be.',
    next: ['Send it without --dry-run to do it.'],
  },
  {
    names: ['ConflictException'],
    kind: 'waiting',
    why: 'Something else is being done with this key at this moment, such as a rotation.',
    next: ['Wait until that has ended, then try again.'],
  },
  {
    names: ['InvalidMarkerException', 'InvalidMarker'],
    kind: 'fixable',
    why: 'The place in a list from which to go on is no longer valid.',
    next: ['Read the list from its beginning.'],
  },
  {
    names: ['InvalidGrantTokenException', 'InvalidGrantIdException'],
    kind: 'fixable',
    why: 'KMS does not know this grant, or it does not belong to this key.',
    look: ['aws kms list-grants --key-id KEY'],
    next: ['Take the id or token from the answer that created the grant.'],
  },
  {
    names: ['KMSInvalidMacException', 'KMSInvalidSignatureException'],
    kind: 'fixable',
    why: 'The code or signature does not belong to this message, key and algorithm.',
    next: ['Check that message, key and algorithm are those that made it.'],
  },
  {
    names: ['DependencyTimeoutException', 'KMSInternalException', 'KeyUnavailableException'],
    kind: 'waiting',
    why: 'KMS has a fault of its own, or cannot reach the key at this moment.',
    next: ['Try again in a moment.'],
  },
];
