import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { releaseLock, takeLock } from '../../source/ceremony/lock.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { newFolder } from '../new-folder.ts';

const newPath = () => join(newFolder(), 'journal.lock');

test('a second process is told who holds the lock', () => {
  const path = newPath();
  assert.equal(takeLock(path), undefined);
  assert.throws(
    () => takeLock(path),
    (error) => error instanceof ProblemError && (error.problem.why ?? '').includes(`Process ${process.pid}`),
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

test('a lock of this very process is held, by its start too', { skip: noStart }, async () => {
  const path = newPath();
  takeLock(path);
  assert.match(JSON.parse(readlinkSync(path)).started, /^\d+$/);
  assert.throws(() => takeLock(path), ProblemError);
});

test('a lock of another machine is never taken over', () => {
  const path = newPath();
  symlinkSync(JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }), path);
  assert.throws(() => takeLock(path), ProblemError);
});

test('of several processes that find an abandoned lock at the same moment, one gets it', async () => {
  const folder = newFolder();
  const count = 800;
  const gone = spawn(process.execPath, ['-e', '0']);
  await once(gone, 'exit');
  const dead = JSON.stringify({ pid: gone.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' });
  for (let number = 0; number < count; number += 1) symlinkSync(dead, join(folder, `lock-${number}`));
  const taker = fileURLToPath(new URL('lock-taker.ts', import.meta.url));
  const args = ['--import', 'tsx', taker, folder, String(count), String(Date.now() + 1500)];
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  try {
    const got = await Promise.all(children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()));
    const holders = Array.from({ length: count }, (_, number) => got.filter((line) => line[number] === '+').length);
    assert.deepEqual(
      holders.filter((many) => many !== 1),
      [],
    );
    // Nobody has left a claim behind.
    assert.equal(readdirSync(folder).length, count);
  } finally {
    for (const child of children) child.stdin.end();
    await Promise.all(children.map((child) => once(child, 'close')));
  }
});
