import type { TestContext } from 'node:test';
import { newFolder } from './new-folder.ts';

const kept = new WeakSet<TestContext>();

/** Puts the environment of this process back as it is now when the test ends, however often a test asks for that. */
export function keepEnvironment(t: TestContext): void {
  // Node runs what is to be done at the end of a test in the order in which it was said. So only the first counts.
  if (kept.has(t)) return;
  kept.add(t);
  const before = { ...process.env };
  t.after(() => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  });
}

/** Makes this folder the current one until the test ends. @returns its path as this process knows it, without links. */
export function workIn(t: TestContext, folder = newFolder()): string {
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));
  return process.cwd();
}
