import { isAbsolute, relative } from 'node:path';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readPublicFile } from '../material/small-file.ts';
import { checkWrappedFile } from '../material/wrap.ts';
import { type Facts, need, type Wrapped } from './facts.ts';
import { wrappedKeyFile, wrappedKeyFileOfGuide } from './file-names.ts';
import { findFiles, offerOf } from './known-files.ts';
import { answersOf, isDone } from './past.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { Services } from './services.ts';
import { lookAtWrappingKey, takeWrappingKey } from './wrapping-key-file.ts';

/** Builds the question for the file that a person wrapped with openssl or an HSM. */
export function wrappedFileQuestion(facts: Facts, services: Services): Question {
  const { folder, journal } = services;
  const { publicKeyFile } = need(facts, 'wrapping');
  // During the rehearsal of an answers file there is no wrapping key yet.
  const wrappingKey = isDone({ journal }, 'wrapping-key') ? lookAtWrappingKey(facts, folder) : undefined;
  return {
    kind: 'file',
    id: 'file',
    asked: 'always',
    ask: 'Which file holds the wrapped secret?',
    label: 'File',
    form: 'the path of the wrapped file, as many bytes as the wrapping key',
    complete: folder.complete,
    default: wrappedKeyFile,
    ...offerOf(findFiles(services, [wrappedKeyFile, wrappedKeyFileOfGuide])),
    check: (path) => {
      if (path.trim() === '') return 'Type the path of the wrapped file.';
      // When the wrapping key is unfit, no wrapped file can be right. A new wrapping key is needed; the step says so when
      // it acts.
      return wrappingKey?.fits === true ? checkWrappedFile(services.folder.locate(path), wrappingKey.key) : undefined;
    },
    help:
      wrappingKey?.fits === false
        ? `${wrappingKey.fault}. Nothing that was wrapped under it is taken.`
        : `Wrap it with ${publicKeyFile} in ${folder.shown}.`,
  };
}

/**
 * Reads and checks the wrapped file that the person named. Returns the fact about the file.
 * @throws ProblemError when the file or the wrapping key is unfit, or the file is wrapped under an earlier wrapping key.
 */
export function takeWrappedFile(facts: Facts, answers: Answers, services: Services): Wrapped {
  const wrappingKey = takeWrappingKey(facts, services, 'you');
  const path = services.folder.locate(String(answers.file));
  const bytes = readPublicFile(path);
  // A string says why the file was not read.
  if (typeof bytes === 'string') throw new ProblemError(unfitFileProblem(bytes, facts));
  const problem = checkWrappedFile(path, wrappingKey);
  if (problem !== undefined) throw new ProblemError(unfitFileProblem(problem, facts));
  const sha256 = sha256Of(bytes);
  const reason = whyEarlierKey(sha256, facts, services);
  if (reason !== undefined) throw new ProblemError(earlierKeyProblem(reason, facts, services));
  return { file: relativeToFolder(path, services), bytes: bytes.length, by: 'you', sha256, under: wrappingKey.sha256 };
}

/**
 * Gives the SHA-256 (hex) of the wrapped file that the person named before, or `undefined`. The step that fetches a new
 * wrapping key records it: a file that existed before the new key was fetched is wrapped under another key.
 */
export function earlierFileSha256(services: Services): string | undefined {
  const answers = answersOf(services, 'wrap');
  if (answers.by !== 'me') return undefined;
  const bytes = readPublicFile(services.folder.locate(String(answers.file)));
  return typeof bytes === 'string' ? undefined : sha256Of(bytes);
}

/**
 * Says why a file was wrapped under an earlier wrapping key; `undefined` when nothing in the journal shows that, and when the step
 * `wrap` has taken the file under the present wrapping key.
 * @param sha256 the hash of the wrapped file, hex.
 */
function whyEarlierKey(sha256: string, { wrapping }: Facts, { journal }: Services): string | undefined {
  // The SHA-256 of the wrapping key that was the current one at each line of the journal.
  let currentKey: string | undefined;
  let isOlder = false;
  // Each wrapping key that was the current one when the step `wrap` took this file.
  const takenUnder = new Set<string | undefined>();
  for (const line of journal.lines) {
    if (line.kind !== 'done') continue;
    const facts = line.facts as Facts;
    currentKey = facts.wrapping?.publicKeySha256 ?? currentKey;
    isOlder ||= facts.wrapping?.olderFileSha256 === sha256;
    if (facts.wrapped?.sha256 === sha256) takenUnder.add(currentKey);
  }
  if (takenUnder.has(wrapping?.publicKeySha256)) return undefined;
  if (takenUnder.size > 0)
    return 'It was wrapped under the wrapping key before this one, whose import token is not used any more.';
  return isOlder
    ? 'It was there before this wrapping key was fetched, so it was wrapped under another. If that was not from KMS, whoever made it can open the file.'
    : undefined;
}

/** Makes the problem of a file that was wrapped under an earlier wrapping key. */
function earlierKeyProblem(why: string, facts: Facts, { folder }: Services): Problem {
  const { publicKeyFile } = need(facts, 'wrapping');
  return {
    kind: 'fixable',
    what: "Can't take this wrapped file again.",
    why,
    state: 'Your secret and the KMS key are unchanged. Nothing was imported.',
    next: [`Wrap your secret again, with ${folder.shown}/${publicKeyFile}`, 'Then try again.'],
    remedies: [{ action: 'ask-again', label: 'Choose again', question: 'by' }],
  };
}

/**
 * Makes the problem of a file that cannot be a wrapped secret. The person answers again who wraps the secret (`by`), and can then
 * choose another file.
 */
function unfitFileProblem(why: string, { secret }: Facts): Problem {
  const orWrapHere = keyElsewhere(secret) === undefined ? ', or let Keyferry wrap the secret' : '';
  return {
    kind: 'fixable',
    what: "Can't take this wrapped file.",
    why,
    state: 'Nothing was imported.',
    next: [`Choose another file${orWrapHere}.`],
    remedies: [{ action: 'ask-again', label: 'Choose again', question: 'by' }],
  };
}

/** Gives a path in the ceremony's folder relative to the folder, which may move later; gives any other path unchanged. */
function relativeToFolder(path: string, { folder }: Services): string {
  const name = relative(folder.path, path);
  return name.startsWith('..') || isAbsolute(name) ? path : name;
}
