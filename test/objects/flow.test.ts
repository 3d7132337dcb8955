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
  await run(flow, clock, (requests) => requests * 1000, 100);
  assert.equal(flow.limit, Math.floor(before / 2), 'and no more of them for a while');
  // However often it asks, the transfer goes on.
  for (let asked = 0; asked < 10; asked += 1) flow.slowDown();
  assert.equal(flow.limit, 4);
});

test('however much more requests bring, no more run than there are connections', async () => {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  await run(flow, clock, (requests) => requests * 1000, 3000);
  assert.equal(flow.limit, 48);
});

test('requests begin in the order in which they have asked, and one that is said to have ended twice counts once', async () => {
  const flow = new Flow(() => 0);
  const full = await flow.begin(60 * 2 ** 20);
  const begun: string[] = [];
  const ask = async (name: string, bytes: number) => {
    const end = await flow.begin(bytes);
    begun.push(name);
    return end;
  };
  const [large] = [ask('large', 60 * 2 ** 20), ask('small', 1)];
  await new Promise(setImmediate);
  assert.deepEqual(begun, [], 'the small one does not overtake');
  full(0);
  full(0);
  (await large)(0);
  assert.deepEqual(begun, ['large', 'small']);
  const running: string[] = [];
  // Of the eight that may run, the small one is one.
  for (let asked = 0; asked < 9; asked += 1) void flow.begin(1).then(() => running.push('next'));
  await new Promise(setImmediate);
  assert.equal(running.length, 7);
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
