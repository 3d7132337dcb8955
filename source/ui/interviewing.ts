import { answersBefore, lastAnswered, pendingQuestion } from '../ceremony/interview.ts';
import type { Interview } from '../ceremony/interviewer.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../ceremony/step.ts';
import type { Reply } from './reply.ts';

/** One question as it is put to a person. */
export type Asked<Of extends Question = Question> = {
  readonly question: Of;
  /** What was answered or typed here before. */
  readonly draft: Answer | undefined;
  /** True at the first question of a step, which also shows the step's `why`. */
  readonly opening: boolean;
  /** Where going back leads, or nothing where it leads nowhere. */
  readonly back: 'question' | 'step' | undefined;
  /** The commands that do the same, if this were the answer. */
  readonly commands: (answer: Answer) => readonly EquivalentCommand[];
};

type Interviewing<Facts, Services> = {
  readonly step: Step<Facts, Services>;
  readonly context: Omit<StepContext<Facts, Services>, 'answers'>;
  readonly given: { readonly start: Answers; readonly drafts: Answers; readonly canGoBack: boolean };
  /** What stood in fields that were left without an answer, by step and question: kept over the whole run. */
  readonly typed: Map<string, Answer>;
  readonly ask: (asked: Asked) => Promise<Reply>;
};

/** Leads through the questions of a step, back and forth, until each has its answer or the person leaves the step. */
export async function interviewStep<Facts, Services>(input: Interviewing<Facts, Services>): Promise<Interview> {
  const { step, context, given, typed, ask } = input;
  let answers = given.start;
  for (;;) {
    const so = answers;
    const questions = step.questions({ ...context, answers: so });
    const question = pendingQuestion(questions, so);
    if (question === undefined) return { answers: so };
    // A name that was typed for something new is no choice among what is there, though it answers the same question.
    const place = `${step.id}/${question.id}/${question.kind}`;
    const before = lastAnswered(questions, so);
    const outcome = await ask({
      question,
      draft: typed.get(place) ?? given.drafts[question.id],
      opening: question === questions[0],
      back: before !== undefined ? 'question' : given.canGoBack ? 'step' : undefined,
      commands: (answer) => step.commands({ ...context, answers: { ...so, [question.id]: answer } }),
    });
    if (outcome.kind === 'answer') {
      typed.set(place, outcome.answer);
      answers = { ...so, [question.id]: outcome.answer };
    } else if (outcome.kind === 'back') {
      typed.set(place, outcome.typed);
      if (before === undefined) return 'back';
      answers = answersBefore(questions, so, before.id);
    } else if (outcome.lead.action === 'ask-again') {
      answers = answersBefore(questions, so, outcome.lead.question);
    } else if (outcome.lead.action === 'reopen') return { reopen: outcome.lead.step };
  }
}
