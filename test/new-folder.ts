import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * An empty folder that is gone when this process ends.
 * @param inMemory where there is a file system in memory, the folder is there: nobody waits for the disk.
 */
export function newFolder({ inMemory = false } = {}): string {
  const parent = inMemory && existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
  const folder = mkdtempSync(join(parent, 'keyferry-test-'));
  folders.push(folder);
  return folder;
}
