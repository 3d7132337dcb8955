import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printable, printableJson, printableLines, printableName } from '../../source/terminal/printable.ts';

for (const code of [
  0x200b, 0x2028, 0x2029, 0xfeff, 0xad, 0xe0041, 0x3164, 0x2800, 0x180e, 0x34f, 0x202e, 0x2066, 0x200e, 0x61c, 0xfff9,
]) {
  const hex = code.toString(16).toUpperCase().padStart(4, '0');
  const character = String.fromCodePoint(code);
  test(`the invisible character U+${hex} is shown as such, and stays what it is in JSON`, () => {
    for (const unicode of [true, false])
      assert.equal(printable(`pay${character}ments`, { unicode }), `pay<U+${hex}>ments`);
    const json = printableJson(JSON.stringify({ name: `pay${character}ments` }));
    assert.match(json, /^[ -~]*$/);
    assert.deepEqual(JSON.parse(json), { name: `pay${character}ments` });
  });
}

test('text of any writing stays as it is where the terminal has Unicode', () => {
  for (const text of ['Zürich', 'ключ', '鍵', 'مفتاح', 'é', '❯ ✔ … →'])
    assert.equal(printable(text, { unicode: true }), text);
});

test('a name is one line, and shows what else it has by its code', () => {
  assert.equal(printableName('é\nb\u001b[2J\u200B'), 'é<U+000A>b<U+001B>[2J<U+200B>');
});

test('lines stay lines, in a text and in JSON', () => {
  assert.equal(printableLines('une\u001b[2J\nété'), 'une[2J\nété');
  const json = JSON.stringify({ name: 'a' }, undefined, 2);
  assert.equal(printableJson(json), json);
});

test('without Unicode, the signs of this program have a form of their own', () => {
  assert.equal(printable('a → b – c — d · e … f’s', { unicode: false }), "a -> b - c - d | e ... f's");
});

test('control characters are left out', () => {
  assert.equal(printable('a\u001b[2Jb\u0007\u009b', { unicode: true }), 'a[2Jb');
});
