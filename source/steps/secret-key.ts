import { resolve } from 'node:path';
import { ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { keyCheckValue } from '../material/check-value.ts';
import { inspectKeyFile, type KeyFileInspection } from '../material/inspect.ts';
import { readKeyFile, writeKeyFile } from '../material/key-file.ts';
import { SecretBytes } from '../material/secret-bytes.ts';
import { expandHome } from '../material/small-file.ts';
import { checkValueText, need, type SecretKey } from './facts.ts';
import { plainKeyFile } from './file-names.ts';
import { generateKeyCommand, takeKeyCommands } from './key-file-commands.ts';
import type { KeyferryStep, Services } from './services.ts';

export const secretKey: KeyferryStep = {
  id: 'secret-key',
  asks: ['origin', 'file', 'shared', 'convert', 'keep'],
  title: 'Secret key',
  done: 'Secret key ready',
  place: 'you',
  lasting: true,
  why: 'This is the key that you bring: 256 random bits, 32 bytes. AWS will use it but can never give it back, so your copy is the only one.',
  goesWrong: [
    'The file has 33 bytes: its last one is a newline. With 44 bytes it is base64 text, with 64 hex.',
    'The key is a sample from a web page. Everyone has it, and Keyferry refuses those that it knows.',
    'The file is lost. AWS cannot give it back, and keeps imported material less safely than its own.',
  ],
  lesson: {
    article: 'Generate the `Secret` Key',
    video: 'The first thing it does. The article gives no times.',
    showed:
      'The article runs openssl rand or dd and gets plain_text_aes_key.bin, readable by whoever may read your files.',
    shows:
      'Keyferry draws on the same kind of random source and keeps the key in memory; the file is made where you ask for it. A file that you bring is checked.',
  },

  questions({ answers, services }) {
    const questions: Question[] = [originQuestion(services)];
    if (answers.origin !== 'file') return [...questions, keepQuestion(false)];
    questions.push(fileQuestion(services));
    if (typeof answers.file !== 'string') return questions;
    const inspection = inspectKeyFile(pathOf(answers, services));
    if (inspection.warning !== undefined) questions.push(sharedQuestion(inspection.warning));
    if (inspection.verdict === 'convertible') questions.push(conversionQuestion(inspection));
    return [...questions, keepQuestion(takesUpFile(answers, services))];
  },

  commands({ answers, services }) {
    if (answers.origin === 'file' && typeof answers.file === 'string') {
      const path = pathOf(answers, services);
      return takeKeyCommands(path, inspectKeyFile(path).form);
    }
    return [generateKeyCommand];
  },

  async act({ answers, services, attempt, report }) {
    const { folder, secrets } = services;
    folder.make();
    const fromFile = answers.origin === 'file';
    const source = fromFile ? pathOf(answers, services) : undefined;
    const found = {
      origin: fromFile ? 'file' : 'generated',
      bytes: 32,
      ...(source === undefined ? {} : { source }),
    } as const;
    report({ id: 'key', label: fromFile ? 'Reading your key' : 'Making 256 random bits', state: 'working' });
    if (answers.keep !== 'file') {
      secrets.holdKey(source === undefined ? SecretBytes.generate() : readKeyFile(source, inspectKeyFile(source).form));
      const fact: SecretKey = { ...found, checkValue: keyCheckValue(secrets.key as SecretBytes) };
      report({ id: 'key', label: '32 bytes are in memory', note: checkValueText(fact), state: 'done' });
      return { secret: fact };
    }
    const target = folder.file(plainKeyFile);
    const checkValue = await attempt({
      name: `write ${plainKeyFile}`,
      act: async () => {
        const secret = source === undefined ? SecretBytes.generate() : readKeyFile(source, inspectKeyFile(source).form);
        try {
          if (source !== resolve(target)) writeKeyFile(target, secret);
          return keyCheckValue(secret);
        } finally {
          secret.destroy();
        }
      },
      probe: async () => {
        const written = inspectKeyFile(target);
        if (written.verdict === 'absent') return { found: 'not done' };
        if (written.verdict !== 'ready') throw new ProblemError(halfWritten(target));
        return { found: 'done', result: checkValueOf(target) };
      },
      refused: () => true,
    });
    const fact: SecretKey = { ...found, checkValue, file: plainKeyFile };
    report({ id: 'key', label: `${plainKeyFile} holds 32 bytes`, note: checkValueText(fact), state: 'done' });
    return { secret: fact };
  },

  receipt(facts) {
    const secret = need(facts, 'secret');
    return `Secret key ${secret.origin === 'generated' ? 'made' : 'taken'}: 32 bytes in ${secret.file ?? 'memory'}, ${checkValueText(secret)}`;
  },
};

function checkValueOf(path: string) {
  const secret = readKeyFile(path, 'raw');
  try {
    return keyCheckValue(secret);
  } finally {
    secret.destroy();
  }
}

/** True where the plain file of the article lies in the folder already and is the one to use: there it stays. */
function takesUpFile(answers: Answers, services: Services): boolean {
  return answers.origin === 'file' && pathOf(answers, services) === resolve(services.folder.file(plainKeyFile));
}

function pathOf(answers: Answers, { folder }: Services): string {
  const path = String(answers.file);
  // The article's own name means the file in the ceremony's folder.
  return path === plainKeyFile && folder.has(plainKeyFile)
    ? resolve(folder.file(plainKeyFile))
    : resolve(expandHome(path));
}

function originQuestion({ folder, journal }: Services): Question {
  // A file that a run of this very ceremony wrote before it was cut off is no stranger.
  const begun = journal.state.attempts.has(`secret-key/write ${plainKeyFile}`);
  const present = folder.has(plainKeyFile) && !begun;
  return {
    kind: 'choice',
    id: 'origin',
    ask: 'Which secret should the key be?',
    label: 'Secret',
    form: 'generate or file',
    options: [
      {
        value: 'generate',
        label: 'Make a new one here',
        hint: '256 random bits',
        ...(present ? { disabled: `${plainKeyFile} is here already and is never overwritten` } : {}),
      },
      { value: 'file', label: 'Use a file that I have', ...(present ? { hint: `${plainKeyFile} is here` } : {}) },
    ],
    default: present ? 'file' : 'generate',
    help: 'Only its length and a check value are ever shown.',
  };
}

/** @param lies the file of the article lies in the folder and is the key that was chosen. */
function keepQuestion(lies: boolean): Question {
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
        ...(lies ? { disabled: 'the file is here already' } : {}),
      },
      { value: 'file', label: `In ${plainKeyFile}`, hint: 'as in the article' },
    ],
    default: lies ? 'file' : 'memory',
    help: 'From memory it is gone when Keyferry ends; the encrypted backup that comes next keeps it.\nThe file is for doing steps by hand with openssl. Whoever gets it has your key.',
  };
}

function fileQuestion(services: Services): Question {
  const look = (path: string) => inspectKeyFile(pathOf({ file: path }, services));
  return {
    kind: 'file',
    id: 'file',
    ask: 'Which file holds the 256-bit secret?',
    label: 'File',
    form: 'the path of a file with exactly 32 bytes, or their hex or base64 text',
    ...(services.folder.has(plainKeyFile) ? { default: services.folder.file(plainKeyFile) } : {}),
    check: (path) => {
      if (path.trim() === '') return 'Type the path of the key file.';
      const { verdict, findings } = look(path);
      return verdict === 'ready' || verdict === 'convertible' ? undefined : findings.join(' ');
    },
    notice: (path) => (path.trim() === '' ? undefined : noticeOf(look(path))),
    verify: async (path) => {
      const { folder } = services;
      if (!folder.has(plainKeyFile) || pathOf({ file: path }, services) === resolve(folder.file(plainKeyFile)))
        return undefined;
      return `${folder.file(plainKeyFile)} exists already and is never overwritten. Use that file, move it away, or start in another folder.`;
    },
  };
}

function noticeOf({ findings, warning }: KeyFileInspection): string {
  return [...findings, ...(warning === undefined ? [] : [warning])].join(' ');
}

/** Others may have copied the key already, which only the person can judge. */
function sharedQuestion(warning: string): Question {
  return {
    kind: 'choice',
    id: 'shared',
    ask: 'Use a key that others on this computer may have read?',
    label: 'Shared file',
    form: 'use',
    options: [
      {
        value: 'another',
        label: 'Choose another file',
        leads: { action: 'ask-again', label: 'Choose another file', question: 'file' },
      },
      {
        value: 'generate',
        label: 'Make a new secret instead',
        leads: { action: 'ask-again', label: 'Make a new secret', question: 'origin' },
      },
      { value: 'use', label: 'Use it all the same' },
    ],
    help: `${warning}\nWhoever has read it can decrypt what the key encrypts.`,
  };
}

function conversionQuestion(inspection: KeyFileInspection): Question {
  return {
    kind: 'choice',
    id: 'convert',
    ask: 'Use the 32 bytes that this text stands for?',
    label: 'Conversion',
    form: 'decode',
    options: [
      { value: 'decode', label: 'Use the decoded 32 bytes', hint: 'your file is not changed' },
      {
        value: 'another',
        label: 'Choose another file',
        leads: { action: 'ask-again', label: 'Choose another file', question: 'file' },
      },
      {
        value: 'generate',
        label: 'Make a new secret instead',
        leads: { action: 'ask-again', label: 'Make a new secret', question: 'origin' },
      },
    ],
    help: inspection.findings.join('\n'),
  };
}

function halfWritten(path: string) {
  return {
    kind: 'fixable',
    what: "Can't use the secret key.",
    why: `Writing ${path} was cut off, so the file is not whole.`,
    state: 'No AWS key was made with it.',
    next: [`Remove the file: rm '${path}'`, 'Then try again: a new secret is made.'],
  } as const;
}
