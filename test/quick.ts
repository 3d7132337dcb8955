import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';

/*
 * npm run test:quick
 *
 * The tests that start no program and take no long time: those of the folders below, but for `*.slow.test.ts`. A few
 * processes run them side by side, each many files, as most of the time of one file goes into loading the SDK.
 */

const folders = ['aws', 'ceremony', 'material', 'mutants', 'practice', 'record', 'steps', 'terminal', 'ui'];
const processes = 4;

const files = globSync(`test/{${folders.join()}}/*.test.{ts,tsx}`)
  .filter((file) => !/\.slow\.test\.tsx?$/.test(file))
  .sort();

/** Runs some of the files in one process. @returns whether they passed, and what was printed. */
async function runPart(part: number): Promise<{ readonly passed: boolean; readonly text: string }> {
  const own = files.filter((_, index) => index % processes === part);
  const args = ['--import', 'tsx', '--test', '--test-isolation=none', '--test-timeout=60000', ...own];
  const run = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  run.stdout.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
  });
  await once(run, 'close');
  return { passed: run.exitCode === 0, text };
}

const begun = performance.now();
const parts = await Promise.all(Array.from({ length: processes }, (_, part) => runPart(part)));
const sum = (what: string) =>
  parts.reduce((all, { text }) => all + Number(new RegExp(`^ℹ ${what} (\\d+)$`, 'm').exec(text)?.[1] ?? 0), 0);
for (const { text } of parts.filter(({ passed }) => !passed)) {
  const failures = text.indexOf('✖ failing tests:');
  console.log(failures === -1 ? text : text.slice(failures));
}
const seconds = Math.round((performance.now() - begun) / 1000);
console.log(`${sum('pass')} of ${sum('tests')} tests passed, ${sum('skipped')} skipped, in ${seconds} s`);
process.exitCode = parts.every(({ passed }) => passed) ? 0 : 1;
