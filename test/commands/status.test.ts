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
  const workdir = newFolder();
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

test('a Region that is named twice is looked at and shown once', async (t) => {
  const workdir = newFolder();
  seedKeys(join(workdir, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const written: string[] = [];
  const { io } = watched(t, (text) => {
    written.push(text);
    return true;
  });
  const regions = ['us-east-1', 'us-east-1'];
  assert.equal(await status({ practice: true, workdir, regions, within: 0, json: true }, io), 0);
  const found = JSON.parse(written.join(''));
  assert.deepEqual([found.regions, found.keys.length], [[{ region: 'us-east-1' }], 1]);
});

test('a look that fails is told for programs also when no Region is named, and once for a Region that is named twice', async (t) => {
  const lookInto = async (regions: readonly string[]) => {
    const written: string[] = [];
    const { io } = watched(t, (text) => {
      written.push(text);
      return true;
    });
    // No practice account is in the folder.
    assert.equal(await status({ practice: true, workdir: newFolder(), regions, within: 0, json: true }, io), 2);
    return JSON.parse(written.join('')).regions as readonly { region: string; error: string }[];
  };
  for (const regions of [[], ['eu-central-1', 'eu-central-1']]) {
    const looks = await lookInto(regions);
    assert.equal(looks.length, 1);
    assert.match(looks[0]?.error ?? '', /There is no practice account here/);
  }
});
