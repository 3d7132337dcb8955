import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { tellWhyNotBegun } from '../../source/commands/beginning.ts';
import { writtenTo } from './written-to.ts';

test('why a ceremony cannot begin is told with status 2, be it a problem or the disk, and a defect is thrown', async (t) => {
  const problem = { kind: 'fixable', what: "Can't \u001B[31mbegin.", next: ['Wait.'] } as const;
  const diskError = Object.assign(new Error('EACCES: no'), { code: 'EACCES', syscall: 'mkdir', path: '/w' });
  const { result, written } = await writtenTo(t, process.stderr, async () => {
    const statuses = [
      await tellWhyNotBegun(async () => 'begun'),
      await tellWhyNotBegun(async () => Promise.reject(new ProblemError(problem))),
      await tellWhyNotBegun(async () => Promise.reject(diskError)),
    ];
    await assert.rejects(
      tellWhyNotBegun(async () => Promise.reject(new TypeError('a defect'))),
      /a defect/,
    );
    return statuses;
  });
  assert.deepEqual(result, ['begun', 2, 2]);
  const text = written.join('');
  assert.match(text, /begin\.\n *> Wait\.\n/);
  assert.match(text, /Can't work in this folder\./);
  assert.equal(text.includes('\u001B'), false);
});
