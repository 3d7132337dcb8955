import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findIfMade } from '../../source/aws/eventual-consistency.ts';
import type { Wait } from '../../source/ceremony/waiting.ts';

/** Looks for something that is seen at one of the looks, if at all. */
async function looked(begunSecondsAgo: number, seenAt: number) {
  const waits: number[] = [];
  let looks = 0;
  const look = async () => {
    looks += 1;
    return looks === seenAt ? 'made' : undefined;
  };
  const found = await findIfMade(look, {
    begunAt: new Date(Date.now() - begunSecondsAgo * 1000),
    label: 'The key is not listed yet',
    pause: async ({ milliseconds }: Wait) => void waits.push(milliseconds),
  });
  return { found, looks, waits };
}

test('what was begun within a minute is looked for four times, with longer and longer pauses', async () => {
  assert.deepEqual(await looked(50, Number.POSITIVE_INFINITY), {
    found: undefined,
    looks: 4,
    waits: [1000, 2000, 4000],
  });
  assert.deepEqual(await looked(50, 3), { found: 'made', looks: 3, waits: [1000, 2000] });
});

test('what was begun more than a minute ago is looked for once', async () => {
  assert.deepEqual(await looked(61, 2), { found: undefined, looks: 1, waits: [] });
  assert.deepEqual(await looked(61, 1), { found: 'made', looks: 1, waits: [] });
});
