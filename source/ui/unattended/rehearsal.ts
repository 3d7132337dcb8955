import type { Answer, Answers, Question } from '../../ceremony/question.ts';
import type { Step } from '../../ceremony/step.ts';
import type { Facts } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { answerStep, findingOf, suggestion } from './answer-step.ts';
import { AnswersError, type AnswersFinding, type GivenAnswers } from './given-answers.ts';
import { verifiedRefusalsOf } from './refusals.ts';

/** The answers of every step that is not done, and the paths of passphrase files that must be made for them. */
type Rehearsed = { readonly answers: ReadonlyMap<string, Answers>; readonly toMake: readonly string[] };

/**
 * Answers the questions of every step that is not done, before any step acts. The answers come from the file. The facts that
 * earlier steps would establish come from `foresee`.
 * @param known the facts that are established already.
 * @returns the answers of these steps by step id, and the paths of the passphrase files that must be made.
 * @throws AnswersError with every missing, wrong and unknown answer. Also whenever a part of the file could not be read: then see
 * {@link partlyReadError}.
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
  if (given.notRead !== undefined) throw partlyReadError(given.path, given.notRead, findings);
  if (findings.length > 0) throw new AnswersError(given.path, findings);
  return { answers, toMake };
}

/**
 * Makes the error for a file of which a part was not read. It has the mistakes in the form of the file, and of the other mistakes
 * those that do not depend on answers that were not read. Its last sentence says that missing answers are not told yet.
 */
export function partlyReadError(
  path: string,
  notRead: readonly AnswersFinding[],
  others: readonly AnswersFinding[],
): AnswersError {
  const sure = others.filter(({ dependsOnOthers }) => dependsOnOthers !== true);
  const inOrder = [...notRead, ...sure].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
  const rest = 'Whether an answer is missing can be told when the file can be read as a whole.';
  return new AnswersError(path, [...inOrder, { says: rest }]);
}

/**
 * Checks the answers against AWS and the disk before anything is made: for example that the alias is free, that the users and
 * roles exist, and that the bucket is in the key's Region. Leaves out answers that a step itself checks when it acts.
 * @returns `toMake`: the paths of passphrase files that must be made. `verified`: the answers, also those left out, as
 * `STEP.QUESTION`. `remarks`: what was found out about answers that are accepted.
 * @throws AnswersError with every answer that is not accepted.
 */
export async function verifyAhead(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  services: Services,
  known: Facts,
): Promise<{
  readonly toMake: readonly string[];
  readonly verified: Set<string>;
  readonly remarks: readonly string[];
}> {
  const { answers, toMake } = rehearse(steps, given, services, known);
  const facts = foreseenFacts(steps, answers, { known, services });
  const verified = new Set<string>();
  const ahead = stepsAhead(steps, services);
  const answersTo = (step: Step<Facts, Services>) => answers.get(step.id) ?? {};
  const asked = ahead.flatMap((step) => {
    const answersOfStep = answersTo(step);
    return step.questions({ facts, answers: answersOfStep, services }).map((question) => {
      verified.add(`${step.id}.${question.id}`);
      return { step, question, answers: answersOfStep };
    });
  });
  const checks = asked.map(({ step, question, answers: ofStep }) => verifyAnswer(step, question, given, ofStep));
  const refusals = ahead.map(async (step): Promise<readonly AnswersFinding[]> => {
    const why = await step.findRefusal?.({ facts, answers: answersTo(step), services });
    if (why === undefined) return [];
    const line = given.steps.get(step.id)?.line;
    return [{ ...(line === undefined ? {} : { line }), says: `${step.id}: ${why}` }];
  });
  const findings = (await Promise.all([...checks, ...refusals])).flat();
  if (findings.length > 0) throw new AnswersError(given.path, findings);
  // Where AWS's answers decide what a step asks, it may ask more after these checks. The answers to that may be missing.
  if (steps.some(({ mayLeaveQuestionsUnasked }) => mayLeaveQuestionsUnasked === true))
    rehearse(steps, given, services, known);
  const remarks = asked.flatMap(({ question, answers: ofStep }) => remarksOn(question, ofStep));
  return { toMake, verified, remarks };
}

/**
 * Checks an answer against AWS or the disk. Leaves out an answer that the step itself checks when it acts.
 * @returns the findings; an empty list when the answer is valid or left out.
 */
export async function verifyAnswer(
  step: Step<Facts, Services>,
  question: Question,
  given: GivenAnswers,
  answers: Answers,
): Promise<readonly AnswersFinding[]> {
  if (question.isVerifiedByAct === true) return [];
  const refusals = await verifiedRefusalsOf(question, answers[question.id] as Answer);
  return refusals.map((refusal) => findingOf(step, question, refusal, given));
}

/** Gives what the check of an accepted answer has to say about it. Gives nothing for most questions. */
export function remarksOn(question: Question, answers: Answers): readonly string[] {
  return question.remarks?.(answers[question.id] as Answer) ?? [];
}

/** Gives the steps that are not done yet. */
function stepsAhead(steps: readonly Step<Facts, Services>[], { journal }: Services): readonly Step<Facts, Services>[] {
  return steps.filter(({ id }) => !journal.state.done.has(id));
}

/** Finds steps and questions in the file that the ceremony does not have. */
function unknownNames(steps: readonly Step<Facts, Services>[], given: GivenAnswers): AnswersFinding[] {
  const findings: AnswersFinding[] = [];
  const names = steps.map(({ id }) => id);
  for (const [id, { line, answers }] of given.steps) {
    const step = steps.find((candidate) => candidate.id === id);
    if (step === undefined) {
      findings.push({ line, says: `${id} is not a step. ${suggestion(id, names)}` });
      continue;
    }
    for (const [question, answer] of answers) {
      const known = [...step.asks, ...(step.asksInProblems ?? [])];
      if (!known.includes(question)) {
        const says = `${id}.${question} is not a question. ${suggestion(question, known)}`;
        findings.push({ line: answer.line, says });
      }
    }
  }
  return findings;
}

/**
 * Gives the known facts, and those that the steps will establish, as far as these follow from the answers. The rehearsal uses
 * them only to find out which questions will be asked.
 */
function foreseenFacts(
  steps: readonly Step<Facts, Services>[],
  answers: ReadonlyMap<string, Answers>,
  { known, services }: { readonly known: Facts; readonly services: Services },
): Facts {
  let facts = known;
  for (const step of steps) {
    const foreseen = step.foresee?.({ facts, answers: answers.get(step.id) ?? {}, services });
    // Facts that are established already are true, and foreseen facts may be made up. So the established ones stay.
    facts = { ...foreseen, ...facts };
  }
  return facts;
}
