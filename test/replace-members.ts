import { syncBuiltinESMExports } from 'node:module';
import type { TestContext } from 'node:test';

/** Functions with the names of members of this module. They may take less than the real ones, as a test needs it. */
type Replacements<Module> = { readonly [Name in keyof Module]?: (...args: never) => unknown };

/** What each test has to do at its end, in the order in which it replaced members. */
const waysBack = new WeakMap<TestContext, (() => void)[]>();

/**
 * Replaces functions of a built-in module, such as `fs` from `node:fs`, for every file of this process that imports them,
 * until the test ends. The same function may be replaced more than once: what was there before the test comes back.
 */
export function replaceMembers<Module extends object>(
  t: TestContext,
  module: Module,
  members: Replacements<Module>,
): void {
  const originals = Object.fromEntries(Object.keys(members).map((name) => [name, Reflect.get(module, name)]));
  Object.assign(module, members);
  syncBuiltinESMExports();
  waysBackOf(t).push(() => Object.assign(module, originals));
}

/** Node runs what is to be done at the end of a test in the order in which it was said; here the last comes first. */
function waysBackOf(t: TestContext): (() => void)[] {
  const known = waysBack.get(t);
  if (known !== undefined) return known;
  const ways: (() => void)[] = [];
  waysBack.set(t, ways);
  t.after(() => {
    for (const goBack of ways.toReversed()) goBack();
    syncBuiltinESMExports();
  });
  return ways;
}
