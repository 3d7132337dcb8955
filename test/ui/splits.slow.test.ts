import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { KeySplitter } from '../../source/terminal/key-splitter.ts';
import { isLong } from '../seed.ts';
import type { ScreenSession } from './screen-session.ts';
import { screens, slowly, typed, wanted } from './typed-ceremony.ts';

/** How the bytes of a ceremony arrive: which screens are typed ahead in one go, and where reads cut the bytes. */
type Arrival = { readonly ahead: readonly boolean[]; readonly cuts: readonly number[] };

/** Reads that end anywhere, also inside a character or a sequence; between whole keys the screen gets a turn. */
function inReads(cuts: readonly number[]) {
  return async (session: ScreenSession, keys: string): Promise<void> => {
    const bytes = Buffer.from(keys);
    let end = 0;
    const ends = new Set(new KeySplitter().push(keys).map((key) => (end += Buffer.byteLength(key))));
    const points = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
    for (const [index, point] of points.slice(1).entries()) {
      session.input.write(bytes.subarray(points[index], point));
      if (ends.has(point)) await turn();
    }
  };
}

test('however the keys of a whole ceremony arrive, what comes of it is what slow typing gives', async () => {
  assert.deepEqual(await typed(slowly), wanted);
  const arrival = fc.record<Arrival>({
    ahead: fc.array(fc.boolean(), { minLength: screens.length, maxLength: screens.length }),
    cuts: fc.array(fc.nat(1000), { maxLength: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(arrival, async ({ ahead, cuts }) => {
      assert.deepEqual(await typed(inReads(cuts), ahead), wanted);
    }),
    { numRuns: isLong ? 60 : 4, endOnFailure: true },
  );
});
