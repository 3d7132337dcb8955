import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { KeySplitter } from '../../source/terminal/key-splitter.ts';

const up = '\u001B[A';
const paste = (text: string) => `\u001B[200~${text}\u001B[201~`;

function keysOf(...reads: readonly (string | Buffer)[]): string[] {
  const splitter = new KeySplitter();
  const keys = reads.flatMap((read) => splitter.push(read));
  return [...keys, ...splitter.flush()];
}

test('a read is cut into single keys', async (t) => {
  const cases: readonly [name: string, reads: readonly (string | Buffer)[], keys: readonly string[]][] = [
    ['letters', ['hi\r'], ['h', 'i', '\r']],
    ['arrows and Enter merged', [`${up}${up}\r`], [up, up, '\r']],
    ['an arrow split after Esc', ['\u001B', '[A'], [up]],
    ['an arrow split before its last byte', ['\u001B[', 'A'], [up]],
    ['a modified arrow', ['\u001B[1;5C'], ['\u001B[1;5C']],
    ['application cursor keys', ['\u001BOA\u001BOH'], ['\u001BOA', '\u001BOH']],
    ['the Linux console F1', ['\u001B[[A'], ['\u001B[[A']],
    ['the Linux console F1, split', ['\u001B[', '[', 'A'], ['\u001B[[A']],
    ['shifted Delete of rxvt', ['\u001B[3$'], ['\u001B[3$']],
    ['a lone Esc', ['\u001B'], ['\u001B']],
    ['Esc Esc', ['\u001B\u001B'], ['\u001B', '\u001B']],
    ['Esc and an arrow', [`\u001B${up}`], ['\u001B', up]],
    ['Esc and a letter stay two keys', ['\u001Bx'], ['\u001B', 'x']],
    ['an emoji is one key', ['\u{1F511}a'], ['\u{1F511}', 'a']],
    ['UTF-8 split across reads', [Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)], ['é']],
    ['a paste is one key', [`a${paste('x\r\ny')}b`], ['a', paste('x\r\ny'), 'b']],
    ['a paste with keys inside', [paste(`${up}\u0003`)], [paste(`${up}\u0003`)]],
    ['a paste split in its end marker', ['\u001B[200~hi\u001B[20', '1~\r'], [paste('hi'), '\r']],
    ['a paste that breaks off is closed', ['\u001B[200~hi'], [paste('hi')]],
    ['the head of a sequence that breaks off is dropped', ['\u001B[1;'], []],
    ['control keys', ['\u0001\u0003\u007F'], ['\u0001', '\u0003', '\u007F']],
  ];
  for (const [name, reads, keys] of cases) await t.test(name, () => assert.deepEqual(keysOf(...reads), keys));
});

test('a splitter says what it waits for', () => {
  const splitter = new KeySplitter();
  assert.equal(splitter.waiting, 'nothing');
  splitter.push('\u001B');
  assert.equal(splitter.waiting, 'escape');
  splitter.push('[');
  assert.equal(splitter.waiting, 'sequence');
});

test('a paste without an end does not grow for ever', () => {
  const [key = ''] = new KeySplitter().push(`\u001B[200~${'x'.repeat(1024 * 1024 + 1)}`);
  assert.ok(key.endsWith('\u001B[201~'));
});

const piece = fc.oneof(
  fc.constantFrom('\u001B', '\u001B[', '\u001BO', '[', 'O', '~', '$', ';', '2', '5', 'A', 'H', '\r', '\u0003', ' '),
  fc.constantFrom(up, '\u001B[3~', '\u001B[1;5D', '\u001BOF', '\u001B[200~', '\u001B[201~', '\u001B[[B', '\u001B[5$'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);

test('however bytes are split and merged, the keys are the same', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 12 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      const points = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
      const reads = points.slice(1).map((point, index) => bytes.subarray(points[index], point));
      assert.deepEqual(keysOf(...reads), keysOf(bytes));
    }),
    // A failure prints its seed and path, to be given here to see it again.
    { numRuns: 2000, verbose: 1 },
  );
});

const wholeKey = fc.oneof(
  fc.constantFrom(
    up,
    '\u001B[B',
    '\u001B[3~',
    '\u001BOF',
    '\r',
    '\t',
    ' ',
    '\u0003',
    '\u007F',
    paste('a\nb'),
    paste('é'),
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((text) => !text.includes('\u001B')),
);

test('whole keys come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(wholeKey, { maxLength: 40 }), (keys) => {
      assert.deepEqual(keysOf(Buffer.from(keys.join(''))), keys);
    }),
    { numRuns: 1000, verbose: 1 },
  );
});
