import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flow } from '../../source/objects/flow.ts';

/** Sends so many requests. `rateOf` gives how many bytes a millisecond come, where so many requests run at the same time. */
async function run(flow: Flow, clock: { now: number }, rateOf: (requests: number) => number, requests: number) {
  const bytes = 1_000_000;
  const running: ((taken: number) => void)[] = [];
  const add = () => flow.begin(0).then((end) => running.push(end));
  // More ask than may run.
  for (let asked = 0; asked < 100; asked += 1) void add();
  for (let sent = 0; sent < requests; sent += 1) {
    await new Promise(setImmediate);
    clock.now += bytes / rateOf(running.length);
    running.shift()?.(bytes);
    void add();
  }
}

test('more requests run at the same time while that makes the transfer faster, and no more afterwards', async () => {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  assert.equal(flow.limit, 8);
  await run(flow, clock, (requests) => Math.min(requests, 20) * 1000, 2000);
  assert.ok(flow.limit >= 14 && flow.limit <= 34, `${flow.limit}`);
});

test('where more requests bring nothing, few run', async () => {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  await run(flow, clock, () => 4000, 2000);
  assert.ok(flow.limit <= 12, `${flow.limit}`);
});

test('when S3 asks to wait, half as many run', async () => {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  await run(flow, clock, (requests) => requests * 1000, 1000);
  const before = flow.limit;
  flow.slowDown();
  assert.equal(flow.limit, Math.floor(before / 2));
});

test('the bodies of all requests together have a limit, and one request always runs', async () => {
  const flow = new Flow(() => 0);
  const large = 90 * 2 ** 20;
  const end = await flow.begin(large);
  let hasBegun = false;
  const second = flow.begin(large).then((endSecond) => {
    hasBegun = true;
    return endSecond;
  });
  await new Promise(setImmediate);
  assert.equal(hasBegun, false);
  end(large);
  (await second)(large);
  assert.equal(hasBegun, true);
  (await flow.begin(2 ** 40))(0);
});
