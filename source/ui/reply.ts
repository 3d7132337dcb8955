import type { Remedy } from '../ceremony/problem.ts';
import type { Answer } from '../ceremony/question.ts';

/** The person chose to stop; what was being asked has no answer. */
export class StoppedByPerson extends Error {
  override readonly name = 'StoppedByPerson';
}

/** What came of a question. `typed` is what stood in the field, so that it can be offered again. */
export type Reply =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'back'; readonly typed: Answer }
  | { readonly kind: 'lead'; readonly lead: Remedy };
