import { type Check, checkIds } from './check.ts';

/** What `--json` prints: the checks by the order of their ids, with their facts beside the words. */
export function summaryOf(checks: readonly Check[], asOf: Date) {
  const sorted = checks.toSorted((a, b) => checkIds.indexOf(a.id) - checkIds.indexOf(b.id));
  return {
    asOf: asOf.toISOString(),
    ok: checks.every(({ state }) => state !== 'fails'),
    checks: sorted.map(({ id, state, what, why, next, facts }) => ({ id, state, what, why, next, ...facts })),
  };
}
