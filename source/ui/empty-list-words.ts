import type { ManyQuestion } from '../ceremony/question.ts';

/** Says that a list has no options: where Keyferry looked for them, and what a person can type, as far as the question tells. */
export function emptyListWords({ looksIn, typed }: Pick<ManyQuestion, 'looksIn' | 'typed'>): string {
  const looked = looksIn === undefined ? [] : [`There is nothing to choose in ${looksIn}.`];
  const types = typed === undefined ? [] : [`You can type: ${typed}.`];
  return [...looked, ...types].join(' ') || 'There is nothing to choose from.';
}
