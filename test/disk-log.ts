import { type ChannelListener, subscribe, unsubscribe } from 'node:diagnostics_channel';
import fs from 'node:fs';
import type { ClientRequest } from 'node:http';
import { basename } from 'node:path';
import type { TestContext } from 'node:test';
import { replaceMembers } from './replace-members.ts';

/** What happened to a file of that name, `name` when it got it, or that a request to AWS went out, in their order. */
export type DiskEvent =
  | { readonly does: 'write'; readonly file: string; readonly data: Buffer }
  | { readonly does: 'flush' | 'remove' | 'name'; readonly file: string }
  | { readonly does: 'send'; readonly request: string };

/**
 * Notes what this process writes, flushes and removes, and its requests, until the test ends. Only files that are opened
 * from now on have names.
 */
export function watchDisk(t: TestContext): readonly DiskEvent[] {
  const events: DiskEvent[] = [];
  const names = new Map<number, string>();
  const { openSync, closeSync, writeSync, fsyncSync, unlinkSync, rmSync, linkSync, renameSync } = fs;
  const nameOf = (descriptor: number) => names.get(descriptor) ?? '';
  const watched = {
    openSync: (...args: Parameters<typeof openSync>) => {
      const descriptor = openSync(...args);
      names.set(descriptor, basename(String(args[0])));
      return descriptor;
    },
    closeSync: (descriptor: number) => {
      closeSync(descriptor);
      names.delete(descriptor);
    },
    writeSync: (descriptor: number, data: Buffer | string, ...more: readonly number[]) => {
      const copy = typeof data === 'string' ? Buffer.from(data) : Buffer.from(data);
      events.push({ does: 'write', file: nameOf(descriptor), data: copy });
      return (writeSync as (...args: readonly unknown[]) => number)(descriptor, data, ...more);
    },
    fsyncSync: (descriptor: number) => {
      fsyncSync(descriptor);
      events.push({ does: 'flush', file: nameOf(descriptor) });
    },
    unlinkSync: (path: fs.PathLike) => {
      unlinkSync(path);
      events.push({ does: 'remove', file: basename(String(path)) });
    },
    rmSync: (path: fs.PathLike, options?: fs.RmOptions) => {
      rmSync(path, options);
      events.push({ does: 'remove', file: basename(String(path)) });
    },
    linkSync: (from: fs.PathLike, to: fs.PathLike) => {
      linkSync(from, to);
      events.push({ does: 'name', file: basename(String(to)) });
    },
    renameSync: (from: fs.PathLike, to: fs.PathLike) => {
      renameSync(from, to);
      events.push({ does: 'name', file: basename(String(to)) });
    },
  };
  const sent: ChannelListener = (message) => {
    const { request } = message as { request: ClientRequest };
    const operation = request.getHeader('x-amz-target') ?? `${request.method} ${request.path}`;
    events.push({ does: 'send', request: String(operation).replace('TrentService.', '') });
  };
  replaceMembers(t, fs, watched);
  subscribe('http.client.request.start', sent);
  t.after(() => unsubscribe('http.client.request.start', sent));
  return events;
}
