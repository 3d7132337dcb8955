import assert from 'node:assert/strict';
import { StringDecoder } from 'node:string_decoder';
import test from 'node:test';
import fc from 'fast-check';
import { KeySplitter } from '../../source/terminal/key-splitter.ts';
import { anyAnswer } from './terminal-answers.ts';
import '../seed.ts';
import { anyCharacter } from '../any-character.ts';

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
    ['Enter of a keypad', ['\u001BOM'], ['\u001BOM']],
    ['a single 8-bit control', [Buffer.from('a\u0085b', 'latin1')], ['a', 'b']],
    ['the lowest 8-bit control', [Buffer.from('a\u0080b', 'latin1')], ['a', 'b']],
    ['an 8-bit arrow behind a character that broke off', [Buffer.from('F0C3A99B41', 'hex')], ['\uFFFD', 'é', up]],
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
    ['an answer about a colour', ['a\u001B]11;rgb:1e1e/1e1e/1e1e\u001B\\b'], ['a', 'b']],
    ['the same, ended by BEL', ['a\u001B]11;rgb:1e1e/1e1e/1e1e\u0007b'], ['a', 'b']],
    ['the same, in 8-bit controls', [Buffer.from('a\u009D11;rgb:0/0/0\u009Cb', 'latin1')], ['a', 'b']],
    ['the same, in 8-bit controls of UTF-8', ['a\u009D11;rgb:0/0/0\u009Cb'], ['a', 'b']],
    ['a byte that is neither a letter nor a control', [Buffer.from('a\u00A0b', 'latin1')], ['a', '\uFFFD', 'b']],
    ['an 8-bit application cursor key', [Buffer.from('\u008FA', 'latin1')], ['\u001BOA']],
    ['the end of an answer that broke off earlier', ['\u001B\\x'], ['x']],
    ['an 8-bit arrow', [Buffer.from('\u009BA', 'latin1')], [up]],
    ['an answer cut behind its Esc', ['\u001B', ']11;rgb:0/0/0\u0007'], []],
    ['an answer cut in its end', ['\u001B]11;rgb:0/0/0\u001B', '\\x'], ['x']],
    ['an old mouse report', ['\u001B[M #!x'], ['x']],
    ['an old mouse report far to the right', [Buffer.from('\u001B[M \u00C8!x', 'latin1')], ['x']],
    ['an old mouse report whose bytes are those of an emoji', ['\u001B[M \u{1F511}!x'], ['x']],
    ['Enter in an old mouse report that broke off', ['\u001B[M \r'], ['\r']],
    ['Enter in an answer that broke off', ['\u001B]11;rgb:\r'], ['\r']],
    ['Ctrl+C in an answer that broke off', ['\u001BP1$r\u0003'], ['\u0003']],
    ['an arrow in an answer that broke off', [`\u001B]11;rgb:${up}`], [up]],
    ['Esc and a name with a capital P', ['\u001BPay\r'], ['\u001B', 'P', 'a', 'y', '\r']],
    ['Esc and a capital X', ['\u001BX'], ['\u001B', 'X']],
    ['a cursor report that looks like F3', ['\u001B[1;2R'], []],
    ['the end of a paste without its beginning', ['a\u001B[201~b'], ['a', 'b']],
    ['a paste with an answer inside', [paste('a\u001B]11;x\u0007b')], [paste('a\u001B]11;x\u0007b')]],
    ['a paste in 8-bit controls', ['\u009B200~hi\u009B201~'], [paste('hi')]],
    ['control keys', ['\u0001\u0003\u007F'], ['\u0001', '\u0003', '\u007F']],
  ];
  for (const [name, reads, keys] of cases) await t.test(name, () => assert.deepEqual(keysOf(...reads), keys));
});

test('the bytes of typed keys are zero in memory once they are split', (t) => {
  const { mock } = t.mock.method(StringDecoder.prototype, 'write');
  assert.deepEqual(new KeySplitter().push(Buffer.from('winter')), [...'winter']);
  assert.equal(mock.callCount(), 1);
  for (const {
    arguments: [bytes],
  } of mock.calls)
    assert.ok(Buffer.from(bytes as Buffer).every((byte) => byte === 0));
});

test('a splitter says what it waits for', () => {
  const splitter = new KeySplitter();
  assert.equal(splitter.waiting, 'nothing');
  splitter.push('\u001B');
  assert.equal(splitter.waiting, 'escape');
  splitter.push('[');
  assert.equal(splitter.waiting, 'sequence');
  splitter.push('A\u001B]');
  assert.equal(splitter.waiting, 'response');
});

test('where a lone Esc has counted, the rest of an answer is still no typing', () => {
  const strings = [']11;rgb:0/0/0\u0007', ']LTitle\u001B\\', '_Gi=1;OK\u001B\\'];
  const device = ['P1$r0m\u001B\\', 'P>|xterm(390)\u001B\\', 'P+r\u001B\\', 'P!|00000000\u001B\\'];
  const reports = ['[?62;4c', '[24;80R', '[<0;5;5M', '[>41;390;0c', '[=1u'];
  for (const rest of [...strings, ...device, ...reports]) {
    const splitter = new KeySplitter();
    splitter.push('\u001B');
    assert.deepEqual(splitter.flush(), ['\u001B']);
    assert.deepEqual([...splitter.push(rest), ...splitter.push('x')], ['x'], rest);
  }
});

test('behind a lone Esc, text is text, and so is all that comes after a while', () => {
  for (const [text, isLate] of [
    ['Payments', false],
    ['[x]', false],
    ['x]11;y', false],
    [']1', true],
  ] as const) {
    const splitter = new KeySplitter();
    splitter.push('\u001B');
    splitter.flush();
    assert.equal(splitter.waiting, 'sequence');
    if (isLate) splitter.flush();
    assert.deepEqual(splitter.push(text), [...text], text);
    assert.equal(splitter.waiting, 'nothing');
  }
});

test('an answer without an end does not swallow keys for ever', () => {
  const splitter = new KeySplitter();
  assert.deepEqual(splitter.push(`\u001B]52;c;${'A'.repeat(64 * 1024)}`), []);
  assert.deepEqual(splitter.push('x'), ['x']);
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
    { numRuns: 2000 },
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
  fc.string({ unit: anyCharacter, minLength: 1, maxLength: 1 }).filter((text) => !/[\u001B\u0080-\u009F]/.test(text)),
);

test('whole keys come out as they went in', () => {
  fc.assert(
    fc.property(fc.array(wholeKey, { maxLength: 40 }), (keys) => {
      assert.deepEqual(keysOf(Buffer.from(keys.join(''))), keys);
    }),
    { numRuns: 1000 },
  );
});

/** A key and the answers that come behind it; a lone Esc counts only with something behind it. */
const keyAndAnswers = fc.oneof(
  fc.tuple(wholeKey, fc.array(anyAnswer, { maxLength: 2 })),
  fc.tuple(fc.constant('\u001B'), fc.array(anyAnswer, { minLength: 1, maxLength: 2 })),
);

test('answers of the terminal between keys, cut at any byte over two reads, change no key', () => {
  fc.assert(
    fc.property(fc.array(anyAnswer, { maxLength: 2 }), fc.array(keyAndAnswers), fc.nat(), (first, rest, at) => {
      const bytes = Buffer.concat([...first, ...rest.flatMap(([key, answers]) => [Buffer.from(key), ...answers])]);
      const cut = at % (bytes.length + 1);
      assert.deepEqual(
        keysOf(bytes.subarray(0, cut), bytes.subarray(cut)),
        rest.map(([key]) => key),
      );
    }),
    { numRuns: 3000 },
  );
});
