import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { constants } from 'node:os';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { watchJobControl } from '../../source/terminal/job-control.ts';

/** The job control of a program whose stop by a signal is only noted. */
function watched() {
  const log: string[] = [];
  const process = Object.assign(new EventEmitter(), {
    kill(pid: number, signal: string) {
      // A listener of the program's own would keep the signal from stopping it.
      log.push(`${signal} to ${pid}, heard by ${process.listenerCount(signal)}`);
    },
  });
  const control = watchJobControl(process, async () => {
    log.push('removed');
    return {
      resume: async () => {
        await turn();
        log.push('drawn');
      },
    };
  });
  const settled = async () => {
    for (let count = 0; count < 5; count += 1) await turn();
  };
  return { log, process, control, settled };
}

/** What a stop by Ctrl+Z leaves. */
const stop = ['removed', 'SIGTSTP to 0, heard by 0', 'drawn'];
const skip = 'SIGTSTP' in constants.signals ? false : 'no such signals here';

test('Ctrl+Z removes the screen, stops the whole job and draws the screen once, each time', { skip }, async () => {
  const { log, process, control, settled } = watched();
  const signal = () => void process.emit('SIGTSTP');
  for (const suspend of [signal, control.suspend, signal]) {
    suspend();
    // A second Ctrl+Z while the screen is removed stops nothing twice.
    suspend();
    await turn();
    process.emit('SIGCONT');
    await settled();
    assert.deepEqual(log.splice(0), stop);
  }
});

test('the signal to go on, when it comes late after Ctrl+Z, does not draw the screen a second time', {
  skip,
}, async () => {
  const { log, process, control, settled } = watched();
  control.suspend();
  await settled();
  process.emit('SIGCONT');
  await settled();
  assert.deepEqual(log, stop);
});

test('a program that was stopped from outside draws its screen again when it goes on', { skip }, async () => {
  const { log, process, control, settled } = watched();
  process.emit('SIGCONT');
  await settled();
  assert.deepEqual(log.splice(0), ['removed', 'drawn']);
  control.suspend();
  await turn();
  process.emit('SIGCONT');
  await settled();
  log.splice(0);
  process.emit('SIGCONT');
  await settled();
  assert.deepEqual(log, ['removed', 'drawn']);
});

test('once the screen is closed, stops and continues are no longer its business', { skip }, async () => {
  const { log, process, control, settled } = watched();
  control.stop();
  process.emit('SIGTSTP');
  process.emit('SIGCONT');
  await settled();
  assert.deepEqual(log, []);
});
