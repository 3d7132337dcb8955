import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../new-folder.ts';
import { stateFolderIn } from '../practice/in-practice.ts';

/** A copy of a folder with a practice ceremony in `w`. */
export function copyCeremony(prepared: string): string {
  const folder = newFolder();
  cpSync(prepared, folder, { recursive: true });
  // Copies of folders are open to others.
  const workdir = join(folder, 'w');
  for (const own of [workdir, stateFolderIn(workdir)]) chmodSync(own, 0o700);
  return folder;
}

/** Checks that every file in a ceremony's folder is whole, and that the lock is gone. @returns the names of the files. */
export function assertWholeAndUnlocked(workdir: string): readonly string[] {
  const names = readdirSync(workdir);
  assert.deepEqual(
    names.filter((name) => /^\.|\.new$|lock/.test(name)),
    [],
    'nothing is left half written or locked',
  );
  return names;
}
