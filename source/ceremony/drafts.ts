import { pendingQuestion, withoutLastAnswer } from './interview.ts';
import type { Journal } from './journal.ts';
import { problemIn } from './problem.ts';
import type { Answers, Question } from './question.ts';
import type { Run } from './run.ts';
import type { Step, StepContext } from './step.ts';
import { takeAnswers } from './take-answers.ts';

/*
 * The drafts of a step are the answers that it has so far, while it still asks. The journal has them, so that a person who
 * stops, or whose run is killed, is not asked the same again.
 */

/**
 * Notes the drafts of a step in the journal. Does nothing when the journal has them already, or when the ceremony has not begun and
 * so writes nothing yet. When the disk takes no line, the person can still answer: the step's act needs the disk too, and reports
 * the problem then.
 */
export function noteDrafts(journal: Journal, step: string, answers: Answers): void {
  if (journal.state.id === undefined) return;
  const noted = journal.state.drafts.get(step) ?? {};
  if (JSON.stringify(noted) === JSON.stringify(answers)) return;
  try {
    journal.append({ kind: 'drafted', step, answers });
  } catch (error) {
    if (problemIn(error) === undefined) throw error;
  }
}

/**
 * Gives those drafts of a step with which the step goes on after a stop: up to the first question that must be asked. A question
 * without a draft is asked. A secret is asked again, because it was only in memory; a phrase too, because it confirms what is
 * done now. When every question has a draft, the last one is asked again: the step must not act before the person has answered
 * something in this run.
 */
export function keptDrafts(questions: (answers: Answers) => readonly Question[], drafts: Answers): Answers {
  let kept: Answers = {};
  for (;;) {
    const question = pendingQuestion(questions(kept), kept);
    if (question === undefined) return withoutLastAnswer(kept);
    const draft = drafts[question.id];
    if (draft === undefined || question.kind === 'secret' || question.kind === 'phrase') return kept;
    kept = { ...kept, [question.id]: draft };
  }
}

/**
 * Gives the drafts with which a step goes on in a later run: those of {@link keptDrafts}, but only up to the first that is not
 * valid any more. Checks each of them again, also against AWS or the disk.
 */
export async function takeKeptDrafts<Facts, Services>(
  step: Step<Facts, Services>,
  context: Omit<StepContext<Facts, Services>, 'answers'>,
  drafts: Answers,
): Promise<Answers> {
  const kept = keptDrafts((answers) => step.questions({ ...context, answers }), drafts);
  return (await takeAnswers(step, context, {}, ({ id }) => kept[id])).taken;
}

/** Gives the drafts of {@link takeKeptDrafts} for the step at which the last run stopped. Tells the person which these are. */
export async function goOnWithDrafts<Facts, Services>(
  step: Step<Facts, Services>,
  facts: Facts,
  { journal, services, interviewer }: Pick<Run<Facts, Services>, 'journal' | 'services' | 'interviewer'>,
): Promise<Answers> {
  const drafts = journal.state.drafts.get(step.id);
  if (drafts === undefined) return {};
  const start = await takeKeptDrafts(step, { facts, services }, drafts);
  if (Object.keys(start).length > 0)
    interviewer.noticed(keptWords(step.questions({ facts, services, answers: start }), start));
  return start;
}

/** Says which answers are kept, so that a person knows why the step does not begin with its first question. */
function keptWords(questions: readonly Question[], kept: Answers): string {
  const labels = questions.filter(({ id }) => id in kept).map(({ label }) => label);
  return `Answers from before: ${labels.join(', ')}. Go back to change an answer.`;
}
