import { ProblemError } from '../ceremony/problem.ts';
import { linesOfProblem } from './problem-lines.ts';

/** Says under the field why a valid answer could not be checked or accepted, such as no connection. */
export function obstacle(error: unknown): string {
  if (!(error instanceof ProblemError))
    return `This cannot be checked now. ${error instanceof Error ? error.message : String(error)}`;
  const { state: _, code: __, requestId: ___, next, ...short } = error.problem;
  return linesOfProblem({ ...short, next: next.slice(0, 1) })
    .map(({ text }) => text)
    .join(' ');
}
