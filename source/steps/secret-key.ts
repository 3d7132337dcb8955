import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers } from '../ceremony/question.ts';
import type { ActContext } from '../ceremony/step.ts';
import { inspectKeyFile, type KeyFileForm } from '../material/inspect.ts';
import { destroyKeyFile, protectKeyFile, readKeyFile, writeKeyFile } from '../material/key-file.ts';
import { SecretBytes } from '../material/secret-bytes.ts';
import { type EarlierSecret, findEarlierSecret } from './earlier-secret.ts';
import { type Facts, need } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { generateKeyCommand, protectKeyCommand, takeKeyCommands } from './key-file-commands.ts';
import { keyElsewhereOf } from './secret-elsewhere.ts';
import {
  type CheckValues,
  checkValuesOf,
  checkValueText,
  type KeyHere,
  type SecretKey,
  statedCheckValueText,
} from './secret-key-fact.ts';
import { chooseAnotherFile, pathOf, secretKeyQuestions } from './secret-key-questions.ts';
import type { KeyferryStep, Services } from './services.ts';

// Pages: KMS developer guide, "Protecting imported key material".

type Context = ActContext<Facts, Services>;

/**
 * Makes the secret key or reads it from the person's file. Keeps it in memory, or in the plain key file. For a key that is kept
 * elsewhere, notes only what the person states.
 */
export const secretKey: KeyferryStep = {
  id: 'secret-key',
  asks: ['origin', 'file', 'shared', 'convert', 'keep', 'keeper', 'check-value', 'check-value-method'],
  // An earlier run may have made the file readable by its owner alone.
  mayLeaveQuestionsUnasked: ['shared'],
  needs: [],
  provides: ['secret'],
  title: 'Secret key',
  done: 'Secret key ready',
  place: 'you',
  lasting: false,
  why: 'This is the key that you bring: 256 random bits, 32 bytes. AWS will use it but can never give it back, so your copy is the only one.',
  goesWrong: [
    'The file has 33 bytes: its last one is a newline. With 44 bytes it is base64 text, with 64 hex.',
    'The key is a sample from a web page. Everyone has it, and Keyferry refuses those that it knows.',
    'The file is lost. AWS cannot give it back, and KMS keeps imported material less durably than material that AWS makes.',
  ],

  questions: secretKeyQuestions,

  commands({ answers, services }) {
    if (answers.origin === 'elsewhere') return [];
    if (answers.origin === 'file' && typeof answers.file === 'string') {
      const path = pathOf(answers, services);
      const protect = answers.shared === 'protect' ? [protectKeyCommand(path)] : [];
      return [...protect, ...takeKeyCommands(path, inspectKeyFile(path))];
    }
    return [generateKeyCommand];
  },

  async act(context) {
    const { answers, services, report } = context;
    const { folder, secrets } = services;
    folder.make();
    if (answers.origin === 'elsewhere') {
      secrets.forgetKey();
      return { secret: keyElsewhereOf(answers) };
    }
    const earlier = findEarlierSecret(services);
    const source = answers.origin === 'file' ? pathOf(answers, services) : undefined;
    const keptIn = source === undefined && earlier?.fact.origin === 'generated' ? earlier.at : undefined;
    const making = keptIn === undefined ? 'Making 256 random bits' : 'Keeping the key that was made';
    report({ id: 'key', label: source === undefined ? making : 'Reading your key', state: 'working' });
    if (source !== undefined && answers.shared === 'protect') protectKeyFile(source);
    if (answers.keep !== 'file') return { secret: holdInMemory(context, { source, keptIn }) };
    return { secret: await putIntoPlainFile(context, { source, keptIn }, earlier) };
  },

  foresee({ answers, services }) {
    return { secret: foreseeSecretKey(answers, services) };
  },

  receipt(facts) {
    const secret = need(facts, 'secret');
    if (secret.origin === 'elsewhere')
      return `Secret key with ${secret.keeper}, not here; ${statedCheckValueText(secret)}`;
    return `Secret key ${secret.origin === 'generated' ? 'made' : 'taken'}: 32 bytes in ${secret.file ?? 'memory'}, ${checkValueText(secret)}`;
  },
};

/** Which key the person chose. */
type ChosenKey = {
  /** The absolute path of the person's own file. Absent for a key that Keyferry makes. */
  readonly source: string | undefined;
  /** Where the key is that was made before, when a person who came back to this step keeps it. */
  readonly keptIn: EarlierSecret['at'] | undefined;
};

/** Makes a new key, or reads the key from the person's own file. */
const makeOrRead = ({ source }: ChosenKey) => (source === undefined ? SecretBytes.generate() : readOwnFile(source));

/** Holds the key in memory alone. Gives the fact about it. */
function holdInMemory({ services, report }: Context, chosen: ChosenKey): KeyHere {
  const { secrets } = services;
  // For a key that is in the plain key file, the question does not offer memory.
  if (chosen.keptIn !== 'memory') secrets.holdKey(makeOrRead(chosen));
  const fact: KeyHere = { ...originOf(chosen), ...checkValuesOf(secrets.key as SecretBytes) };
  report({ id: 'key', label: '32 bytes are in memory', note: checkValueText(fact), state: 'done' });
  return fact;
}

/**
 * Writes the key to the plain key file, unless the file has it already, and forgets the key in memory. Gives the fact about it.
 * @param earlier the key from before the person came back to this step.
 * @throws ProblemError when the plain key file, or the person's own file, does not hold a key.
 */
async function putIntoPlainFile(
  { services, attempt, report }: Context,
  chosen: ChosenKey,
  earlier: EarlierSecret | undefined,
): Promise<KeyHere> {
  const { folder, secrets } = services;
  const target = folder.file(plainKeyFile);
  const { source, keptIn } = chosen;
  const isWritten = keptIn === 'file' || source === resolve(target) || isOfEarlierFile(source, earlier);
  // The probe sets this before `act` runs, when an earlier run began the attempt and nobody knows how it ended.
  let isHalfWritten = false;
  const outcome = await attempt<CheckValues | KeyHere['checkValue']>({
    name: `write ${plainKeyFile}`,
    act: async () => {
      if (isHalfWritten) destroyKeyFile(target);
      if (isWritten) return readCheckValues(target, inspectKeyFile(target).form);
      const inMemory = keptIn === 'memory' ? secrets.key : undefined;
      const secret = inMemory ?? makeOrRead(chosen);
      try {
        writeKeyFile(target, secret);
        return checkValuesOf(secret);
      } finally {
        if (secret !== inMemory) secret.destroy();
      }
    },
    probe: async () => {
      // The file has the key already, so `act` only reads the file, in the form that it has.
      if (isWritten) return { found: 'not done' };
      const fileNow = inspectKeyFile(target);
      if (fileNow.verdict === 'absent') return { found: 'not done' };
      // A run that was cut off may have left a part of the file. Only such a part is replaced, never a whole file.
      isHalfWritten = statSync(target).size < 32;
      if (isHalfWritten) return { found: 'not done' };
      if (fileNow.verdict !== 'ready') throw new ProblemError(otherFileProblem(target, fileNow.findings.join(' ')));
      return { found: 'done', result: readCheckValues(target, 'raw') };
    },
    // `writeKeyFile` removes its file when it throws, so nothing is left of a try that failed.
    refused: () => true,
  });
  secrets.forgetKey();
  // A journal of an earlier version has one check value as the outcome.
  const checkValues = 'value' in outcome ? { checkValue: outcome } : outcome;
  const fact: KeyHere = { ...originOf(chosen), ...checkValues, file: plainKeyFile };
  report({ id: 'key', label: `${plainKeyFile} holds 32 bytes`, note: checkValueText(fact), state: 'done' });
  return fact;
}

/** Gives what the fact says about where the key comes from. */
function originOf({ source }: ChosenKey): Pick<KeyHere, 'origin' | 'bytes' | 'source'> {
  return source === undefined ? { origin: 'generated', bytes: 32 } : { origin: 'file', bytes: 32, source };
}

/**
 * Gives the fact that the step will establish with these answers, for the rehearsal of an answers file. Reads the check value
 * of a named file. A key that is to be made has none yet, and a file that holds no key has none.
 */
export function foreseeSecretKey(answers: Answers, services: Services): SecretKey {
  if (answers.origin === 'elsewhere') return keyElsewhereOf(answers);
  const fileFact = answers.keep === 'memory' ? {} : { file: plainKeyFile };
  const factWithoutKey = {
    origin: 'generated',
    bytes: 32,
    checkValue: { method: '', value: '' },
    ...fileFact,
  } as const;
  if (answers.origin !== 'file') return factWithoutKey;
  const source = pathOf(answers, services);
  const { verdict, form } = inspectKeyFile(source);
  const holdsKey = verdict === 'ready' || verdict === 'convertible';
  return { ...factWithoutKey, origin: 'file', source, ...(holdsKey ? readCheckValues(source, form) : {}) };
}

/** Tells whether this file still holds the key that was taken from it into the plain key file before. */
function isOfEarlierFile(source: string | undefined, earlier: EarlierSecret | undefined): boolean {
  if (source === undefined || earlier?.at !== 'file' || earlier.fact.source !== source) return false;
  const { checkValue } = readCheckValues(source, inspectKeyFile(source).form);
  return checkValue.value === earlier.fact.checkValue.value;
}

/**
 * Reads the key from a person's own file.
 * @throws ProblemError, with the remedy to choose another file, when it holds no key any more.
 */
function readOwnFile(path: string): SecretBytes {
  try {
    return readKeyFile(path, inspectKeyFile(path).form);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const state = 'No AWS key was made with it.';
    throw new ProblemError({ ...error.problem, state, remedies: [chooseAnotherFile] });
  }
}

/**
 * Reads a key file only for its check values.
 * @throws ProblemError when the file holds no key in this form.
 */
function readCheckValues(path: string, form: KeyFileForm): CheckValues {
  const secret = readKeyFile(path, form);
  try {
    return checkValuesOf(secret);
  } finally {
    secret.destroy();
  }
}

function otherFileProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key.",
    why: `${path} is not what Keyferry wrote. ${why}`,
    state: 'No AWS key was made with it.',
    next: ['Put the file back as it was, or move it away: a new secret is made then.'],
  } as const;
}
