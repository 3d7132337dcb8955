import { appendFileSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Journal } from '../../source/ceremony/journal.ts';
import type { JournalEntry } from '../../source/ceremony/journal-line.ts';
import { lockFile } from '../../source/commands/ceremony-journals.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { connectionOf } from '../known-facts.ts';

/** The line of a step that is done. */
export const done = (step: string, facts: Facts): JournalEntry => ({ kind: 'done', step, facts });

/** The connection to practice AWS of an administrator, and the line of the step that made it. */
export const connection = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
export const connected = done('connect', { connection });

/** A later ceremony has sent something. */
export const sent = { kind: 'intent', step: 'bring-back', name: 'import' } as const;
export const finished = { kind: 'finished' } as const;

let seconds = 0;

/** Writes a journal of a ceremony: that it was begun, and these lines. Each line is a second later than the one before. */
export function journal(folder: string, name: string, ceremony: string, ...lines: readonly JournalEntry[]): Journal {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const clock = () => new Date(Date.UTC(2026, 10, 25) + 1000 * seconds++);
  const made = new Journal(join(folder, name), clock);
  made.append({ kind: 'begun', ceremony, id: `${ceremony}-${seconds}`, version: '0.0.0' });
  for (const line of lines) made.append(line);
  made.close();
  return made;
}

/** Makes a journal unreadable from the line behind its last one. */
export const damage = (path: string) => appendFileSync(path, 'no line of a journal\n');

/** The file name of the journal of a later ceremony. */
export const nameAt = (ceremony: string, second: number) => `journal-${ceremony}-20261125T14020${second}Z.jsonl`;

/** Tells whether a run holds the lock of a folder. The lock is a link to nothing, which does not count as a file that exists. */
export const isLocked = (folder: string) => lstatSync(join(folder, lockFile), { throwIfNoEntry: false }) !== undefined;
