import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { diskReason } from '../disk/reason.ts';
import { ProblemError } from './problem.ts';

/** A process that holds a lock, as the lock names it. `started` tells a process from a later one with the same number. */
type Holder = {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly started: string | undefined;
};

/**
 * Takes the lock of a ceremony, which one process at a time holds. The lock is a symbolic link whose text names its holder.
 * The system creates the link and its text in one step, on network file systems too, so that nobody reads an incomplete
 * lock.
 * @returns words about the process that held the lock before, when that process ended without releasing it; else
 * `undefined`.
 * @throws ProblemError when a living process holds the lock, or the link cannot be made.
 */
export function takeLock(path: string): string | undefined {
  return take(path, JSON.stringify(thisProcess(new Date())));
}

/** Removes the lock when this process holds it. Does nothing when another process holds it. */
export function releaseLock(path: string): void {
  const { pid, host, started } = readHolder(readLockText(path) ?? '') ?? {};
  const mine = thisProcess(new Date());
  if (pid === mine.pid && host === mine.host && started === mine.started) rmSync(path, { force: true });
}

function take(path: string, mine: string): string | undefined {
  for (;;) {
    try {
      symlinkSync(mine, path);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new ProblemError(notTakenProblem(path, diskReason(error)));
    }
    const text = readLockText(path);
    if (text === undefined) continue;
    const holder = readHolder(text);
    if (holder !== undefined && isAlive(holder)) throw new ProblemError(lockHeldProblem(path, holder));
    // Several processes may find the same abandoned lock. The claim is a second lock, named after the text of the abandoned
    // one; only its owner may replace the abandoned lock. Renaming the claim makes it the lock in one step.
    const claim = `${path}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    take(claim, mine);
    if (readLockText(path) !== text) {
      rmSync(claim, { force: true });
      continue;
    }
    renameSync(claim, path);
    return holder === undefined ? 'a process that left no name' : `process ${holder.pid} since ${holder.since}`;
  }
}

function thisProcess(now: Date): Holder {
  return { pid: process.pid, host: hostname(), since: now.toISOString(), started: readStart(process.pid) };
}

/** Gives the text of a lock: `undefined` when there is no lock, an empty text when the file is no symbolic link. */
function readLockText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

function readHolder(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether the holder of a lock still runs. A holder on another machine counts as alive, because this machine cannot
 * know. A later process with the same number is not the holder.
 */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return holder.started === undefined || readStart(holder.pid) === holder.started;
}

/**
 * Gives the start of a process in clock ticks since boot: field 22 of /proc/PID/stat (proc(5)); `undefined` outside Linux.
 */
function readStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return status.slice(status.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

function notTakenProblem(path: string, why: string) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony.",
    why: `${path}: ${why}`,
    state: 'Nothing was changed.',
    next: ['Mend that, then start Keyferry again.'],
  } as const;
}

function lockHeldProblem(path: string, holder: Holder) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony: another Keyferry has it open.",
    why: `Process ${holder.pid} on ${holder.host} has held it since ${holder.since}.`,
    state: 'Nothing was changed.',
    next: ['Go on in that terminal, or stop it there first.', `If that machine is gone for good, remove ${path}`],
  } as const;
}
