import { ProblemError } from '../ceremony/problem.ts';
import { listProblemParts } from './problem-lines.ts';

/**
 * Gives the text under a field when the check of its answer threw an error, for example because there is no connection.
 * For a problem, the text says what did not happen, why, and the first advice.
 */
export function describeObstacle(error: unknown): string {
  if (!(error instanceof ProblemError))
    return `This cannot be checked now. ${error instanceof Error ? error.message : String(error)}`;
  const { state: _, code: __, requestId: ___, next, ...short } = error.problem;
  return listProblemParts({ ...short, next: next.slice(0, 1) })
    .map(({ text }) => text)
    .join(' ');
}
