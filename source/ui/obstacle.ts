import { ProblemError } from '../ceremony/problem.ts';
import { linesOfProblem } from './problem-lines.ts';

/** What keeps an answer from being checked or taken although nothing is wrong with it, as words under its field. */
export function obstacle(error: unknown): string {
  if (!(error instanceof ProblemError))
    return `This cannot be checked now. ${error instanceof Error ? error.message : String(error)}`;
  const { state: _, code: __, requestId: ___, next, ...short } = error.problem;
  return linesOfProblem({ ...short, next: next.slice(0, 1) })
    .map(({ text }) => text)
    .join(' ');
}
