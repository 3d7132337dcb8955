import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { diskReason } from '../disk/reason.ts';
import { ProblemError } from './problem.ts';

type Holder = {
  readonly pid: number;
  readonly host: string;
  readonly since: string;
  readonly started: string | undefined;
};

/**
 * Takes a ceremony's lock: one process at a time holds it. The lock is a symbolic link whose text names its holder: the
 * system creates the link and its text in one step, on network file systems too, so that nobody reads an incomplete lock.
 * @returns who held it before, when that process has ended without giving it back.
 * @throws ProblemError that names the holder while it lives.
 */
export function takeLock(path: string): string | undefined {
  return take(path, JSON.stringify(thisProcess(new Date())));
}

/** Gives back a lock that this process took; another's stays. */
export function releaseLock(path: string): void {
  const { pid, host, started } = readHolder(readText(path) ?? '') ?? {};
  const mine = thisProcess(new Date());
  if (pid === mine.pid && host === mine.host && started === mine.started) rmSync(path, { force: true });
}

function take(path: string, mine: string): string | undefined {
  for (;;) {
    try {
      symlinkSync(mine, path);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new ProblemError(notTaken(path, diskReason(error)));
    }
    const text = readText(path);
    if (text === undefined) continue;
    const holder = readHolder(text);
    if (holder !== undefined && isAlive(holder)) throw new ProblemError(held(path, holder));
    // Of those who find an abandoned lock, only the owner of the claim on this very one may replace it. The claim
    // becomes the lock in one rename: a process that comes later finds either the claim or a lock with another text.
    const claim = `${path}-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    take(claim, mine);
    if (readText(path) !== text) {
      rmSync(claim, { force: true });
      continue;
    }
    renameSync(claim, path);
    return holder === undefined ? 'a process that left no name' : `process ${holder.pid} since ${holder.since}`;
  }
}

function thisProcess(now: Date): Holder {
  return { pid: process.pid, host: hostname(), since: now.toISOString(), started: startOf(process.pid) };
}

/** What a lock says; nothing when it is gone, and no text when it is no lock of Keyferry's. */
function readText(path: string): string | undefined {
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
