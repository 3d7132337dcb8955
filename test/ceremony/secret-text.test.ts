import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import '../seed.ts';
import { anyCharacter } from '../any-character.ts';

const textOf = (text: SecretText) => text.use((bytes) => bytes.toString());

test('any text without control characters goes in and comes out, and is taken back character by character', () => {
  fc.assert(
    fc.property(fc.string({ unit: anyCharacter, maxLength: 100 }), (wanted) => {
      fc.pre(!/[\p{Cc}\p{Cs}]/u.test(wanted));
      const text = new SecretText();
      assert.equal(text.append(wanted), undefined);
      assert.equal(textOf(text), wanted);
      const characters = [...wanted];
      assert.equal(text.count, characters.length);
      while (characters.length > 0) {
        characters.pop();
        text.removeLast();
        assert.equal(textOf(text), characters.join(''));
      }
      text.removeLast();
      assert.equal(text.count, 0);
    }),
  );
});

/** The whole buffer behind a text, not only the part that counts. */
const bufferOf = (text: SecretText) => text.use((bytes) => Buffer.from(bytes.buffer));

test('a text with typing errors that were taken back equals the one without, and nothing of them stays', () => {
  const right = new SecretText();
  right.append('zebra');
  const mended = new SecretText();
  mended.append('zebxy');
  mended.removeLast();
  mended.removeLast();
  mended.append('ra€');
  mended.removeLast();
  assert.equal(mended.equals(right), true);
  assert.equal(right.equals(mended), true);
  assert.equal(bufferOf(mended).toString().replace(/\0+$/, ''), 'zebra');
});

test('control characters and more than its buffer are refused, and nothing of them is added', () => {
  const text = new SecretText();
  text.append('abc');
  for (const refused of ['a\nb', '\u001B[31m', '\u007F', '\u009B', 'a'.repeat(1022)])
    assert.match(text.append(refused) ?? '', /\.$/);
  assert.equal(bufferOf(text).toString().replace(/\0+$/, ''), 'abc');
  assert.equal(text.append('a'.repeat(1021)), undefined, '1024 bytes go in');
  assert.equal(text.count, 1024);
  assert.equal(text.append('a'), 'It takes at most 1024 bytes.');
});

test('it is shown nowhere', () => {
  const text = new SecretText();
  text.append('zebra');
  assert.equal(JSON.stringify({ text }), '{"text":"[secret text]"}');
  assert.equal(inspect(text), '[secret text]');
  for (const shown of [String(text), JSON.stringify({ text }), inspect(text), inspect({ text }, { showHidden: true })])
    assert.doesNotMatch(shown, /zebra|7a 65/);
});

test('a copy is equal and lives on its own; destroyed, it is empty', () => {
  const text = new SecretText();
  text.append('zebra');
  const copy = text.copy();
  assert.equal(copy.equals(text), true);
  const lent = text.use((bytes) => bytes);
  text.destroy();
  assert.deepEqual([...lent], [0, 0, 0, 0, 0]);
  assert.equal(copy.equals(text), false);
  assert.equal(textOf(copy), 'zebra');
  const other = new SecretText();
  other.append('zebrb');
  assert.equal(copy.equals(other), false, 'of the same length');
});

test('a text that is destroyed leaves none of its bytes, however long it was, and can be typed anew', () => {
  const text = new SecretText();
  text.append('z'.repeat(1024));
  text.destroy();
  assert.equal(text.count, 0);
  assert.ok(bufferOf(text).every((byte) => byte === 0));
  text.append('b');
  assert.equal(textOf(text), 'b');
});

test('bytes go in character by character, up to the first that is refused; half a character is seen as one', () => {
  const text = new SecretText();
  assert.equal(text.appendBytes(Buffer.from('zé€鍵')), undefined);
  assert.equal(textOf(text), 'zé€鍵');
  assert.match(text.appendBytes(Buffer.from('a\nb')) ?? '', /control character/);
  assert.equal(textOf(text), 'zé€鍵a');
  text.destroy();
  assert.equal(text.appendBytes(Buffer.alloc(1024, 'é')), undefined);
  assert.equal(text.count, 512);
  assert.equal(text.appendBytes(Buffer.from('a')), 'It takes at most 1024 bytes.');
  text.destroy();
  assert.equal(text.appendBytes(Buffer.from('€').subarray(0, 2)), undefined);
  assert.equal(text.count, 1, 'so that it differs from a text without it');
});
