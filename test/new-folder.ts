import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const memory = '/dev/shm';
/** More than all tests together write at one time. Containers often have 64 MiB there. */
const neededBytes = 2 ** 31;

/**
 * An empty folder that is gone when this process ends. It is in memory where that has room, so that nobody waits for the disk: a
 * flush to a disk takes milliseconds, and a test of the program makes many.
 */
export function newFolder(): string {
  const folder = mkdtempSync(join(hasRoom(memory) ? memory : tmpdir(), 'keyferry-test-'));
  folders.push(folder);
  return folder;
}

function hasRoom(fileSystem: string): boolean {
  if (!existsSync(fileSystem)) return false;
  const { bavail, bsize } = statfsSync(fileSystem);
  return bavail * bsize >= neededBytes;
}
