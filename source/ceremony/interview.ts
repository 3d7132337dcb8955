import { type Answer, type Answers, type FieldProblem, given, type Question, type SecretQuestion } from './question.ts';
import type { SecretText } from './secret-text.ts';

/** Gives the first question that has no answer yet, or `undefined` when all have one. */
export function pendingQuestion(questions: readonly Question[], answers: Answers): Question | undefined {
  return questions.find((question) => !(question.id in answers));
}

/** Gives the answers to the questions before the named one, so that an interview asks that question and all later ones again. */
export function answersBefore(questions: readonly Question[], answers: Answers, id: string): Answers {
  const kept: Record<string, Answer> = {};
  for (const question of questions) {
    if (question.id === id) break;
    const answer = answers[question.id];
    if (answer !== undefined) kept[question.id] = answer;
  }
  return kept;
}

/** Gives the last question, in the order of the list, that has an answer; `undefined` when none has. */
export function lastAnswered(questions: readonly Question[], answers: Answers): Question | undefined {
  return questions.findLast((question) => question.id in answers);
}

/** Checks the form of an answer and runs the question's `check`, but not `verify`. @returns `undefined` for a valid answer. */
export function checkAnswer(question: Question, answer: Answer): string | undefined {
  switch (question.kind) {
    case 'text':
    case 'file':
    case 'choice': {
      if (typeof answer !== 'string') return `It takes ${question.form}.`;
      return question.check?.(answer) ?? checkOption(question, answer);
    }
    case 'many': {
      if (!Array.isArray(answer) || answer.some((value) => typeof value !== 'string'))
        return `It takes ${question.form}.`;
      if (answer.length < question.least) return `It takes at least ${question.least}: ${question.form}.`;
      for (const value of answer) {
        const problem = question.check?.(value);
        if (problem !== undefined) return problem;
      }
      return undefined;
    }
    case 'confirm': {
      if (typeof answer !== 'boolean') return 'It takes true or false.';
      return question.mustTick === true && !answer ? 'It must be ticked (true) before anything goes on.' : undefined;
    }
    case 'phrase':
      return [question.phrase, question.decline, ...(question.formerly ?? [])].some((words) => words === answer)
        ? undefined
        : `Type exactly: ${question.phrase}, or ${question.decline} to leave it.`;
    case 'secret':
      return answer === given ? undefined : `It takes ${question.form}.`;
  }
}

/**
 * Checks a secret text and, when it is valid, hands it to the question's `keep`. The caller still destroys the text.
 * @returns the problem, or `undefined` when the text was kept.
 */
export function takeSecret(question: SecretQuestion, text: SecretText): FieldProblem {
  const problem = text.count === 0 ? `It takes ${question.form}.` : question.check?.(text);
  if (problem === undefined) question.keep(text);
  return problem;
}

/**
 * Says why an answer is not one of the options of a choice. Returns `undefined` for other questions, and for options that are
 * loaded later: there `check` and `verify` decide.
 */
function checkOption(question: Question, answer: string): string | undefined {
  if (question.kind !== 'choice' || typeof question.options === 'function') return undefined;
  const option = question.options.find(({ value, leads }) => value === answer && leads === undefined);
  if (option === undefined) return `It takes ${question.form}.`;
  return option.disabled === undefined ? undefined : `${option.label} cannot be chosen: ${option.disabled}.`;
}

/** Drops the last answer. A person who goes back from the first question of a step meets the last one of the step before. */
export function withoutLastAnswer(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).slice(0, -1));
}
