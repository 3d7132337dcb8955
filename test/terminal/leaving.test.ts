import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { restoreSequence, statusOf, stoppedByPerson, watchLeaving } from '../../source/terminal/leaving.ts';

function watched(more: Partial<Parameters<typeof watchLeaving>[1]> = {}) {
  const log: string[] = [];
  const process = Object.assign(new EventEmitter(), { exit: (status: number) => void log.push(`exit ${status}`) });
  const streams = { stdin: new PassThrough(), stdout: new PassThrough() };
  const stop = watchLeaving(streams, { process, restore: () => void log.push('restored'), ...more });
  return { log, process, ...streams, stop };
}

for (const [name, status, leave] of [
  ['SIGINT', 130, ({ process }) => process.emit('SIGINT')],
  ['SIGTERM', 143, ({ process }) => process.emit('SIGTERM')],
  ['SIGHUP', 129, ({ process }) => process.emit('SIGHUP')],
  ['a terminal that has ended', 129, ({ stdin }) => stdin.emit('end')],
  ['a terminal that cannot be read any more', 129, ({ stdin }) => stdin.emit('error', new Error('EIO'))],
  ['a terminal that cannot be written any more', 129, ({ stdout }) => stdout.emit('error', new Error('EIO'))],
] as const satisfies readonly [string, number, (watch: ReturnType<typeof watched>) => void][]) {
  test(`${name} restores the terminal and ends with ${status}`, () => {
    const watch = watched();
    leave(watch);
    leave(watch);
    assert.deepEqual(watch.log, ['restored', `exit ${status}`]);
  });
}

test('only SIGINT may be for another program', () => {
  const { log, process } = watched({ ignoresInterrupt: () => true });
  process.emit('SIGINT');
  assert.deepEqual(log, []);
  process.emit('SIGTERM');
  assert.deepEqual(log, ['restored', 'exit 143']);
});

test('a signal ends the program also where the terminal cannot be given back', () => {
  const restore = () => {
    throw new Error('EIO');
  };
  const { log, process } = watched({ restore });
  assert.throws(() => process.emit('SIGTERM'), /EIO/);
  assert.deepEqual(log, ['exit 143']);
});

test('after the screen is closed, signals and the loss of the terminal are no longer its business', () => {
  const { log, process, stdin, stdout, stop } = watched();
  stop();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.emit(signal);
  stdin.emit('end');
  for (const stream of [stdin, stdout]) {
    stream.on('error', () => {});
    stream.emit('error', new Error('EIO'));
  }
  assert.deepEqual(log, []);
});

test('a signal that stops a program counts from 128, and a stop by the person as Ctrl+C', () => {
  assert.equal(statusOf('SIGINT'), 130);
  assert.equal(stoppedByPerson, statusOf('SIGINT'));
});

test('a terminal is given back with its cursor, and pastes no longer in brackets', () => {
  for (const sequence of ['\u001B[?25h', '\u001B[?2004l']) assert.ok(restoreSequence.includes(sequence));
});
