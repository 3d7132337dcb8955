import { relative } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Question } from '../ceremony/question.ts';
import { destroyKeyFile } from '../material/key-file.ts';
import { type Facts, need, secretInKms } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { removeKeyCommand } from './key-file-commands.ts';
import { readKeyNow } from './key-now.ts';
import { displayPath, findCopies, findSecret, type KnownCopy, noCopyKnownWords } from './known-copies.ts';
import { keyElsewhere, keyHere } from './secret-key-fact.ts';
import type { KeyferryStep, Services } from './services.ts';

// Pages: KMS developer guide, "Special considerations for imported key material"; S3 user guide, "Setting default
// server-side encryption behavior for Amazon S3 buckets".

export const recordFile = 'record.md';

/** Asks what should become of the plain key file, and asks KMS for the last state of the key. */
export const finish: KeyferryStep = {
  id: 'finish',
  asks: ['plain-key', 'confirm-destroy'],
  needs: ['secret', 'description', 'backup', 'key', 'wrapped', 'imported'],
  provides: ['finish'],
  title: 'Finish',
  done: 'Finished',
  place: 'S3',
  lasting: true,
  why: 'AWS cannot give the key back. What you keep now decides whether its material can come back after that expired or was deleted.',
  goesWrong: [
    'The material expires or is deleted, and the secret is lost. Nobody can read the objects again.',
    "An upload that asks for no encryption goes under the bucket's default, and nothing here changes that.",
  ],

  questions({ facts, answers, services }) {
    if (!hasPlainKey(facts, services)) return [];
    const questions: Question[] = [
      {
        kind: 'choice',
        id: 'plain-key',
        asked: 'always',
        ask: `What should become of ${plainKeyFile}?`,
        label: 'Plain key file',
        form: 'keep or destroy',
        options: [
          { value: 'keep', label: 'Keep it', hint: 'move it to a safe place yourself' },
          { value: 'destroy', label: 'Destroy it here', hint: 'only if a copy exists elsewhere' },
        ],
        default: 'keep',
        help: `${copyWords(facts, services)}\nWithout a copy, deleted or expired material is lost, and with it all that it encrypted.`,
      },
    ];
    if (answers['plain-key'] === 'destroy') questions.push(destroyQuestion(facts, services));
    return questions;
  },

  commands({ answers }) {
    if (answers['plain-key'] !== 'destroy') return [];
    return [removeKeyCommand];
  },

  async act({ facts, answers, services, attempt, report }) {
    const mustDestroy = answers['plain-key'] === 'destroy' && answers['confirm-destroy'] !== keepInstead;
    if (mustDestroy) {
      report({ id: 'plain-key', label: `Destroying ${plainKeyFile}`, state: 'working' });
      await attempt({
        name: `destroy ${plainKeyFile}`,
        act: async () => destroyKeyFile(services.folder.file(plainKeyFile)),
        probe: async () =>
          services.folder.has(plainKeyFile) ? { found: 'not done' } : { found: 'done', result: undefined },
        refused: (error) => error instanceof ProblemError,
      });
      report({ id: 'plain-key', label: `${plainKeyFile} overwritten and removed`, state: 'done' });
    }
    const hasPlainFile = findSecret(facts, services).copies.some(({ kind }) => kind === 'plain file');
    const keptOrNone = hasPlainFile ? 'kept' : 'none';
    report({ id: 'key', label: 'Asking KMS how the key is', state: 'working' });
    const { state, asOf } = await readKeyNow(facts, services);
    const stateWords = state === undefined ? 'KMS does not say how the key is' : `The key is ${state}`;
    report({ id: 'key', label: stateWords, state: 'done' });
    return {
      finish: {
        plainKey: mustDestroy ? 'destroyed' : keptOrNone,
        record: recordFile,
        keyState: state ?? null,
        keyStateAsOf: asOf,
      },
    };
  },

  receipt(facts) {
    return `Finished: the record is ${need(facts, 'finish').record}`;
  },
};

/** The answer to `confirm-destroy` of a person who does not type the phrase. */
const keepInstead = 'keep';

/**
 * Tells whether there is a plain key file to keep or destroy. During the rehearsal of an answers file the file does not exist
 * yet. Then the foreseen fact `secret.file` tells that it will exist. When the key is elsewhere, no file here is that key.
 */
function hasPlainKey({ secret }: Facts, { folder }: Services): boolean {
  if (keyElsewhere(secret) !== undefined) return false;
  return keyHere(secret)?.file !== undefined || folder.has(plainKeyFile);
}

/**
 * Says which copies of the key Keyferry knows, and which files are no copies any more. A person needs this to choose whether
 * to destroy the plain key file. When KMS has refused the secret as other bytes, says only that.
 */
function copyWords(facts: Facts, services: Services): string {
  const path = `${services.folder.shown}/${plainKeyFile}`;
  if (secretInKms(facts) === 'other') return `It is NOT the key in KMS, which refused it as other bytes:\n${path}`;
  const { copies, filesWithoutKey } = findCopies(facts, services);
  const broken = filesWithoutKey.map((file) => `${displayPath(services, file.path)} is no copy. ${file.why}`);
  const others = copies.flatMap((copy) => (isOtherCopy(copy) ? [sameKeyWords(copy, services)] : []));
  const isPlainHere = copies.some(({ kind }) => kind === 'plain file');
  const plainSentence =
    others.length === 0
      ? `The only copy that Keyferry knows of is\n${path}`
      : `${path} is the key itself, for anyone who gets it.`;
  const none = copies.length === 0 ? [noCopyKnownWords] : [];
  return [...none, ...others, ...(isPlainHere ? [plainSentence] : []), ...broken].join('\n');
}

/** A copy of the key on the disk that is not the plain key file. */
type OtherCopy = Extract<KnownCopy, { kind: 'own file' | 'backup' }>;

const isOtherCopy = (copy: KnownCopy): copy is OtherCopy => copy.kind === 'own file' || copy.kind === 'backup';

/** Says which other copy holds the same key. */
function sameKeyWords(copy: OtherCopy, { folder }: Services): string {
  return copy.kind === 'backup'
    ? `The backup ${relative(folder.path, copy.path)} holds the same key.`
    : `Your own file holds the same key:\n${copy.path}`;
}

/**
 * Builds the question that confirms the destruction. Its phrase names the file, so that nobody thinks that the KMS key is
 * destroyed. Version 0.1.0 asked to type the alias; answers files may still hold that.
 */
function destroyQuestion(facts: Facts, services: Services): Question {
  const phrase = 'destroy plain key file';
  const hasOther = findCopies(facts, services).copies.some(isOtherCopy);
  return {
    kind: 'phrase',
    id: 'confirm-destroy',
    ask: `Type "${phrase}" to destroy ${plainKeyFile}. The KMS key stays.`,
    label: 'To destroy it',
    form: `${phrase}, or ${keepInstead}`,
    phrase,
    formerly: [`destroy ${need(facts, 'description').alias}`],
    decline: keepInstead,
    help: `${hasOther ? '' : 'Keyferry knows of no other copy of the key.\n'}Overwriting cannot reach copies that a solid-state disk, a snapshot or a backup has made.`,
  };
}
