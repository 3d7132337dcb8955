import { renameSync } from 'node:fs';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { sealBackup } from '../material/backup.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';
import { identityPath, keepBackup, openWithAnswers, sha256Of } from './backup-file.ts';
import { backupQuestions, declinePhrase } from './backup-questions.ts';
import { type Backup, type Facts, need } from './facts.ts';
import { backupFileName, plainKeyFile } from './file-names.ts';
import { ageDecryptCommand } from './key-file-commands.ts';
import { outcomeOf } from './past.ts';
import type { KeyferryStep, Services } from './services.ts';
import { newKeyProgress, withKey } from './with-key.ts';

type Context = ActContext<Facts, Services>;

export const backup: KeyferryStep = {
  id: 'backup',
  asks: ['how', 'passphrase-file', 'recipients', 'identity', 'confirm-none'],
  needs: ['connection', 'secret', 'description'],
  provides: ['backup', 'secret'],
  title: 'Backup',
  done: 'Backup made',
  place: 'you',
  lasting: true,
  why: 'AWS can never give your key back. An encrypted copy is made, read back and compared before anything is imported.',
  goesWrong: [
    'The passphrase is forgotten. Nobody can open the backup without it, and AWS never gives the key back.',
    'A copy was never opened again, and is damaged or under another key when it is needed.',
    'The backup lies beside what it should bring back, and is lost with it.',
  ],

  questions: ({ facts, answers, services }) => backupQuestions(facts, answers, services),

  commands({ facts, answers, services }) {
    if (answers.how === 'none') return [];
    const to =
      answers.how === 'recipients'
        ? recipientsOf(answers).map((recipient) => `--recipient ${quote(recipient)}`)
        : ['--passphrase'];
    const name = backupFileName(need(facts, 'description').alias);
    const identity = identityPath(answers, services);
    const by = answers.how === 'recipients' ? 'recipients' : 'passphrase';
    const encrypt = {
      says: 'Encrypt a copy of the key',
      shell: `age ${to.join(' ')} --output ${quote(name)} ${plainKeyFile}`,
    };
    if (by === 'recipients' && identity === '') return [encrypt];
    return [
      encrypt,
      { says: 'Open it again, and compare', shell: `${ageDecryptCommand(name, by, identity)} | cmp - ${plainKeyFile}` },
    ];
  },

  async act(context) {
    const { facts, answers, services, report } = context;
    return withKey(context, async (secret, fact) => {
      const remade = fact === facts.secret ? {} : { secret: fact };
      if (fact !== facts.secret) report(newKeyProgress(fact));
      if (answers.how === 'none') {
        if (answers['confirm-none'] !== declinePhrase) throw new ProblemError(notDeclinedProblem);
        return { ...remade, backup: { by: 'declined' } };
      }
      const made = await makeBackup(secret, context);
      services.secrets.forgetPassphrases();
      return { ...remade, backup: made };
    });
  },

  foresee({ facts, answers }) {
    if (answers.how !== 'passphrase' && answers.how !== 'recipients') return { backup: { by: 'declined' } };
    const file = backupFileName(need(facts, 'description').alias);
    return { backup: { by: answers.how, file, sha256: '', recipients: recipientsOf(answers), proven: 'written' } };
  },

  receipt(facts) {
    const made = need(facts, 'backup');
    if (made.by === 'declined') return 'Backup declined: no encrypted copy of the key was made';
    const how = made.proven === 'opened' ? 'opened again to the same key' : 'read back byte for byte';
    return `Backup made: ${made.file}, ${how}`;
  },
};

/**
 * Encrypts the key, writes the backup, reads it back and compares it. Where the passphrase or an identity file is at hand,
 * it also opens the backup and compares the key. Returns the facts of the backup.
 */
async function makeBackup(secret: SecretBytes, context: Context): Promise<Backup> {
  const { facts, answers, services, attempt, report } = context;
  const name = backupFileName(need(facts, 'description').alias);
  setEarlierAside(name, services);
  report({ id: 'backup', label: 'Encrypting a copy of the key', state: 'working' });
  const sealed = await seal(secret, answers, services);
  const by = answers.how === 'recipients' ? 'recipients' : 'passphrase';
  const canOpen = by === 'passphrase' || (answers.identity ?? '') !== '';
  const sha256 = sha256Of(sealed);
  await attempt({
    name: writeAttemptName(name),
    act: async () => {
      await keepBackup(sealed, name, services, async (readBack) => {
        report({ id: 'backup', label: 'Reading it back', state: 'working' });
        if (!readBack.equals(sealed))
          throw new ProblemError(backupDiffersProblem('The file on the disk is not what was written.'));
        if (canOpen) await proveOpens(readBack, secret, by, { answers, services });
      });
      return { sha256 };
    },
    // `setEarlierAside` has renamed a file that an earlier try wrote.
    probe: async () => ({ found: 'not done' }),
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

/** @throws ProblemError when the given answers do not open the backup, or it opens to other bytes than the key. */
async function proveOpens(
  readBack: Buffer,
  secret: SecretBytes,
  by: 'passphrase' | 'recipients',
  { answers, services }: Pick<Context, 'answers' | 'services'>,
): Promise<void> {
  const opened = await openWithAnswers(readBack, by, answers, services);
  if ('trouble' in opened)
    throw new ProblemError(by === 'recipients' ? wrongIdentityProblem(opened.why) : backupDiffersProblem(opened.why));
  const isSame = opened.equals(secret);
  opened.destroy();
  if (!isSame) throw new ProblemError(backupDiffersProblem('It opened to other bytes than the key.'));
}

/** Encrypts the key as the answers say. Returns the bytes of the backup file. */
function seal(secret: SecretBytes, answers: Answers, { secrets, scryptWorkFactor }: Services): Promise<Buffer> {
  if (answers.how === 'recipients') return sealBackup(secret, { by: 'recipients', recipients: recipientsOf(answers) });
  if (secrets.passphrase === undefined) throw new ProblemError(notGivenProblem);
  return secrets.passphrase.use((passphrase) =>
    sealBackup(secret, { by: 'passphrase', passphrase, workFactor: scryptWorkFactor }),
  );
}

const writeAttemptName = (name: string) => `write ${name}`;

/**
 * Renames the backup that an earlier try of this ceremony wrote. That backup may hold a key that was lost with its run, and
 * then is no backup of the key now.
 * @throws ProblemError when a file of this name exists that this ceremony did not write.
 */
function setEarlierAside(name: string, { folder, journal }: Services): void {
  // The lines are read, because the journal's state forgets the attempts of a step that is reopened.
  const isOurs = journal.lines.some(
    (line) => line.kind === 'intent' && line.step === 'backup' && line.name === writeAttemptName(name),
  );
  if (folder.has(name) && !isOurs) throw new ProblemError(nameTakenProblem(folder.file(name)));
  // This line makes the state forget that the backup was written, so that `attempt` writes it again.
  if (outcomeOf({ journal }, 'backup', writeAttemptName(name)) === 'done')
    journal.append({ kind: 'reopened', step: 'backup', note: `The backup of an earlier try is set aside: ${name}` });
  if (!folder.has(name)) return;
  let number = 1;
  while (folder.has(`${name}.unused-${number}`)) number += 1;
  renameSync(folder.file(name), folder.file(`${name}.unused-${number}`));
}

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
