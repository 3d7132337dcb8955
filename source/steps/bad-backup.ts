import type { Problem } from '../ceremony/problem.ts';
import type { BackupTrouble } from '../material/backup.ts';
import { checkBackupCommand } from './check-backup-command.ts';
import type { Services } from './services.ts';

/** A file that cannot be used as a backup. `why` says in sentences what is wrong with the file. */
export type BadBackup = {
  readonly path: string;
  readonly trouble: BackupTrouble['trouble'] | 'not read' | 'plain key';
  readonly why: string;
};

/** For each trouble with a file, the code by which a program recognises it. */
const codes: Readonly<Record<BadBackup['trouble'], string>> = {
  'not read': 'BackupNotRead',
  'plain key': 'PlainKeyFile',
  'not an age file': 'NotABackup',
  'cut off': 'BackupCutOff',
  damaged: 'BackupDamaged',
  'wrong passphrase': 'WrongPassphrase',
  'wrong identity': 'WrongIdentity',
  'no key': 'NoKeyInBackup',
};

/** Makes the problem for a file that cannot be used as a backup: it says what is wrong with the file and what to do next. */
export function badBackupProblem({ path, trouble, why }: BadBackup, services: Services): Problem {
  const question = trouble === 'wrong passphrase' ? 'passphrase' : 'identity';
  return {
    kind: 'fixable',
    what: `Can't use ${path} as a backup.`,
    why,
    code: codes[trouble],
    state: 'Nothing was sent or changed.',
    next: nextSteps(trouble, checkBackupCommand(services, 'FILE')),
    endsHere: true,
    ...(trouble === 'wrong passphrase' || trouble === 'wrong identity'
      ? { remedies: [{ action: 'ask-again', label: `Give another ${question}`, question }] }
      : {}),
  };
}

/** Says what a person can do about a bad file. @param checkCommand the shell command that checks a backup. */
function nextSteps(trouble: BadBackup['trouble'], checkCommand: string): readonly string[] {
  switch (trouble) {
    case 'not read':
      return [`Name a backup that is there: ${checkCommand}`];
    case 'plain key':
      return [`Encrypt it with age first, and check that file: ${checkCommand}`];
    case 'not an age file':
    case 'no key':
      return [`Name the backup that Keyferry made, which ends in .key.age: ${checkCommand}`];
    case 'cut off':
    case 'damaged':
      return [
        `Check another copy of this backup: ${checkCommand}`,
        'Keep the KMS key as it is until a copy is found good.',
      ];
    case 'wrong passphrase':
      return ['Give the passphrase that was chosen for this backup.', `Or check another backup: ${checkCommand}`];
    case 'wrong identity':
      return ['Give the identity of one of its recipients.', `Or check another backup: ${checkCommand}`];
  }
}
