import { globSync } from 'node:fs';
import { before } from 'node:test';

/** Folders whose tests start no program, but for `*.slow.test.ts`. */
const folders = [
  'aws',
  'ceremonies',
  'ceremony',
  'commands',
  'disk',
  'doctor',
  'material',
  'mutants',
  'objects',
  'practice',
  'record',
  'status',
  'steps',
  'terminal',
  'ui',
];

/** The quick test files, from the project's folder. */
export const quickFiles: readonly string[] = globSync(`test/{${folders.join()}}/*.test.{ts,tsx}`)
  .filter((file) => !/\.slow\.test\.tsx?$/.test(file))
  .sort();

const parts = 4;

/**
 * Runs one part of the quick tests, 1 to 4, in this process: most of the time of one file goes into loading the SDK. The test
 * runner runs the parts side by side.
 */
export async function runPart(part: number): Promise<void> {
  const loaded = Promise.withResolvers<void>();
  // Loading keeps the process busy for seconds, which tests that measure time would notice.
  before(() => loaded.promise);
  for (const [index, file] of quickFiles.entries())
    if (index % parts === part - 1) await import(new URL(`../../${file}`, import.meta.url).href);
  loaded.resolve();
}
