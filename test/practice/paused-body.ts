import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';

/** The members of an upload whose body waits, once its first bytes have come, until something else is done. */
export function pausedBody(folder: string, body: Buffer, meanwhile: () => Promise<unknown>) {
  const watcher = watch(join(folder, 'objects'), { persistent: false });
  const isArriving = once(watcher, 'change').finally(() => watcher.close());
  const half = Math.floor(body.length / 2);
  async function* bytes() {
    yield body.subarray(0, half);
    await isArriving;
    await meanwhile();
    yield body.subarray(half);
  }
  return { Body: Readable.from(bytes()), ContentLength: body.length };
}
