import type { Question } from '../source/ceremony/question.ts';

type TextQuestion = Extract<Question, { kind: 'text' }>;

/** The words of a question with this id, as far as each question has them. */
export const wordsOf = (id: string) => ({ id, ask: `${id}?`, label: id, form: 'a text' });

/** A question for any text, but for what `more` changes. */
export const textQuestion = (id: string, more: Partial<TextQuestion> = {}): TextQuestion => ({
  kind: 'text',
  ...wordsOf(id),
  ...more,
});
