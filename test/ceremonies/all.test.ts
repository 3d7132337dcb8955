import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  ceremonies,
  ceremonyBegunWith,
  ceremonyOf,
  firstCeremony,
  guidedForm,
  laterCeremonies,
} from '../../source/ceremonies/all.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { newFolder } from '../new-folder.ts';

/* Which ceremony a name means. The names of some begin as those of others do. */

test('each name means its own ceremony, and no other name means one', () => {
  for (const id of [
    'first-import',
    'import-existing',
    'reimport',
    'reimport-wrapped',
    'expiry',
    'check-backup',
    'check-backup-offline',
    'encrypt',
  ])
    assert.equal(ceremonyOf(id).id, id);
  assert.equal(ceremonies.length, 8);
  for (const id of ['', 'reimport-', 'reimport-wrapped-2', 'check', 'Expiry'])
    assert.throws(() => ceremonyOf(id), new Error(`There is no ceremony "${id}".`));
});

test('two ceremonies begin a folder; every other one starts from what they have recorded', () => {
  const later = ['reimport', 'reimport-wrapped', 'expiry', 'check-backup', 'check-backup-offline', 'encrypt'];
  assert.deepEqual(
    laterCeremonies.map(({ id }) => id),
    later,
  );
});

test('what is imported is proven before anything is put under it, and every ceremony but a check leaves a record', () => {
  const orderIn = (id: string, ...steps: readonly string[]) => {
    const ids: readonly string[] = ceremonyOf(id).steps.map((step) => step.id);
    return steps.map((step) => ids.indexOf(step));
  };
  for (const [id, ...steps] of [
    ['first-import', 'permissions', 'policy', 'wrapping-key', 'wrap', 'import', 'prove', 'encrypt-objects', 'finish'],
    [
      'import-existing',
      'existing-key',
      'key-policy',
      'secret-key',
      'wrapping-key',
      'import',
      'prove',
      'encrypt-objects',
    ],
    ['reimport', 'find-key', 'bring-back', 'prove-again', 'key-state'],
    ['reimport-wrapped', 'find-key', 'wrapping-key', 'wrap', 'import-wrapped', 'prove-again', 'key-state'],
    ['expiry', 'find-key', 'change-expiry', 'prove-again', 'key-state'],
    ['check-backup', 're-import', 'key-state'],
  ] as const) {
    const order = orderIn(id, ...steps);
    assert.ok(!order.includes(-1), id);
    assert.deepEqual(
      order,
      order.toSorted((one, another) => one - another),
      id,
    );
  }
  const leavesNone = ceremonies.filter(({ record }) => record === undefined).map(({ id }) => id);
  assert.deepEqual(leavesNone, ['check-backup', 'check-backup-offline']);
});

/** The ceremony with which a folder was begun whose journal begins with this name; without one, the journal is empty. */
function begunWith(t: TestContext, ceremony?: string) {
  const journal = new Journal(join(newFolder(), 'journal.jsonl'));
  t.after(() => journal.close());
  if (ceremony !== undefined) journal.append({ kind: 'begun', ceremony, id: 'x', version: '1' });
  return ceremonyBegunWith(journal).id;
}

test('a folder was begun with the ceremony that its journal names, or else with the first import', (t) => {
  assert.equal(begunWith(t, 'import-existing'), 'import-existing');
  assert.equal(begunWith(t, 'first-import'), 'first-import');
  for (const other of [undefined, 'reimport', 'of-a-later-version']) assert.equal(begunWith(t, other), 'first-import');
});

test('only the first import has a form for a person, and another one in the order of the video, which a flag chooses', () => {
  const [firstImport, ...others] = ceremonies;
  assert.ok(firstImport !== undefined);
  const guided = guidedForm(firstImport);
  assert.equal(guided.id, 'first-import');
  const asksForSetUp = ({ steps }: typeof firstImport) => steps.some(({ id }) => id === 'set-up');
  assert.deepEqual([asksForSetUp(guided), asksForSetUp(firstImport)], [true, false]);
  const idsOf = ({ steps }: typeof firstImport) => steps.map(({ id }) => id);
  const [connects, ...rest] = idsOf(firstImport);
  assert.deepEqual(idsOf(guided), [connects, 'set-up', ...rest], 'who it is comes first');
  for (const other of others) assert.equal(guidedForm(other), other);
  for (const plain of [undefined, {}, { asInTheVideo: false }]) assert.equal(firstCeremony(plain), firstImport);
  const asInTheVideo = firstCeremony({ asInTheVideo: true });
  assert.equal(asInTheVideo.id, 'first-import');
  assert.notEqual(asInTheVideo, firstImport);
  // Whoever goes on with one that was begun in the order of the video is asked how to go on.
  assert.equal(guidedForm(asInTheVideo), guided);
});
