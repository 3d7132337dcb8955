import assert from 'node:assert/strict';
import { stat } from 'node:fs';
import test from 'node:test';
import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { Keystrokes } from '../../source/terminal/keystrokes.ts';
import { FakeInput } from './fake-tty.ts';

function open() {
  const source = new FakeInput();
  const keystrokes = new Keystrokes(source);
  const handed: string[] = [];
  keystrokes.on('readable', () => {
    for (let key = keystrokes.read(); key !== null; key = keystrokes.read()) handed.push(key);
  });
  keystrokes.setRawMode(true);
  return { source, keystrokes, handed };
}

async function turns(count = 40) {
  for (let index = 0; index < count; index += 1) await turn();
}

test('keys of one read are handed over one at a time, turns apart', async () => {
  const { source, handed } = open();
  const seen: number[] = [];
  source.write('abc');
  for (let index = 0; index < 20; index += 1) {
    await turn();
    seen.push(handed.length);
  }
  assert.deepEqual(handed, ['a', 'b', 'c']);
  for (const count of [1, 2]) assert.ok(seen.filter((each) => each === count).length >= 2, seen.join(' '));
});

test('the gate holds keys until it is opened', async () => {
  const { source, keystrokes, handed } = open();
  let ready = false;
  keystrokes.setGate(() => (ready ? 'hand' : 'hold'));
  source.write('ab');
  await turns();
  assert.deepEqual(handed, []);
  ready = true;
  keystrokes.wake();
  await turns();
  assert.deepEqual(handed, ['a', 'b']);
});

test('keys that no one wants are let go, and the rest comes', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(({ key }) => (key === 'x' ? 'drop' : 'hand'));
  source.write('xxaxb');
  await turns();
  assert.deepEqual(handed, ['a', 'b']);
});

test('Ctrl+C overtakes what waits before a busy screen', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(({ key }) => (key === '\u0003' ? 'hand' : 'hold'));
  source.write('ab');
  await turns();
  source.write('\u0003');
  await turns();
  assert.deepEqual(handed, ['\u0003']);
});

test('Ctrl+C keeps its place behind a few keys', async () => {
  const { source, handed } = open();
  source.write('ab\u0003');
  await turns();
  assert.deepEqual(handed, ['a', 'b', '\u0003']);
});

test('Ctrl+C is heard at once behind 10 kB of keys', async () => {
  const { source, handed } = open();
  source.write('\u001B[B'.repeat(3414));
  await turns(1);
  source.write('\u0003');
  await turns();
  assert.deepEqual(handed.slice(-1), ['\u0003']);
  assert.ok(handed.length <= 3, `${handed.length} keys before it`);
});

test('both of two Ctrl+C are heard behind 10 kB of keys', async () => {
  const { source, handed } = open();
  source.write(`${'j'.repeat(10_240)}\u0003\u0003`);
  await turns();
  assert.deepEqual(handed, ['\u0003', '\u0003']);
});

test('Ctrl+C does not wait behind a key that the screen cannot take yet', async () => {
  const { source, keystrokes, handed } = open();
  let busy = false;
  keystrokes.setGate(({ key }) => (busy && key !== '\u0003' ? 'hold' : 'hand'));
  keystrokes.on('readable', () => {
    busy = true;
  });
  source.write('\rx\u0003');
  await turns();
  assert.deepEqual(handed, ['\r', '\u0003']);
});

test('text that waits is handed over in one piece, up to a key that is no text', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(({ key }) => (/^\w$/.test(key) ? 'text' : 'hand'));
  source.write('pay\rments');
  source.write('2');
  await turns();
  assert.deepEqual(handed, ['pay', '\r', 'ments2']);
});

test('text is handed over one by one where a character decides what the next one means', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(() => (handed.length === 0 ? 'hand' : 'text'));
  source.write('?abc');
  await turns();
  assert.deepEqual(handed, ['?', 'abc']);
});

test('text that comes while the screen draws waits and then goes together', async () => {
  const { source, keystrokes, handed } = open();
  let drawing = false;
  keystrokes.setGate(() => (drawing ? 'hold' : 'text'));
  source.write('a');
  await turns();
  drawing = true;
  for (const key of 'bcdef') source.write(key);
  await turns();
  drawing = false;
  keystrokes.wake();
  await turns();
  assert.deepEqual(handed, ['a', 'bcdef']);
});

test('a lone Esc comes after a moment, in a form that joins with nothing', async () => {
  const { source, handed } = open();
  source.write('\u001B');
  await turns();
  assert.deepEqual(handed, []);
  await pause(60);
  await turns();
  assert.deepEqual(handed, ['\u001B[27u']);
});

test('discarded keys do not come back', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(() => 'hold');
  source.write('abc');
  await turns();
  keystrokes.discard();
  keystrokes.setGate(() => 'hand');
  await turns();
  assert.deepEqual(handed, []);
});

test('keys for another program are dropped, also when the process is too busy to read them in time', async () => {
  const { source, keystrokes, handed } = open();
  await turn();
  const dropped = keystrokes.dropArriving();
  // The answer of the disk waits to be read, as keys in a terminal do.
  const arrived = new Promise<void>((resolve) => {
    stat('.', () => {
      source.write('?');
      resolve();
    });
  });
  for (const start = performance.now(); performance.now() - start < 100; );
  await Promise.all([dropped, arrived]);
  source.write('a');
  await turns();
  assert.deepEqual(handed, ['a']);
});

test('raw mode is passed on to the terminal, and input stops with it', async () => {
  const { source, keystrokes, handed } = open();
  assert.equal(source.isRaw, true);
  keystrokes.setRawMode(false);
  assert.equal(source.isRaw, false);
  source.write('a');
  await turns();
  assert.deepEqual(handed, []);
});
