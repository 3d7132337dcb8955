import type { ClosingPage } from '../ceremony/conclusion.ts';

/** The heading above what is left to the person, on every last page. */
export const yoursToDo = 'Yours to do';

/**
 * Gives what stands out on a last page: what is left to do, and that the key is Enabled.
 * @param own `isWell` is true when the key has no problem. `headings` are lines above other parts of the page, and `kept` are
 * the paths of what the person must keep.
 */
export function emphasisOn(own: {
  readonly isWell: boolean;
  readonly headings?: readonly string[];
  readonly kept?: readonly string[];
}): NonNullable<ClosingPage['emphasis']> {
  const { isWell, headings = [], kept = [] } = own;
  return new Map([
    ...[yoursToDo, ...headings].map((line) => [line, 'heading'] as const),
    ...kept.map((path) => [path, 'keep'] as const),
    ...(isWell ? [['Enabled', 'good'] as const] : []),
  ]);
}
