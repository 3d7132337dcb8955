import type { Problem, Remedy } from '../ceremony/problem.ts';
import { type Saved, stopLabel } from './stop-words.ts';

/** A row of the list below a problem: something that the person can do about the problem. */
export type WayOn = {
  readonly value: string;
  readonly label: string;
  readonly decision: Remedy | { readonly action: 'stop' };
};

/**
 * Gives the rows of the list below a problem: its own remedies, "Try again", and "Stop here". "Try again" is left out when a remedy
 * retries, when the problem would come again, and for a defect of Keyferry. For a problem that may pass by itself, "Try again" is
 * the first row.
 * @param saved what stopping would leave.
 */
export function waysOn({ kind, remedies = [], repeats }: Problem, saved: Saved): readonly WayOn[] {
  const canRetry = kind !== 'ours' && repeats !== true && !remedies.some(({ action }) => action === 'retry');
  const retryRow = canRetry ? [{ action: 'retry', label: 'Try again' } as const] : [];
  const rows: readonly Remedy[] = kind === 'waiting' ? [...retryRow, ...remedies] : [...remedies, ...retryRow];
  return [
    ...rows.map((decision, index) => ({ value: `way ${index}`, label: decision.label, decision })),
    {
      value: 'stop',
      label: stopLabel(saved),
      decision: { action: 'stop' },
    },
  ];
}
