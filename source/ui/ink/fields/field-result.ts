import type { Answer, Option } from '../../../ceremony/question.ts';

/** What an action does in a field. Without any of these, the action does nothing. */
export type FieldResult<State> = {
  /** The new state of the field. */
  readonly field?: State;
  /** A sentence to show under the field. */
  readonly problem?: string;
  /** The answer that Enter gives. */
  readonly answer?: Answer;
  /** The row that Enter chooses. It may lead elsewhere. */
  readonly chosen?: Option;
};
