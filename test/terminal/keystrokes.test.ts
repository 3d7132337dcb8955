import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs';
import test from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
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

for (const reads of [['abc'], ['a', 'b', 'c']])
  test(`keys of ${reads.length} reads are handed over one at a time, turns apart`, async () => {
    const { source, handed } = open();
    const seen: number[] = [];
    for (const read of reads) source.write(read);
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
  ready = false;
  source.write('c');
  await turns();
  keystrokes.setGate(() => 'hand');
  await turns();
  assert.deepEqual(handed, ['a', 'b', 'c'], 'another gate is asked at once');
});

test('a key that goes ahead comes before those that wait, and is discarded with them', async () => {
  const { source, keystrokes, handed } = open();
  let ready = false;
  keystrokes.setGate(({ key }) => (ready ? 'hand' : key === '?' ? 'ahead' : 'hold'));
  const gated = async () => {
    ready = false;
    source.write('ab?');
    await turn();
    ready = true;
  };
  await gated();
  await turns();
  assert.deepEqual(handed, ['?', 'a', 'b']);
  await gated();
  keystrokes.discard();
  await turns();
  assert.deepEqual(handed, ['?', 'a', 'b']);
});

test('keys that no one wants are let go, and the rest comes', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(({ key }) => (key === 'x' ? 'drop' : 'hand'));
  source.write('xxaxb');
  await turns();
  assert.deepEqual(handed, ['a', 'b']);
  source.write('x');
  await turn();
  keystrokes.setGate(() => 'hand');
  await turns();
  assert.deepEqual(handed, ['a', 'b'], 'what was let go does not come back');
  keystrokes.setGate(() => 'hold');
  source.write('xc');
  await turns();
  keystrokes.setGate(({ key }) => (key === 'x' ? 'drop' : 'hand'));
  await turns();
  assert.deepEqual(handed, ['a', 'b', 'c'], 'what is not wanted any more is let go in its turn');
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

for (const [keys, kept] of [
  ['j'.repeat(16), true],
  ['j'.repeat(17), false],
  ['tj'.repeat(8), true],
  [`t${'j'.repeat(16)}`, false],
  ['tj'.repeat(9), false],
  ['?'.repeat(17), false],
] as const)
  test(`Ctrl+C ${kept ? 'leaves' : 'drops'} ${keys} before it`, async () => {
    const { source, keystrokes, handed } = open();
    keystrokes.setGate(({ key }) => (key === 't' ? 'text' : key === '?' ? 'ahead' : 'hand'));
    source.write(`${keys}\u0003`);
    await turns(80);
    assert.deepEqual(handed, [...(kept ? keys : ''), '\u0003']);
  });

test('Ctrl+C leaves a long text that the screen takes in one turn', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setGate(({ key }) => (/^\w$/.test(key) ? 'text' : 'hand'));
  source.write(`${'pay'.repeat(20)}\u0003`);
  await turns();
  assert.deepEqual(handed, ['pay'.repeat(20), '\u0003']);
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
  source.write(`${'j'.repeat(20)}\u0003`.repeat(2));
  await turns();
  assert.deepEqual(handed, Array(4).fill('\u0003'), 'with keys between them');
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

test('Ctrl+C does not wait behind a key that went ahead and that the screen cannot take any more', async () => {
  const { source, keystrokes, handed } = open();
  // The act has ended when the turn of the key comes.
  let asked = 0;
  keystrokes.setGate(({ key }) => {
    if (key === '\u0003') return 'hand';
    asked += 1;
    return asked === 1 ? 'ahead' : 'hold';
  });
  source.write('?');
  await turns();
  source.write('\u0003');
  await turns();
  assert.deepEqual(handed, ['\u0003']);
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

test('a lone Esc comes after a moment, in a form that joins with nothing', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { source, handed } = open();
  source.write('\u001B');
  await turns();
  t.mock.timers.tick(49);
  await turns();
  assert.deepEqual(handed, []);
  t.mock.timers.tick(1);
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
  await arrived;
  await turns(3);
  // What was just heard makes the time begin again.
  source.write('?');
  await dropped;
  source.write('a');
  await turns();
  assert.deepEqual(handed, ['a']);
});

test('the dropping of arriving keys ends, also while keys still arrive', async (t) => {
  const { source, keystrokes } = open();
  const typing = setInterval(() => source.write('x'), 5);
  t.after(() => clearInterval(typing));
  let now = 0;
  t.mock.method(performance, 'now', () => (now += 100));
  await keystrokes.dropArriving();
});

test('at the end what waits and what arrives is dropped for a moment, and nothing is taken any more', async (t) => {
  const { source, keystrokes, handed } = open();
  // The clock stands still: it is the quiet that ends the wait.
  t.mock.method(performance, 'now', () => 0);
  keystrokes.setGate(() => 'hold');
  source.write('a');
  await turn();
  keystrokes.setGate(() => 'hand');
  let isDone = false;
  const drained = keystrokes.drain().then(() => {
    isDone = true;
  });
  source.write('b');
  await turns(3);
  assert.equal(isDone, false);
  await drained;
  source.write('c');
  await turns();
  assert.deepEqual(handed, []);
});

test('raw mode is passed on to the terminal, and input stops with it and comes again with it', async () => {
  const { source, keystrokes, handed } = open();
  keystrokes.setRawMode(true);
  assert.equal(source.isRaw, true);
  source.write('\u001B[');
  await turn();
  keystrokes.setRawMode(false);
  keystrokes.setRawMode(false);
  assert.deepEqual([source.isRaw, source.isPaused()], [false, true]);
  // What the terminal says while another program has it is not for this one.
  source.emit('end');
  await turns();
  keystrokes.setRawMode(true);
  source.write('ab');
  await turns();
  // The beginning of a key from before is no part of the next one, and each key comes once.
  assert.deepEqual(handed, ['a', 'b']);
});

test('the program may end while nothing is asked, and not while something is', (t) => {
  const { source, keystrokes } = open();
  const did: string[] = [];
  for (const name of ['ref', 'unref'] as const)
    t.mock.method(source, name, () => {
      did.push(name);
      return source;
    });
  assert.equal(keystrokes.ref(), keystrokes);
  assert.equal(keystrokes.unref(), keystrokes);
  assert.deepEqual(did, ['ref', 'unref']);
});

test('the end of the terminal is the end of its keys', async () => {
  const { source, keystrokes } = open();
  const ended = once(keystrokes, 'end');
  source.end();
  await ended;
});
