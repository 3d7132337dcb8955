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

/** Requests of which more wait than may run, at a time that the test moves. */
async function busy() {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  const running: ((sentBytes: number) => void)[] = [];
  const ask = () => void flow.begin(0).then((end) => running.push(end));
  for (let asked = 0; asked < 100; asked += 1) ask();
  await new Promise(setImmediate);
  /** Ends so many requests after so many milliseconds. Each counts as so many bytes, of which 64 KiB are for the request. */
  const end = async (requests: number, bytes: number, ms: number) => {
    clock.now += ms;
    for (let ended = 0; ended < requests; ended += 1) {
      (running.shift() ?? assert.fail())(bytes - 65_536);
      ask();
    }
    await new Promise(setImmediate);
  };
  /** Ends as many requests as may run, so that so many bytes were sent in a tenth of a second. */
  const tenth = (bytes: number) => end(flow.limit, bytes / flow.limit, 100);
  return { flow, running, end, tenth };
}

test('half as many more may run while that brings a twentieth more; else as many as before, for three seconds', async () => {
  const { flow, running, tenth } = await busy();
  await tenth(8_000_000);
  assert.deepEqual([flow.limit, running.length], [12, 12]);
  await tenth(8_400_000);
  assert.equal(flow.limit, 18);
  await tenth(8_800_000);
  assert.equal(flow.limit, 12);
  for (let rest = 0; rest < 30; rest += 1) {
    await tenth(8_000_000);
    assert.equal(flow.limit, 12);
  }
  await tenth(8_000_000);
  assert.equal(flow.limit, 18);
});

test('how much comes is measured over a tenth of a second, and over as many requests as may run', async () => {
  const { flow, end } = await busy();
  const bytes = 1_000_000;
  await end(8, bytes, 99);
  assert.equal(flow.limit, 8);
  await end(1, bytes, 1);
  assert.equal(flow.limit, 12);
  await end(11, bytes, 100);
  assert.equal(flow.limit, 12);
  await end(1, bytes, 0);
  assert.equal(flow.limit, 18);
  // As much as before is no gain.
  await end(18, (12 / 18) * bytes, 100);
  assert.equal(flow.limit, 12);
});

test('as many as there are connections may run; after S3 asks to wait, half as many, and for three seconds no more', async () => {
  const { flow, tenth } = await busy();
  const limits: number[] = [];
  for (let times = 1; times < 7; times += 1) {
    await tenth(1e7 * 2 ** times);
    limits.push(flow.limit);
  }
  assert.deepEqual(limits, [12, 18, 27, 41, 48, 48]);
  const other = await busy();
  for (const bytes of [1e7, 2e7, 4e7]) await other.tenth(bytes);
  other.flow.slowDown();
  assert.equal(other.flow.limit, 13);
  for (let rest = 0; rest < 30; rest += 1) {
    await other.tenth(1e7);
    assert.equal(other.flow.limit, 13);
  }
  await other.tenth(1e7);
  assert.equal(other.flow.limit, 20);
});

test('where no request waits, as many may run as before', async () => {
  const clock = { now: 0 };
  const flow = new Flow(() => clock.now);
  const alone = async (requests: number) => {
    for (let sent = 0; sent < requests; sent += 1) {
      const end = await flow.begin(0);
      clock.now += 100;
      end(1000);
    }
  };
  await alone(20);
  assert.equal(flow.limit, 8);
  const full = await Promise.all(Array.from({ length: 8 }, () => flow.begin(0)));
  const ninth = flow.begin(0);
  clock.now += 100;
  for (const end of full) end(1_000_000);
  assert.equal(flow.limit, 12);
  (await ninth)(1000);
  await alone(30);
  assert.equal(flow.limit, 12);
});

test('the bodies of all requests together take up to 64 MiB, and not a byte more', async () => {
  const flow = new Flow(() => 0);
  const begun: string[] = [];
  const ask = async (name: string, bytes: number) => {
    const end = await flow.begin(bytes);
    begun.push(name);
    return end;
  };
  const first = ask('first', 60 * 2 ** 20);
  void ask('second', 4 * 2 ** 20);
  void ask('third', 1);
  await new Promise(setImmediate);
  assert.deepEqual(begun, ['first', 'second']);
  (await first)(0);
  await new Promise(setImmediate);
  assert.deepEqual(begun, ['first', 'second', 'third']);
});
