import { isAbsolute } from 'node:path';
import { pendingQuestion, takenAnswer, takeSecret } from '../../ceremony/interview.ts';
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
import type { AnswersFinding, GivenAnswers } from './given-answers.ts';
import { isDirectlyIn } from './practice-passphrase.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import { readSecretFile } from './secret-file.ts';

/** The answers to the questions of one step, from the answers file or by default, and the mistakes in them. */
export type StepAnswers = {
  readonly answers: Answers;
  readonly questions: readonly Question[];
  readonly findings: readonly AnswersFinding[];
  /** Paths of passphrase files that do not exist and that Keyferry may make. */
  readonly toMake: readonly string[];
};

/**
 * Collects the answers to the questions of one step. Goes question by question, because earlier answers decide which questions
 * follow.
 * @param facts the facts that the steps before have established or will establish.
 */
export function answerStep(
  step: Step<Facts, Services>,
  given: GivenAnswers,
  services: Services,
  facts: Facts,
): StepAnswers {
  const findings: AnswersFinding[] = [];
  const toMake: string[] = [];
  let answers: Answers = {};
  /**
   * The index in `asks` of the first question whose answer was refused. An answer to a later question is not reported as one
   * without effect: with a right answer here, the step may ask that question.
   */
  let refusedIndex = step.asks.length;
  for (;;) {
    const questions = step.questions({ facts, answers, services });
    const question = pendingQuestion(questions, answers);
    if (question === undefined) {
      const idsBeforeRefusal = step.asks.slice(0, refusedIndex).filter((id) => !mayLeaveUnasked(step, facts, id));
      findings.push(...findAnswersWithoutEffect(step, given, questions, idsBeforeRefusal));
      return { answers, questions, findings, toMake };
    }
    const { answer, file, mistakes = [], isToBeMade } = answerOf(step, question, given, services);
    findings.push(...mistakes);
    // A question that `asks` does not name counts as the first one.
    if (mistakes.length > 0) refusedIndex = Math.min(refusedIndex, Math.max(0, step.asks.indexOf(nameOf(question))));
    if (file !== undefined && isToBeMade === true) toMake.push(file);
    // The path of a secret's file is not secret. The step gets the path as an answer too, so that it never uploads this file.
    answers = { ...answers, [question.id]: answer, ...(file === undefined ? {} : { [nameOf(question)]: file }) };
  }
}

/** The answer to one question. */
type Answered = {
  readonly answer: Answer;
  /** The path of the file that contains a secret text. */
  readonly file?: string;
  /** True when this file does not exist and Keyferry may make it. */
  readonly isToBeMade?: boolean;
  /** The mistakes in the answer. */
  readonly mistakes?: readonly AnswersFinding[];
};

/**
 * Takes the answer to a question from the answers file, or its default, and checks it. A missing answer is a mistake; an empty
 * text takes its place, so that the later questions are looked at too.
 */
function answerOf(step: Step<Facts, Services>, question: Question, given: GivenAnswers, services: Services): Answered {
  if (question.kind === 'secret') return secretAnswerOf(step, question, given, services);
  const writtenAnswer =
    given.steps.get(step.id)?.answers.get(question.id)?.answer ??
    ('default' in question ? question.default : undefined);
  if (writtenAnswer === undefined) {
    const says = `${nameForPerson(given, step.id, question.id)} is missing. It takes ${question.form}.`;
    return { answer: '', mistakes: [{ ...lineOf(given, step.id, question.id), says, dependsOnOthers: true }] };
  }
  const answer = takenAnswer(question, writtenAnswer);
  return { answer, mistakes: refusalsOf(question, answer).map((refusal) => findingOf(step, question, refusal, given)) };
}

/**
 * Makes the finding about a refused answer: its line in the file, why it is refused, and the most similar valid value, if there is
 * one. A refused default has no line.
 * @param given the answers file, which knows the line of each answer and what the person calls the answer.
 */
export function findingOf(
  step: Step<Facts, Services>,
  question: Question,
  { says: reason, answer: refused, item: itemIndex }: Refusal,
  given: GivenAnswers,
): AnswersFinding {
  const name = nameOf(question);
  const nearest = typeof refused === 'string' ? nearestNames(refused, optionValues(question))[0] : undefined;
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const isGiven = given.steps.get(step.id)?.answers.has(name) === true;
  const start = nameForPerson(given, step.id, name);
  if (isGiven) return { ...lineOf(given, step.id, name, itemIndex), says: `${start}: ${reason}${hint}` };
  const defaultFrom = 'defaultFrom' in question ? `, ${question.defaultFrom},` : '';
  // The finding has no line, because no line of the file is wrong.
  const says = `${start} is not given, and its default ${String(refused)}${defaultFrom} cannot be taken: ${reason}`;
  return { says, dependsOnOthers: true };
}

/**
 * Reads a secret text from the file that the answers file names, and hands it to the question. An answers file never contains
 * the text itself. The path of the file is an answer of this step, or of the step that `answeredIn` names. When the file is missing
 * and Keyferry may make it, gives the path and no mistake.
 */
function secretAnswerOf(
  step: Step<Facts, Services>,
  question: SecretQuestion,
  given: GivenAnswers,
  { folder }: Services,
): Answered {
  // This question asks for the same text again. The file would give the same text.
  if (question.repeats !== undefined) return { answer: secretGiven };
  const name = nameOf(question);
  const hasAnswer = (stepId: string | undefined) =>
    stepId !== undefined && given.steps.get(stepId)?.answers.has(name) === true;
  const answeredStep = [step.id, question.answeredIn].find(hasAnswer) ?? step.id;
  const writtenAnswer = given.steps.get(answeredStep)?.answers.get(name)?.answer;
  const answerLine = lineOf(given, answeredStep, name);
  const refuse = (why: string): Answered => ({
    answer: secretGiven,
    mistakes: [{ ...answerLine, says: `${nameForPerson(given, answeredStep, name)}: ${why}` }],
  });
  const form = 'the path of a file that holds it, with the permissions 600';
  if (typeof writtenAnswer !== 'string') {
    const says = `${nameForPerson(given, step.id, name)} is missing. It takes ${form}.`;
    return { answer: '', mistakes: [{ ...answerLine, says, dependsOnOthers: true }] };
  }
  const file = folder.locate(writtenAnswer);
  const text = readSecretFile(file);
  if ('why' in text) {
    const { why, isMissing } = text;
    if (isMissing && question.mayBeMade === true && isDirectlyIn(folder, file))
      return { answer: secretGiven, file, isToBeMade: true };
    // A relative path can begin in the ceremony's folder or in the current one. These may be the same.
    const hasTwoPlaces = !isAbsolute(expandHome(writtenAnswer)) && folder.shown !== '.';
    return refuse(isMissing && hasTwoPlaces ? `${why} Keyferry looked in ${folder.shown}, and here.` : why);
  }
  const problem = takeSecret(question, text);
  text.destroy();
  return problem === undefined ? { answer: secretGiven, file } : refuse(problem);
}

/** Gives the name by which a person knows an answer: `STEP.QUESTION` in an answers file, or the flag of a command line. */
const nameForPerson = ({ flags }: GivenAnswers, step: string, name: string) =>
  flags?.[`${step}.${name}`] ?? `${step}.${name}`;

/**
 * Gives the name of a question in an answers file. For a secret this is the name of the answer that has the path of its file.
 * A question that asks for the same secret again has the same name.
 */
function nameOf(question: Question): string {
  return question.kind === 'secret' ? `${question.repeats ?? question.id}-file` : question.id;
}

/** Gives the values that a choice accepts. Gives none for other questions, and for options that are loaded later. */
function optionValues(question: Question): readonly string[] {
  if (question.kind !== 'choice' || typeof question.options === 'function') return [];
  return question.options
    .filter(({ leads, disabled }) => leads === undefined && disabled === undefined)
    .map(({ value }) => value);
}

/**
 * Gives the line number of an answer in the answers file. When the file has no such answer, gives the line of its step. When it
 * has no such step either, gives no line.
 * @param item the index of a part, when the answer is a list.
 */
function lineOf(given: GivenAnswers, step: string, question: string, item?: number): Pick<AnswersFinding, 'line'> {
  const ofStep = given.steps.get(step);
  const answer = ofStep?.answers.get(question);
  const lineOfPart = item === undefined ? undefined : answer?.lines?.[item];
  const line = lineOfPart ?? answer?.line ?? ofStep?.line;
  return line === undefined ? {} : { line };
}

/** Says which known name is most similar to a wrong name. When none is similar, names all; when none is known, says so. */
export function suggestion(name: string, known: readonly string[]): string {
  const nearest = nearestNames(name, known)[0];
  if (nearest !== undefined) return `Did you mean ${nearest}?`;
  return known.length === 0 ? 'This step asks nothing.' : `Known names: ${known.join(', ')}.`;
}

/** Tells whether the step may leave a question unasked, so that an answer without effect is no mistake. */
function mayLeaveUnasked(
  { mayLeaveQuestionsUnasked: may = false }: Step<Facts, Services>,
  facts: Facts,
  id: string,
): boolean {
  if (typeof may === 'object') return may.includes(id);
  return typeof may === 'function' ? may(facts) : may;
}

/**
 * Finds answers in the file that would have no effect: the step knows their questions, but does not ask them with the other
 * answers as they are.
 * @param questions the questions that the step asks.
 * @param judged the ids of the questions of which it is known whether they are asked.
 */
function findAnswersWithoutEffect(
  step: Step<Facts, Services>,
  given: GivenAnswers,
  questions: readonly Question[],
  judged: readonly string[],
): AnswersFinding[] {
  const ofStep = given.steps.get(step.id);
  const asked = questions.map(nameOf);
  return [...(ofStep?.answers ?? [])]
    .filter(([id]) => judged.includes(id) && !asked.includes(id))
    .map(([id, { line }]) => ({
      line,
      says: `${nameForPerson(given, step.id, id)} is not asked with the other answers as they are. Remove it, or change them.`,
      dependsOnOthers: true,
    }));
}
