import { renameSync } from 'node:fs';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { sha256Of } from '../disk/sha256.ts';
import { sealBackup } from '../material/backup.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import { type MadeBackup, madeBackup } from './backup-fact.ts';
import { identityPath, keepBackup, openWithAnswers, writeAttemptName } from './backup-file.ts';
import { backupQuestions, declinePhrase } from './backup-questions.ts';
import { type Facts, need } from './facts.ts';
import { backupFileName, plainKeyFile } from './file-names.ts';
import { keepEarlierBackup } from './kept-backup.ts';
import { ageDecryptCommand } from './key-file-commands.ts';
import { outcomeOf } from './past.ts';
import { keyElsewhere, statedBy } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { newKeyProgress, withKey } from './with-key.ts';

// Pages: KMS developer guide, "Special considerations for imported key material", "Protecting imported key material".

type Context = ActContext<Facts, Services>;

/** Makes an encrypted copy of the key, reads it back and compares it, unless the person declines a backup. */
export const backup: KeyferryStep = {
  id: 'backup',
  asks: ['kept', 'how', 'passphrase-file', 'recipients', 'identity', 'confirm-none'],
  needs: ['connection', 'secret', 'description'],
  provides: ['backup'],
  title: 'Backup',
  done: 'Backup made',
  place: 'you',
  lasting: true,
  setsAside: true,
  why: 'AWS can never give your key back. An encrypted copy is made, read back and compared before anything is imported.',
  goesWrong: [
    'The passphrase is forgotten. Nobody can open the backup without it, and AWS never gives the key back.',
    'A copy was never opened again, and is damaged or under another key when it is needed.',
    'The backup lies beside what it should bring back, and is lost with it.',
    'The bytes are kept, but not the id of their KMS key. They decrypt nothing without that key.',
  ],

  questions({ facts, answers, services }) {
    return keyElsewhere(facts.secret) === undefined ? backupQuestions(facts, answers, services) : [];
  },

  commands({ facts, answers, services }) {
    if (answers.how === 'none' || answers.kept === 'keep' || keyElsewhere(facts.secret) !== undefined) return [];
    const by = answers.how === 'recipients' ? 'recipients' : 'passphrase';
    const ageOptions =
      by === 'recipients'
        ? recipientsOf(answers).map((recipient) => `--recipient ${quote(recipient)}`)
        : ['--passphrase'];
    const name = backupFileName(need(facts, 'description').alias);
    const identity = identityPath(answers, services);
    const encryptCommand = {
      says: 'Encrypt a copy of the key',
      shell: `age ${ageOptions.join(' ')} --output ${quote(name)} ${plainKeyFile}`,
    };
    if (by === 'recipients' && identity === '') return [encryptCommand];
    return [
      encryptCommand,
      { says: 'Open it again, and compare', shell: `${ageDecryptCommand(name, by, identity)} | cmp - ${plainKeyFile}` },
    ];
  },

  async act(context) {
    const { facts, answers, services, report } = context;
    if (keyElsewhere(facts.secret) !== undefined) return { backup: { by: 'keeper' } };
    if (answers.kept === 'keep')
      return { backup: await keepEarlierBackup(context, (name) => setEarlierAside(name, services)) };
    return withKey(context, async (secret, secretFact) => {
      // A fact that differs is that of a new key, in the place of a lost one.
      if (secretFact !== facts.secret) report(newKeyProgress(secretFact));
      if (answers.how === 'none') {
        if (answers['confirm-none'] !== declinePhrase) throw new ProblemError(notDeclinedProblem);
        return { backup: { by: 'declined' } };
      }
      const newBackup = await makeBackup(secret, context);
      services.secrets.forgetPassphrases();
      return { backup: newBackup };
    });
  },

  foresee({ facts, answers }) {
    if (keyElsewhere(facts.secret) !== undefined) return { backup: { by: 'keeper' } };
    if (answers.how !== 'passphrase' && answers.how !== 'recipients') return { backup: { by: 'declined' } };
    const file = backupFileName(need(facts, 'description').alias);
    // The rehearsal writes no file, so there is no SHA-256 yet.
    return { backup: { by: answers.how, file, sha256: '', recipients: recipientsOf(answers), proven: 'written' } };
  },

  receipt(facts) {
    const secret = keyElsewhere(facts.secret);
    if (secret !== undefined)
      return `No backup made: the copy that ${secret.keeper} keeps counts as the backup; ${statedBy(secret)}`;
    const backupFact = madeBackup(need(facts, 'backup'));
    if (backupFact === undefined) return 'Backup declined: no encrypted copy of the key was made';
    const how = backupFact.proven === 'opened' ? 'opened again to the same key' : 'read back byte for byte';
    return `Backup made: ${backupFact.file}, ${how}`;
  },
};

/**
 * Encrypts the key, writes the backup, reads it back and compares it. With a passphrase, or with an identity file that the person
 * named, also opens the backup and compares the key. First sets aside the backup of an earlier try. Returns the backup's facts.
 * @throws ProblemError when the backup cannot be written, or what is read back or opened is not the same.
 */
async function makeBackup(secret: SecretBytes, context: Context): Promise<MadeBackup> {
  const { facts, answers, services, attempt, report } = context;
  const name = backupFileName(need(facts, 'description').alias);
  setEarlierAside(name, services);
  report({ id: 'backup', label: 'Encrypting a copy of the key', state: 'working' });
  const backupBytes = await encryptKey(secret, answers, services);
  const by = answers.how === 'recipients' ? 'recipients' : 'passphrase';
  const canOpen = by === 'passphrase' || (answers.identity ?? '') !== '';
  const sha256 = sha256Of(backupBytes);
  await attempt({
    name: writeAttemptName(name),
    act: async () => {
      await keepBackup(backupBytes, name, services, async (readBack) => {
        report({ id: 'backup', label: 'Reading it back', state: 'working' });
        if (!readBack.equals(backupBytes))
          throw new ProblemError(backupDiffersProblem('The file on the disk is not what was written.'));
        if (canOpen) await proveOpens(readBack, secret, by, { answers, services });
      });
      return { sha256 };
    },
    // An earlier try may have written the file. `setEarlierAside` has renamed it, so there is nothing to find here.
    probe: async () => ({ found: 'not done' }),
    // `keepBackup` gives the file its name last. Without a file of this name, no backup was written.
    refused: () => !services.folder.has(name),
  });
  report({ id: 'backup', label: `${name} written and ${canOpen ? 'opened again' : 'compared'}`, state: 'done' });
  return {
    by,
    file: name,
    sha256,
    recipients: by === 'recipients' ? recipientsOf(answers) : [],
    proven: canOpen ? 'opened' : 'written',
  };
}

/**
 * Proves that the backup, as read back from the disk, opens to the key.
 * @throws ProblemError when the answers do not open the backup, or when it holds other bytes than the key.
 */
async function proveOpens(
  readBack: Buffer,
  secret: SecretBytes,
  by: 'passphrase' | 'recipients',
  { answers, services }: Pick<Context, 'answers' | 'services'>,
): Promise<void> {
  const keyOrTrouble = await openWithAnswers(readBack, by, answers, services);
  if ('trouble' in keyOrTrouble) {
    const { why } = keyOrTrouble;
    throw new ProblemError(by === 'recipients' ? wrongIdentityProblem(why) : backupDiffersProblem(why));
  }
  const isSame = keyOrTrouble.equals(secret);
  keyOrTrouble.destroy();
  if (!isSame) throw new ProblemError(backupDiffersProblem('It opened to other bytes than the key.'));
}

/**
 * Encrypts the key as the answers say. Returns the bytes of the backup file.
 * @throws ProblemError when no passphrase was given in this run.
 */
function encryptKey(secret: SecretBytes, answers: Answers, { secrets, scryptWorkFactor }: Services): Promise<Buffer> {
  if (answers.how === 'recipients') return sealBackup(secret, { by: 'recipients', recipients: recipientsOf(answers) });
  if (secrets.passphrase === undefined) throw new ProblemError(notGivenProblem);
  return secrets.passphrase.use((passphrase) =>
    sealBackup(secret, { by: 'passphrase', passphrase, workFactor: scryptWorkFactor }),
  );
}

/**
 * When an earlier try of this ceremony has written a backup, renames that file to `NAME.unused-1` or the next free number, and
 * notes in the journal that the backup is not written any more. The old backup may hold a key that was lost when its run ended:
 * then it is no backup of the key that the ceremony has now.
 * @throws ProblemError when there is a file of this name that this ceremony did not write.
 */
function setEarlierAside(name: string, { folder, journal }: Services): void {
  // Reads the lines of the journal, because its state forgets the attempts of a step that was reopened.
  const isOurs = journal.lines.some(
    (line) => line.kind === 'intent' && line.step === 'backup' && line.name === writeAttemptName(name),
  );
  if (folder.has(name) && !isOurs) throw new ProblemError(nameTakenProblem(folder.file(name)));
  // The line `reopened` makes the journal's state forget that the backup was written. Else `attempt` would not write it again.
  if (outcomeOf({ journal }, 'backup', writeAttemptName(name)) === 'done')
    journal.append({ kind: 'reopened', step: 'backup', note: `The backup of an earlier try is set aside: ${name}` });
  if (!folder.has(name)) return;
  let number = 1;
  while (folder.has(`${name}.unused-${number}`)) number += 1;
  renameSync(folder.file(name), folder.file(`${name}.unused-${number}`));
}

/** Gives the age recipients that the answers name; an empty list when nobody was asked. */
const recipientsOf = ({ recipients }: Answers) => (Array.isArray(recipients) ? (recipients as readonly string[]) : []);

const notImported = 'Nothing was imported; the key is unchanged.';

const notDeclinedProblem = {
  kind: 'fixable',
  what: 'No backup was made.',
  why: 'Going on without one takes the typed phrase.',
  state: notImported,
  next: ['Choose how to make the backup.'],
  remedies: [{ action: 'ask-again', label: 'Choose how to make it', question: 'how' }],
} as const;

const notGivenProblem = {
  kind: 'fixable',
  what: 'No backup was made.',
  why: 'Its passphrase was not given in this run.',
  state: notImported,
  next: ['Give the passphrase.'],
  remedies: [{ action: 'ask-again', label: 'Give the passphrase', question: 'passphrase' }],
} as const;

function backupDiffersProblem(why: string) {
  return {
    kind: 'fixable',
    what: "Can't trust the backup: what was read back is not what was made.",
    why,
    state: `${notImported} The file was removed.`,
    next: ['Try again. If it stays, use another disk.'],
  } as const;
}

function wrongIdentityProblem(why: string) {
  return {
    kind: 'fixable',
    what: "Can't open the backup with this identity file.",
    why,
    state: `${notImported} The file was removed.`,
    next: ['Choose the identity file of one of the recipients, or leave it empty.'],
    remedies: [{ action: 'ask-again', label: 'Choose the recipients again', question: 'recipients' }],
  } as const;
}

function nameTakenProblem(path: string) {
  return {
    kind: 'fixable',
    what: "Can't write the backup: its name is taken.",
    why: `${path} exists, and no file is ever overwritten.`,
    state: notImported,
    next: ['Move that file away, then try again.'],
  } as const;
}
