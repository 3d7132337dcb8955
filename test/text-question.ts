import type { Question } from '../source/ceremony/question.ts';

type TextQuestion = Extract<Question, { kind: 'text' }>;

/** The id and the words that a question of any kind has. */
export const wordsOf = (id: string) => ({ id, ask: `${id}?`, label: id, form: 'a text' });

/** A question for any text, but for what `more` changes. */
export const textQuestion = (id: string, more: Partial<TextQuestion> = {}): TextQuestion => ({
  kind: 'text',
  ...wordsOf(id),
  ...more,
});
