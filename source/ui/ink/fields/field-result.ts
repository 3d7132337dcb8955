import type { Answer, Option } from '../../../ceremony/question.ts';

/** What an action does to a field: another state, a problem to say, an answer that is given, or a row that is chosen. */
export type FieldResult<State> = {
  readonly field?: State;
  readonly problem?: string;
  readonly answer?: Answer;
  /** A row that Enter chose; it may lead elsewhere. */
  readonly chosen?: Option;
};
