import { lstatSync, readFileSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { diskReason } from '../disk/reason.ts';
import { sha256Of } from '../disk/sha256.ts';
import { ProblemError } from './problem.ts';

/** The process that holds a lock, as the text of the lock describes it. Another program may have written that text. */
const holderSchema = v.object({
  pid: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  host: v.string(),
  /** When the process took the lock, ISO 8601. */
  since: v.string(),
  /** When the process began: see {@link readStart}. Tells the process from a later process with the same number. */
  started: v.optional(v.string()),
});

type Holder = Readonly<v.InferOutput<typeof holderSchema>>;

/**
 * Takes the lock of a ceremony, which one process at a time holds. The lock is a symbolic link; its target is no path, but a
 * JSON text that names the holder. The system creates the link and its text in one step, on network file systems too, so
 * that nobody reads an incomplete lock.
 * @returns words about the process that held the lock before, when that process ended without releasing the lock; otherwise
 * `undefined`. A lock that names no process counts as left behind.
 * @throws ProblemError when a living process or one on another machine holds the lock, when a folder has its path, or when the
 * link cannot be made or read.
 */
export function takeLock(path: string): string | undefined {
  return takeLockAs(path, JSON.stringify(thisProcess(new Date())));
}

/**
 * Removes the lock when this process holds it. Does nothing when there is no lock, or when another process holds it. A lock that
 * cannot be read stays: the next run takes it over, because this process has ended by then.
 */
export function releaseLock(path: string): void {
  const { pid, host, started } = readHolderAt(path) ?? {};
  // The date is the `since` of a new lock, which is not compared here.
  const self = thisProcess(new Date());
  if (pid === self.pid && host === self.host && started === self.started) rmSync(path, { force: true });
}

/**
 * Takes the lock `path` for the holder that `holderText` describes.
 * @returns words about the process that held the lock before, or `undefined`, as {@link takeLock} does.
 * @throws ProblemError as {@link takeLock} does.
 */
function takeLockAs(path: string, holderText: string): string | undefined {
  for (;;) {
    try {
      symlinkSync(holderText, path);
      return undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new ProblemError(notTakenProblem(path, diskReason(error)));
    }
    const text = readLockText(path);
    // The holder has just released the lock, so this process tries again.
    if (text === undefined) continue;
    // A folder at this path is not a lock, and cannot be replaced as a lock can.
    if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) throw new ProblemError(noLockProblem(path));
    const holder = readHolder(text);
    if (holder !== undefined && isAlive(holder)) throw new ProblemError(lockHeldProblem(path, holder));
    if (replaceAbandoned(path, text, holderText))
      return holder === undefined ? 'a process that left no name' : `process ${holder.pid} since ${holder.since}`;
    // Another process has replaced the lock first, so this process looks at the new one.
  }
}

/**
 * Replaces a lock that an ended process has left behind, or that names no process. Several processes may find the same abandoned
 * lock, so a process first takes a second lock, the claim, whose name is made from the text of the abandoned lock. Only the holder
 * of the claim may replace the abandoned lock: renaming the claim makes it the lock in one step.
 * @returns false when another process has replaced or removed the abandoned lock before this process got the claim.
 * @throws ProblemError when the claim cannot be taken, or the lock cannot be read: see {@link takeLockAs}.
 */
function replaceAbandoned(path: string, abandonedText: string, holderText: string): boolean {
  const claim = `${path}-${sha256Of(abandonedText).slice(0, 16)}`;
  takeLockAs(claim, holderText);
  let isReplaced = false;
  try {
    if (readLockText(path) === abandonedText) {
      renameSync(claim, path);
      isReplaced = true;
    }
  } finally {
    // This process may try again: then it must not find its own claim.
    if (!isReplaced) rmSync(claim, { force: true });
  }
  return isReplaced;
}

/** Describes this process as the holder of a lock that it takes now. */
function thisProcess(now: Date): Holder {
  return { pid: process.pid, host: hostname(), since: now.toISOString(), started: readStart(process.pid) };
}

/**
 * Gives the text of a lock. Gives `undefined` when there is no lock, and an empty text when `path` is no symbolic link.
 * @throws ProblemError when the lock cannot be read. Nobody knows then whether a living process holds it.
 */
function readLockText(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'EINVAL') return '';
    throw new ProblemError(notTakenProblem(path, diskReason(error)));
  }
}

/** Gives the holder of the lock `path`; `undefined` when there is none, or when the lock cannot be read. */
function readHolderAt(path: string): Holder | undefined {
  try {
    return readHolder(readLockText(path) ?? '');
  } catch {
    return undefined;
  }
}

/** Gives the holder that the text of a lock describes, or `undefined` when the text describes none. */
function readHolder(text: string): Holder | undefined {
  try {
    const parsed = v.safeParse(holderSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Tells whether the holder of a lock still runs. Gives true for a holder on another machine, because this machine cannot
 * know. Gives false also when another process has the holder's process number now: then the holder began at another time. When
 * the lock does not have that time, only the number counts.
 */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    // The signal 0 is not sent; the call only looks whether the process exists (kill(2)).
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    // Any other error, such as EPERM, is about a process that exists.
  }
  return holder.started === undefined || readStart(holder.pid) === holder.started;
}

/** Gives the time when a process began, in clock ticks since boot; `undefined` outside Linux and for a process that has ended. */
function readStart(pid: number): string | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The time is field 22 (proc(5)). Field 2, the program's name in brackets, may have spaces. So the fields are counted
    // from field 3 on, which has the index 0 here.
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
    next: ['Remove the cause, then start Keyferry again.'],
  } as const;
}

/** The problem of a folder that has the name of the lock. Keyferry never makes such a folder. */
function noLockProblem(path: string) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony.",
    why: `${path} has the name of its lock, and is a folder.`,
    state: 'Nothing was changed.',
    next: ['Look at it, and move it away. Then start Keyferry again.'],
  } as const;
}

function lockHeldProblem(path: string, holder: Holder) {
  return {
    kind: 'fixable',
    what: "Can't open this ceremony: another Keyferry has it open.",
    why: `Process ${holder.pid} on ${holder.host} has held it since ${holder.since}.`,
    state: 'Nothing was changed.',
    next: ['Go on in that terminal, or stop it there first.', `If that machine is gone for good, remove ${path}`],
    // While it is held, the command that continues would end here again.
    endsHere: true,
  } as const;
}
