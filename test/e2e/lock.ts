import { lstatSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const lockOf = (folder: string) => join(folder, 'journal.lock');

/** Whether a process holds the ceremony in this folder. The lock is a link that leads nowhere: its text names the holder. */
export function isLocked(folder: string): boolean {
  return lstatSync(lockOf(folder), { throwIfNoEntry: false }) !== undefined;
}

/** The process that holds the ceremony in this folder. */
export function lockHolder(folder: string): number {
  const { pid } = JSON.parse(readlinkSync(lockOf(folder))) as { pid: number };
  return pid;
}
