import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { type Needle, needlesOf, telling } from './needles.ts';

/** Where a part of a secret lies in a process. */
export type Find = {
  readonly form: string;
  readonly address: string;
  readonly mapping: string;
  readonly whole: boolean;
};

const chunk = 256 * 1024;
const empty = Buffer.alloc(chunk + 128);

/**
 * Looks through all memory of another process of this user (proc(5), `mem` and `maps`) for a secret: raw, as hex and as
 * base64 of any alignment. Every run of 15 bytes of it is found. Left out is only what
 * a file on the disk fills and the process cannot write.
 */
export function findInMemory(pid: number, secret: Buffer): readonly Find[] {
  // Whoever holds 15 bytes in a row holds one of these windows.
  const needles = needlesOf(secret, telling);
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  const finds: Find[] = [];
  const buffer = Buffer.allocUnsafeSlow(chunk + 128);
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, name = ''] = /^(\w+)-(\w+) r\S* \S+ \S+ \S+ *(.*)$/.exec(line) ?? [];
      if (from === undefined || to === undefined || name === '[vvar]' || name === '[vsyscall]') continue;
      if (name.startsWith('/') && !/^\S+ rw/.test(line)) continue;
      const end = BigInt(`0x${to}`);
      for (let start = BigInt(`0x${from}`); start < end; start += BigInt(chunk)) {
        const wanted = Number(end - start < BigInt(buffer.length) ? end - start : BigInt(buffer.length));
        const length = readWhatIsThere(memory, buffer, wanted, start);
        if (buffer.compare(empty, 0, length, 0, length) !== 0)
          finds.push(...findIn(buffer.subarray(0, length), needles, { start, name: name || '(anonymous)', secret }));
      }
    }
  } finally {
    closeSync(memory);
    buffer.fill(0);
  }
  return finds;
}

function readWhatIsThere(memory: number, buffer: Buffer, length: number, at: bigint): number {
  try {
    return readSync(memory, buffer, 0, length, at);
  } catch {
    // Pages that are mapped and not there, such as the end of a file that has shrunk.
    return 0;
  }
}

function findIn(
  bytes: Buffer,
  needles: readonly Needle[],
  { start, name, secret }: { start: bigint; name: string; secret: Buffer },
): Find[] {
  const found = new Map<string, Find>();
  for (const { form, bytes: needle } of needles) {
    for (let at = bytes.indexOf(needle); at !== -1; at = bytes.indexOf(needle, at + 1)) {
      // What begins in the overlap with the next chunk is found there.
      if (at >= chunk) break;
      const offset = form === 'raw' ? secret.indexOf(needle) : 0;
      const base = at - offset;
      const whole = form === 'raw' && base >= 0 && bytes.subarray(base, base + secret.length).equals(secret);
      const address = (start + BigInt(whole ? base : at)).toString(16);
      found.set(`${form} ${address}`, { form, address, mapping: name, whole });
    }
  }
  return [...found.values()];
}
