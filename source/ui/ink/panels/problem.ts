import type { Problem } from '../../../ceremony/problem.ts';
import type { Symbols } from '../../../terminal/symbols.ts';
import { type Line, paragraph, say, signed } from '../lines.tsx';

/** What did not happen, why, what state that leaves, what to do next: always in this order. */
export function problemLines(problem: Problem, width: number, symbols: Symbols): readonly Line[] {
  const why = [problem.why ?? '', problem.code === undefined ? '' : `[${problem.code}]`].filter(Boolean).join(' ');
  const inner = width - 2;
  const indented = (text: string) => paragraph(text, inner).map((line): Line => [{ text: '  ' }, ...line]);
  return [
    ...signed({ text: symbols.problem, tone: 'bad' }, problem.what, width, 'strong'),
    ...(why === '' ? [] : indented(why)),
    ...(problem.state === undefined ? [] : indented(problem.state)),
    ...problem.next.slice(0, 3).flatMap((next) => signed({ text: '-' }, next, width)),
  ];
}

/** The request id, quiet and last. */
export function requestLines({ requestId }: Problem, width: number): readonly Line[] {
  return requestId === undefined ? [] : [say(`request ${requestId}`.slice(0, width), 'quiet')];
}
