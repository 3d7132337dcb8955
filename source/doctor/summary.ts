import { type Check, checkIds } from './check.ts';

/** Gives the object that `--json` prints: whether no check fails, and the checks in the order of `checkIds`. */
export function summaryOf(checks: readonly Check[], asOf: Date) {
  const sorted = checks.toSorted((a, b) => checkIds.indexOf(a.id) - checkIds.indexOf(b.id));
  return {
    asOf: asOf.toISOString(),
    ok: checks.every(({ state }) => state !== 'fails'),
    checks: sorted.map(({ id, state, what, why, next, facts }) => ({ id, state, what, why, next, ...facts })),
  };
}
