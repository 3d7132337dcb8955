import type { Problem, Remedy } from '../ceremony/problem.ts';
import { type Saved, stopWay } from './stop-words.ts';

/** What a person can do about a problem, as a row of a list. */
export type WayOn = {
  readonly value: string;
  readonly label: string;
  readonly decision: Remedy | { readonly action: 'stop' };
};

/**
 * Gives the rows for a problem: its own remedies, "Try again" unless the problem is a defect of Keyferry, and "Stop here".
 * For a problem that may pass by itself, "Try again" is the first row.
 * @param saved what stopping would leave.
 */
export function waysOn({ kind, remedies = [] }: Problem, saved: Saved): readonly WayOn[] {
  const retries = kind !== 'ours' && !remedies.some(({ action }) => action === 'retry');
  const retry = { action: 'retry', label: 'Try again' } as const;
  const offered: readonly Remedy[] = !retries
    ? remedies
    : kind === 'waiting'
      ? [retry, ...remedies]
      : [...remedies, retry];
  return [
    ...offered.map((decision, index) => ({ value: `way ${index}`, label: decision.label, decision })),
    {
      value: 'stop',
      label: stopWay(saved),
      decision: { action: 'stop' },
    },
  ];
}
