import type { Problem } from '../ceremony/problem.ts';

/** A line about a problem, and which part of the problem the line is. */
export type ProblemLine = {
  readonly part: 'what' | 'why' | 'state' | 'next' | 'request';
  readonly text: string;
};

/**
 * Gives the lines about a problem, in the order in which every interface shows them: what did not happen, why (with AWS's
 * code in brackets), what has and has not changed, what to do next, and the id of the request. A part that the problem does not
 * have gives no line. Each interface decides how a part looks.
 */
export function listProblemParts({ what, why, code, state, next, requestId }: Problem): readonly ProblemLine[] {
  const whyWithCode = [why, code === undefined ? undefined : `[${code}]`]
    .filter((part) => part !== undefined)
    .join(' ');
  return [
    { part: 'what', text: what },
    { part: 'why', text: whyWithCode },
    { part: 'state', text: state ?? '' },
    ...next.map((text) => ({ part: 'next', text }) as const),
    { part: 'request', text: requestId ?? '' },
  ].filter((line): line is ProblemLine => line.text !== '');
}

/** Gives the lines about a problem as plain text, with a sign or an indent before each. */
export function problemLines(problem: Problem): readonly string[] {
  return listProblemParts(problem).map(({ part, text }) => signBefore(part) + text);
}

/** Gives the characters that come before a line of this part. */
function signBefore(part: ProblemLine['part']): string {
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
