import { renameSync } from 'node:fs';
import type { Question } from '../ceremony/question.ts';
import { sha256Of } from '../disk/sha256.ts';
import { proveWrapping } from '../material/proof.ts';
import { wrapMaterial } from '../material/wrap.ts';
import { opensslWrapCommand } from '../material/wrapping-algorithms.ts';
import { madeBackup } from './backup-fact.ts';
import { identityPath } from './backup-file.ts';
import { timeLeft, utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { plainKeyFile, wrappedKeyFile } from './file-names.ts';
import { openBackupCommand, removeKeyCommand } from './key-file-commands.ts';
import { ownBackupQuestion } from './own-backup-question.ts';
import { answersOf, isDone } from './past.ts';
import { keyElsewhere, keyHere } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';
import { backupToOpen, newKeyProgress, withKey } from './with-key.ts';
import { wrapElsewhereCommands, wrappedElsewhereQuestion } from './wrap-elsewhere.ts';
import { takeWrappedFile, wrappedFileQuestion } from './wrapped-by-you.ts';
import { lookAtWrappingKey, takeWrappingKey } from './wrapping-key-file.ts';

const opensToWrap = 'Only the backup still holds the key, so it is taken from there.';

/** Wraps the secret under the wrapping key, or takes a file that the person has wrapped. */
export const wrap: KeyferryStep = {
  id: 'wrap',
  asks: ['by', 'file', 'passphrase-file', 'identity'],
  needs: ['secret', 'backup', 'wrapping'],
  mayRead: ['materials'],
  provides: ['wrapped'],
  leadsTo: ['wrapping-key'],
  title: 'Wrap',
  done: 'Secret wrapped',
  place: 'you',
  lasting: true,
  why: 'Wrapping encrypts your 32 bytes under the key that KMS lent you. Only the wrapped form leaves the place where your key is.',
  goesWrong: [
    "Wrapped with SHA-1 where SHA-256 was agreed. openssl's own default is SHA-1, and KMS tells it only at the import.",
    '"unable to load Public Key": openssl expected PEM text, and the wrapping key is DER. Say -keyform DER.',
  ],

  questions({ facts, answers, services }) {
    const elsewhere = keyElsewhere(facts.secret);
    if (elsewhere !== undefined)
      return [
        wrappedElsewhereQuestion(elsewhere, wrappingKeyWords(facts, services)),
        wrappedFileQuestion(facts, services),
      ];
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
        help: wrappingKeyWords(facts, services),
      },
    ];
    if (answers.by === 'me') return [...questions, wrappedFileQuestion(facts, services)];
    const backup = answers.by === undefined ? undefined : backupToOpen(facts, services);
    return backup === undefined
      ? questions
      : [...questions, ownBackupQuestion(backup, { facts, answers, services }, opensToWrap)];
  },

  commands({ facts, answers, services }) {
    const { algorithm, publicKeyFile } = need(facts, 'wrapping');
    const outFile = answers.by === 'me' ? String(answers.file || wrappedKeyFile) : wrappedKeyFile;
    const { secret } = facts;
    if (keyElsewhere(secret) !== undefined) return wrapElsewhereCommands(need(facts, 'wrapping'), outFile);
    const backup = madeBackup(facts.backup);
    // openssl needs a plain key file. Without one, the commands make it from the backup and remove it afterwards.
    const isFromBackup = keyHere(secret)?.file === undefined && backup !== undefined;
    return [
      ...(isFromBackup ? [openBackupCommand(backup, identityPath(answersOf(services, 'backup'), services))] : []),
      {
        says: 'Wrap the secret under the wrapping key',
        shell: opensslWrapCommand({
          algorithm,
          keyFile: plainKeyFile,
          wrappingKeyFile: publicKeyFile,
          outFile,
        }),
      },
      ...(isFromBackup ? [removeKeyCommand] : []),
    ];
  },

  async act({ facts, answers, services, report }) {
    const { folder, secrets } = services;
    const { algorithm, keySpec } = need(facts, 'wrapping');
    if (answers.by === 'me') {
      const wrapped = takeWrappedFile(facts, answers, services);
      report({ id: 'wrap', label: 'Your wrapped file has the right length', state: 'done' });
      return { wrapped };
    }
    const wrappingKey = takeWrappingKey(facts, services, 'keyferry');
    report({ id: 'proof', label: 'Proving the wrapping on a test key pair', state: 'working' });
    proveWrapping({ algorithm, keySpec });
    report({ id: 'proof', label: 'Wrapping proven on a test key pair', state: 'done' });
    const { blob, secretFact } = await withKey({ facts, answers, services }, (secret, secretFact) => ({
      blob: wrapMaterial(secret, { wrappingKey, algorithm }),
      secretFact,
    }));
    secrets.forgetPassphrases();
    setWrappedFileAside(services);
    folder.write(wrappedKeyFile, blob);
    report({ id: 'wrap', label: `${wrappedKeyFile} written`, note: `${blob.length} bytes`, state: 'done' });
    if (secretFact !== facts.secret) report(newKeyProgress(secretFact));
    const hashes = { sha256: sha256Of(blob), under: wrappingKey.sha256 };
    return { wrapped: { file: wrappedKeyFile, bytes: blob.length, by: 'keyferry', ...hashes } };
  },

  foresee: () => ({ wrapped: { file: '', bytes: 0, by: 'keyferry' } }),

  receipt(facts) {
    const { file, bytes, by } = need(facts, 'wrapped');
    if (keyElsewhere(facts.secret) !== undefined) return `Wrapped file taken: ${file}, ${bytes} bytes`;
    return by === 'you' ? `Wrapped by you: ${file}, ${bytes} bytes` : `Secret wrapped: ${file}, ${bytes} bytes`;
  },
};

/**
 * Says which wrapping key is used, with the SHA-256 of its file, which a person can compare with the one that KMS sent; or what is
 * wrong with its file. While there is no wrapping key yet, says only where the result goes.
 */
function wrappingKeyWords(facts: Facts, { clock, folder, journal }: Services): string {
  const result = `The result is ${wrappedKeyFile}. The plain key stays where it is.`;
  // During the rehearsal of an answers file there is no wrapping key yet.
  if (!isDone({ journal }, 'wrapping-key')) return result;
  const { keySpec, validTo, publicKeySha256 } = need(facts, 'wrapping');
  const file = lookAtWrappingKey(facts, folder);
  if (file.fits) {
    const end = new Date(validTo);
    return `${result}\nWrapping key: ${keySpec}, until ${utc(end)}, ${timeLeft(end, clock())} left. The SHA-256 of its file is\n${file.sha256}`;
  }
  const fileHash = file.sha256 === undefined ? '' : `\nThe SHA-256 of the file is\n${file.sha256}`;
  const sentHash = file.sha256 === publicKeySha256 ? '' : `\nKMS sent\n${publicKeySha256}`;
  return `${file.fault}. Nothing is wrapped under it.${fileHash}${sentHash}`;
}

/** Renames a wrapped file from an earlier wrapping key to `NAME.1` or the next free number, so that nothing is overwritten. */
function setWrappedFileAside({ folder }: Services): void {
  if (!folder.has(wrappedKeyFile)) return;
  let number = 1;
  while (folder.has(`${wrappedKeyFile}.${number}`)) number += 1;
  renameSync(folder.file(wrappedKeyFile), folder.file(`${wrappedKeyFile}.${number}`));
}
