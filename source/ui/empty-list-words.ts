import type { ManyQuestion } from '../ceremony/question.ts';

/** Says of a list without options where Keyferry looked for them, when the question tells, and what can be typed. */
export function emptyListWords({ looksIn, typed }: Pick<ManyQuestion, 'looksIn' | 'typed'>): string {
  const looked = looksIn === undefined ? [] : [`There is nothing to choose in ${looksIn}.`];
  const types = typed === undefined ? [] : [`You can type: ${typed}.`];
  return [...looked, ...types].join(' ') || 'There is nothing to choose from.';
}
