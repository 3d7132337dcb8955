import { expandHome } from '../disk/home.ts';
import { type Answer, type Answers, type FieldProblem, given, type Question, type SecretQuestion } from './question.ts';
import type { SecretText } from './secret-text.ts';

/** Gives the first question that has no answer yet, or `undefined` when all have one. */
export function pendingQuestion(questions: readonly Question[], answers: Answers): Question | undefined {
  return questions.find((question) => !(question.id in answers));
}

/**
 * Gives the answers to the questions before the question `id`. An interview that starts with these answers asks that question
 * and all later ones again. When no question has this id, gives the answers to all questions.
 */
export function answersBefore(questions: readonly Question[], answers: Answers, id: string): Answers {
  const kept: Record<string, Answer> = {};
  for (const question of questions) {
    if (question.id === id) break;
    const answer = answers[question.id];
    if (answer !== undefined) kept[question.id] = answer;
  }
  return kept;
}

/** Gives the last question in `questions` that has an answer, or `undefined` when no question has one. */
export function lastAnswered(questions: readonly Question[], answers: Answers): Question | undefined {
  return questions.findLast((question) => question.id in answers);
}

/**
 * Gives an answer as it is taken: a typed text or path without the spaces around it, and each path with the home folder for its
 * `~`. The paths of a list keep their spaces, because the name of a file that was chosen may end with one.
 * Any other answer is taken unchanged.
 */
export function takenAnswer(question: Question, answer: Answer): Answer {
  const { kind } = question;
  const isTyped = kind === 'text' || kind === 'file' || kind === 'phrase';
  if (isTyped && typeof answer === 'string') return takenText(question, answer);
  if (kind !== 'many' || question.complete === undefined || !Array.isArray(answer)) return answer;
  return answer.map((value) => (typeof value === 'string' ? expandHome(value) : value));
}

/** Gives a typed text, or a typed value of a list, as it is taken: see {@link takenAnswer}. */
export function takenText(question: Question, text: string): string {
  const takesPaths = 'complete' in question && question.complete !== undefined;
  return takesPaths ? expandHome(text.trim()) : text.trim();
}

/**
 * Gives the right text for a typed text that the question refuses. `undefined` when the question takes the text as it is, or knows
 * no right text.
 */
export function suggestionFor(question: Question, text: string): string | undefined {
  if (question.kind !== 'text' && question.kind !== 'file') return undefined;
  const typed = text.trim();
  const instead = question.check?.(typed) === undefined ? undefined : question.suggest?.(typed);
  const isRight = instead !== undefined && question.check?.(instead) === undefined;
  return isRight ? instead : undefined;
}

/** Adds the right text to the words about a refused one, when the question knows it. */
function withSuggestion(question: Question, answer: string, problem: string): string {
  const instead = suggestionFor(question, answer);
  return instead === undefined ? problem : `${problem} Right would be: ${question.shown?.(instead) ?? instead}`;
}

/**
 * Checks the form of an answer and runs the question's `check`, but not its `verify`. Of a secret, it sees only that it was given.
 * @returns a sentence that says what is wrong, or `undefined` for a valid answer.
 */
export function checkAnswer(question: Question, answer: Answer): string | undefined {
  switch (question.kind) {
    case 'text':
    case 'file':
    case 'choice': {
      if (typeof answer !== 'string') return `It takes ${question.form}.`;
      const problem = question.check?.(answer);
      return problem === undefined ? checkOption(question, answer) : withSuggestion(question, answer, problem);
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
 * Checks a secret text. Hands a valid text to the question's `keep`, which copies it. The caller must destroy the text.
 * @returns a sentence that says what is wrong, or `undefined` when the text was kept.
 */
export function takeSecret(question: SecretQuestion, text: SecretText): FieldProblem {
  const problem = text.count === 0 ? `It takes ${question.form}.` : question.check?.(text);
  if (problem === undefined) question.keep(text);
  return problem;
}

/**
 * Says why an option with this value cannot be chosen; `undefined` when it can. Also gives `undefined` for other kinds of
 * question, and for options that are loaded later: then `check` and `verify` decide.
 */
function checkOption(question: Question, answer: string): string | undefined {
  if (question.kind !== 'choice' || typeof question.options === 'function') return undefined;
  const option = question.options.find(({ value, leads }) => value === answer && leads === undefined);
  if (option === undefined) return `It takes ${question.form}.`;
  return option.disabled === undefined ? undefined : `${option.label} cannot be chosen: ${option.disabled}.`;
}

/**
 * Gives the answers without the last one. When a person goes back from the first question of a step, the step before asks
 * its last question again.
 */
export function withoutLastAnswer(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).slice(0, -1));
}
