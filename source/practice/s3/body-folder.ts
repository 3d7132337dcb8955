import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeFolders } from '../../disk/private-folder.ts';

/**
 * The folder, in the state folder, that contains the bodies of objects. Each body is a file with a unique name. A file gets
 * this name only when it is complete, and is never changed after that.
 */
export const bodiesName = 'objects';

/** How much of an upload is in memory at most. It is enough to keep the disk busy while the next bytes are read. */
const bufferBytes = 1024 * 1024;

/** `flush`: Node flushes the file to the disk at the end, before the client gets its answer. */
const writeOptions = { mode: 0o600, flags: 'wx', highWaterMark: bufferBytes, flush: true } as const;

/** Makes the folder for bodies (0700) when it is missing. */
export function openBodyFolder(stateFolder: string): void {
  makeFolders(join(stateFolder, bodiesName));
}

/** Gives the path of the body with this name. */
export function bodyPath(stateFolder: string, name: string): string {
  return join(stateFolder, bodiesName, name);
}

/**
 * Writes a body to a file and gives the name of the complete file. The file has a temporary name until it is complete.
 * @param check runs after the last byte.
 * @throws the error of the body, of `check` or of the system. Then the file is removed.
 */
export async function keepBody(
  stateFolder: string,
  body: AsyncIterable<Buffer>,
  check: () => void = () => undefined,
): Promise<string> {
  const name = randomUUID();
  // With the process id in the name, `sweepBodies` can see whether a process still writes the file or has been killed.
  const partFile = bodyPath(stateFolder, `${name}.${process.pid}.part`);
  try {
    await pipeline(body, createWriteStream(partFile, writeOptions));
    check();
    await rename(partFile, bodyPath(stateFolder, name));
    await flushFolder(dirname(partFile));
    return name;
  } catch (error) {
    await rm(partFile, { force: true });
    throw error;
  }
}

/**
 * Gives the id of the process that writes an incomplete body, or was writing it. Gives `undefined` for a complete body.
 * @param name the name of the file.
 */
export function writerOf(name: string): number | undefined {
  const pid = /\.(\d+)\.part$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Removes the files of bodies that are not needed any longer. A reader that has opened a file can still read all of it. */
export async function dropBodies(stateFolder: string, names: readonly string[]): Promise<void> {
  await Promise.all(names.map(async (name) => rm(bodyPath(stateFolder, name), { force: true })));
}

/** Writes the entries of a folder to the disk, so that a new name is still there after a loss of power. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
