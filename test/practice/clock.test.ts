import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { type Clock, openClock } from '../../source/practice/clock.ts';
import { controlFileName } from '../../source/practice/control.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';
import { must, setControl } from './practising.ts';

const hour = 3600_000;
/** At this speed, a millisecond is more than a quarter of an hour. */
const fast = 1_000_000;

/** Tells whether a clock runs ahead of the system clock while the system clock goes on by a millisecond. */
function isFast(clock: Clock): boolean {
  const before = clock.now().getTime();
  // Read last: a millisecond that passes between the two readings must not count as the one that is waited for.
  const start = Date.now();
  while (Date.now() === start) {
    // The millisecond passes.
  }
  return clock.now().getTime() - before > hour / 6;
}

test('whoever made a clock fast makes it slow again, at the end too, and nobody else does', () => {
  const folder = newFolder();
  const [store, other] = [openStore(folder), openStore(folder)];
  const [clock, second] = [openClock(store), openClock(other)];
  try {
    assert.equal(isFast(clock), false);
    clock.setSpeed(fast);
    assert.deepEqual([isFast(clock), isFast(second)], [true, true]);
    second.release();
    assert.equal(isFast(clock), true);
    clock.setSpeed(1);
    assert.equal(isFast(second), false);
    clock.setSpeed(fast);
    const ahead = clock.now().getTime();
    clock.release();
    assert.equal(isFast(second), false);
    assert.ok(second.now().getTime() >= ahead);
  } finally {
    clock.release();
    store.close();
    other.close();
  }
});

test('a speed lasts as long as the process that set it, and at the speed 0 no time passes', (t) => {
  t.mock.timers.enable({ apis: ['setInterval', 'Date'], now: Date.now() });
  const store = openStore(newFolder());
  const clock = openClock(store);
  const passesIn = (milliseconds: number) => {
    const before = clock.now().getTime();
    for (let passed = 0; passed < milliseconds; passed += 500) t.mock.timers.tick(500);
    return clock.now().getTime() - before;
  };
  assert.equal(passesIn(10_000), 10_000);
  clock.setSpeed(60);
  assert.equal(passesIn(10_000), 600_000);
  clock.setSpeed(0);
  assert.equal(passesIn(10_000), 0);
  clock.release();
  assert.equal(passesIn(10_000), 10_000);
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
  const kms = new KMSClient({ region: 'us-east-1', endpoint, credentials });
  const made = async () => must((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.CreationDate).getTime();
  await made();
  setControl({ folder: stateFolder }, { clockSpeed: fast });
  const [first, second] = [await made(), await made()];
  assert.ok(second - first > hour / 6, 'the clock is fast');
  rmSync(join(stateFolder, controlFileName));
  const [third, fourth] = [await made(), await made()];
  assert.ok(third > second && fourth - third < hour / 6, 'the clock is slow again, and was not set back');
});
