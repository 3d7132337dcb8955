import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { bareEnvironment, keyferry, program } from '../e2e/program.ts';

const points = fileURLToPath(new URL('points.ts', import.meta.url));

export type Ended = {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

/** One ceremony to be cut off: where it runs, and how. */
export type Cut = {
  readonly folder: string;
  /** Shared by many runs, so that Node compiles the program once. */
  readonly home: string;
  readonly args: readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  /** A regular expression for the names of the points that count. */
  readonly of: string;
};

/** What happens at which point: it is killed there, or the disk is full from there on. */
export type At = { readonly kill: number } | { readonly full: number };

/**
 * Runs the program with its points counted, to its end or to what happens at one of them.
 * @returns how it ended, and the names of the points that it passed.
 */
export async function runTo(
  { folder, home, args, environment, of }: Cut,
  at?: At,
): Promise<Ended & { readonly passed: readonly string[] }> {
  const log = join(folder, 'points');
  const ended = await started(['--import', points, program, ...args], folder, {
    ...bareEnvironment(home),
    ...environment,
    POINTS_IN: join(folder, 'w'),
    POINTS_LOG: log,
    POINTS_OF: of,
    ...(at === undefined ? {} : 'kill' in at ? { POINTS_KILL: String(at.kill) } : { POINTS_FULL: String(at.full) }),
  });
  return { ...ended, passed: existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [] };
}

/** Runs the program as a person would: nothing is counted and nothing cuts it off. */
export async function resumed({ folder, home, args, environment }: Cut): Promise<Ended> {
  return { signal: null, ...(await keyferry(args, folder, { HOME: home, ...environment })) };
}

async function started(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, signal: child.signalCode, stdout, stderr };
}

/** Does the work for every item, so many at a time. */
export async function atATime<Item>(many: number, items: readonly Item[], work: (item: Item) => Promise<void>) {
  const left = [...items].reverse();
  const worker = async () => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: many }, worker));
}
