import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import { runUntilStopped, statusOf } from '../../source/commands/until-stopped.ts';
import { writtenTo } from './written-to.ts';

// Older Nodes end a test that nothing but a signal would wake.
const awake = setInterval(() => {}, 1000);
after(() => clearInterval(awake));

for (const [signal, status] of [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`a command that ${signal} stopped says ${status}, also where it told of a problem on its way out`, async () => {
    const stoppedWith = (ends: number) =>
      runUntilStopped(async (stop) => {
        process.kill(process.pid, signal);
        if (!stop.aborted) await once(stop, 'abort');
        assert.equal(statusOf(stop), status);
        return ends;
      });
    assert.equal(await stoppedWith(3), status);
    assert.equal(await stoppedWith(0), 0, 'what was finished all the same is finished');
    assert.equal(process.listenerCount(signal), 0);
  });
}

test('a command that nobody stopped keeps its status and its errors', async () => {
  assert.equal(await runUntilStopped(async () => 3), 3);
  for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) assert.equal(process.listenerCount(signal), 0);
  await assert.rejects(
    runUntilStopped(async () => {
      throw new Error('a defect');
    }),
    /a defect/,
  );
});

test('a command that was cut off says by what it was stopped, and claims nothing about what is saved', async (t) => {
  const run = () =>
    runUntilStopped(async (stop) => {
      process.kill(process.pid, 'SIGINT');
      if (!stop.aborted) await once(stop, 'abort');
      throw stop.reason;
    });
  const { result, written } = await writtenTo(t, process.stderr, run);
  assert.equal(result, 130);
  assert.deepEqual(written, ['keyferry: stopped by SIGINT.\n']);
});
