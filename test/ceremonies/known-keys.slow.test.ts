import assert from 'node:assert/strict';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { isBegunIn, journalsOf } from '../../source/ceremonies/journal-names.ts';
import { listKeyferryFolders } from '../../source/ceremonies/keyferry-folders.ts';
import { isNamed, type KnownKey, knownKeys, readKnownFolders } from '../../source/ceremonies/known-keys.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { connected, connection, damage, done, finished, journal, nameAt, sent } from '../commands/written-journals.ts';
import { workIn } from '../kept-environment.ts';
import { foreverImported, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { beginCheck, beginImport, beginReimport, continueImport, type RunningCeremony } from '../steps/ceremony.ts';
import { loseMaterial, opened, recipient, rotated } from '../steps/lost-material.ts';

const toRecipient = { how: 'recipients', recipients: [recipient], ...opened };

/** A first import in `keyferry-NAME` of a new folder, whose only copy is its backup. */
async function inFolder(t: TestContext, backup: object = toRecipient, parent = newFolder()) {
  const path = join(parent, 'keyferry-my-first-key');
  const answers = {
    'secret-key': { keep: 'memory' },
    backup: { ...backup },
    import: { expiry: 'date', 'valid-to': '90d' },
  };
  const ceremony = await beginImport(t, { path, answers });
  return { ceremony, parent, path };
}

const lastLine = ({ services }: RunningCeremony) => services.journal.lines.at(-1)?.at;
const later = (ceremony: RunningCeremony, hours: number) => {
  ceremony.practice.clock.now = new Date(ceremony.practice.clock.now.getTime() + hours * 3_600_000);
};

test('a folder tells of its key what the first import established, and when its backup was proven', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  const { key, connection } = ceremony.facts;
  const [begun, ...others] = knownKeys(parent);
  assert.deepEqual(others, []);
  assert.equal(begun?.isFinished, false);
  assert.ok(!('validTo' in (begun ?? {})) && begun?.backup === undefined, 'nothing is imported, so nothing is proven');
  assert.deepEqual([...readKnownFolders(parent).unfinished], [[ceremony.services.journal.state.id, path]]);

  await ceremony.upTo();
  const [known] = knownKeys(parent);
  const made = ceremony.services.journal.lines.find((line) => line.kind === 'done' && line.step === 'backup');
  assert.deepEqual(known, {
    keyArn: key?.keyArn,
    alias: 'alias/my-first-key',
    folder: path,
    accountId: connection?.accountId,
    region: 'us-east-1',
    source: 'practice',
    isFinished: true,
    asOf: lastLine(ceremony),
    validTo: ceremony.facts.imported?.validTo,
    backup: known?.backups[0],
    backups: [
      {
        file: join(path, 'my-first-key.key.age'),
        keyMaterialId: ceremony.facts.imported?.keyMaterialId,
        provenAt: made?.at,
      },
    ],
    hasUnopenedBackup: false,
  });
  assert.deepEqual([...readKnownFolders(parent).unfinished], []);
});

test('a key is meant by its id, its ARN, its alias or the ARN of that, and by nothing else', () => {
  const arn = 'arn:aws:kms:us-east-1:000000000000';
  const known = { keyArn: `${arn}:key/mrk-1`, alias: 'alias/a/b' } as KnownKey;
  for (const name of ['mrk-1', `${arn}:key/mrk-1`, 'alias/a/b', `${arn}:alias/a/b`, ' mrk-1 '])
    assert.equal(isNamed(known, name), true, name);
  for (const name of ['', 'mrk', 'b', 'a/b', `${arn}:alias/a`, `${arn}:key/mrk-1:alias/a/b`, 'key/mrk-1'])
    assert.equal(isNamed(known, name), false, name);
});

test('a backup that nothing here could open is not called proven', async (t) => {
  const { ceremony, parent } = await inFolder(t, { how: 'recipients', recipients: [recipient] });
  await ceremony.upTo();
  const [known] = knownKeys(parent);
  assert.deepEqual([known?.backup, known?.hasUnopenedBackup], [undefined, true]);
});

for (const [what, secretInKms] of [
  ['other bytes were imported than the backup holds', 'other'],
  ['KMS did not compare what was imported with the backup', 'not shown'],
] as const)
  test(`where ${what}, the backup is not called proven`, async (t) => {
    const { ceremony, parent } = await inFolder(t);
    await ceremony.upTo();
    const { journal } = ceremony.services;
    const { imported } = ceremony.facts;
    const other = await inFolder(t);
    await other.ceremony.upTo('wrap');
    // As the import notes what KMS has said of the secret of the ceremony.
    other.ceremony.services.journal.append({
      kind: 'done',
      step: 'import',
      facts: { imported: { ...imported, secretInKms } },
    });
    assert.equal(journal.state.finished, true);
    assert.deepEqual(knownKeys(other.parent)[0]?.backups, []);
    assert.equal(knownKeys(parent)[0]?.backups.length, 1);
  });

test('a check that KMS answered with "the same" proves the backup anew; one that it refused does not', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo();
  later(ceremony, 5);
  const file = join(path, 'my-first-key.key.age');
  const check = await beginCheck(t, ceremony, { file, answers: { 're-import': opened } });
  await check.upTo('recorded-key');
  assert.equal(knownKeys(parent)[0]?.isFinished, true, 'a check that has sent nothing is as if it had not been begun');
  await check.upTo();
  const [known] = knownKeys(parent);
  assert.deepEqual([known?.backup?.file, known?.backup?.provenAt], [file, check.facts.answer?.answeredAt]);
  assert.equal(known?.asOf, lastLine(check));

  later(ceremony, 5);
  const another = await inFolder(t, toRecipient);
  await another.ceremony.upTo();
  const wrong = await beginCheck(t, ceremony, {
    file: join(another.path, 'my-first-key.key.age'),
    answers: { 're-import': opened },
    journalName: 'journal-check-backup-20271125T140200Z.jsonl',
  });
  await wrong.upTo();
  assert.equal(wrong.facts.answer?.same, false);
  assert.deepEqual(knownKeys(parent)[0]?.backup, known?.backup);
});

test('a reimport from a backup proves it and tells the expiry anew; each material has its own proof', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  later(ceremony, 5);
  const path = await rotated(ceremony, recipient);
  await loseMaterial(ceremony);
  const before = knownKeys(parent)[0]?.backup;
  const again = await beginReimport(t, ceremony, {
    answers: { ...opened, backups: [path], expiry: 'date', 'valid-to': '30d' },
  });
  await again.upTo('bring-back');
  assert.equal(knownKeys(parent)[0]?.isFinished, false);
  await again.upTo();
  const [known] = knownKeys(parent);
  const [brought] = again.facts.broughtBack?.materials ?? [];
  assert.equal(known?.isFinished, true);
  assert.deepEqual(known?.backups, [
    before,
    { file: path, keyMaterialId: brought?.keyMaterialId, provenAt: brought?.importedAt },
  ]);
  assert.deepEqual(known?.backup, known?.backups[1]);
});

test('a reimport of the material of the first import tells when that expires now', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never' } });
  await again.upTo();
  assert.equal(knownKeys(parent)[0]?.validTo, null);
});

test('a reimport that was given up counts as under way no more once a later one is finished', async (t) => {
  const { ceremony, parent } = await inFolder(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const givenUp = await beginReimport(t, ceremony, { answers: opened });
  await givenUp.upTo('bring-back');
  await loseMaterial(ceremony);
  const journalName = 'journal-reimport-20261126T140200Z.jsonl';
  const again = await beginReimport(t, ceremony, { answers: opened, journalName });
  await again.upTo('bring-back');
  assert.equal(knownKeys(parent)[0]?.isFinished, false);
  await again.upTo();
  assert.equal(knownKeys(parent)[0]?.isFinished, true);
});

test('a key file in the clear from which material came back is no backup, and none once it is gone', async (t) => {
  const parent = newFolder();
  const path = join(parent, 'keyferry-my-first-key');
  const ceremony = await beginImport(t, { path });
  await ceremony.upTo('prove');
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony);
  await again.upTo('bring-back');
  const file = again.facts.broughtBack?.materials[0]?.file ?? '';
  assert.match(file, /plain_text_aes_key\.bin$/);
  assert.deepEqual(knownKeys(parent)[0]?.backups, []);
  rmSync(file);
  assert.deepEqual(knownKeys(parent)[0]?.backups, []);
});

test('folders are found in the current one, and beside it where it is one of them', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  ceremony.services.journal.close();
  const other = join(parent, 'keyferry-other');
  mkdirSync(other);
  assert.deepEqual(knownKeys(other), []);
  assert.deepEqual(
    knownKeys(path).map(({ folder }) => folder),
    [path],
  );
  renameSync(path, join(parent, 'elsewhere'));
  assert.deepEqual(knownKeys(parent), [], 'folders of other names are not looked into');
  renameSync(join(parent, 'elsewhere'), other);
  await beginImport(t, { path, practice: ceremony.practice }).then((second) => second.upTo('secret-key'));
  assert.deepEqual(
    knownKeys(path).map(({ folder }) => folder),
    [other],
  );
  const continued = await continueImport(t, ceremony, { path: other });
  await continued.upTo();
  assert.equal(knownKeys(parent)[0]?.isFinished, true);
});

test('a journal that cannot be read is told, with its place', async (t) => {
  const { ceremony, parent, path } = await inFolder(t);
  await ceremony.upTo('policy');
  ceremony.services.journal.close();
  writeFileSync(join(path, 'journal.jsonl'), '{"kind":"begun"}\n');
  const { keys, unreadable } = readKnownFolders(parent);
  assert.deepEqual(keys, []);
  assert.deepEqual(
    unreadable.map((one) => one.path),
    [join(path, 'journal.jsonl')],
  );
  assert.match(unreadable[0]?.why ?? '', /^The line /);
});

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

/** A folder that is not beside those of other tests. */
const folderAlone = () => join(newFolder(), 'w');
const knows = (id: string, alias?: string) => [connected, done('make-key', { key: keyOf(id, alias) })];

test('a folder tells of each of its keys apart, by what the newest journal about it says', () => {
  const folder = folderAlone();
  // By its name, the journal that was begun last comes first.
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
