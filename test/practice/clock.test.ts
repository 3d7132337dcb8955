import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Clock, openClock } from '../../source/practice/clock.ts';
import { controlFileName } from '../../source/practice/control.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';
import { must, setControl } from './practising.ts';

const hour = 3600_000;
/** The highest speed. */
const fast = 1_000_000;

/** Stops the system clock. Gives a function that lets it go on, and tells how much time passes by a practice clock. */
function stopTime(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  return (clock: Clock, milliseconds: number) => {
    const before = clock.now().getTime();
    // In steps, because a timer that is due sees the date at the end of its step.
    for (let left = milliseconds; left > 0; left -= 500) t.mock.timers.tick(Math.min(left, 500));
    return clock.now().getTime() - before;
  };
}

test('only the process that made a clock fast makes it slow again, also when it ends', (t) => {
  const passesIn = stopTime(t);
  const folder = newFolder();
  const [store, other] = [openStore(folder), openStore(folder)];
  const [clock, second] = [openClock(store), openClock(other)];
  try {
    assert.equal(passesIn(clock, 1), 1);
    clock.setSpeed(fast);
    assert.deepEqual([passesIn(clock, 1), passesIn(second, 1)], [fast, fast]);
    second.release();
    assert.equal(passesIn(clock, 1), fast);
    clock.setSpeed(1);
    assert.equal(passesIn(second, 1), 1);
    clock.setSpeed(fast);
    passesIn(clock, 1);
    const ahead = clock.now().getTime();
    clock.release();
    assert.equal(second.now().getTime(), ahead);
    assert.equal(passesIn(second, 1), 1);
  } finally {
    clock.release();
    store.close();
    other.close();
  }
});

test('a speed lasts as long as the process that set it, and at the speed 0 no time passes', (t) => {
  const passesIn = stopTime(t);
  const store = openStore(newFolder());
  const clock = openClock(store);
  assert.equal(passesIn(clock, 10_000), 10_000);
  clock.setSpeed(60);
  assert.equal(passesIn(clock, 10_000), 600_000);
  clock.setSpeed(0);
  assert.equal(passesIn(clock, 10_000), 0);
  clock.release();
  assert.equal(passesIn(clock, 10_000), 10_000);
  store.close();
});

test('a system clock that was set back does not set the practice clock back', () => {
  const store = openStore(newFolder());
  const practice = Date.now() + hour;
  store.run('INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)', Date.now() + hour, practice, 1);
  assert.equal(openClock(store).now().getTime(), practice);
  store.close();
});

test('the control file makes the clock fast and slow while practice AWS runs', async (t) => {
  const stateFolder = newFolder();
  const { endpoint, credentials, close } = await startPracticeAws({ stateFolder });
  t.after(close);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() });
  const kms = new KMSClient({ region: 'us-east-1', endpoint, credentials });
  const made = async () => must((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.CreationDate).getTime();
  const passesInSecond = async () => {
    const before = await made();
    t.mock.timers.tick(1000);
    return (await made()) - before;
  };
  assert.equal(await passesInSecond(), 1000);
  setControl({ folder: stateFolder }, { clockSpeed: fast });
  const last = await made();
  assert.equal(await passesInSecond(), 1000 * fast);
  rmSync(join(stateFolder, controlFileName));
  assert.ok((await made()) >= last + 1000 * fast, 'the clock was not set back');
  assert.equal(await passesInSecond(), 1000, 'the clock is slow again');
});
