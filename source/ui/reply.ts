import type { Remedy } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';

/** Thrown to the code that asked a question when the person stops instead of answering. */
export class StoppedByPerson extends Error {
  override readonly name = 'StoppedByPerson';
}

/**
 * The result of a question: an answer, going back, or a row that leads elsewhere. `typed` was in the field at that moment.
 */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'back'; readonly typed: Answer }
  | { readonly kind: 'lead'; readonly lead: Remedy };
