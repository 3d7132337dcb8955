import { randomUUID } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/**
 * Object bodies are files in a folder of the state, each with a unique name that is never used again: a file is
 * complete as soon as it has its name, and nobody writes to it afterwards.
 */
export const bodiesName = 'objects';

/** Enough to keep the disk busy while the next bytes are read; the most that an upload holds in memory. */
const bufferBytes = 1024 * 1024;

/** On the disk before anyone is told that it is there: `flush` writes through the system's cache at the end. */
const writing = { mode: 0o600, flags: 'wx', highWaterMark: bufferBytes, flush: true } as const;

/** Makes the folder (0700) where it is missing. */
export function openBodyFolder(stateFolder: string): void {
  mkdirSync(join(stateFolder, bodiesName), { recursive: true, mode: 0o700 });
}

/** Gives the path of the body with this name. */
export function bodyPath(stateFolder: string, name: string): string {
  return join(stateFolder, bodiesName, name);
}

/**
 * Streams a body into a file under a temporary name, and gives the name that the complete file then has. What `check`
 * throws, once every byte has passed, leaves nothing behind.
 */
export async function keepBody(
  stateFolder: string,
  body: AsyncIterable<Buffer>,
  check: () => void = () => undefined,
): Promise<string> {
  const name = randomUUID();
  // The process is in the name: what it leaves behind when it is killed can be told from what it is writing.
  const unfinished = bodyPath(stateFolder, `${name}.${process.pid}.part`);
  try {
    await pipeline(body, createWriteStream(unfinished, writing));
    check();
    await rename(unfinished, bodyPath(stateFolder, name));
    await flushFolder(dirname(unfinished));
    return name;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Gives the process that was writing a body which never got its name; `undefined` for a complete body. */
export function unfinishedOf(name: string): number | undefined {
  const pid = /\.(\d+)\.part$/.exec(name)?.[1];
  return pid === undefined ? undefined : Number(pid);
}

/** Removes bodies that no record names any longer. A reader that has one open reads it to its end. */
export async function dropBodies(stateFolder: string, names: readonly string[]): Promise<void> {
  await Promise.all(names.map(async (name) => rm(bodyPath(stateFolder, name), { force: true })));
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
