import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { expiry } from '../../source/ceremonies/expiry/expiry.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import type { JournalEntry } from '../../source/ceremony/journal-line.ts';
import { readRecorded } from '../../source/commands/begun-folder.ts';
import { canContinue, journalNameOf, lockFile } from '../../source/commands/ceremony-journals.ts';
import { readEarlier } from '../../source/commands/earlier.ts';
import { encryptFolder } from '../../source/commands/encrypt-folder.ts';
import { findFolderOfKey, findOtherKey } from '../../source/commands/folder-of-key.ts';
import { findFolderThatKnows } from '../../source/commands/folder-that-knows.ts';
import { laterFolder } from '../../source/commands/later-folder.ts';
import type { PlaceOptions } from '../../source/commands/open-ceremony.ts';
import { removeBeginning } from '../../source/commands/remove-beginning.ts';
import type { Connection, Key } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { workIn } from '../kept-environment.ts';
import { arnOf, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { connection, damage, done, finished, journal, nameAt, sent } from './written-journals.ts';

/* In which folder and with which journal a command goes on, and what it knows from the journals that are there. */

test('a later ceremony goes on in its last journal while something of it is under way, and else begins a new one', () => {
  const now = new Date('2026-11-25T14:02:05.000Z');
  const nameIn = (...lines: readonly JournalEntry[]) => {
    const folder = newFolder();
    const last = journal(folder, nameAt('expiry', 4), 'expiry', ...lines);
    return { folder, name: journalNameOf(expiry, folder, now), mayContinue: canContinue(expiry, last) };
  };
  const [last, next] = [nameAt('expiry', 4), nameAt('expiry', 5)];
  const nothingSent = nameIn();
  assert.deepEqual([nothingSent.name, nothingSent.mayContinue], [next, false]);
  const underWay = nameIn(sent);
  assert.deepEqual([underWay.name, underWay.mayContinue], [last, true]);
  const ended = nameIn(sent, finished);
  assert.deepEqual([ended.name, ended.mayContinue], [next, true]);

  // A run that was killed before it wrote the record has left its lock; the lock is a link to nothing.
  const { folder } = ended;
  writeFileSync(join(folder, lockFile), '');
  assert.equal(journalNameOf(expiry, folder, now), last);
  writeFileSync(join(folder, 'record-expiry-20261125T140204Z.md'), '');
  assert.equal(journalNameOf(expiry, folder, now), next);

  assert.equal(journalNameOf(firstImport, folder, now), 'journal.jsonl');
  const taken = newFolder();
  journal(taken, nameAt('expiry', 5), 'expiry');
  assert.equal(journalNameOf(expiry, taken, now), nameAt('expiry', 6));
  journal(taken, nameAt('expiry', 6), 'expiry');
  assert.equal(journalNameOf(expiry, taken, now), nameAt('expiry', 7));
  // A lock where nothing was sent is no reason to go on, and of several journals the last one counts.
  writeFileSync(join(taken, lockFile), '');
  assert.equal(journalNameOf(expiry, taken, now), nameAt('expiry', 7));
  journal(taken, nameAt('expiry', 8), 'expiry', sent);
  assert.equal(journalNameOf(expiry, taken, now), nameAt('expiry', 8));
  journal(taken, nameAt('expiry', 9), 'expiry');
  assert.equal(journalNameOf(expiry, taken, now), nameAt('expiry', 7));
});

test('what is recorded of an import has the expiry of the last import of the same material', () => {
  const folder = newFolder();
  const imported = {
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    validTo: 'first',
    keyMaterialId: 'one',
    importedAt: '2026-11-25T10:00:00.000Z',
  } as const;
  const brought = (keyMaterialId: string, validTo: string, hour: number) =>
    done('bring-back', {
      broughtBack: {
        keyState: 'Enabled',
        materials: [
          { keyMaterialId, validTo, file: 'a.key.age', wasThere: false, importedAt: `2026-11-25T${hour}:00:00.000Z` },
        ],
      },
    });
  const expiryRecorded = () => readRecorded(new CeremonyFolder(folder, false))?.imported?.validTo;
  assert.equal(readRecorded(new CeremonyFolder(folder, false)), undefined);
  journal(folder, 'journal.jsonl', 'first-import', done('import', { imported }), finished);
  assert.equal(expiryRecorded(), 'first');
  journal(folder, nameAt('reimport', 1), 'reimport', brought('one', 'by reimport', 13), finished);
  journal(folder, nameAt('expiry', 1), 'expiry', brought('one', 'by expiry', 12), finished);
  journal(folder, nameAt('reimport-wrapped', 1), 'reimport-wrapped', brought('two', 'of another', 14), finished);
  assert.equal(expiryRecorded(), 'by reimport');
  journal(folder, nameAt('expiry', 2), 'expiry', brought('one', 'by a later expiry', 15), finished);
  assert.equal(expiryRecorded(), 'by a later expiry');
  journal(folder, nameAt('reimport-wrapped', 2), 'reimport-wrapped', brought('one', 'wrapped', 16), finished);
  assert.equal(expiryRecorded(), 'wrapped');
});

test('what earlier ceremonies have answered tells which files open a backup or hold the key, and damage hides no more', () => {
  const folder = newFolder();
  const answered = (step: string, answers: Readonly<Record<string, string | readonly string[]>>) =>
    ({ kind: 'answered', step, answers }) as const;
  journal(
    folder,
    'journal.jsonl',
    'first-import',
    answered('backup', { identity: 'id.txt', 'passphrase-file': '/p/one', how: 'passphrase', passphrase: '' }),
  );
  journal(
    folder,
    nameAt('reimport', 1),
    'reimport',
    answered('bring-back', { backups: ['a.age', '/b/b.age'], 'passphrase-2-file': 'two', identity: '' }),
  );
  const damaged = journal(folder, nameAt('expiry', 1), 'expiry', answered('bring-back', { identity: 'lost.txt' }));
  writeFileSync(damaged.path, readFileSync(damaged.path, 'utf8').repeat(2));
  const { openingFiles, copies, objects } = readEarlier(new CeremonyFolder(folder, false));
  assert.deepEqual(openingFiles, [join(folder, 'id.txt'), '/p/one', join(folder, 'two')]);
  assert.deepEqual(copies, [join(folder, 'a.age'), '/b/b.age']);
  assert.deepEqual(objects, []);
});

test('the folder that knows a key is that of its first import, else the newest, and flags leave others out', (t) => {
  const here = workIn(t);
  const at = (more: Partial<Connection>) => done('connect', { connection: { ...connection, ...more } });
  const known = (name: string, key: Key, more: Partial<Connection> = {}, first = false) => {
    const [file, ceremony] = first ? ['journal.jsonl', 'first-import'] : [nameAt('expiry', 1), 'expiry'];
    journal(join(here, name), file, ceremony, at(more), done('make-key', { key }), sent, finished);
    return join(here, name);
  };
  const find = (name: string, flags: PlaceOptions = {}) =>
    findFolderThatKnows(name, flags, 'keyferry expiry --workdir FOLDER');
  assert.equal(find('one'), undefined);
  const old = known('keyferry-z', keyOf('one'));
  const newer = known('keyferry-b', keyOf('one'));
  assert.equal(find('one'), newer);
  assert.notEqual(old, newer);
  const first = known('keyferry-c', keyOf('one'), {}, true);
  known('keyferry-d', keyOf('one'));
  assert.equal(find(arnOf('one')), first);
  // The same alias in another Region, and in an account of AWS.
  const west = known('keyferry-e', keyOf('two', 'alias/b', 'us-west-2'), { region: 'us-west-2' });
  const ops = known('keyferry-f', keyOf('three', 'alias/b'), { source: 'profile:ops' });
  assert.throws(() => find('alias/b'), /Can't tell which key alias\/b is/);
  assert.equal(find('alias/b', { region: 'us-west-2' }), west);
  assert.equal(find('alias/b', { region: 'us-east-1' }), ops);
  assert.equal(find('alias/b', { practice: true }), west);
  assert.equal(find('alias/b', { profile: 'ops' }), ops);
});

test('a later ceremony goes on where one of its kind about the same key has stopped, and nowhere else', (t) => {
  const here = workIn(t);
  const asked = { kind: 'answered', step: 'find-key', answers: { key: 'alias/a' } } as const;
  const fresh = join(here, 'keyferry-new');
  assert.equal(laterFolder('expiry', {}, 'alias/a'), fresh);
  const stopped = (name: string, ceremony: string, ...lines: readonly JournalEntry[]) => {
    journal(join(here, name), nameAt(ceremony, 1), ceremony, asked, ...lines);
    return join(here, name);
  };
  stopped('keyferry-a', 'reimport', sent);
  stopped('keyferry-b', 'expiry');
  stopped('keyferry-c', 'expiry', sent, finished);
  const ofImport = stopped('keyferry-d', 'expiry', sent);
  journal(ofImport, 'journal.jsonl', 'first-import', finished);
  assert.equal(laterFolder('expiry', {}, 'alias/a'), fresh);
  const damaged = stopped('keyferry-damaged', 'expiry', sent);
  damage(join(damaged, nameAt('expiry', 1)));
  const right = stopped('keyferry-e', 'expiry', sent);
  assert.equal(laterFolder('expiry', {}, 'alias/a'), right);
  assert.equal(laterFolder('expiry', {}, 'alias/b'), fresh);
  assert.equal(laterFolder('expiry', {}), fresh);
  assert.equal(laterFolder('expiry', { workdir: 'w' }, 'alias/a'), join(here, 'w'));
  journal(here, 'journal.jsonl', 'first-import');
  assert.equal(laterFolder('expiry', {}, 'alias/a'), here);
});

test('an import into an existing key goes on in the folder of that key, by any of its names', (t) => {
  const here = workIn(t);
  const folder = join(here, 'keyferry-a');
  const asked = { kind: 'answered', step: 'existing-key', answers: { key: 'as typed' } } as const;
  journal(folder, 'journal.jsonl', 'import-existing', asked, done('existing-key', { key: keyOf('one') }));
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'first-import', done('make-key', { key: keyOf('two') }));
  for (const name of ['one', arnOf('one'), ' alias/a ', 'as typed']) {
    assert.equal(findFolderOfKey(name), folder, name);
    assert.equal(findOtherKey(folder, name), undefined);
  }
  assert.equal(findFolderOfKey('two'), undefined, 'that is a first import');
  assert.equal(findOtherKey(folder, 'two'), 'alias/a');
  assert.equal(findOtherKey(join(here, 'keyferry-c'), 'two'), undefined);
});

test('an encryption that no folder knows gets the same folder for the same command, and another one for any other', (t) => {
  const here = workIn(t);
  const choice = { to: 's3://b/in', files: ['a'], key: 'k', include: [], exclude: [], replace: false };
  const folder = encryptFolder({}, 'k', choice);
  assert.match(folder, new RegExp(`^${here}/keyferry-encrypt-b-[0-9a-f]{8}$`));
  assert.equal(encryptFolder({}, 'k', { ...choice, files: [join(here, 'a')] }), folder);
  const others = [
    { to: 's3://b/out' },
    { files: ['a', 'b'] },
    { key: 'l' },
    { include: ['*'] },
    { exclude: ['*'] },
    { replace: true },
  ].map((other) => encryptFolder({}, 'k', { ...choice, ...other }));
  assert.equal(new Set([folder, ...others]).size, 7);
  assert.equal(encryptFolder({}, 'k', { ...choice, to: undefined }), join(here, 'keyferry-new'));
  assert.equal(encryptFolder({}, 'k', { ...choice, files: [] }), join(here, 'keyferry-new'));
  assert.equal(encryptFolder({ workdir: 'w' }, 'k', choice), join(here, 'w'));
  journal(here, nameAt('encrypt', 1), 'encrypt');
  assert.equal(encryptFolder({}, 'k', choice), here);
});

test('what was begun and has made nothing is removed, with a folder that Keyferry named and that has nothing else', () => {
  const begun = (mayRename: boolean, ...lines: readonly JournalEntry[]) => {
    const path = join(newFolder(), 'w');
    const made = journal(path, 'journal.jsonl', 'expiry', ...lines);
    return { path, services: { journal: made, folder: new CeremonyFolder(path, mayRename) } as Services };
  };
  const left = begun(true);
  removeBeginning(left.services);
  assert.equal(existsSync(left.path), false);
  const named = begun(false);
  removeBeginning(named.services);
  assert.deepEqual([existsSync(named.path), existsSync(named.services.journal.path)], [true, false]);
  const used = begun(true);
  writeFileSync(join(used.path, 'mine'), '');
  removeBeginning(used.services);
  assert.deepEqual([existsSync(join(used.path, 'mine')), existsSync(used.services.journal.path)], [true, false]);
  const hasSent = begun(true, sent);
  removeBeginning(hasSent.services);
  assert.equal(existsSync(hasSent.services.journal.path), true);
});
