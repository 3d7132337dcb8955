import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store.ts';
import { bodiesName, writerOf } from './body-folder.ts';

/** How many milliseconds a request needs at most to write the record of a complete body. */
const longestWaitMilliseconds = 60_000;

/**
 * Removes the files that a killed process has left: incomplete bodies, and complete bodies without a record. Keeps files that
 * may belong to a running process.
 */
export function sweepBodies(store: Store): void {
  const folder = join(store.folder, bodiesName);
  const filesInRecords = new Set(
    store
      .all<{ file: string }>(
        `SELECT json_extract(value, '$.file') AS file FROM s3_object, json_each(doc, '$.segments')
         UNION SELECT json_extract(doc, '$.segment.file') FROM s3_part`,
      )
      .map(({ file }) => file),
  );
  for (const name of readdirSync(folder)) {
    const writer = writerOf(name);
    const isLeftOver =
      writer === undefined ? !filesInRecords.has(name) && isOld(join(folder, name)) : !isRunning(writer);
    if (isLeftOver) rmSync(join(folder, name), { force: true });
  }
}

/** True when a file is so old that no request will write a record for it. */
function isOld(file: string): boolean {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && stat.mtimeMs < Date.now() - longestWaitMilliseconds;
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 only checks that the process exists. With EPERM it exists, and belongs to another user.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
