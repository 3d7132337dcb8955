import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachAtOnce } from '../../source/aws/at-once.ts';

/** Lets everything that can go on go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('no more than so many acts run at once, and every item has its turn', async () => {
  const items = Array.from({ length: 25 }, (_, index) => index);
  const done: number[] = [];
  let running = 0;
  let most = 0;
  await eachAtOnce(items, 10, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await turn();
    running -= 1;
    done.push(item);
  });
  assert.equal(most, 10);
  assert.deepEqual(done, items);
});

test('after a failure nothing more begins', async () => {
  const begun: number[] = [];
  const work = eachAtOnce(Array.from({ length: 50 }).keys(), 5, async (item) => {
    begun.push(item);
    await turn();
    if (item === 2) throw new Error('no more');
  });
  await assert.rejects(work, { message: 'no more' });
  const atFailure = begun.length;
  for (let turns = 0; turns < 10; turns += 1) await turn();
  assert.equal(begun.length, atFailure);
  assert.ok(atFailure < 12, `${atFailure} had begun`);
});
