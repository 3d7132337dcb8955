import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { piecesOf, streamPieces } from '../../source/aws/sent-body.ts';
import { watchAnswer } from '../../source/aws/watched-answer.ts';

const pieceBytes = 32 * 1024;

/** What goes on the way of a body, in order: the sizes of its pieces, and its end. */
async function sent(body: unknown) {
  const pieces = piecesOf(body);
  assert.ok(pieces !== undefined);
  const told: (number | 'sent')[] = [];
  const stream = streamPieces(pieces, { onPiece: (bytes) => told.push(bytes), onSent: () => told.push('sent') });
  return { bytes: await buffer(stream), told };
}

test('a small body is sent as it is, and a larger one in pieces that are all of it', async () => {
  for (const whole of [undefined, 'text'.repeat(pieceBytes), Buffer.alloc(0), Buffer.alloc(pieceBytes)])
    assert.equal(piecesOf(whole), undefined);
  for (const [more, last] of [
    [1, [1]],
    [pieceBytes, [pieceBytes]],
    [pieceBytes + 5, [pieceBytes, 5]],
  ] as const) {
    const body = Buffer.from(Array.from({ length: pieceBytes + more }, (_, index) => index % 251));
    const { bytes, told } = await sent(body);
    assert.ok(bytes.equals(body));
    assert.deepEqual(told, [pieceBytes, ...last, 'sent']);
  }
});

test('a stream is sent with its progress, and its end is told once, after its last piece', async () => {
  const { bytes, told } = await sent(Readable.from([Buffer.from('abc'), Buffer.from('de')], { objectMode: false }));
  assert.deepEqual([bytes.toString(), told], ['abcde', [3, 2, 'sent']]);
  assert.deepEqual((await sent(Readable.from([]))).told, ['sent']);
  const broken = async function* () {
    yield Buffer.from('abc');
    throw new Error('disk');
  };
  const before: unknown[] = [];
  const watch = { onPiece: (size: number) => before.push(size), onSent: () => before.push('sent') };
  await assert.rejects(buffer(streamPieces(Readable.from(broken()), watch)), /disk/);
  assert.deepEqual(before, [3]);
});

/** An answer whose body comes as the test says, and whose windows end when the test says. */
function answer(t: TestContext, { mostBytes = 100 } = {}) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  const body = new PassThrough();
  let ends = 0;
  const watched = watchAnswer(body, {
    windowMs: 1000,
    leastBytes: 10,
    mostBytes,
    onEnd: () => {
      ends += 1;
    },
    makeSlowError: () => new Error('slow'),
    makeLongError: () => new Error('long'),
    translateError: ({ message }) => new Error(`translated ${message}`),
  });
  const failure = once(watched, 'error').then(([error]) => (error as Error).message);
  const come = async (bytes: number) => {
    body.write(Buffer.alloc(bytes));
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { body, watched, failure, come, ends: () => ends };
}

test('an answer passes as it is, whatever time it takes, as long as enough comes in each window', async (t) => {
  const { body, watched, come, ends } = answer(t);
  const whole = buffer(watched);
  for (let windows = 0; windows < 5; windows += 1) {
    await come(10);
    t.mock.timers.tick(1000);
  }
  body.end();
  assert.equal((await whole).length, 50);
  assert.equal(ends(), 1);
  // Nothing is watched behind its end.
  t.mock.timers.tick(5000);
  assert.equal(ends(), 1);
});

test('an answer of which too little comes in one window is given up', async (t) => {
  const { watched, failure, come, ends } = answer(t);
  watched.resume();
  await come(30);
  t.mock.timers.tick(1000);
  await come(9);
  t.mock.timers.tick(1000);
  assert.equal(await failure, 'slow');
  assert.equal(ends(), 1);
});

test('an answer that nobody reads here is not given up as slow', async (t) => {
  const { watched, come } = answer(t, { mostBytes: Number.POSITIVE_INFINITY });
  await come(200_000);
  for (let windows = 0; windows < 3; windows += 1) t.mock.timers.tick(1000);
  assert.equal(watched.destroyed, false);
  watched.destroy();
});

test('an answer of the greatest length is taken, and one that is a byte longer is given up', async (t) => {
  const { body, watched, failure, come, ends } = answer(t);
  watched.resume();
  await come(100);
  assert.equal(watched.destroyed, false);
  await come(1);
  assert.equal(await failure, 'long');
  // The connection is not kept open for the rest.
  assert.deepEqual([ends(), body.destroyed], [1, true]);
});

test('an answer that is cut off fails with the reason in our words', async (t) => {
  const { body, watched, failure, come, ends } = answer(t);
  watched.resume();
  await come(30);
  body.destroy(new Error('cut'));
  assert.equal(await failure, 'translated cut');
  assert.equal(ends(), 1);
});
