import { resolve } from 'node:path';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { inspectKeyFile, type KeyFileInspection } from '../material/inspect.ts';
import { type EarlierSecret, findEarlierSecret, otherKeyWords } from './earlier-secret.ts';
import { type Facts, isPractice } from './facts.ts';
import { plainKeyFile, plainKeyFileOfGuide } from './file-names.ts';
import { findFiles, offerOf } from './known-files.ts';
import { outcomeOf } from './past.ts';
import { elsewhereQuestions } from './secret-elsewhere.ts';
import type { Services } from './services.ts';

/**
 * Gives the questions of the secret-key step: which key to bring, and where the plain key may be until it is imported. For a file,
 * also whether to use it when others may read it, or when it holds the key as text or with a newline or a NUL. For a key elsewhere,
 * only who keeps it and which check value it has.
 */
export function secretKeyQuestions({ facts, answers, services }: StepContext<Facts, Services>): readonly Question[] {
  const earlier = findEarlierSecret(services);
  const questions: Question[] = [originQuestion(services, earlier)];
  if (answers.origin === 'elsewhere') return [...questions, ...elsewhereQuestions(answers, otherKeyWords(earlier))];
  if (answers.origin !== 'file') return [...questions, keepQuestion(earlier?.at === 'file')];
  questions.push(fileQuestion(services, facts.connection !== undefined && isPractice(facts.connection), earlier));
  if (typeof answers.file !== 'string') return questions;
  const inspection = inspectKeyFile(pathOf(answers, services));
  if (inspection.warning !== undefined) questions.push(sharedQuestion(inspection.warning));
  if (inspection.verdict === 'convertible') questions.push(conversionQuestion(inspection));
  return [...questions, keepQuestion(isPlainKeyFile(answers, services))];
}

/** The names that a plain key has where the article or the developer guide of KMS is followed by hand. */
const keyFileNames = [plainKeyFile, plainKeyFileOfGuide];

/** Gives the absolute path of the file that the answers name. */
export function pathOf({ file }: Answers, { folder }: Services): string {
  return folder.locate(String(file));
}

/** Tells whether the chosen file is the plain key file in the ceremony's folder. */
function isPlainKeyFile(answers: Answers, services: Services): boolean {
  return pathOf(answers, services) === resolve(services.folder.file(plainKeyFile));
}

/**
 * Asks whether to make a new secret, to use a file, or to bring a key that is kept elsewhere. Never offers to overwrite a plain
 * key file that is there. A person who has come back to the question keeps the key that was made, because a new one is no better.
 */
function originQuestion(services: Services, earlier: EarlierSecret | undefined): Question {
  const { folder, journal } = services;
  // An earlier run of this ceremony may have written the file before it was cut off.
  const isBegun = outcomeOf({ journal }, 'secret-key', `write ${plainKeyFile}`) !== undefined;
  const hasMadeKey = earlier?.at === 'file' && earlier.fact.origin === 'generated';
  const isOwnFile = isBegun || hasMadeKey;
  const hasOtherFile = folder.has(plainKeyFile) && !isOwnFile;
  const [found] = isOwnFile ? [] : findFiles(services, keyFileNames);
  return {
    kind: 'choice',
    id: 'origin',
    // A file of that name may be any key: nobody but the person can say.
    ...(hasOtherFile ? { asked: 'always' as const } : {}),
    ask: 'Which secret should the key be?',
    label: 'Secret',
    form: 'generate, file or elsewhere',
    options: [
      {
        value: 'generate',
        ...(earlier?.fact.origin === 'generated'
          ? { label: 'Keep the one that was made here', hint: `check value ${earlier.fact.checkValue.value}` }
          : { label: 'Make a new one here', hint: '256 random bits' }),
        ...(hasOtherFile ? { disabled: `${plainKeyFile} is here already and is never overwritten` } : {}),
      },
      { value: 'file', label: 'Use a file that I have', ...(found === undefined ? {} : { hint: `${found} is here` }) },
      { value: 'elsewhere', label: 'One that is kept elsewhere', hint: 'in an HSM or key manager' },
    ],
    default: hasOtherFile ? 'file' : 'generate',
    help: `Only its length and a check value are ever shown.${otherKeyWords(earlier)}`,
  };
}

/** Asks whether the plain key may be in a file. @param isInFolder true when the key is in the plain key file already. */
function keepQuestion(isInFolder: boolean): Question {
  return {
    kind: 'choice',
    id: 'keep',
    ask: 'Where may the plain key be until it is imported?',
    label: 'Plain key',
    form: 'memory or file',
    options: [
      {
        value: 'memory',
        label: 'In memory only',
        hint: 'recommended',
        ...(isInFolder ? { disabled: 'the file is here already' } : {}),
      },
      { value: 'file', label: `In ${plainKeyFile}`, hint: 'as in the article' },
    ],
    default: isInFolder ? 'file' : 'memory',
    help: 'From memory it is gone when Keyferry ends; the encrypted backup that comes next keeps it.\nThe file is for doing steps by hand with openssl. Whoever gets it has your key.',
  };
}

/**
 * Asks for the file that holds the secret, and looks into the file. While the plain key file is there, takes no file but this one
 * and the file from which its key was taken.
 * @param isForPractice adds a warning for practice AWS.
 */
function fileQuestion(services: Services, isForPractice: boolean, earlier: EarlierSecret | undefined): Question {
  const inspect = (path: string) => inspectKeyFile(pathOf({ file: path }, services));
  return {
    kind: 'file',
    id: 'file',
    asked: 'always',
    ask: 'Which file holds the 256-bit secret?',
    label: 'File',
    form: 'the path of a file with exactly 32 bytes, or their hex or base64 text',
    complete: services.folder.complete,
    ...(services.folder.has(plainKeyFile)
      ? { default: services.folder.file(plainKeyFile) }
      : offerOf(findFiles(services, keyFileNames))),
    check: (path) => {
      if (path.trim() === '') return 'Type the path of the key file.';
      const { verdict, findings } = inspect(path);
      return verdict === 'ready' || verdict === 'convertible' ? undefined : findings.join(' ');
    },
    notice: (path) => (path.trim() === '' ? undefined : noticeOf(inspect(path))),
    verify: async (path) => {
      const { folder } = services;
      const source = pathOf({ file: path }, services);
      if (!folder.has(plainKeyFile) || source === resolve(folder.file(plainKeyFile))) return undefined;
      // The plain key file was taken from this same file before.
      if (earlier?.at === 'file' && earlier.fact.source === source) return undefined;
      return `${folder.file(plainKeyFile)} exists already and is never overwritten. Use that file, move it away, or start in another folder.`;
    },
    // The first wrapping key pair of practice AWS is published, so that nobody waits until one is made. Anybody can open what is
    // wrapped under it.
    ...helpOf(
      `${isForPractice ? 'This is practice. Use a file made for it: practice AWS is no safe place for a real key.' : ''}${otherKeyWords(earlier)}`,
    ),
  };
}

const helpOf = (words: string) => (words === '' ? {} : { help: words.trimStart() });

/** Says what the file holds, and the warning about its permissions. */
function noticeOf({ findings, warning }: KeyFileInspection): string {
  return [...findings, ...(warning === undefined ? [] : [warning])].join(' ');
}

/** The remedy to name another file with the key. */
export const chooseAnotherFile = { action: 'ask-again', label: 'Choose another file', question: 'file' } as const;

/** The options to use another file, or a new secret, instead of the chosen file. */
const otherKeys: readonly Option[] = [
  { value: 'another', label: 'Choose another file', leads: chooseAnotherFile },
  {
    value: 'generate',
    label: 'Make a new secret instead',
    leads: { action: 'ask-again', label: 'Make a new secret', question: 'origin' },
  },
];

/** Asks whether to use a key file that others on this computer could read. Only the person can judge whether somebody did. */
function sharedQuestion(warning: string): Question {
  return {
    kind: 'choice',
    id: 'shared',
    ask: 'Use a key that others may have read?',
    label: 'Shared file',
    form: 'use, or protect to make the file readable by you alone first',
    options: [
      { value: 'protect', label: 'Make it readable by you alone and use it' },
      { value: 'use', label: 'Use it all the same' },
      ...otherKeys,
    ],
    help: `${warning}\nWhoever has read it by now can decrypt what the key encrypts.`,
  };
}

/** Asks whether to use 32 bytes that the file holds as text, or with a newline or a NUL after them. */
function conversionQuestion({ form, findings }: KeyFileInspection): Question {
  const afterKey = form === 'raw-newline' ? 'newline' : 'NUL';
  const isRaw = form === 'raw-newline' || form === 'raw-nul';
  const label = isRaw ? 'Use the first 32 bytes' : 'Use the decoded 32 bytes';
  return {
    kind: 'choice',
    id: 'convert',
    ask: isRaw ? `Use the first 32 bytes, without the ${afterKey}?` : 'Use the 32 bytes that this text stands for?',
    label: 'Conversion',
    form: 'decode',
    options: [{ value: 'decode', label, hint: 'your file is not changed' }, ...otherKeys],
    help: findings.join('\n'),
  };
}
