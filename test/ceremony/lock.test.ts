import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
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
  releaseLock(path);
  assert.equal(existsSync(path), false);
});

test('the lock of a process that was killed is taken over, and that is told', async () => {
  const path = newPath();
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(child, 'spawn');
  writeFileSync(path, JSON.stringify({ pid: child.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z' }));
  assert.throws(() => takeLock(path), ProblemError);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.match(takeLock(path) ?? '', new RegExp(`process ${child.pid}`));
  assert.equal(JSON.parse(readFileSync(path, 'utf8')).pid, process.pid);
});

test('a lock of another machine is never taken over', () => {
  const path = newPath();
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere', since: '2026-01-01T00:00:00.000Z' }));
  assert.throws(() => takeLock(path), ProblemError);
});
