import { isAbsolute } from 'node:path';
import { pendingQuestion, takeSecret } from '../../ceremony/interview.ts';
import { nearestNames } from '../../ceremony/nearest-name.ts';
import {
  type Answer,
  type Answers,
  type Question,
  type SecretQuestion,
  given as secretGiven,
} from '../../ceremony/question.ts';
import type { Step } from '../../ceremony/step.ts';
import { expandHome } from '../../disk/home.ts';
import type { Facts } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { AnswersError, type AnswersFinding, type GivenAnswers } from './answers-file.ts';
import { isDirectlyIn } from './practice-passphrase.ts';
import { type Refusal, refusalsOf, verifiedRefusalsOf } from './refusals.ts';
import { readSecretFile } from './secret-file.ts';

/** The answers to one step's questions, from the file or by default, and what is wrong with them. */
type StepAnswers = {
  readonly answers: Answers;
  readonly questions: readonly Question[];
  readonly findings: readonly AnswersFinding[];
  /** Paths of files that are not there and may be made. */
  readonly toMake: readonly string[];
};

/** The answers of every step ahead, and the paths of files that are to be made before they can be given. */
type Rehearsed = { readonly answers: ReadonlyMap<string, Answers>; readonly toMake: readonly string[] };

/**
 * Goes through the questions of every step that is not done with the answers of the file, before anything is done.
 * @returns each such step's answers, and what is to be made before the last of them can be given.
 * @throws AnswersError with every missing, wrong and unknown answer.
 */
export function rehearse(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  services: Services,
  known: Facts,
): Rehearsed {
  const findings = unknownNames(steps, given);
  const answers = new Map<string, Answers>();
  const toMake: string[] = [];
  for (const step of stepsAhead(steps, services)) {
    const facts = foreseenFacts(steps, answers, { known, services });
    const result = answerStep(step, given, services, facts);
    answers.set(step.id, result.answers);
    findings.push(...result.findings);
    toMake.push(...result.toMake);
  }
  if (findings.length > 0) throw new AnswersError(given.path, findings);
  return { answers, toMake };
}

/**
 * Asks AWS and the disk what can be asked before anything is made: whether the alias is free, the people exist, the
 * bucket is in the key's Region.
 * @returns the paths of the files that are to be made now that everything else was found right, and the names of the
 * answers that were looked at.
 * @throws AnswersError with every answer that cannot be taken.
 */
export async function verifyAhead(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  services: Services,
  known: Facts,
): Promise<{ readonly toMake: readonly string[]; readonly looked: Set<string> }> {
  const { answers, toMake } = rehearse(steps, given, services, known);
  const facts = foreseenFacts(steps, answers, { known, services });
  const looked = new Set<string>();
  const verified = stepsAhead(steps, services).flatMap((step) => {
    const ofStep = answers.get(step.id) ?? {};
    return step.questions({ facts, answers: ofStep, services }).map((question) => {
      looked.add(`${step.id}.${question.id}`);
      return verifyAnswer(step, question, given, ofStep);
    });
  });
  const findings = (await Promise.all(verified)).flat();
  if (findings.length > 0) throw new AnswersError(given.path, findings);
  return { toMake, looked };
}

/** What AWS or the disk has against an answer. */
export async function verifyAnswer(
  step: Step<Facts, Services>,
  question: Question,
  given: GivenAnswers,
  answers: Answers,
): Promise<readonly AnswersFinding[]> {
  const refusals = await verifiedRefusalsOf(question, answers[question.id] as Answer);
  return refusals.map((refusal) => findingOf(step, question, refusal, given));
}

function stepsAhead(steps: readonly Step<Facts, Services>[], { journal }: Services): readonly Step<Facts, Services>[] {
  return steps.filter(({ id }) => !journal.state.done.has(id));
}

/** One step's answers, question by question, as each may depend on the ones before it. */
export function answerStep(
  step: Step<Facts, Services>,
  given: GivenAnswers,
  services: Services,
  facts: Facts,
): StepAnswers {
  const findings: AnswersFinding[] = [];
  const toMake: string[] = [];
  let answers: Answers = {};
  for (;;) {
    const questions = step.questions({ facts, answers, services });
    const question = pendingQuestion(questions, answers);
    if (question === undefined) {
      findings.push(...notAsked(step, given, questions));
      return { answers, questions, findings, toMake };
    }
    const { answer, file, found = [], isToBeMade } = answerOf(step, question, given, services);
    findings.push(...found);
    if (file !== undefined && isToBeMade === true) toMake.push(file);
    // Which file a secret text was in is no secret, and it must not be uploaded.
    answers = { ...answers, [question.id]: answer, ...(file === undefined ? {} : { [nameOf(question)]: file }) };
  }
}

type Answered = {
  readonly answer: Answer;
  /** Where a secret text is read from. */
  readonly file?: string;
  /** True where that file is not there and may be made. */
  readonly isToBeMade?: boolean;
  readonly found?: readonly AnswersFinding[];
};

function answerOf(step: Step<Facts, Services>, question: Question, given: GivenAnswers, services: Services): Answered {
  if (question.kind === 'secret') return secretAnswerOf(step, question, given, services);
  const answer =
    given.steps.get(step.id)?.answers.get(question.id)?.answer ??
    ('default' in question ? question.default : undefined);
  if (answer === undefined) {
    const says = `${step.id}.${question.id} is missing. It takes ${question.form}.`;
    return { answer: '', found: [{ line: lineOf(given, step.id, question.id), says }] };
  }
  return { answer, found: refusalsOf(question, answer).map((refusal) => findingOf(step, question, refusal, given)) };
}

function findingOf(
  step: Step<Facts, Services>,
  question: Question,
  { says, of, item }: Refusal,
  given: GivenAnswers,
): AnswersFinding {
  const name = nameOf(question);
  const near = typeof of === 'string' ? nearestNames(of, optionValues(question))[0] : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return { line: lineOf(given, step.id, name, item), says: `${step.id}.${name}: ${says}${hint}` };
}

/** An answers file names the file that holds a secret text: the text itself stands in no answers file. */
function secretAnswerOf(
  step: Step<Facts, Services>,
  question: SecretQuestion,
  given: GivenAnswers,
  { folder }: Services,
): Answered {
  // The same file would be read and found the same.
  if (question.repeats !== undefined) return { answer: secretGiven };
  const name = nameOf(question);
  const place =
    [step.id, question.answeredIn].find((id) => id !== undefined && given.steps.get(id)?.answers.has(name) === true) ??
    step.id;
  const written = given.steps.get(place)?.answers.get(name)?.answer;
  const line = lineOf(given, place, name);
  const form = 'the path of a file that holds it, with the permissions 600';
  if (typeof written !== 'string')
    return { answer: '', found: [{ line, says: `${step.id}.${name} is missing. It takes ${form}.` }] };
  const file = folder.locate(written);
  const text = readSecretFile(file);
  if ('why' in text) {
    const { why, isMissing } = text;
    if (isMissing && question.mayBeMade === true && isDirectlyIn(folder, file))
      return { answer: secretGiven, file, isToBeMade: true };
    const isRelative = !isAbsolute(expandHome(written)) && folder.shown !== '.';
    const places = isMissing && isRelative ? ` Keyferry looked in ${folder.shown}, and here.` : '';
    return { answer: secretGiven, found: [{ line, says: `${place}.${name}: ${why}${places}` }] };
  }
  const says = takeSecret(question, text);
  text.destroy();
  if (says === undefined) return { answer: secretGiven, file };
  return { answer: secretGiven, found: [{ line, says: `${place}.${name}: ${says}` }] };
}

/** A question's name in an answers file. */
function nameOf(question: Question): string {
  return question.kind === 'secret' ? `${question.repeats ?? question.id}-file` : question.id;
}

function optionValues(question: Question): readonly string[] {
  if (question.kind !== 'choice' || typeof question.options === 'function') return [];
  return question.options
    .filter(({ leads, disabled }) => leads === undefined && disabled === undefined)
    .map(({ value }) => value);
}

/** @param item the place in a list. */
function lineOf(given: GivenAnswers, step: string, question: string, item?: number): number {
  const found = given.steps.get(step);
  const answer = found?.answers.get(question);
  return answer?.lines?.[item ?? -1] ?? answer?.line ?? found?.line ?? 1;
}

function unknownNames(steps: readonly Step<Facts, Services>[], given: GivenAnswers): AnswersFinding[] {
  const findings: AnswersFinding[] = [];
  const names = steps.map(({ id }) => id);
  for (const [id, { line, answers }] of given.steps) {
    const step = steps.find((candidate) => candidate.id === id);
    if (step === undefined) {
      findings.push({ line, says: `${id} is not a step. ${suggestion(id, names)}` });
      continue;
    }
    for (const [question, { line: at }] of answers) {
      if (!step.asks.includes(question))
        findings.push({ line: at, says: `${id}.${question} is not a question. ${suggestion(question, step.asks)}` });
    }
  }
  return findings;
}

function suggestion(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known)[0];
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length === 0 ? 'This step asks nothing.' : `Known names: ${known.join(', ')}.`;
}

/** Answers that stand in the file but are not asked with the others as they are: a mistake that must not pass silently. */
function notAsked(step: Step<Facts, Services>, given: GivenAnswers, questions: readonly Question[]): AnswersFinding[] {
  if (step.asksAsNeeded === true) return [];
  const found = given.steps.get(step.id);
  const asked = questions.map(nameOf);
  return [...(found?.answers ?? [])]
    .filter(([id]) => step.asks.includes(id) && !asked.includes(id))
    .map(([id, { line }]) => ({
      line,
      says: `${step.id}.${id} is not asked with the other answers as they are. Remove it, or change them.`,
    }));
}

/**
 * What the steps will have established, as far as it follows from the answers: it serves to work out the questions, and
 * nothing of it is kept.
 */
function foreseenFacts(
  steps: readonly Step<Facts, Services>[],
  answers: ReadonlyMap<string, Answers>,
  { known, services }: { readonly known: Facts; readonly services: Services },
): Facts {
  let facts = known;
  for (const step of steps) {
    const foreseen = step.foresee?.({ facts, answers: answers.get(step.id) ?? {}, services });
    facts = { ...foreseen, ...facts };
  }
  return facts;
}
