import { ProblemError } from '../ceremony/problem.ts';

/** What keeps an answer from being checked or taken although nothing is wrong with it, as words under its field. */
export function obstacle(error: unknown): string {
  if (!(error instanceof ProblemError))
    return `This cannot be checked now. ${error instanceof Error ? error.message : String(error)}`;
  const { what, why, next } = error.problem;
  return [what, why, next[0]].filter((part) => part !== undefined).join(' ');
}
