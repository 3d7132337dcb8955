import type { Problem } from '../ceremony/problem.ts';

/** A line about a problem: what it tells, and the words. */
export type ProblemLine = {
  readonly part: 'what' | 'why' | 'state' | 'next' | 'request';
  readonly text: string;
};

/**
 * What every interface says of a problem, and in which order: what did not happen, why (AWS's code in brackets), what
 * state that leaves, what to do next, and the id of the request. How each part looks is the interface's.
 */
export function linesOfProblem({ what, why, code, state, next, requestId }: Problem): readonly ProblemLine[] {
  const because = [why, code === undefined ? undefined : `[${code}]`].filter((part) => part !== undefined).join(' ');
  return [
    { part: 'what', text: what },
    { part: 'why', text: because },
    { part: 'state', text: state ?? '' },
    ...next.map((text) => ({ part: 'next', text }) as const),
    { part: 'request', text: requestId ?? '' },
  ].filter((line): line is ProblemLine => line.text !== '');
}

/** Gives a problem as plain lines of text. */
export function problemLines(problem: Problem): readonly string[] {
  return linesOfProblem(problem).map(({ part, text }) => before(part) + text);
}

function before(part: ProblemLine['part']): string {
  switch (part) {
    case 'what':
      return 'x ';
    case 'why':
    case 'state':
      return '  ';
    case 'next':
      return '  > ';
    case 'request':
      return '  request ';
  }
}
