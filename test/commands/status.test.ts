import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type StatusOptions, status } from '../../source/commands/status.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { arnOf, connectionOf, importedUntil, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { watchedIo } from './watched-io.ts';
import { done, journal } from './written-journals.ts';
import { writtenTo } from './written-to.ts';

/** The exit status of the command, and the object that it prints for programs. */
async function asJson(options: Pick<StatusOptions, 'workdir' | 'regions'>) {
  const { io, texts } = watchedIo();
  const exit = await status({ practice: true, within: 0, json: true, ...options }, io);
  return { exit, found: JSON.parse(texts.out) };
}

test('a defect of the program is told in one line and gives status 70, not that of a look that found something', async (t) => {
  const workdir = newFolder();
  seedKeys(join(workdir, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const options = { practice: true, workdir, regions: ['us-east-1'], within: 0 };
  const onPrint = () => {
    throw new TypeError('no page');
  };
  const failing = () => status(options, watchedIo({ onPrint }).io);
  assert.deepEqual(await writtenTo(t, process.stderr, failing), { result: 70, written: ['keyferry: no page\n'] });
  assert.equal(await status(options, watchedIo().io), 0);
});

test('a Region that is named twice is looked at and shown once', async () => {
  const workdir = newFolder();
  seedKeys(join(workdir, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  const { exit, found } = await asJson({ workdir, regions: ['us-east-1', 'us-east-1'] });
  assert.equal(exit, 0);
  assert.deepEqual([found.regions, found.keys.length], [[{ region: 'us-east-1' }], 1]);
});

test('a look that fails is told for programs also when no Region is named, and once for a Region that is named twice', async (t) => {
  keepEnvironment(t);
  process.env.AWS_REGION = 'eu-west-3';
  for (const [regions, told] of [
    [[], 'eu-west-3'],
    [['eu-central-1', 'eu-central-1'], 'eu-central-1'],
  ] as const) {
    // No practice account is in the folder.
    const { exit, found } = await asJson({ workdir: newFolder(), regions });
    assert.equal(exit, 2);
    assert.deepEqual(
      found.regions.map(({ region }: { readonly region: string }) => region),
      [told],
    );
    assert.match(found.regions[0].error, /There is no practice account here/);
  }
  const { io, texts } = watchedIo();
  const regions = ['us-east-1'];
  assert.equal(await status({ practice: true, workdir: newFolder(), regions, within: 0 }, io), 2);
  assert.equal(texts.out, '');
  assert.match(texts.err, /Can't look at your keys\.\n[\s\S]*There is no practice account here/);
});

test('what the folder that is named knows of a key in any of the Regions counts', async () => {
  const workdir = newFolder();
  const state = join(workdir, 'keyferry-practice-aws');
  const past = new Date('2026-01-02T03:04:00.000Z');
  const [key] = seedKeys(state, 'eu-west-1', [{ validTo: past }]);
  const connection = { ...connectionOf('arn:aws:iam::000000000000:user/me'), region: 'eu-west-1' };
  const made = done('make-key', { key: keyOf(key?.keyId ?? '', 'alias/a', 'eu-west-1') });
  journal(
    workdir,
    'journal.jsonl',
    'first-import',
    done('connect', { connection }),
    made,
    done('import', { imported: importedUntil(past) }),
  );
  const { exit, found } = await asJson({ workdir, regions: ['eu-west-1', 'us-east-1'] });
  assert.equal(exit, 1);
  assert.deepEqual(found.regions, [{ region: 'eu-west-1' }, { region: 'us-east-1' }]);
  const [{ keyArn, due }] = found.keys;
  assert.deepEqual(
    [keyArn, due],
    [arnOf(key?.keyId ?? '', 'eu-west-1'), [{ what: 'PendingImport', at: past.toISOString() }]],
  );
});

test('an expiry is due where it comes within the time that is named', async () => {
  const workdir = newFolder();
  const day = 86_400_000;
  const validTo = new Date(Date.now() + 10 * day);
  seedKeys(join(workdir, 'keyferry-practice-aws'), 'us-east-1', [{ validTo }]);
  const regions = ['us-east-1'];
  const { io } = watchedIo();
  for (const [within, exit] of [
    [11 * day, 1],
    [9 * day, 0],
  ] as const)
    assert.equal(await status({ practice: true, workdir, regions, within }, io), exit);
});
