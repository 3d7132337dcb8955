import { answersBefore, lastAnswered, pendingQuestion } from '../ceremony/interview.ts';
import type { Interview } from '../ceremony/interviewer.ts';
import type { Answer, Answers, Question } from '../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../ceremony/step.ts';
import type { Reply } from './reply.ts';

/** A question, with all that an interface needs to ask it. */
export type Asked<Of extends Question = Question> = {
  readonly question: Of;
  /** What the person answered or typed here before. */
  readonly draft: Answer | undefined;
  /** True for the first question of a step. With it, the interface also shows the step's `why`. */
  readonly opening: boolean;
  /** To what the person goes back from here; `undefined` when they cannot go back. */
  readonly back: 'question' | 'step' | undefined;
  /** Gives the commands that do the same as the step would do with this answer. */
  readonly commands: (answer: Answer) => readonly EquivalentCommand[];
};

type Interviewing<Facts, Services> = {
  readonly step: Step<Facts, Services>;
  readonly context: Omit<StepContext<Facts, Services>, 'answers'>;
  readonly given: { readonly start: Answers; readonly drafts: Answers; readonly canGoBack: boolean };
  /**
   * The last content of each field, by step and question. It is kept for the whole run, so that the person finds it again.
   */
  readonly typed: Map<string, Answer>;
  readonly ask: (asked: Asked) => Promise<Reply>;
};

/** Asks the questions of a step, back and forth, until each has an answer or the person leaves the step. */
export async function interviewStep<Facts, Services>(input: Interviewing<Facts, Services>): Promise<Interview> {
  const { step, context, given, typed, ask } = input;
  let answers = given.start;
  for (;;) {
    const current = answers;
    const questions = step.questions({ ...context, answers: current });
    const question = pendingQuestion(questions, current);
    if (question === undefined) return { answers: current };
    // The kind is part of the place, because a question may change its kind: a typed name is no option of a list.
    const place = `${step.id}/${question.id}/${question.kind}`;
    const before = lastAnswered(questions, current);
    const outcome = await ask({
      question,
      draft: typed.get(place) ?? given.drafts[question.id],
      opening: question === questions[0],
      back: before !== undefined ? 'question' : given.canGoBack ? 'step' : undefined,
      commands: (answer) => step.commands({ ...context, answers: { ...current, [question.id]: answer } }),
    });
    if (outcome.kind === 'answer') {
      typed.set(place, outcome.answer);
      answers = { ...current, [question.id]: outcome.answer };
    } else if (outcome.kind === 'back') {
      typed.set(place, outcome.typed);
      if (before === undefined) return 'back';
      answers = answersBefore(questions, current, before.id);
    } else if (outcome.lead.action === 'ask-again') {
      answers = answersBefore(questions, current, outcome.lead.question);
    } else if (outcome.lead.action === 'reopen') return { reopen: outcome.lead.step };
  }
}
