import type { Problem, Remedy } from '../ceremony/problem.ts';
import { type Saved, stopWay } from './stop-words.ts';

/** A row of the list below a problem: something that the person can do about the problem. */
export type WayOn = {
  readonly value: string;
  readonly label: string;
  readonly decision: Remedy | { readonly action: 'stop' };
};

/**
 * Gives the rows of the list below a problem: its own remedies, "Try again", and "Stop here". A defect of Keyferry and a
 * problem that would come again have no "Try again". For a problem that may pass by itself, "Try again" is the first row.
 * @param saved what stopping would leave.
 */
export function waysOn({ kind, remedies = [], repeats }: Problem, saved: Saved): readonly WayOn[] {
  const canRetry = kind !== 'ours' && repeats !== true && !remedies.some(({ action }) => action === 'retry');
  const retries = canRetry ? [{ action: 'retry', label: 'Try again' } as const] : [];
  const offered: readonly Remedy[] = kind === 'waiting' ? [...retries, ...remedies] : [...remedies, ...retries];
  return [
    ...offered.map((decision, index) => ({ value: `way ${index}`, label: decision.label, decision })),
    {
      value: 'stop',
      label: stopWay(saved),
      decision: { action: 'stop' },
    },
  ];
}
