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
import type { AnswersFinding, GivenAnswers } from './answers-file.ts';
import { isDirectlyIn } from './practice-passphrase.ts';
import { type Refusal, refusalsOf } from './refusals.ts';
import { readSecretFile } from './secret-file.ts';

/** The answers to the questions of one step, from the file or by default, with what is wrong with them. */
export type StepAnswers = {
  readonly answers: Answers;
  readonly questions: readonly Question[];
  readonly findings: readonly AnswersFinding[];
  /** Paths of passphrase files that do not exist and that Keyferry may make. */
  readonly toMake: readonly string[];
};

/** Collects the answers of one step from the file, question by question, because a question may depend on earlier answers. */
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
    // The path of the file is not secret. The step must know it, so that this file is not uploaded.
    answers = { ...answers, [question.id]: answer, ...(file === undefined ? {} : { [nameOf(question)]: file }) };
  }
}

type Answered = {
  readonly answer: Answer;
  /** The path of the file that contains a secret text. */
  readonly file?: string;
  /** True when this file does not exist and Keyferry may make it. */
  readonly isToBeMade?: boolean;
  readonly found?: readonly AnswersFinding[];
};

/** Takes the answer to a question from the file, or its default. Says what is wrong with it. */
function answerOf(step: Step<Facts, Services>, question: Question, given: GivenAnswers, services: Services): Answered {
  if (question.kind === 'secret') return secretAnswerOf(step, question, given, services);
  const answer =
    given.steps.get(step.id)?.answers.get(question.id)?.answer ??
    ('default' in question ? question.default : undefined);
  if (answer === undefined) {
    const says = `${callOf(given, step.id, question.id)} is missing. It takes ${question.form}.`;
    return { answer: '', found: [{ line: lineOf(given, step.id, question.id), says }] };
  }
  return { answer, found: refusalsOf(question, answer).map((refusal) => findingOf(step, question, refusal, given)) };
}

/** Turns a refused answer into a finding, with its line in the file and a similar value as a suggestion. */
export function findingOf(
  step: Step<Facts, Services>,
  question: Question,
  { says, of, item }: Refusal,
  given: GivenAnswers,
): AnswersFinding {
  const name = nameOf(question);
  const near = typeof of === 'string' ? nearestNames(of, optionValues(question))[0] : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  return { line: lineOf(given, step.id, name, item), says: `${callOf(given, step.id, name)}: ${says}${hint}` };
}

/** Reads a secret text from the file that the answers file names. An answers file never contains the text itself. */
function secretAnswerOf(
  step: Step<Facts, Services>,
  question: SecretQuestion,
  given: GivenAnswers,
  { folder }: Services,
): Answered {
  // This question asks for the same text again. The file would give the same text.
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

/** Gives what a person calls an answer: its name in an answers file, or the flag of a command line. */
const callOf = ({ calls }: GivenAnswers, step: string, name: string) => calls?.[`${step}.${name}`] ?? `${step}.${name}`;

/** Gives the name of a question in an answers file. A question that asks for a secret again has the name of the first one. */
function nameOf(question: Question): string {
  return question.kind === 'secret' ? `${question.repeats ?? question.id}-file` : question.id;
}

function optionValues(question: Question): readonly string[] {
  if (question.kind !== 'choice' || typeof question.options === 'function') return [];
  return question.options
    .filter(({ leads, disabled }) => leads === undefined && disabled === undefined)
    .map(({ value }) => value);
}

/** Gives the line number of an answer in the answers file. @param item the index in a list of answers. */
function lineOf(given: GivenAnswers, step: string, question: string, item?: number): number {
  const found = given.steps.get(step);
  const answer = found?.answers.get(question);
  return answer?.lines?.[item ?? -1] ?? answer?.line ?? found?.line ?? 1;
}

/** Gives a sentence with the known name that is most similar to a wrong name, or with all known names. */
export function suggestion(name: string, known: readonly string[]): string {
  const near = nearestNames(name, known)[0];
  if (near !== undefined) return `Did you mean ${near}?`;
  return known.length === 0 ? 'This step asks nothing.' : `Known names: ${known.join(', ')}.`;
}

/** Finds answers to questions that the step does not ask with these other answers: they would have no effect. */
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
