import type { PolicyKind } from '../aws/key-policy.ts';

// Pages: KMS developer guide, "Default key policy", "Delete an AWS KMS key", "Delete imported key material".

/** The words of the questions about people. */
type PeopleWords = {
  /** Who looks after the key. */
  readonly administrators: { readonly ask: string; readonly label: string; readonly help: string };
  /** Whether they may delete the key. */
  readonly deletion: { readonly ask: string; readonly help: string };
  /** The help about those who use the key. */
  readonly usersHelp: string;
};

/** The words of the questions about people, for each kind of policy. */
export const peopleWords: Readonly<Record<PolicyKind, PeopleWords>> = {
  console: {
    administrators: {
      ask: 'Who may administer the key?',
      label: 'Administrators',
      help: 'Administrators can import and delete material: the bytes of your key. They are no users of the key by that, but can change the policy, and so make themselves users.',
    },
    deletion: {
      ask: 'Administrators may also delete this key.',
      help: 'A deleted key cannot come back, even with your secret: what it encrypted is lost. Its material they may delete in any case, at once; your secret brings that back. Without a tick, Enter means no.',
    },
    usersHelp:
      'Users encrypt and decrypt, and upload to S3 under the key. Include yourself to upload at the end of this ceremony.',
  },
  strict: {
    administrators: {
      ask: 'Who are the custodians of the key?',
      label: 'Custodians',
      help: 'Custodians enable and disable the key, tag it and name it. They cannot import, use the key or change its policy.',
    },
    deletion: {
      ask: 'Custodians may also delete this key and its material.',
      help: 'A deleted key cannot come back, even with your secret: what it encrypted is lost. Material is deleted at once; your secret brings that back. Without a tick, Enter means no, and nobody can delete either before the policy is changed.',
    },
    usersHelp:
      'Users encrypt and decrypt through S3 alone, in the Region of the key. Include yourself to upload at the end of this ceremony.',
  },
};
