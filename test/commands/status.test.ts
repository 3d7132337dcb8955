import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { status } from '../../source/commands/status.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';

/** What the command writes to standard error, with an output that does as it is told. */
function watched(t: TestContext, write: (text: string) => boolean) {
  const errors: string[] = [];
  t.mock.method(process.stderr, 'write', (text: string) => {
    errors.push(text);
    return true;
  });
  const stdout = Object.create(process.stdout, { write: { value: write } });
  const { signal } = new AbortController();
  return { errors, io: { stdin: process.stdin, stdout, stderr: process.stderr, signal } };
}

test('a defect of the program is told in one line and gives status 70, not that of a look that found something', async (t) => {
  const workdir = newFolder({ inMemory: true });
  seedKeys(join(workdir, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const options = { practice: true, workdir, regions: ['us-east-1'], within: 0 };
  const { errors, io } = watched(t, () => {
    throw new TypeError('no page');
  });
  assert.equal(await status(options, io), 70);
  assert.equal(errors.at(-1), 'keyferry: no page\n');
  const fine = watched(t, () => true);
  assert.equal(await status(options, fine.io), 0);
});
