import { readFileSync, renameSync } from 'node:fs';
import { isAbsolute, relative, resolve } from 'node:path';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import { proveWrapping } from '../material/proof.ts';
import { checkWrappedFile, modulusBytes, sha256Fingerprint, wrapMaterial } from '../material/wrap.ts';
import { opensslWrapCommand } from '../material/wrapping-algorithms.ts';
import { openingQuestion } from './backup-file.ts';
import { type Facts, need } from './facts.ts';
import { plainKeyFile, wrappedKeyFile } from './file-names.ts';
import { backupToOpen, remadeReport, withKey } from './key-at-hand.ts';
import { openBackupCommand, removeKeyCommand } from './key-file-commands.ts';
import { timeLeft, utc } from './moment.ts';
import type { KeyferryStep, Services } from './services.ts';

export const wrap: KeyferryStep = {
  id: 'wrap',
  asks: ['by', 'file', 'passphrase-file', 'identity'],
  title: 'Wrap',
  done: 'Secret wrapped',
  place: 'you',
  lasting: true,
  why: 'Wrapping encrypts your 32 bytes under the key that KMS lent you. It happens on this machine; only the wrapped form leaves it.',
  goesWrong: [
    "Wrapped with SHA-1 where SHA-256 was agreed. openssl's own default is SHA-1, and KMS tells it only at the import.",
    '"unable to load Public Key": openssl expected PEM text, and the wrapping key is DER. Say -keyform DER.',
  ],
  lesson: {
    article: 'Wrap the `Secret` Key with `wrappingKey`',
    video: 'After the zip file was unpacked beside the secret key. The article gives no times.',
    showed: 'openssl rsautl -encrypt -oaep, which always uses SHA-1.',
    shows:
      'rsautl is deprecated; pkeyutl does the same and can use SHA-256. Keyferry wraps in process and proves it first on a test pair.',
  },

  questions({ facts, answers, services }) {
    const questions: Question[] = [
      {
        kind: 'choice',
        id: 'by',
        ask: 'Who wraps the secret?',
        label: 'Wrapped by',
        form: 'keyferry or me',
        options: [
          { value: 'keyferry', label: 'Wrap it now', hint: 'checked before it is used' },
          { value: 'me', label: 'I wrapped it myself', hint: 'with openssl or an HSM' },
        ],
        default: 'keyferry',
        help: `The result is ${wrappedKeyFile}. The plain key stays where it is.\n${wrappingKeyWords(facts, services)}`,
      },
    ];
    if (answers.by === 'me') return [...questions, fileQuestion(facts, services)];
    const backup = answers.by === undefined ? undefined : backupToOpen(facts, services);
    return backup === undefined ? questions : [...questions, openingQuestion(backup, services)];
  },

  commands({ facts, answers, services }) {
    const { algorithm, publicKeyFile } = need(facts, 'wrapping');
    const { secret, backup } = facts;
    // A plain file that was not asked for is made from the backup, and goes again.
    const fromBackup = secret?.file === undefined && backup !== undefined && backup.by !== 'declined';
    return [
      ...(fromBackup ? [openBackupCommand(backup, identityIn(services))] : []),
      {
        says: 'Wrap the secret under the wrapping key',
        shell: opensslWrapCommand({
          algorithm,
          keyFile: plainKeyFile,
          wrappingKeyFile: publicKeyFile,
          outFile: answers.by === 'me' ? String(answers.file ?? wrappedKeyFile) : wrappedKeyFile,
        }),
      },
      ...(fromBackup ? [removeKeyCommand] : []),
    ];
  },

  async act({ facts, answers, services, report }) {
    const { folder, secrets } = services;
    const { algorithm, keySpec } = need(facts, 'wrapping');
    const publicKeyDer = wrappingKeyOf(facts, services);
    if (answers.by === 'me') {
      const path = pathOf(String(answers.file), services);
      const problem = checkWrappedFile(path, publicKeyDer);
      if (problem !== undefined) throw new ProblemError(notThatFile(problem));
      const sha256 = sha256Fingerprint(readFileSync(path));
      if (isOfEarlierKey(sha256, facts, services)) throw new ProblemError(ofEarlierKey(facts, services));
      report({ id: 'wrap', label: 'Your wrapped file has the right length', state: 'done' });
      return { wrapped: { file: inFolder(path, services), bytes: modulusBytes(publicKeyDer), by: 'you', sha256 } };
    }
    report({ id: 'proof', label: 'Proving the wrapping on a test key pair', state: 'working' });
    proveWrapping({ algorithm, keySpec });
    report({ id: 'proof', label: 'Wrapping proven on a test key pair', state: 'done' });
    const { blob, fact } = await withKey({ facts, answers, services }, (secret, fact) => ({
      blob: wrapMaterial(secret, { publicKeyDer, algorithm }),
      fact,
    }));
    secrets.forgetPassphrase();
    setAside(services);
    folder.write(wrappedKeyFile, blob);
    report({ id: 'wrap', label: `${wrappedKeyFile} written`, note: `${blob.length} bytes`, state: 'done' });
    const remade = fact === facts.secret ? {} : { secret: fact };
    if (fact !== facts.secret) report(remadeReport(fact));
    const traces = { sha256: sha256Fingerprint(blob), under: sha256Fingerprint(publicKeyDer) };
    return { ...remade, wrapped: { file: wrappedKeyFile, bytes: blob.length, by: 'keyferry', ...traces } };
  },

  receipt(facts) {
    const { file, bytes, by } = need(facts, 'wrapped');
    return by === 'you' ? `Wrapped by you: ${file}, ${bytes} bytes` : `Secret wrapped: ${file}, ${bytes} bytes`;
  },
};

/** The identity file that was named when the backup was made. */
function identityIn({ journal }: Services): string {
  return String(journal.state.answers.get('backup')?.identity ?? '');
}

/** By the fingerprint a person can see that the file on disk is the wrapping key that KMS gave. */
function wrappingKeyWords({ wrapping }: Facts, { clock }: Services): string {
  if (wrapping === undefined) return '';
  const validTo = new Date(wrapping.validTo);
  return `Wrapping key: ${wrapping.keySpec}, until ${utc(validTo)}, ${timeLeft(validTo, clock())} left. Its SHA-256 is\n${wrapping.publicKeySha256}`;
}

function fileQuestion(facts: Facts, services: Services): Question {
  return {
    kind: 'file',
    id: 'file',
    ask: 'Which file holds the wrapped secret?',
    label: 'File',
    form: 'the path of the wrapped file, as many bytes as the wrapping key',
    default: wrappedKeyFile,
    check: (path) => {
      if (path.trim() === '') return 'Type the path of the wrapped file.';
      // Before there is a wrapping key nothing can have been wrapped: an answers file is looked at that early.
      if (!services.journal.state.done.has('wrapping-key')) return undefined;
      return checkWrappedFile(pathOf(path, services), wrappingKeyOf(facts, services));
    },
    help: `Wrap it with ${need(facts, 'wrapping').publicKeyFile} in ${services.folder.shown}.`,
  };
}

function wrappingKeyOf(facts: Facts, { folder }: Services): Buffer {
  return folder.read(need(facts, 'wrapping').publicKeyFile);
}

/** A bare name means a file in the ceremony's folder, as the article has it. */
function pathOf(path: string, { folder }: Services): string {
  return folder.has(path) ? folder.file(path) : resolve(path);
}

/** Facts name files relative to the folder where they can, so that it may be moved. */
function inFolder(path: string, { folder }: Services): string {
  const name = relative(folder.path, path);
  return name.startsWith('..') || isAbsolute(name) ? path : name;
}

/** An earlier wrapped file belongs to an earlier wrapping key; it is renamed, never overwritten. */
function setAside({ folder }: Services): void {
  if (!folder.has(wrappedKeyFile)) return;
  let number = 1;
  while (folder.has(`${wrappedKeyFile}.${number}`)) number += 1;
  renameSync(folder.file(wrappedKeyFile), folder.file(`${wrappedKeyFile}.${number}`));
}

/** The very file that was taken before, for a wrapping key that has been replaced since. */
function isOfEarlierKey(sha256: string, { wrapping }: Facts, { journal }: Services): boolean {
  let under: string | undefined;
  for (const line of journal.lines) {
    if (line.kind !== 'done') continue;
    const facts = line.facts as Facts;
    under = facts.wrapping?.publicKeySha256 ?? under;
    if (facts.wrapped?.sha256 === sha256 && under !== wrapping?.publicKeySha256) return true;
  }
  return false;
}

function ofEarlierKey(facts: Facts, { folder }: Services): Problem {
  const { publicKeyFile } = need(facts, 'wrapping');
  return {
    kind: 'fixable',
    what: "Can't take this wrapped file again.",
    why: 'It was wrapped under the wrapping key before this one, whose import token is used up.',
    state: 'Your secret and the KMS key are unchanged. Nothing was imported.',
    next: [`Wrap your secret again, with ${folder.shown}/${publicKeyFile}`, 'Then try again.'],
    remedies: [{ action: 'ask-again', label: 'Choose again', question: 'by' }],
  };
}

function notThatFile(why: string) {
  return {
    kind: 'fixable',
    what: "Can't take this wrapped file.",
    why,
    state: 'Nothing was imported.',
    next: ['Choose another file, or let Keyferry wrap the secret.'],
    remedies: [{ action: 'ask-again', label: 'Choose again', question: 'by' }],
  } as const;
}
