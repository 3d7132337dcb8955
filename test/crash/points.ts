/**
 * Loaded before the program (`node --import`): finds the points at which a ceremony can be cut off, and kills the process
 * at one of them. A point lies immediately before and after each change of a file in the ceremony's folder and each
 * request to AWS, and in the middle of each write. The program knows nothing of this.
 *
 * POINTS_IN: the ceremony's folder. POINTS_LOG: a file that gets each point's name. POINTS_KILL: the number of the point
 * to die at, from 1. POINTS_FULL: the number of the point, in the middle of a write, at which the disk becomes full.
 * POINTS_OF: a pattern for the names of the points that count.
 */
import fs from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import { relative, resolve } from 'node:path';

const { POINTS_IN = '', POINTS_LOG = '', POINTS_KILL = '', POINTS_FULL = '', POINTS_OF = '' } = process.env;
const counting = new RegExp(POINTS_OF);
const { appendFileSync, openSync, writeSync } = fs;
let count = 0;
let full = false;

function point(name: string): void {
  if (!counting.test(name)) return;
  count += 1;
  appendFileSync(POINTS_LOG, `${name}\n`);
  if (count === Number(POINTS_KILL)) process.kill(process.pid, 'SIGKILL');
}

const names = new Map<number, string>();

/** The name of a file of the ceremony, without what differs from run to run; practice AWS's own state does not count. */
function nameOf(file: unknown): string | undefined {
  const name = typeof file === 'number' ? names.get(file) : relative(POINTS_IN, resolve(String(file)));
  if (name === undefined || name.startsWith('..') || name.startsWith('keyferry-practice-aws')) return undefined;
  return name.replace(/[0-9a-f-]{36}_\d+/, 'KEY') || 'the folder';
}

/** What a line of the journal says, so that its point can be told from others. */
function lineOf(data: unknown): string {
  const [, kind = '', step = ''] = /^\{"kind":"(\w+)"(?:,"(?:step|operation)":"([^"]+)")?/.exec(String(data)) ?? [];
  return kind === '' ? '' : ` (${kind} ${step})`;
}

type Call = (...args: unknown[]) => unknown;

function around(call: string, says: (args: unknown[]) => string | undefined, half?: (args: unknown[]) => void): void {
  const original: Call = Reflect.get(fs, call);
  const watched: Call = (...args) => {
    const name = says(args);
    if (name === undefined) return original(...args);
    point(`before ${name}`);
    if (half !== undefined) {
      const at = counting.test(`half ${name}`) ? String(count + 1) : undefined;
      if (at === POINTS_KILL || at === POINTS_FULL) half(args);
      point(`half ${name}`);
      full ||= at === POINTS_FULL;
      if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    }
    const result = original(...args);
    point(`after ${name}`);
    return result;
  };
  Reflect.set(fs, call, watched);
}

const inFolder = (verb: string) => (args: unknown[]) => {
  const name = nameOf(args[0]);
  return name === undefined ? undefined : `${verb} ${name}`;
};
const newName = (verb: string) => (args: unknown[]) => {
  const name = nameOf(args[1]);
  return name === undefined ? undefined : `${verb} ${name}`;
};
const halfOf = (args: unknown[]) => {
  const bytes = Buffer.from(args[1] as Uint8Array);
  writeSync(args[0] as number, bytes, 0, Math.floor(bytes.length / 2));
};

const watchedOpen: Call = (...args) => {
  const name = nameOf(args[0]);
  const makes = typeof args[1] === 'number' && (args[1] & fs.constants.O_CREAT) !== 0;
  if (name !== undefined && makes) point(`before open ${name}`);
  const descriptor = (openSync as Call)(...args);
  names.delete(descriptor as number);
  if (name !== undefined && makes) {
    names.set(descriptor as number, relative(POINTS_IN, resolve(String(args[0]))));
    point(`after open ${name}`);
  }
  return descriptor;
};
Reflect.set(fs, 'openSync', watchedOpen);
around('writeSync', (args) => inFolder('write')(args)?.concat(lineOf(args[1])), halfOf);
// Bytes go through writeSync from here.
around('writeFileSync', (args) => (typeof args[1] === 'string' ? inFolder('write')(args) : undefined), halfOf);
around('ftruncateSync', inFolder('cut'));
around('mkdirSync', inFolder('make'));
around('rmSync', (args) =>
  fs.lstatSync(String(args[0]), { throwIfNoEntry: false }) ? inFolder('remove')(args) : undefined,
);
around('unlinkSync', inFolder('remove'));
around('renameSync', newName('rename to'));
around('linkSync', newName('link'));
around('symlinkSync', newName('lock'));

const { request } = http;
http.request = ((options: http.RequestOptions, onResponse?: (response: http.IncomingMessage) => void) => {
  const { method, path: target, headers = {} } = options;
  const { 'x-amz-target': operation, authorization } = headers as Record<string, string>;
  const service = /\/(kms|s3|sts|iam)\/aws4_request/.exec(authorization ?? '')?.[1] ?? '';
  const name = `request ${service} ${operation ?? `${method} ${target?.replace(/[0-9a-f]{8}(?=[/?]|$)/, 'KEY')}`}`;
  point(`before ${name}`);
  const made = request(options, onResponse);
  made.once('finish', () => point(`sent ${name}`));
  made.prependOnceListener('response', () => point(`after ${name}`));
  return made;
}) as typeof request;
syncBuiltinESMExports();
