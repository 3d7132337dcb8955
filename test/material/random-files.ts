import { createCipheriv } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A stream of random bytes that is the same for the same seed. */
export function seededBytes(seed: number): (length: number) => Buffer {
  const key = Buffer.alloc(16);
  key.writeUInt32BE(seed >>> 0);
  const cipher = createCipheriv('aes-128-ctr', key, Buffer.alloc(16));
  return (length) => cipher.update(Buffer.alloc(length));
}

const sources = fileURLToPath(new URL('../../source', import.meta.url));

/** Files of the kinds that people upload, at most 64 KiB each: no two alike, and none with a secret in it. */
export function* randomFiles(seed: number, count: number): Generator<{ kind: string; bytes: Buffer }> {
  const next = seededBytes(seed);
  const number = (below: number) => next(4).readUInt32BE() % below;
  const lines = (text: string, width: number) => text.replaceAll(new RegExp(`.{${width}}`, 'g'), '$&\n');
  const programs = readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(sources, name), 'utf8'));
  const kinds: Readonly<Record<string, (length: number) => string | Uint8Array>> = {
    'random bytes': next,
    'a key of its own': () => next(32),
    'hex in one line': (length) => next(length / 2).toString('hex'),
    'hex in lines': (length) => lines(next(length / 2).toString('hex'), 64),
    'a hex dump': (length) =>
      lines(next(length / 4).toString('hex'), 32)
        .split('\n')
        .map((line, index) => `${(16 * index).toString(16).padStart(8, '0')}: ${line.replaceAll(/.{4}/g, '$& ')}`)
        .join('\n'),
    checksums: (length) =>
      Array.from({ length: length / 80 }, (_, index) => `${next(32).toString('hex')}  file-${index}.bin`).join('\n'),
    'base64 in one line': (length) => next((length * 3) / 4).toString('base64'),
    'base64 in lines': (length) => lines(next((length * 3) / 5).toString('base64'), 76),
    'tokens of base64url': (length) =>
      Array.from({ length: length / 50 }, () => next(32).toString('base64url')).join('\n'),
    'a program': (length) => {
      const from = number(programs.length);
      return `${number(2 ** 32)}\n${programs.slice(from, from + 20).join('\n')}`.slice(0, length);
    },
    'a program in UTF-16': (length) =>
      Buffer.from(`\uFEFF${number(2 ** 32)}${programs[number(programs.length)]}`.slice(0, length / 2), 'utf16le'),
    'zeros and ones': (length) => Buffer.concat([Buffer.alloc(length / 2), next(8), Buffer.alloc(length / 3, '1')]),
  };
  const names = Object.keys(kinds);
  for (let index = 0; index < count; index++) {
    const kind = names[index % names.length] ?? '';
    const length = index % 97 === 0 ? 64 * 1024 : number(2 ** (6 + number(8)));
    yield { kind, bytes: Buffer.from(kinds[kind]?.(length) ?? '').subarray(0, 64 * 1024) };
  }
}
