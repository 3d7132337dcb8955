import type { Remedy } from '../ceremony/problem.ts';
import type { Answer, AskAhead } from '../ceremony/question.ts';

/** Thrown to the code that asks a question, when the person stops instead of answering. */
export class StoppedByPerson extends Error {
  override readonly name = 'StoppedByPerson';
}

/**
 * What a person does with a question: answers it, goes back, or chooses an option that leads elsewhere. When the person goes
 * back, `typed` is the content of the field at that moment.
 */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'back'; readonly typed: Answer }
  | { readonly kind: 'lead'; readonly lead: Remedy | AskAhead };
