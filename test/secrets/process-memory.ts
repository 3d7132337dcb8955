import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** Where a part of a secret lies in a process. */
export type Find = {
  readonly form: string;
  readonly address: string;
  readonly mapping: string;
  readonly whole: boolean;
};

const chunk = 256 * 1024;
const empty = Buffer.alloc(chunk + 128);
/** So many bytes in a row are no accident. */
const telling = 8;

/**
 * Looks through all memory of another process of this user (proc(5), `mem` and `maps`) for a secret: raw, as hex and as
 * base64 of any alignment. Every run of 8 bytes of it counts that does not belong to an earlier find. Left out is only what
 * a file on the disk fills and the process cannot write.
 */
export function findInMemory(pid: number, secret: Buffer): readonly Find[] {
  const needles = needlesOf(secret);
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
    return readSync(memory, buffer, 0, length, at as unknown as number);
  } catch {
    // Pages that are mapped and not there, such as the end of a file that has shrunk.
    return 0;
  }
}

type Needle = { readonly form: string; readonly bytes: Buffer };

/** Each form of the secret in windows of 8 bytes, as many characters as stand for them. */
export function needlesOf(secret: Buffer): readonly Needle[] {
  const needles: Needle[] = [];
  for (let at = 0; at + telling <= secret.length; at += telling) {
    const part = secret.subarray(at, at + telling);
    needles.push({ form: 'raw', bytes: part });
    needles.push({ form: 'hex', bytes: Buffer.from(part.toString('hex')) });
    needles.push({ form: 'HEX', bytes: Buffer.from(part.toString('hex').toUpperCase()) });
    for (const skipped of [0, 1, 2]) {
      // Behind `skipped` unknown bytes the first characters depend on those, and the last ones on what follows.
      const text = Buffer.concat([Buffer.alloc(skipped), part]).toString('base64');
      const known = text.slice(skipped === 0 ? 0 : skipped + 1).replace(/=+$/, '');
      const whole = (skipped + part.length) % 3 === 0 ? known : known.slice(0, -1);
      needles.push({ form: 'base64', bytes: Buffer.from(whole) });
      needles.push({ form: 'base64url', bytes: Buffer.from(whole.replaceAll('+', '-').replaceAll('/', '_')) });
    }
  }
  return needles;
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
