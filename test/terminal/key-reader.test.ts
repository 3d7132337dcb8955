import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { KeyReader } from '../../source/terminal/key-reader.ts';

/** A reader on a clock that the test moves. */
function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const keys: string[] = [];
  const reader = new KeyReader((given) => keys.push(...given));
  t.after(() => reader.stop());
  return { reader, keys, pass: (milliseconds: number) => t.mock.timers.tick(milliseconds) };
}

test('a lone Esc is a key after a moment', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B');
  pass(49);
  assert.deepEqual(keys, []);
  pass(1);
  assert.deepEqual(keys, ['\u001B']);
});

test('an answer cut behind its Esc is none, as long as the rest comes in that moment', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B');
  pass(49);
  reader.take(']11;rgb:0/0/0\u0007x');
  assert.deepEqual(keys, ['x']);
});

test('an answer that comes byte by byte has its time from its second byte on', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B');
  pass(49);
  reader.take(']');
  pass(999);
  reader.take('11;rgb:0/0/0\u0007x');
  assert.deepEqual(keys, ['x']);
});

test('where the rest comes later, the Esc was a key, and the rest is still no typing', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B');
  pass(1000);
  reader.take(']11;rgb:0/0/0\u0007x');
  assert.deepEqual(keys, ['\u001B', 'x']);
});

test('what had come of a key before the reader stopped is no part of the next key', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B[');
  reader.stop();
  pass(1000);
  reader.take('x');
  assert.deepEqual(keys, ['x']);
});

test('a second after an Esc all that comes is typing', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B');
  pass(50);
  pass(1000);
  reader.take(']11;');
  assert.deepEqual(keys, ['\u001B', ...']11;']);
});

test('an answer may take its time between reads', (t) => {
  const { reader, keys, pass } = open(t);
  for (const part of ['\u001B]52;c;', 'AAAA', 'BB\u001B']) {
    reader.take(part);
    pass(999);
  }
  reader.take('\\x');
  assert.deepEqual(keys, ['x']);
});

test('what broke off swallows a person for a second at most, also one who goes on typing', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001B]11;rgb:');
  for (const key of 'abcdefgh') {
    pass(200);
    reader.take(key);
  }
  assert.deepEqual(keys, [...'efgh']);
});

test('Ctrl+C and Enter are heard at once behind what broke off', (t) => {
  const { reader, keys } = open(t);
  reader.take('\u001B]11;rgb:');
  reader.take('\u0003');
  reader.take('\u001BP1$r');
  reader.take('\r');
  assert.deepEqual(keys, ['\u0003', '\r']);
});

test('Esc and a name that begins like a string come as typing when nothing ends it', (t) => {
  const { reader, keys, pass } = open(t);
  reader.take('\u001BPayments');
  assert.deepEqual(keys, []);
  pass(1000);
  assert.deepEqual(keys, ['\u001B', ...'Payments']);
});

test('a paste that comes one character a read has its time too', (t) => {
  const { reader, keys, pass } = open(t);
  const paste = '\u001B[200~one\ntwo\u001B[201~';
  for (const character of paste) {
    reader.take(character);
    pass(40);
  }
  assert.deepEqual(keys, [paste]);
});
