import { answersBefore, lastAnswered, pendingQuestion } from '../ceremony/interview.ts';
import type { Given, Interview } from '../ceremony/interviewer.ts';
import type { Answer, Question } from '../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../ceremony/step.ts';
import type { Reply } from './reply.ts';

/** A question, with everything that an interface needs to ask it. */
export type Asked<Of extends Question = Question> = {
  readonly question: Of;
  /** What the person answered or typed here before. */
  readonly draft: Answer | undefined;
  /** True for the first question of a step, when no question of the step was asked before. With it, `why` of the step is shown. */
  readonly isFirst: boolean;
  /** Where going back leads: to the question before, or to the step before. `undefined` when the person cannot go back. */
  readonly back: 'question' | 'step' | undefined;
  /** Gives the commands that do the same as the step would do with this answer. */
  readonly commands: (answer: Answer) => readonly EquivalentCommand[];
};

/** The arguments of {@link interviewStep}. `step`, `context` and `given` are those of `Interviewer.interview`. */
type Interviewing<Facts, Services> = {
  readonly step: Step<Facts, Services>;
  readonly context: Omit<StepContext<Facts, Services>, 'answers'>;
  readonly given: Given;
  /**
   * The last content of each field, by step, question and kind of question. The map lives as long as the run, so that a person
   * who comes back to a question finds this content again.
   */
  readonly typed: Map<string, Answer>;
  /** Shows one question and gives the reply of the person. */
  readonly ask: (asked: Asked) => Promise<Reply>;
};

/**
 * Asks the questions of a step until each has an answer or the person leaves the step. The person may go back to earlier
 * questions. After each reply with which the person stays in the step, `given.note` gets the answers that stand then.
 * @returns the answers, or where the person went from this step.
 */
export async function interviewStep<Facts, Services>(input: Interviewing<Facts, Services>): Promise<Interview> {
  const { step, context, given, typed, ask } = input;
  let answers = given.start;
  for (;;) {
    const current = answers;
    const questions = step.questions({ ...context, answers: current });
    const question = pendingQuestion(questions, current);
    if (question === undefined) return { answers: current };
    // The kind is part of the key, because a question may change its kind: a typed name is no option of a list.
    const key = `${step.id}/${question.id}/${question.kind}`;
    const questionBefore = lastAnswered(questions, current);
    const stepBefore = given.canGoBack ? 'step' : undefined;
    const reply = await ask({
      question,
      draft: typed.get(key) ?? given.drafts[question.id],
      isFirst: question === questions[0] && given.isBegun !== true,
      back: questionBefore === undefined ? stepBefore : 'question',
      commands: (answer) => step.commands({ ...context, answers: { ...current, [question.id]: answer } }),
    });
    if (reply.kind === 'answer') {
      typed.set(key, reply.answer);
      answers = { ...current, [question.id]: reply.answer };
    } else if (reply.kind === 'back') {
      typed.set(key, reply.typed);
      if (questionBefore === undefined) return 'back';
      answers = answersBefore(questions, current, questionBefore.id);
    } else if (reply.lead.action === 'ask-again') {
      const { question: questionId } = reply.lead;
      // `recommendedFirst` interviews a step one question at a time. It gets this result, and asks the other question.
      if (!questions.some(({ id }) => id === questionId)) return { reopen: step.id, question: questionId };
      answers = answersBefore(questions, current, questionId);
    } else if (reply.lead.action === 'ask-ahead') {
      return { ahead: reply.lead };
    } else if (reply.lead.action === 'reopen') {
      const { step: stepId, question: questionId } = reply.lead;
      return { reopen: stepId, ...(questionId === undefined ? {} : { question: questionId }) };
    }
    // After a `retry`, which has no meaning here, the answers are the same. So the same question is asked again.
    given.note?.(answers);
  }
}
