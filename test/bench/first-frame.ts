import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';
import { type BuildOptions, build } from 'esbuild';
import { options } from '../../.esbuild.js';
import { bareEnvironment, program } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const runs = 21;

/** Milliseconds until a text is shown: on the clock, and of the processors, which other programs on the machine change less. */
type Cost = { readonly clock: number; readonly processor: number };

/** A program in a terminal of its own, and the text on its first frame. */
type Start = { readonly args: readonly string[]; readonly shows: string };

/** The processor time of all threads of a process, in milliseconds; Linux alone tells. */
function processorTime(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return threads.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Starts a program, and ends it in its own way, so that it keeps its compiled code. */
function costOf({ args, shows }: Start, home: string): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const terminal = spawn(process.execPath, [...args], {
      cols: 80,
      rows: 24,
      cwd: home,
      env: bareEnvironment(home) as Record<string, string>,
    });
    let seen = '';
    let cost: Cost | undefined;
    terminal.onData((data) => {
      seen += data;
      if (cost !== undefined || !seen.includes(shows)) return;
      cost = { clock: performance.now() - began, processor: processorTime(terminal.pid) };
      terminal.kill('SIGTERM');
    });
    terminal.onExit(() =>
      cost === undefined ? reject(new Error(`ended without "${shows}":\n${seen}`)) : resolve(cost),
    );
  });
}

const median = (numbers: readonly number[]) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

/** Bundles the bare screen. @returns how it starts. */
async function bundleBare(how: BuildOptions): Promise<Start> {
  const outdir = newFolder();
  const entryPoints = [fileURLToPath(new URL('bare-start.ts', import.meta.url))];
  await build({ ...how, entryPoints, outdir, outExtension: { '.js': '.mjs' } });
  return { args: [join(outdir, 'bare-start.mjs')], shows: 'bare screen' };
}

/** Compares the first frame with a bare Ink screen, and with one that is bundled without what the build replaces in Ink. */
export async function benchFirstFrame(): Promise<void> {
  const { alias = {} } = options;
  const untouched = { ...options, plugins: [], alias: { 'react-devtools-core': alias['react-devtools-core'] ?? '' } };
  const starts: readonly (readonly [what: string, start: Start])[] = [
    ['bare Ink screen', await bundleBare(options)],
    ['Ink as it comes', await bundleBare(untouched)],
    ['first frame', { args: [program], shows: 'Secret key' }],
    ['first question', { args: [program], shows: 'Practice AWS' }],
  ];
  // One home for all runs, because a person starts the program more than once. The first runs fill the caches.
  const home = newFolder();
  for (const [, start] of [...starts, ...starts]) await costOf(start, home);
  const costs = new Map<string, Cost[]>(starts.map(([what]) => [what, []]));
  for (let run = 0; run < runs; run += 1)
    for (const [what, start] of starts) costs.get(what)?.push(await costOf(start, home));
  const ratio = (what: string, to: string, by: keyof Cost) => {
    const others = costs.get(to) ?? [];
    return median((costs.get(what) ?? []).map((cost, run) => cost[by] / (others[run]?.[by] ?? Number.NaN))).toFixed(2);
  };
  console.log(`until the first frame  median of ${runs} runs that take turns; each is bundled, and its code cached`);
  for (const what of costs.keys()) {
    const of = (by: keyof Cost) => median((costs.get(what) ?? []).map((cost) => cost[by])).toFixed(0);
    const times = `${of('clock')} ms, ${of('processor')} ms of the processors`;
    const ratios = ['bare Ink screen', 'Ink as it comes'].map(
      (to) => `${ratio(what, to, 'processor')} of ${to} (${ratio(what, to, 'clock')} on the clock)`,
    );
    const isOurs = what.startsWith('first');
    console.log(`  ${what.padEnd(20)} ${times}${isOurs ? `: ${ratios.join(', ')}` : ''}`);
  }
  console.log('                       (budget 1.15 of bare Ink screen)');
}
