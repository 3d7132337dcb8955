import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { releaseLock, takeLock } from '../../source/ceremony/lock.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import { beforeCall } from '../disk/before-call.ts';
import { refuse } from '../disk/refuse.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';

const newPath = () => join(newFolder(), 'journal.lock');

/** A problem of a lock leaves everything as it was, and the person can act. */
const isFixable = ({ kind, what, state, next }: Problem, ways: number) =>
  kind === 'fixable' &&
  what.startsWith("Can't open this ceremony") &&
  state === 'Nothing was changed.' &&
  next.length === ways;

test('a second process is told who holds the lock', () => {
  const path = newPath();
  const before = new Date().toISOString();
  assert.equal(takeLock(path), undefined);
  assert.ok(JSON.parse(readlinkSync(path)).since >= before);
  assert.throws(
    () => takeLock(path),
    (error) =>
      error instanceof ProblemError &&
      (error.problem.why ?? '').includes(`Process ${process.pid}`) &&
      / since \d{4}-\d\d-\d\dT\S+Z\.$/.test(error.problem.why ?? '') &&
      error.problem.next.at(-1) === `If that machine is gone for good, remove ${path}` &&
      // Nobody is told to run the same command once more.
      error.problem.endsHere === true &&
      isFixable(error.problem, 2) &&
      error.problem.what.includes('another Keyferry has it open'),
  );
  assert.equal(readdirSync(dirname(path)).length, 1);
  releaseLock(path);
  assert.deepEqual(readdirSync(dirname(path)), []);
});

test('the lock of a process that was killed is taken over, and that is told', async () => {
  const path = newPath();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  symlinkSync(JSON.stringify({ pid: child.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' }), path);
  assert.throws(() => takeLock(path), ProblemError);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.match(takeLock(path) ?? '', new RegExp(`process ${child.pid}`));
  assert.equal(JSON.parse(readlinkSync(path)).pid, process.pid);
});

const noStart = existsSync('/proc/self/stat') ? false : 'the system does not tell when a process started';

test('a lock whose process number went to a process that started later is taken over', { skip: noStart }, async () => {
  const path = newPath();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    await once(child, 'spawn');
    const since = '2026-01-01T00:00:00.000Z';
    symlinkSync(JSON.stringify({ pid: child.pid, host: hostname(), since, started: '1' }), path);
    assert.match(takeLock(path) ?? '', new RegExp(`process ${child.pid} since ${since}`));
    assert.equal(JSON.parse(readlinkSync(path)).pid, process.pid);
    assert.equal(child.exitCode, null);
  } finally {
    child.kill('SIGKILL');
  }
});

test('a lock of this very process is held, by its start too', { skip: noStart }, async (t) => {
  const path = newPath();
  const { title } = process;
  process.title = 'a) b (c';
  t.after(() => {
    process.title = title;
  });
  takeLock(path);
  // Field 22, and the program's name in brackets, which is field 2, may have spaces: proc(5).
  const [, behindName = ''] = /^\d+ \(.*\) (.*)$/s.exec(readFileSync('/proc/self/stat', 'utf8')) ?? [];
  assert.equal(JSON.parse(readlinkSync(path)).started, behindName.split(' ')[22 - 3]);
  assert.throws(() => takeLock(path), ProblemError);
});

test('a lock of another machine is never taken over, whatever process has that number here or has ended', () => {
  const path = newPath();
  const { pid: ended } = spawnSync('true');
  for (const [pid, more] of [
    [1, {}],
    [ended, {}],
    [ended, { started: '1' }],
  ] as const) {
    symlinkSync(JSON.stringify({ pid, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z', ...more }), path);
    assert.throws(
      () => takeLock(path),
      (error) =>
        error instanceof ProblemError &&
        error.problem.why === `Process ${pid} on elsewhere has held it since 2026-01-01T00:00:00.000Z.`,
    );
    rmSync(path);
  }
});

test('the lock of a process of another user, to which no signal may be sent, is held', (t) => {
  const path = newPath();
  symlinkSync(JSON.stringify({ pid: 1, host: hostname(), since: '2026-01-01T00:00:00.000Z' }), path);
  t.mock.method(process, 'kill', () => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  assert.throws(() => takeLock(path), ProblemError);
  assert.equal(JSON.parse(readlinkSync(path)).pid, 1);
});

test('the lock of another process stays when this one gives its own back', () => {
  const path = newPath();
  takeLock(path);
  const { started } = JSON.parse(readlinkSync(path));
  releaseLock(path);
  for (const other of [
    { pid: process.pid, host: 'elsewhere' },
    { pid: process.pid, host: 'elsewhere', started },
    { pid: process.pid + 1, host: hostname(), started },
    { pid: process.pid, host: hostname(), started: '1' },
    { pid: process.pid + 1, host: hostname() },
  ]) {
    symlinkSync(JSON.stringify({ since: '2026-01-01T00:00:00.000Z', ...other }), path);
    releaseLock(path);
    assert.equal(JSON.parse(readlinkSync(path)).host, other.host);
    rmSync(path);
  }
  releaseLock(path);
  assert.equal(existsSync(path), false);
});

test('a lock that says nothing of its holder is taken over in one step, and that is told', (t) => {
  const path = newPath();
  symlinkSync('{', path);
  const events = watchDisk(t);
  assert.equal(takeLock(path), 'a process that left no name');
  assert.deepEqual(events, [{ does: 'name', file: 'journal.lock' }], 'at no moment was there no lock');
  releaseLock(path);
  writeFileSync(path, '');
  assert.equal(takeLock(path), 'a process that left no name');
  releaseLock(path);
  execFileSync('mkfifo', [path]);
  assert.equal(takeLock(path), 'a process that left no name');
});

test('a lock that cannot be made says why', () => {
  assert.throws(
    () => takeLock(join(newFolder(), 'none', 'journal.lock')),
    (error) =>
      error instanceof ProblemError &&
      (error.problem.why ?? '').includes('There is no such file or folder.') &&
      isFixable(error.problem, 1) &&
      error.problem.endsHere === undefined,
  );
});

test('a disk that takes no lock is told at once', (t) => {
  refuse(t, 'symlinkSync', 'EROFS');
  const path = newPath();
  assert.throws(
    () => takeLock(path),
    (error) => error instanceof ProblemError && (error.problem.why ?? '').startsWith(`${path}: `),
  );
});

for (const text of ['null', '1', '[]', '{"pid":"1"}', '{"pid":-1,"host":"x","since":""}', 'a path'])
  test(`a lock whose text is ${text} is taken over, and nothing is left beside it`, () => {
    const path = newPath();
    symlinkSync(text, path);
    assert.equal(takeLock(path), 'a process that left no name');
    releaseLock(path);
    assert.deepEqual(readdirSync(dirname(path)), []);
  });

test('a folder with the name of the lock is told, stays, and nothing is left beside it', () => {
  const path = newPath();
  mkdirSync(path);
  assert.throws(
    () => takeLock(path),
    (error) =>
      error instanceof ProblemError &&
      /has the name of its lock, and is a folder/.test(error.problem.why ?? '') &&
      isFixable(error.problem, 1) &&
      error.problem.endsHere === undefined,
  );
  assert.deepEqual(readdirSync(dirname(path)), ['journal.lock']);
});

/** Does something else in place of making a link, or before or after it, until the test ends. */
function linkOtherwise(t: TestContext, make: (link: typeof symlinkSync, text: string, place: string) => void): void {
  const { symlinkSync: link } = fs;
  replaceMembers(t, fs, { symlinkSync: (text: string, place: string) => make(link, text, place) });
}

test('a lock that is given back at the moment of the look is taken, and nobody is said to have left it', (t) => {
  const path = newPath();
  let isHeld = true;
  linkOtherwise(t, (link, text, place) => {
    if (!isHeld) return link(text, place);
    isHeld = false;
    throw Object.assign(new Error('held'), { code: 'EEXIST' });
  });
  assert.equal(takeLock(path), undefined);
  assert.equal(isHeld, false, 'it was found held at first');
  assert.equal(JSON.parse(readlinkSync(path)).pid, process.pid);
});

test('of two that find the same abandoned lock, the later one is told who was first, and leaves nothing beside the lock', (t) => {
  const path = newPath();
  symlinkSync('{', path);
  const first = JSON.stringify({ pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' });
  // As soon as this process has claimed the abandoned lock, the other one has replaced it already.
  linkOtherwise(t, (link, text, place) => {
    link(text, place);
    if (place === path) return;
    rmSync(path);
    link(first, path);
  });
  assert.throws(
    () => takeLock(path),
    (error) => error instanceof ProblemError && /since 2026-01-01T00:00:00\.000Z/.test(error.problem.why ?? ''),
  );
  assert.deepEqual(readdirSync(dirname(path)), ['journal.lock']);
  assert.equal(readlinkSync(path), first);
});

test('a lock that cannot be read is not taken over, and the reason is told', (t) => {
  const path = newPath();
  const held = JSON.stringify({ pid: process.pid, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' });
  symlinkSync(held, path);
  let isFaulty = true;
  refuse(t, 'readlinkSync', 'EIO', () => isFaulty);
  assert.throws(
    () => takeLock(path),
    (error) => error instanceof ProblemError && (error.problem.why ?? '').includes('The disk reports a fault'),
  );
  // Whoever cannot read it does not know whose it is.
  releaseLock(path);
  isFaulty = false;
  assert.equal(readlinkSync(path), held);
});

for (const [call, nth, says] of [
  ['readlinkSync', 2, /Can't open this ceremony/],
  ['renameSync', 1, /EIO/],
] as const)
  test(`an abandoned lock whose replacing fails at ${call} is taken by the next try of the same process`, (t) => {
    const path = newPath();
    symlinkSync('{', path);
    let calls = 0;
    refuse(t, call, 'EIO', () => {
      calls += 1;
      return calls === nth;
    });
    assert.throws(() => takeLock(path), says);
    assert.equal(takeLock(path), 'a process that left no name');
    assert.deepEqual(readdirSync(dirname(path)), ['journal.lock']);
  });

test('a lock that goes away while it is looked at is taken', (t) => {
  const path = newPath();
  symlinkSync('{', path);
  beforeCall(t, 'lstatSync', (place) => {
    if (place === path) unlinkSync(path);
  });
  assert.equal(takeLock(path), undefined);
});

test('a lock that goes away at the moment of the look need not be given back', (t) => {
  const path = newPath();
  takeLock(path);
  const { readlinkSync: read } = fs;
  replaceMembers(t, fs, {
    readlinkSync: (place: string) => {
      const text = read(place);
      rmSync(place);
      return text;
    },
  });
  releaseLock(path);
  assert.deepEqual(readdirSync(dirname(path)), []);
});

test('a lock is taken over also after a process was killed while it took it over', (t) => {
  const path = newPath();
  symlinkSync('{', path);
  let isKilled = false;
  linkOtherwise(t, (link, text, place) => {
    if (place === path || isKilled) return link(text, place);
    isKilled = true;
    link('{', place);
    throw Object.assign(new Error('killed'), { code: 'EIO' });
  });
  assert.throws(() => takeLock(path), ProblemError);
  assert.equal(isKilled, true);
  assert.equal(takeLock(path), 'a process that left no name');
  assert.deepEqual(readdirSync(dirname(path)), ['journal.lock']);
});
