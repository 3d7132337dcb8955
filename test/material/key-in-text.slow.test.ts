import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { isLong, seed } from '../seed.ts';
import { around } from './around-key.ts';
import { seededBytes } from './random-files.ts';
import { assertPlain, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const files = isLong ? 20_000 : 600;
const path = temporaryFolder().put('key', '');

const next = seededBytes(seed);
const number = (below: number) => next(4).readUInt32BE() % below;
const oneOf = <Item>(items: readonly Item[]) => items[number(items.length)] as Item;

/** Lines that stand beside a key in files of people, without 32 bytes in them. */
const neighbours = [
  '# made by hand',
  'MODE=gcm',
  '',
  'created: 2026-11-24T10:00:00Z',
  '// do not commit',
  'iv: 0f1e2d3c4b5a69788796a5b4c3d2e1f0',
  '"bits": 256,',
  'path=/srv/keys/2026/photos.key',
  '}',
];

type Change = {
  /** `key`: the file has the key and must be offered. `perhaps`: where it is offered, it is the key. `none`: it has no key. */
  readonly has: 'key' | 'perhaps' | 'none';
  readonly change: (file: string | Buffer) => string | Buffer;
  /** How many bytes are in the file in place of the 32 of the key. */
  readonly length?: number;
};

const atLine = (file: string | Buffer, line: string) => {
  if (typeof file !== 'string') return file;
  const lines = file.split('\n');
  lines.splice(number(lines.length + 1), 0, line);
  return lines.join('\n');
};
const besides = (file: string | Buffer, line: string) =>
  typeof file !== 'string' ? file : oneOf([`${line}\n${file}`, `${file}\n${line}\n`]);
const otherValue = () => {
  const bytes = next(32);
  return oneOf([
    `OTHER=${bytes.toString('hex')}`,
    `"other": "${bytes.toString('base64')}",`,
    bytes.toString('base64url'),
  ]);
};
const cuts: readonly Change[] = [
  { has: 'perhaps', change: (file) => file.slice(0, number(file.length)) },
  { has: 'perhaps', change: (file) => file.slice(number(file.length)) },
];
const changes: readonly Change[] = [
  { has: 'key', change: (file) => file },
  { has: 'key', change: (file) => (typeof file === 'string' ? file.replaceAll(/\r?\n/g, '\r\n') : file) },
  { has: 'key', change: (file) => (typeof file === 'string' ? utf16(file) : file) },
  { has: 'perhaps', change: (file) => atLine(file, oneOf(neighbours)) },
  { has: 'perhaps', change: (file) => besides(file, otherValue()) },
  ...cuts,
  { has: 'none', length: 16, change: (file) => file },
  { has: 'none', length: 31, change: (file) => file },
  { has: 'none', length: 33, change: (file) => file },
  { has: 'none', length: 48, change: (file) => file },
];

/** Where a number has one to three digits, a digit that is cut off at an end of the list leaves another number. */
const mayLoseDigits = /decimal|signed|leading zero/;
const isCut = (change: Change) => change === cuts[0] || change === cuts[1];

/** Random letters of base64url lack capitals, small letters or digits once in a thousand keys, and then count as a name. */
const mayBeName = new Set(['base64url in JSON']);

test(`of ${files} random files around known keys, what is offered is the key`, () => {
  for (let made = 0; made < files; ) {
    const key = next(32);
    for (const [index, each] of changes.entries()) {
      const { has, change, length = 32 } = each;
      const bytes = Buffer.concat([key, next(64)]).subarray(0, length);
      for (const [kind, file] of Object.entries(around(bytes))) {
        if (isCut(each) && mayLoseDigits.test(kind)) continue;
        made++;
        const content = change(file);
        const about = `${kind}, change ${index}, ${length} bytes`;
        writeFileSync(path, content);
        const { verdict, form, findings } = inspectKeyFile(path);
        if (content.length > 0) assertPlain(findings);
        const isOffered = verdict === 'ready' || verdict === 'convertible';
        if (has === 'key' && !mayBeName.has(kind)) assert.ok(isOffered, `${about}: ${findings.join(' ')}`);
        if (has === 'none') assert.ok(!isOffered, `${about}: ${findings.join(' ')}`);
        if (isOffered) {
          using read = readKeyFile(path, form);
          assert.ok(
            read.use((found) => found.equals(key)),
            `${about}: another key`,
          );
        }
        assertHides(findings.join(' '), bytes, about);
      }
    }
  }
});

/** Asserts that a text has no six bytes of a key, in any spelling. */
function assertHides(text: string, key: Buffer, about: string): void {
  for (const spelling of [key.toString('hex'), key.toString('base64'), key.toString('latin1'), [...key].join(' ')])
    for (let start = 0; start + 8 <= spelling.length; start++)
      assert.ok(!text.toLowerCase().includes(spelling.slice(start, start + 8).toLowerCase()), about);
}
