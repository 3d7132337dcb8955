import assert from 'node:assert/strict';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isBegunIn, journalsOf } from '../../source/ceremonies/journal-names.ts';
import { listKeyferryFolders } from '../../source/ceremonies/keyferry-folders.ts';
import { knownKeys, readKnownFolders } from '../../source/ceremonies/known-keys.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { connected, connection, damage, done, finished, journal, nameAt, sent } from '../commands/written-journals.ts';
import { workIn } from '../kept-environment.ts';
import { foreverImported, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';

/* What folders know of their keys, from journals that a test has written. */

/** A folder that is not beside those of other tests. */
const folderAlone = () => join(newFolder(), 'w');
const knows = (id: string, alias?: string) => [connected, done('make-key', { key: keyOf(id, alias) })];

test('the journals of later ceremonies are found by their whole names, the oldest first', () => {
  const folder = newFolder();
  for (const second of [3, 1, 4, 2, 5, 0]) journal(folder, nameAt('reimport', second), 'reimport');
  journal(folder, nameAt('check-backup', 1), 'check-backup');
  for (const name of [`copy-${nameAt('reimport', 6)}`, `${nameAt('reimport', 7)}.old`, 'journal-reimport-last.jsonl'])
    writeFileSync(join(folder, name), '');
  assert.deepEqual(
    journalsOf('reimport', folder),
    [0, 1, 2, 3, 4, 5].map((second) => nameAt('reimport', second)),
  );
  assert.deepEqual(journalsOf('check-backup', folder), [nameAt('check-backup', 1)]);
  // As an earlier version named it.
  journal(folder, 'check-backup.jsonl', 'check-backup');
  assert.deepEqual(journalsOf('check-backup', folder), ['check-backup.jsonl', nameAt('check-backup', 1)]);
  assert.equal(isBegunIn(folder), false, 'a later ceremony begins no folder');
  const { path } = journal(folder, 'journal.jsonl', 'first-import');
  assert.equal(isBegunIn(folder), true);
  for (const none of [path, join(folder, 'gone')]) assert.deepEqual(journalsOf('reimport', none), []);
});

test('the folders of ceremonies are those whose names say so, in order; a path that leads nowhere has none', () => {
  const parent = newFolder();
  for (const name of ['keyferry-c', 'keyferry-a', 'keyferry-d', 'keyferry-b', 'my-keyferry-e', 'keyferry'])
    mkdirSync(join(parent, name));
  writeFileSync(join(parent, 'keyferry-notes'), '');
  assert.deepEqual(
    listKeyferryFolders(parent),
    ['a', 'b', 'c', 'd'].map((name) => join(parent, `keyferry-${name}`)),
  );
  const loop = join(parent, 'loop');
  symlinkSync(loop, loop);
  for (const nowhere of [loop, join(parent, 'gone'), join(parent, 'keyferry-notes')]) {
    assert.deepEqual(listKeyferryFolders(nowhere), []);
    assert.deepEqual(knownKeys(nowhere), []);
  }
});

test('a folder tells of each of its keys apart, by what the newest journal about it says', () => {
  const folder = folderAlone();
  // In the order of their names, the journal that was begun last comes first.
  journal(folder, nameAt('reimport', 1), 'reimport', ...knows('one', 'alias/old'), sent);
  const imported = done('import', { imported: foreverImported });
  const first = journal(folder, 'journal.jsonl', 'first-import', ...knows('one', 'alias/new'), imported);
  journal(folder, nameAt('encrypt', 1), 'encrypt', ...knows('two'), finished);
  const told = () => knownKeys(folder).map(({ alias, isFinished, validTo }) => [alias, isFinished, validTo]);
  assert.deepEqual(told(), [
    ['alias/new', false, null],
    ['alias/a', true, undefined],
  ]);
  assert.deepEqual([knownKeys(folder)[0]?.backups, knownKeys(folder)[0]?.hasUnopenedBackup], [[], false]);
  assert.equal(knownKeys(folder)[0]?.asOf, first.lines.at(-1)?.at);
  // The older of two goes on: what is told is as of its newest line.
  journal(folder, nameAt('reimport', 2), 'reimport', ...knows('one', 'alias/new'), finished);
  assert.equal(told()[0]?.[1], false, 'the first import is under way');
  const now = '2027-01-01T00:00:00.000Z';
  const older = new Journal(first.path, () => new Date(now));
  older.append(finished);
  older.close();
  assert.equal(told()[0]?.[1], true, 'nobody goes on with the first reimport');
  assert.equal(knownKeys(folder)[0]?.asOf, now);
});

test('a later ceremony counts once it has sent something or is finished, and the one that begins a folder at once', () => {
  const folder = folderAlone();
  const { unfinished, keys } = readKnownFolders(folder);
  assert.deepEqual([unfinished.size, keys], [0, []]);
  mkdirSync(folder);
  writeFileSync(join(folder, 'journal.jsonl'), '');
  journal(folder, nameAt('reimport', 1), 'reimport', ...knows('one'));
  assert.deepEqual([readKnownFolders(folder).unfinished.size, knownKeys(folder)], [0, []]);
  const begun = journal(folder, nameAt('reimport', 2), 'reimport', ...knows('two'), sent);
  journal(folder, nameAt('encrypt', 1), 'encrypt', ...knows('three'), finished);
  journal(folder, nameAt('encrypt', 2), 'encrypt', done('find-key', { key: keyOf('four') }), finished);
  assert.deepEqual(
    knownKeys(folder).map(({ keyArn, isFinished }) => [keyArn.slice(-5), isFinished]),
    [
      ['y/two', false],
      ['three', true],
    ],
    'without its account, nothing is told of a key',
  );
  assert.deepEqual([...readKnownFolders(folder).unfinished], [[begun.state.id, folder]]);
  rmSync(join(folder, 'journal.jsonl'));
  const { id } = journal(folder, 'journal.jsonl', 'first-import').state;
  assert.equal(readKnownFolders(folder).unfinished.get(id ?? ''), folder);
});

test('folders beside one with later journals alone are looked into, each once, and told by their whole paths', (t) => {
  const here = workIn(t);
  journal(join(here, 'keyferry-a'), nameAt('encrypt', 1), 'encrypt', ...knows('one'), finished);
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'first-import', ...knows('two'));
  const foldersFrom = (parent: string) => knownKeys(parent).map(({ folder }) => folder);
  assert.deepEqual(foldersFrom('keyferry-a'), [join(here, 'keyferry-a'), join(here, 'keyferry-b')]);
  assert.deepEqual(foldersFrom('.'), [join(here, 'keyferry-a'), join(here, 'keyferry-b')]);
});

test('every journal that cannot be read is told with its place, and the others of the folder still count', () => {
  const folder = folderAlone();
  const damaged = [1, 2].map((second) => journal(folder, nameAt('reimport', second), 'reimport', sent).path);
  for (const path of damaged) damage(path);
  journal(folder, 'journal.jsonl', 'first-import', ...knows('one'));
  const { unreadable, keys } = readKnownFolders(folder);
  assert.deepEqual(
    unreadable.map(({ path }) => path),
    damaged,
  );
  assert.match(unreadable[0]?.why ?? '', /^The line is not JSON/);
  assert.equal(keys.length, 1);
});

test('who keeps a key is told though a later ceremony does not know it, and its expiry is that of its last import', () => {
  const folder = folderAlone();
  const soon = '2027-01-01T00:00:00.000Z';
  const secret = { origin: 'elsewhere', keeper: 'the HSM' } as const;
  const imported = { ...foreverImported, validTo: soon };
  journal(folder, 'journal.jsonl', 'first-import', ...knows('one'), done('import', { secret, imported }), finished);
  journal(folder, nameAt('check-backup', 1), 'check-backup', ...knows('one'), done('find-key', { imported }), finished);
  const told = () => knownKeys(folder).map(({ keeper, validTo }) => [keeper, validTo]);
  assert.deepEqual(told(), [['the HSM', soon]]);
  const material = (keyMaterialId: string, validTo: string | null) => ({
    ...{ keyMaterialId, validTo, file: '/b/a.age', wasThere: true, importedAt: soon },
  });
  const bringsBack = (second: number, ...materials: readonly ReturnType<typeof material>[]) => {
    const brought = done('bring-back', { broughtBack: { keyState: 'Enabled', materials } });
    journal(folder, nameAt('reimport', second), 'reimport', ...knows('one'), brought, finished);
  };
  bringsBack(1, material('another', '2028-01-01T00:00:00.000Z'));
  assert.deepEqual(told(), [['the HSM', soon]], 'another material of the key');
  bringsBack(2, material(imported.keyMaterialId, '2029-01-01T00:00:00.000Z'));
  bringsBack(3, material(imported.keyMaterialId, null));
  assert.deepEqual(told(), [['the HSM', null]]);
  rmSync(join(folder, 'journal.jsonl'));
  rmSync(join(folder, nameAt('check-backup', 1)));
  bringsBack(4, material('another', soon));
  assert.deepEqual(told(), [[undefined, soon]], 'without a first import, the last of all');
  assert.equal(connection.accountId, knownKeys(folder)[0]?.accountId);
});

test('of each material the backup that was proven last is told, whatever the order of the journals', () => {
  const folder = folderAlone();
  const brings = (keyMaterialId: string, day: number) => {
    const result = { keyMaterialId, importedAt: `2027-01-0${day}T00:00:00.000Z`, file: `/gone/${keyMaterialId}.age` };
    return { kind: 'outcome', step: 'bring-back', name: `import ${day}`, outcome: 'done', result } as const;
  };
  journal(folder, nameAt('reimport', 1), 'reimport', ...knows('one'), brings('m1', 4), brings('m2', 2), finished);
  journal(folder, nameAt('reimport', 2), 'reimport', ...knows('one'), brings('m1', 3), brings('m3', 1), finished);
  const [known] = knownKeys(folder);
  const daysOf = new Map(known?.backups.map(({ keyMaterialId, provenAt }) => [keyMaterialId, provenAt.slice(8, 10)]));
  assert.deepEqual([daysOf.get('m1'), daysOf.get('m2'), daysOf.get('m3')], ['04', '02', '01']);
  assert.equal(known?.backup?.keyMaterialId, 'm1');
});
