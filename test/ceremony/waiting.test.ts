import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { type TestContext, test } from 'node:test';
import timers from 'node:timers/promises';
import type { Progress } from '../../source/ceremony/progress.ts';
import { backOff, orStopped, Waiting } from '../../source/ceremony/waiting.ts';
import { replaceMembers } from '../replace-members.ts';

const person = new Error('stopped by the person');

/** Time that passes only where something sleeps, and at once. Gives how long each sleep was, in milliseconds. */
function sleepsAtOnce(t: TestContext): number[] {
  let now = 5000;
  const slept: number[] = [];
  t.mock.method(performance, 'now', () => now);
  replaceMembers(t, timers, {
    setTimeout: async (milliseconds: number) => {
      now += milliseconds;
      slept.push(milliseconds);
    },
  });
  return slept;
}

test('a wait counts the seconds down, says which try comes, and says when it has tried again', async (t) => {
  sleepsAtOnce(t);
  const waiting = new Waiting();
  const reports: Progress[] = [];
  const { signal } = new AbortController();
  const before = performance.now();
  await waiting.during({ report: (progress) => reports.push(progress), signal }, () =>
    waiting.pause({ label: 'KMS is busy', next: 3, milliseconds: 1100 }),
  );
  assert.equal(performance.now() - before, 1100);
  assert.deepEqual(
    reports.map(({ note, tick, state }) => [note, tick, state]),
    [
      ['try 3 in 2 s', false, 'waiting'],
      ['try 3 in 1 s', true, 'waiting'],
      ['tried again', true, 'done'],
    ],
  );
  assert.equal(new Set(reports.map(({ id, label }) => `${id}, ${label}`)).size, 1);
  assert.equal(reports[0]?.label, 'KMS is busy');
});

test('a wait ends at once when the person stops, and where nobody watches it is made unseen', async () => {
  const waiting = new Waiting();
  const stop = new AbortController();
  const paused = waiting.during({ report: () => stop.abort(person), signal: stop.signal }, () =>
    waiting.pause({ label: 'KMS is busy', next: 2, milliseconds: 600_000 }),
  );
  await assert.rejects(paused, person);
  const before = performance.now();
  await waiting.pause({ label: 'unseen', next: 2, milliseconds: 20 });
  assert.ok(performance.now() - before >= 20, 'and yet it waits');
});

test('a wait is as long as was said, and stops at each whole second that is left', async (t) => {
  const slept = sleepsAtOnce(t);
  for (const [milliseconds, parts] of [
    [1, [1]],
    [2000, [1000, 1000]],
    [2500, [500, 1000, 1000]],
  ] as const) {
    const before = performance.now();
    await new Waiting().pause({ label: 'KMS is busy', next: 2, milliseconds });
    assert.equal(performance.now() - before, milliseconds);
    assert.deepEqual(slept.splice(0), parts);
  }
});

test('waits of different reasons are lines of their own', async () => {
  const waiting = new Waiting();
  const ids = new Set<string>();
  const watcher = { report: ({ id }: Progress) => void ids.add(id), signal: new AbortController().signal };
  await waiting.during(watcher, async () => {
    for (const label of ['KMS is busy', 'No clear answer']) await waiting.pause({ label, next: 2, milliseconds: 0 });
  });
  assert.equal(ids.size, 2);
});

test('who watches is who began the innermost work that goes on', async () => {
  const waiting = new Waiting();
  const seen: string[] = [];
  const watched = (name: string) => ({ report: () => void seen.push(name), signal: new AbortController().signal });
  const pause = () => waiting.pause({ label: 'a', next: 2, milliseconds: 0 });
  await waiting.during(watched('outer'), async () => {
    await waiting.during(watched('inner'), pause);
    await pause();
  });
  assert.deepEqual(seen, ['inner', 'outer']);
});

test('pauses double up to 15 seconds, and at least half of each is waited', () => {
  for (const [tries, most] of [
    [1, 500],
    [2, 1000],
    [3, 2000],
    [20, 15_000],
  ] as const) {
    const pauses = Array.from({ length: 200 }, () => backOff(tries, 500));
    assert.ok(pauses.every((milliseconds) => milliseconds >= most / 2 && milliseconds <= most));
    assert.ok(Math.max(...pauses) - Math.min(...pauses) > most / 10, 'they differ');
  }
});

test('work that ends gives its result; when the person stops, it gets the grace to end and no more', async () => {
  const stop = new AbortController();
  assert.equal(await orStopped(Promise.resolve('done'), stop.signal), 'done');
  assert.deepEqual(getEventListeners(stop.signal, 'abort'), [], 'Node would warn of a leak on the screen');
  await assert.rejects(orStopped(Promise.reject(new Error('no')), stop.signal), /no/);
  const work = Promise.withResolvers<void>();
  let hasEnded = false;
  const stopped = orStopped(work.promise, stop.signal, 600_000).catch((error: unknown) => {
    assert.equal(hasEnded, true, 'the call under way was waited for');
    return error;
  });
  stop.abort(person);
  await new Promise(setImmediate);
  hasEnded = true;
  work.resolve();
  assert.equal(await stopped, person);
  await assert.rejects(orStopped(new Promise(() => {}), stop.signal, 1), person);
  await assert.rejects(orStopped(new Promise(() => {}), stop.signal), person);
  const fails = Promise.reject(new Error('aborted'));
  await assert.rejects(orStopped(fails, stop.signal, 600_000), person, 'also when the work fails then');
});

test('work that ends in its grace leaves no time to wait for, which would keep the process alive', async (t) => {
  const signals: (AbortSignal | undefined)[] = [];
  replaceMembers(t, timers, {
    setTimeout: (_milliseconds: number, _value: undefined, options?: { signal?: AbortSignal }) => {
      signals.push(options?.signal);
      return new Promise(() => {});
    },
  });
  await assert.rejects(orStopped(Promise.resolve(), AbortSignal.abort(person), 600_000), person);
  assert.deepEqual(
    signals.map((signal) => signal?.aborted),
    [true],
  );
});

test('what is waited for is told after two seconds, once for all who wait, and again when it has come', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const waiting = new Waiting();
  const told: string[] = [];
  const report = ({ label, state }: Progress) => told.push(`${state}: ${label}`);
  await waiting.during({ report, signal: new AbortController().signal }, async () => {
    const [first, second, quick] = ['kms.example', 'kms.example', 'sts.example'].map((host) => waiting.expect(host));
    t.mock.timers.tick(1999);
    quick?.();
    assert.deepEqual(told, []);
    t.mock.timers.tick(1);
    assert.deepEqual(told, ['working: Waiting for kms.example']);
    first?.();
    first?.();
    assert.equal(told.length, 1);
    second?.();
  });
  assert.deepEqual(told, ['working: Waiting for kms.example', 'done: Waited for kms.example']);
});

test('where nobody watches, what is waited for is told to nobody', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const end = new Waiting().expect('kms.example');
  t.mock.timers.tick(2000);
  end();
});

test('a wait for something is told when it begins and, with its seconds, when it ends, and the next one is told anew', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let now = 5000;
  t.mock.method(performance, 'now', () => now);
  const waiting = new Waiting();
  const told: Progress[] = [];
  const { signal } = new AbortController();
  await waiting.during({ report: (line) => void told.push(line), signal }, async () => {
    const end = waiting.expect('kms.example');
    now += 4100;
    t.mock.timers.tick(2000);
    end();
    // The next wait for the same host is told anew.
    waiting.expect('kms.example');
    t.mock.timers.tick(2000);
  });
  const begun = { id: 'expect: kms.example', label: 'Waiting for kms.example', state: 'working', tick: false };
  const ended = { ...begun, label: 'Waited for kms.example', note: '4 s', state: 'done', tick: true };
  assert.deepEqual(told, [begun, ended, begun]);
});

test('a program gets the terminal of whoever watches, and is waited for as anything else where there is none', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const waiting = new Waiting();
  const told: string[] = [];
  const { signal } = new AbortController();
  const report = ({ label }: Progress) => told.push(label);
  const lend = async (what: string) => {
    told.push(`lent to ${what}`);
    return async () => void told.push('taken back');
  };
  const program = async () => {
    const takeBack = await waiting.lend('the program');
    t.mock.timers.tick(2000);
    await takeBack();
  };
  await waiting.during({ report, signal, lend }, program);
  await waiting.during({ report, signal }, program);
  assert.deepEqual(told, ['lent to the program', 'taken back', 'Waiting for the program', 'Waited for the program']);
});
