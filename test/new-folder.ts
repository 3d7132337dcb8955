import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const memory = '/dev/shm';
/** More than all tests together write at one time. Containers often have 64 MiB there. */
const neededBytes = 2 ** 31;
const prefix = 'keyferry-test-';

const parent = hasRoom(memory) ? memory : tmpdir();
const folders: string[] = [];
removeLeftFolders();
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/**
 * An empty folder that is gone when this process ends. It is in memory where that has room, so that nobody waits for the disk: a
 * flush to a disk takes milliseconds, and a test of the program makes many.
 */
export function newFolder(): string {
  const folder = mkdtempSync(join(parent, `${prefix}${process.pid}-`));
  folders.push(folder);
  return folder;
}

function hasRoom(fileSystem: string): boolean {
  if (!existsSync(fileSystem)) return false;
  const { bavail, bsize } = statfsSync(fileSystem);
  return bavail * bsize >= neededBytes;
}

/** Removes the folders of processes that were killed: these would take memory until the machine starts again. */
function removeLeftFolders(): void {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(prefix)) continue;
    const [pid = ''] = name.slice(prefix.length).split('-');
    if (/^\d+$/.test(pid) && !existsSync(`/proc/${pid}`) && existsSync('/proc/self'))
      rmSync(join(parent, name), { recursive: true, force: true });
  }
}
