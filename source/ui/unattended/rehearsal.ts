import { checkAnswer, pendingQuestion, takeSecret } from '../../ceremony/interview.ts';
import { nearestNames } from '../../ceremony/nearest-name.ts';
import {
  type Answer,
  type Answers,
  type Question,
  type SecretQuestion,
  given as secretGiven,
} from '../../ceremony/question.ts';
import type { Step } from '../../ceremony/step.ts';
import type { Facts } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { AnswersError, type AnswersFinding, type GivenAnswers } from './answers-file.ts';
import { readSecretFile, secretFilePath } from './secret-file.ts';

/** The answers to one step's questions, from the file or by default, and what is wrong with them. */
type StepAnswers = {
  readonly answers: Answers;
  readonly questions: readonly Question[];
  readonly findings: readonly AnswersFinding[];
};

/**
 * Goes through the questions of every step that is not done with the answers of the file, before anything is done.
 * @returns each such step's answers.
 * @throws AnswersError with every missing, wrong and unknown answer.
 */
export function rehearse(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  services: Services,
  known: Facts,
): ReadonlyMap<string, Answers> {
  const findings = unknownNames(steps, given);
  const answers = new Map<string, Answers>();
  for (const step of stepsAhead(steps, services)) {
    const facts = foreseenFacts(steps, answers, { known, services });
    const result = answerStep(step, given, services, facts);
    answers.set(step.id, result.answers);
    findings.push(...result.findings);
  }
  if (findings.length > 0) throw new AnswersError(given.path, findings);
  return answers;
}

/**
 * Asks AWS and the disk what can be asked before anything is made: whether the alias is free, the people exist, the
 * bucket is in the key's Region.
 * @throws AnswersError with every answer that cannot be taken.
 */
export async function verifyAhead(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  services: Services,
  known: Facts,
): Promise<void> {
  const answers = rehearse(steps, given, services, known);
  const facts = foreseenFacts(steps, answers, { known, services });
  const verified = stepsAhead(steps, services).flatMap((step) => {
    const ofStep = answers.get(step.id) ?? {};
    return step.questions({ facts, answers: ofStep, services }).map(async (question) => {
      const says = await question.verify?.(ofStep[question.id] as Answer);
      const name = nameOf(question);
      return says === undefined
        ? undefined
        : { line: lineOf(given, step.id, name), says: `${step.id}.${name}: ${says} It takes ${question.form}.` };
    });
  });
  const findings = (await Promise.all(verified)).filter((finding) => finding !== undefined);
  if (findings.length > 0) throw new AnswersError(given.path, findings);
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
  let answers: Answers = {};
  for (;;) {
    const questions = step.questions({ facts, answers, services });
    const question = pendingQuestion(questions, answers);
    if (question === undefined) {
      findings.push(...notAsked(step, given, questions));
      return { answers, questions, findings };
    }
    const { answer, file, finding } = answerOf(step, question, given);
    if (finding !== undefined) findings.push(finding);
    // Which file a secret text was in is no secret, and it must not be uploaded.
    answers = { ...answers, [question.id]: answer, ...(file === undefined ? {} : { [nameOf(question)]: file }) };
  }
}

/** @param file where a secret text was read from. */
type Answered = { readonly answer: Answer; readonly file?: string; readonly finding?: AnswersFinding };

function answerOf(step: Step<Facts, Services>, question: Question, given: GivenAnswers): Answered {
  if (question.kind === 'secret') return secretAnswerOf(step, question, given);
  const name = `${step.id}.${question.id}`;
  const line = lineOf(given, step.id, question.id);
  const answer =
    given.steps.get(step.id)?.answers.get(question.id)?.answer ??
    ('default' in question ? question.default : undefined);
  if (answer === undefined) {
    return { answer: '', finding: { line, says: `${name} is missing. It takes ${question.form}.` } };
  }
  const problem = checkAnswer(question, answer);
  if (problem === undefined) return { answer };
  const near = typeof answer === 'string' ? nearestNames(answer, optionValues(question))[0] : undefined;
  const hint = near === undefined ? '' : ` Did you mean ${near}?`;
  const form = problem.includes(question.form) ? '' : ` It takes ${question.form}.`;
  return { answer, finding: { line, says: `${name}: ${problem}${form}${hint}` } };
}

/** An answers file names the file that holds a secret text: the text itself stands in no answers file. */
function secretAnswerOf(step: Step<Facts, Services>, question: SecretQuestion, given: GivenAnswers): Answered {
  // The same file would be read and found the same.
  if (question.repeats !== undefined) return { answer: secretGiven };
  const name = nameOf(question);
  const place = [step.id, question.answeredIn].find(
    (id) => id !== undefined && given.steps.get(id)?.answers.has(name) === true,
  );
  const path = given.steps.get(place ?? step.id)?.answers.get(name)?.answer;
  const line = lineOf(given, place ?? step.id, name);
  const form = 'the path of a file that holds it, with the permissions 600';
  if (typeof path !== 'string')
    return { answer: '', finding: { line, says: `${step.id}.${name} is missing. It takes ${form}.` } };
  const text = readSecretFile(path);
  const problem = typeof text === 'string' ? text : takeSecret(question, text);
  if (typeof text !== 'string') text.destroy();
  if (problem === undefined) return { answer: secretGiven, file: secretFilePath(path) };
  return { answer: secretGiven, finding: { line, says: `${place ?? step.id}.${name}: ${problem}` } };
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

function lineOf(given: GivenAnswers, step: string, question: string): number {
  const found = given.steps.get(step);
  return found?.answers.get(question)?.line ?? found?.line ?? 1;
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
