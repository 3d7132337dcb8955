import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { build } from 'esbuild';
import { options } from '../../.esbuild.js';
import { bareEnvironment, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const runs = 21;

/** Milliseconds from the start of a program in a terminal of its own until it shows `text`. */
function timeUntil(text: string, args: readonly string[], cwd: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const terminal = spawn(process.execPath, [...args], {
      cols: 80,
      rows: 24,
      cwd,
      env: bareEnvironment(cwd) as Record<string, string>,
    });
    let seen = '';
    terminal.onData((data) => {
      seen += data;
      if (!seen.includes(text)) return;
      resolve(performance.now() - began);
      terminal.kill('SIGTERM');
    });
    terminal.onExit(() => reject(new Error(`ended without "${text}":\n${seen}`)));
  });
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Compares the assistant's first frame with a bare Ink screen that is bundled the same way; the runs take turns. */
export async function benchFirstFrame(): Promise<void> {
  const folder = newFolder();
  await build({
    ...options,
    entryPoints: [fileURLToPath(new URL('bare-ink.tsx', import.meta.url))],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
  });
  // One home for all runs: a person starts the program more than once.
  const home = newFolder();
  const bare: number[] = [];
  const frame: number[] = [];
  const question: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    bare.push(await timeUntil('bare screen', [join(folder, 'bare-ink.mjs')], home));
    frame.push(await timeUntil('Secret key', [program], home));
    question.push(await timeUntil('Practice AWS', [program], home));
  }
  const ratio = (times: readonly number[]) =>
    `${median(times).toFixed(0)} ms, ratio ${(median(times) / median(bare)).toFixed(2)}`;
  console.log(`bare Ink screen        ${median(bare).toFixed(0)} ms (median of ${runs} runs that take turns)`);
  console.log(`first frame            ${ratio(frame)} (budget 1.25)`);
  console.log(`first question         ${ratio(question)}`);
}
