import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { expiry } from '../../source/ceremonies/expiry/expiry.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import { type Ceremony, factsOf, runCeremony } from '../../source/ceremony/ceremony.ts';
import { checkAnswer, pendingQuestion, takeSecret } from '../../source/ceremony/interview.ts';
import type { Interview, Interviewer } from '../../source/ceremony/interviewer.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import {
  type Answer,
  type Answers,
  problemWords,
  type Question,
  type SecretQuestion,
  given as secretGiven,
} from '../../source/ceremony/question.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import type { Progress, Step } from '../../source/ceremony/step.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { type Between, between } from '../faults/between.ts';
import { practise, setControl } from '../practice/practising.ts';
import { type Given, type Made, makeServices } from '../services.ts';

/** Answers by step and question; a secret question is answered with its text. */
export type AllAnswers = Readonly<Record<string, Answers>>;

/** What is answered where a question has no answer of its own and no default. */
const usual: AllAnswers = {
  'describe-key': { alias: 'alias/my-first-key', acknowledge: true },
  'secret-key': { keep: 'file' },
  backup: { how: 'none', 'confirm-none': 'no backup' },
  policy: { proceed: 'create' },
  // A large one takes practice AWS seconds to make.
  'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_256 RSA_2048' },
  import: { 'without-copy': true },
  're-import': { proceed: 'import' },
};

const onlyLooks = /^\w+\.(Get|List|Describe|Head|Simulate)/;

/** An answer that its question does not take. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';
}

/** A ceremony has come as far as it was to come: it is left there, not finished. */
class FarEnough extends Error {}

/** The steps of a ceremony, run in this process with answers that stand ready. */
export class RunningCeremony {
  readonly services: Services;
  readonly practice: Made['practice'];
  readonly waiting: Made['waiting'];
  /** What the steps have reported, in order. */
  readonly progress: Progress[] = [];
  /** Told of each report as it comes. */
  onProgress: (progress: Progress) => void = () => {};
  /** Lines that stay: what the ceremony does by itself. */
  readonly noticed: string[] = [];
  /** Answers for the questions to come; they may change between two calls of {@link upTo}. */
  answers: AllAnswers;
  readonly #ceremony: Ceremony<Facts, Services>;
  #stop = new AbortController();
  #begun = false;

  constructor({ services, practice, waiting }: Made, ceremony: Ceremony<Facts, Services>, answers: AllAnswers) {
    this.services = services;
    this.practice = practice;
    this.waiting = waiting;
    this.#ceremony = ceremony;
    this.answers = answers;
  }

  get facts(): Facts {
    return factsOf<Facts>(this.services.journal);
  }

  /** The calls so far, as `KMS.CreateKey`. */
  get calls() {
    return this.services.journal.lines.filter((line) => line.kind === 'call');
  }

  /** How often an operation was called. */
  countOf(operation: string): number {
    return this.calls.filter((call) => call.operation === operation).length;
  }

  /** What was called so far that may have made or changed something in AWS, in order. */
  get changes(): readonly string[] {
    return this.calls.map(({ operation }) => operation).filter((operation) => !onlyLooks.test(operation));
  }

  /** Changes answers of one step; the others of that step stay. */
  answer(step: string, answers: Answers): void {
    this.answers = { ...this.answers, [step]: { ...this.answers[step], ...answers } };
  }

  /**
   * Does every step that is not done, up to and with this one; without a name, all of them.
   * @param reopened a done step that is taken back into the open first, with those behind it.
   * @throws AnswerRefused when an answer is not taken, ProblemError when a step ends in a problem.
   */
  async upTo(last?: string, reopened?: string): Promise<Facts> {
    const { steps } = this.#ceremony;
    const end = last === undefined ? steps.length : steps.findIndex(({ id }) => id === last) + 1;
    if (end === 0) throw new Error(`There is no step ${last}.`);
    const ending = await runCeremony<Facts, Services>({
      ceremony: this.#ceremony,
      journal: this.services.journal,
      services: this.services,
      interviewer: this.#interviewer(reopened, steps[end]?.id),
      waiting: this.waiting,
      begin: () => this.#begin(),
      explain: (error) => {
        if (error instanceof ProblemError) return error.problem;
        throw error;
      },
      signal: this.#stop.signal,
    }).catch((error: unknown) => {
      if (error instanceof FarEnough) return { ended: 'on its way', facts: this.facts } as const;
      throw error;
    });
    if (ending.ended === 'stopped') throw new ProblemError(ending.problem);
    return ending.facts;
  }

  /** The questions that a step asks, given its answers; without any, those that stand ready. */
  questionsOf(id: string, answers: Answers = this.answers[id] ?? {}): readonly Question[] {
    return this.#step(id).questions({ facts: this.facts, answers, services: this.services });
  }

  /** The command lines that do the same as a step. */
  commandsOf(id: string): readonly string[] {
    const answers = this.services.journal.state.answers.get(id) ?? this.answers[id] ?? {};
    return this.#step(id)
      .commands({ facts: this.facts, answers, services: this.services })
      .map(({ shell }) => shell);
  }

  /** What a step that is done says of itself. */
  receiptOf(id: string): string {
    return this.#step(id).receipt(this.facts);
  }

  #step(id: string): Step<Facts, Services> {
    const step = this.#ceremony.steps.find((each) => each.id === id);
    if (step === undefined) throw new Error(`There is no step ${id}.`);
    return step;
  }

  /** Stops what is under way, as a person does. */
  stop(): void {
    this.#stop.abort(new Error('stopped by the person'));
  }

  /** Makes it possible to go on after {@link stop}, as the next run of the program does. */
  goOn(): this {
    this.#stop = new AbortController();
    return this;
  }

  #begin(): void {
    const { folder, journal, version } = this.services;
    folder.make();
    if (this.#begun || journal.state.finished) return;
    this.#begun = true;
    if (journal.state.id !== undefined) journal.append({ kind: 'continued', version });
    else journal.append({ kind: 'begun', ceremony: this.#ceremony.id, id: randomUUID(), version });
  }

  /** @param end the first step that is not to be done. */
  #interviewer(reopened: string | undefined, end: string | undefined): Interviewer<Facts, Services> {
    let toReopen = reopened;
    return {
      interview: async (step, context): Promise<Interview> => {
        if (toReopen !== undefined) {
          const reopen = toReopen;
          toReopen = undefined;
          return { reopen };
        }
        if (step.id === end) throw new FarEnough();
        let answers: Answers = {};
        for (;;) {
          const question = pendingQuestion(step.questions({ ...context, answers }), answers);
          if (question === undefined) return { answers };
          answers = { ...answers, [question.id]: await this.#answerTo(step, question) };
        }
      },
      acting: () => {},
      progress: (_step, progress) => {
        this.progress.push(progress);
        this.onProgress(progress);
      },
      noticed: (line) => void this.noticed.push(line),
      done: () => {},
      trouble: async () => ({ action: 'stop' }),
    };
  }

  async #answerTo(step: Step<Facts, Services>, question: Question): Promise<Answer> {
    const given =
      this.answers[step.id]?.[question.id] ??
      usual[step.id]?.[question.id] ??
      ('default' in question ? question.default : undefined);
    if (given === undefined) throw new AnswerRefused(`${step.id}.${question.id} has no answer here.`);
    const answer = question.kind === 'secret' ? secretGiven : given;
    const problem =
      (question.kind === 'secret' ? giveSecret(question, String(given)) : checkAnswer(question, given)) ??
      problemWords(await question.verify?.(answer));
    if (problem !== undefined) throw new AnswerRefused(`${step.id}.${question.id}: ${problem}`);
    return answer;
  }
}

/** The problem in which a ceremony, or whatever else a test does, ends. */
export async function problemOf(work: Promise<unknown> | (() => unknown)): Promise<Problem> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  throw new Error('There was no problem.');
}

/** Why an answer is not taken. */
export async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AnswerRefused) return error.message;
    throw error;
  }
  throw new Error('Every answer was taken.');
}

function giveSecret(question: SecretQuestion, words: string): string | undefined {
  const text = new SecretText();
  try {
    return text.append(words) ?? takeSecret(question, text);
  } finally {
    text.destroy();
  }
}

/** The first import, from its beginning or from where an earlier run in that folder stopped. */
export async function beginImport(
  t: TestContext,
  { answers = {}, ...given }: Given & { readonly answers?: AllAnswers } = {},
): Promise<RunningCeremony> {
  return new RunningCeremony(await makeServices(t, given), firstImport, answers);
}

/** The same ceremony in a new process: what was in memory alone is gone. */
export function continueImport(
  t: TestContext,
  { services, practice, answers }: RunningCeremony,
  more: Given = {},
): Promise<RunningCeremony> {
  services.journal.close();
  return beginImport(t, { practice, path: services.folder.path, answers, ...more });
}

/**
 * A reimport in the folder of a first import; or, without `recorded`, in a folder of its own that knows nothing of the key.
 */
export async function beginReimport(
  t: TestContext,
  { services, practice, facts }: RunningCeremony,
  { answers = {}, recorded = true, ...given }: Given & { readonly answers?: Answers; readonly recorded?: boolean } = {},
): Promise<RunningCeremony> {
  const made = await makeServices(t, {
    practice,
    ...(recorded ? { path: services.folder.path } : {}),
    journalName: 'journal-reimport-20261125T140200Z.jsonl',
    ...given,
    parts: { ...(recorded ? { recorded: facts } : {}), ...given.parts },
  });
  return new RunningCeremony(made, reimport, { 'bring-back': { expiry: 'keep', ...answers } });
}

/** The same for a change of the expiry. */
export async function beginExpiry(
  t: TestContext,
  { services, practice, facts }: RunningCeremony,
  { answers, recorded = true, ...given }: Given & { readonly answers: Answers; readonly recorded?: boolean },
): Promise<RunningCeremony> {
  const made = await makeServices(t, {
    practice,
    ...(recorded ? { path: services.folder.path } : {}),
    journalName: 'journal-expiry-20261125T140200Z.jsonl',
    ...given,
    parts: { ...(recorded ? { recorded: facts } : {}), ...given.parts },
  });
  return new RunningCeremony(made, expiry, { 'change-expiry': answers });
}

/** A first import on a practice AWS whose settings can be changed while it runs. */
export async function withSettings(t: TestContext, settings: Settings) {
  const practice = await practise(t);
  const set = (changed: Settings) => setControl(practice, changed);
  set(settings);
  return { ceremony: await beginImport(t, { practice }), set, practice };
}

/** A proxy that stands before this practice AWS until the test ends. */
export async function proxyBefore(t: TestContext, { server }: Made['practice']): Promise<Between> {
  const proxy = await between(server.endpoint);
  t.after(proxy.close);
  return proxy;
}

/** A check of a backup of a ceremony that has imported its key. */
export async function beginCheck(
  t: TestContext,
  { services, practice, facts }: RunningCeremony,
  { file, answers = {}, ...given }: Given & { readonly file: string; readonly answers?: AllAnswers },
): Promise<RunningCeremony> {
  const made = await makeServices(t, {
    practice,
    path: services.folder.path,
    journalName: 'check-backup.jsonl',
    ...given,
    parts: { recorded: facts, preset: { ...services.preset, backup: file }, ...given.parts },
  });
  return new RunningCeremony(made, checkBackup, answers);
}
