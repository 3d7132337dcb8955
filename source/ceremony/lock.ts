import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { diskReason } from './disk-reason.ts';
import { ProblemError } from './problem.ts';

type Holder = {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly started: string | undefined;
};

/**
 * Takes a ceremony's lock: one process at a time holds it.
 * @returns who held it before, when that process has ended without giving it back.
 * @throws ProblemError that names the holder while it lives.
 */
export function takeLock(path: string): string | undefined {
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    since: new Date().toISOString(),
    started: startOf(process.pid),
  };
  let abandonedBy: string | undefined;
  for (;;) {
    if (writeHolder(path, mine)) return abandonedBy;
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) throw new ProblemError(held(path, holder));
    abandonedBy = holder === undefined ? 'a process that left no name' : `process ${holder.pid} since ${holder.since}`;
    rmSync(path, { force: true });
  }
}

/** @returns whether this process now holds the lock; false while the file is there. */
function writeHolder(path: string, mine: Holder): boolean {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'wx', 0o600);
    writeFileSync(descriptor, `${JSON.stringify(mine)}\n`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    // A full disk takes the name and not what belongs in the file.
    if (descriptor !== undefined) rmSync(path, { force: true });
    throw new ProblemError(notTaken(path, diskReason(error)));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Gives back a lock that this process took. */
export function releaseLock(path: string): void {
  rmSync(path, { force: true });
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

/** A holder on another machine counts as alive: this one cannot know. A process number that was given out again does not. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === undefined || startOf(holder.pid) === holder.started;
}

/** When a process started, in clock ticks since boot: field 22 of /proc/PID/stat (proc(5)). Nothing outside Linux. */
function startOf(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function notTaken(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony.",
    why: `${path}: ${why}`,
    state: 'Nothing was changed.',
    next: ['Mend that, then start Keyferry again.'],
  } as const;
}

function held(path: string, holder: Holder) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony: another Keyferry has it open.",
    why: `Process ${holder.pid} on ${holder.host} has held it since ${holder.since}.`,
    state: 'Nothing was changed.',
    next: ['Go on in that terminal, or stop it there first.', `If that machine is gone for good, remove ${path}`],
  } as const;
}
