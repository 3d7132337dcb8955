import type { Problem } from '../ceremony/problem.ts';

/** A line about a problem, with the part of the problem that it tells. */
export type ProblemLine = {
  readonly part: 'what' | 'why' | 'state' | 'next' | 'request';
  readonly text: string;
};

/**
 * Gives the lines about a problem, in the order of every interface: what did not happen, why (with AWS's code in brackets),
 * what is true now, what to do next, and the id of the request. Each interface decides how a part looks.
 */
export function listProblemParts({ what, why, code, state, next, requestId }: Problem): readonly ProblemLine[] {
  const because = [why, code === undefined ? undefined : `[${code}]`].filter((part) => part !== undefined).join(' ');
  return [
    { part: 'what', text: what },
    { part: 'why', text: because },
    { part: 'state', text: state ?? '' },
    ...next.map((text) => ({ part: 'next', text }) as const),
    { part: 'request', text: requestId ?? '' },
  ].filter((line): line is ProblemLine => line.text !== '');
}

/** Gives the lines about a problem for plain text, with a sign before each. */
export function problemLines(problem: Problem): readonly string[] {
  return listProblemParts(problem).map(({ part, text }) => before(part) + text);
}

/** Gives the sign before a line. */
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
