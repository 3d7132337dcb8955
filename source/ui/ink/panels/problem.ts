import type { Problem } from '../../../ceremony/problem.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { listProblemParts, type ProblemLine } from '../../problem-lines.ts';
import { type Line, linesWithSign, type Span, say } from '../lines.tsx';

/**
 * Gives the lines of a problem on the screen: what did not happen, why, what has and has not changed, and at most three things
 * to do. The lines do not have the request id: see {@link requestLines}.
 */
export function problemLines(problem: Problem, width: number, symbols: Symbols): readonly Line[] {
  const { requestId: _, ...rest } = problem;
  return listProblemParts({ ...rest, next: rest.next.slice(0, 3) }).flatMap(({ part, text }) =>
    linesWithSign(signOf(part, symbols), text, width, part === 'what' ? 'title' : undefined),
  );
}

/** Gives the sign before the first line of a part. */
function signOf(part: ProblemLine['part'], symbols: Symbols): Span {
  if (part === 'what') return { text: symbols.problem, tone: 'bad' };
  return { text: part === 'next' ? '-' : ' ' };
}

/** Gives the line with the request id. Gives no line when the problem has no request id. */
export function requestLines({ requestId }: Problem, width: number): readonly Line[] {
  return requestId === undefined ? [] : [say(`request ${requestId}`.slice(0, width), 'aside')];
}
