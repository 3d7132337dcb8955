import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { KeySplitter } from '../../source/terminal/key-splitter.ts';
import { isLong } from '../seed.ts';
import { anyAnswer } from '../terminal/terminal-answers.ts';
import { ScreenSession } from './screen-session.ts';
import { typed, wanted } from './typed-ceremony.ts';

/** An answer, and where it is cut into two reads. */
type Answer = { readonly bytes: Buffer; readonly cut: number };

const answer = fc.tuple(anyAnswer, fc.nat()).map(([bytes, at]): Answer => ({ bytes, cut: at % (bytes.length + 1) }));

function answers(session: ScreenSession, { bytes, cut }: Answer): void {
  session.input.write(bytes.subarray(0, cut));
  session.input.write(bytes.subarray(cut));
}

test('answers of the terminal between the keys of a whole ceremony change nothing, also in a passphrase', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 20, maxLength: 40 }), async (all) => {
      let next = 0;
      const arrive = async (session: ScreenSession, keys: string) => {
        for (const key of new KeySplitter().push(keys)) {
          answers(session, all[next % all.length] as Answer);
          next += 1;
          session.type(key);
          await turn();
        }
      };
      assert.deepEqual(await typed(arrive), wanted);
    }),
    { numRuns: isLong ? 40 : 2, endOnFailure: true },
  );
});

test('answers of the terminal change nothing on any kind of screen', async () => {
  const all = fc.sample(answer, { numRuns: 300 });
  const session = await ScreenSession.open({ services: { trouble: true } });
  session.run().catch(() => {});
  const esc = '\u001B[27u';
  for (const [keys, shows] of [
    ['', /Where should/],
    ['?', /: why/],
    [esc, /Where should/],
    ['\u0003', /Stop here\?/],
    [`${esc}\r`, /Region: /],
    ['x', /Region: .*x/],
    ['\u007F\r', /File: /],
    ['my.key\r', /decoded 32/],
    ['\rpay\r', /\[ \] I/],
    [' \r', /\[ \] role/],
    ['sec', /SecurityAudit|role/],
    ['\r\r', /Create the key/],
    ['\r', /x Can't/],
  ] as const) {
    session.type(keys);
    await session.until(shows);
    await session.settled();
    const before = await session.shown();
    for (const each of all) answers(session, each);
    await session.settled();
    assert.equal(await session.shown(), before);
  }
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});

test('a paste with an answer in it is left out as a whole, and leaves nothing of it on the screen', async () => {
  const session = await ScreenSession.open();
  session.run().catch(() => {});
  await session.until('Where should the key go?');
  session.type('\r');
  await session.until('Region: ');
  session.type('\u001B[200~eu\u001B]11;rgb:0/0/0\u0007-west-1\u001B[201~');
  const shown = await session.until('It was left out');
  assert.doesNotMatch(shown, /rgb|west/);
  session.type('\u0015eu-west-1');
  await session.until('Region: eu-west-1');
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});
