import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type Ran, runMeasured, runWarm } from './warm-program.ts';

/** The built program, as a person's shell would start it. */
export const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

/** Compiled code is kept from test to test: each has a home of its own, in which nothing is kept yet. */
const compiled = fileURLToPath(new URL('../../node_modules/.cache/keyferry-tests', import.meta.url));

/** An environment without any credentials, profile or endpoint of the machine that runs the tests. */
export function bareEnvironment(folder: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
    AWS_EC2_METADATA_DISABLED: 'true',
    NODE_COMPILE_CACHE: compiled,
  };
}

/**
 * Runs the program to its end in `cwd`, without a terminal. One process of a test file runs it again and again; where the
 * environment has settings for Node, which Node reads as it starts, the run has a process of its own.
 */
export async function keyferry(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const env = { ...bareEnvironment(cwd), ...environment };
  if (!Object.keys(environment).some((name) => name.startsWith('NODE_'))) return runWarm(program, { args, cwd, env });
  return keyferryAlone(args, cwd, environment);
}

/** Runs the program to its end in `cwd`, without a terminal, and measures the most memory that this run takes. */
export function keyferryMeasured(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  return runMeasured(program, { args, cwd, env: { ...bareEnvironment(cwd), ...environment } });
}

/** Runs the program to its end in `cwd`, without a terminal, in a process of its own. */
export async function keyferryAlone(
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd,
    env: { ...bareEnvironment(cwd), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}
