import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { ceremonyBegunIn, readRecorded } from '../../source/commands/begun-folder.ts';
import { canContinue, journalNameOf, lockFile } from '../../source/commands/ceremony-journals.ts';
import { conductAction } from '../../source/commands/conduct-action.ts';
import { continueQuestion } from '../../source/commands/continue-question.ts';
import { readEarlier } from '../../source/commands/earlier.ts';
import { encryptFolder } from '../../source/commands/encrypt-folder.ts';
import { findFolderOfKey, findOtherKey } from '../../source/commands/folder-of-key.ts';
import { readJournal } from '../../source/commands/read-journal.ts';
import { findUnfinished } from '../../source/commands/unfinished-ceremonies.ts';
import { listKeys } from '../../source/status/listed-key.ts';
import type { EncryptedObject } from '../../source/steps/facts.ts';
import { workIn } from '../kept-environment.ts';
import { arnOf, foreverImported, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { knownOf, keyOf as listedKeyOf, period } from '../status/samples.ts';
import { connected, connection, damage, done, finished, journal, nameAt, sent } from './written-journals.ts';

/* What commands take from the journals that are in the folders here, and what they say of those that they cannot read. */

const object = (key: string, more: Partial<EncryptedObject> = {}): EncryptedObject => ({
  bucket: 'a-bucket',
  key,
  size: 3,
  sha256: 'a'.repeat(64),
  sseAlgorithm: 'aws:kms',
  kmsKeyArn: arnOf('one'),
  verified: true,
  ...more,
});

test('what earlier ceremonies have left is in the order in which they began, and each object is there once', () => {
  const folder = newFolder();
  const answered = (file: string) => ({ kind: 'answered', step: 'bring-back', answers: { identity: file } }) as const;
  const check = { kind: 'outcome', step: 'encrypt-objects', name: 'check a', outcome: 'done' } as const;
  const refusedCheck = { ...check, name: 'check c', outcome: 'refused' } as const;
  const material = { keyMaterialId: 'one', validTo: null, file: '/b/c.age', wasThere: false, importedAt: '' };
  // The journal of the first import comes first by its name, and began last.
  journal(
    folder,
    nameAt('expiry', 2),
    'expiry',
    answered('1.txt'),
    done('bring-back', { broughtBack: { keyState: 'Enabled', materials: [material] } }),
  );
  journal(
    folder,
    nameAt('encrypt', 1),
    'encrypt',
    answered('2.txt'),
    { kind: 'intent', step: 'encrypt-objects', name: 'check a' },
    { ...check, result: object('a', { size: 1 }) },
    { kind: 'intent', step: 'encrypt-objects', name: 'check c' },
    { ...refusedCheck, result: object('c') },
    { kind: 'intent', step: 'encrypt-objects', name: 'upload' },
    { ...check, name: 'upload', result: object('d') },
    done('encrypt-objects', { objects: { bucket: 'a-bucket', objects: [object('a', { size: 2 }), object('b')] } }),
  );
  journal(folder, 'journal.jsonl', 'first-import', answered('3.txt'));
  const { openingFiles, copies, objects } = readEarlier(new CeremonyFolder(folder, false));
  assert.deepEqual(
    openingFiles,
    ['1.txt', '2.txt', '3.txt'].map((name) => join(folder, name)),
  );
  assert.deepEqual(copies, ['/b/c.age']);
  assert.deepEqual(
    objects.map(({ key, size }) => [key, size]),
    [
      ['a', 1],
      ['b', 3],
    ],
  );
});

test('only a question for an identity or for a passphrase file names a file that opens a backup', () => {
  const folder = newFolder();
  const answers = {
    'identity-note': 'a',
    'my-identity': 'b',
    'passphrase-2': 'c',
    'passphrase-x-file': 'd',
    identity: ['e', 'f'],
  };
  journal(folder, 'journal.jsonl', 'first-import', { kind: 'answered', step: 'backup', answers });
  assert.deepEqual(readEarlier(new CeremonyFolder(folder, false)).openingFiles, [join(folder, 'e'), join(folder, 'f')]);
});

test('a folder tells with which ceremony it was begun, and tells nothing where its journal is damaged or missing', () => {
  const folder = newFolder();
  assert.equal(ceremonyBegunIn(folder), undefined);
  const { path } = journal(folder, 'journal.jsonl', 'import-existing', done('existing-key', { key: keyOf('one') }));
  assert.equal(ceremonyBegunIn(folder)?.id, 'import-existing');
  assert.equal(findOtherKey(folder, 'two'), 'alias/a');
  damage(path);
  assert.equal(ceremonyBegunIn(folder), undefined);
  assert.equal(findOtherKey(folder, 'two'), undefined);
});

test('the journal of an existing key is found among folders whose journals are damaged or know no key yet', (t) => {
  const here = workIn(t);
  damage(journal(join(here, 'keyferry-a'), 'journal.jsonl', 'import-existing').path);
  journal(join(here, 'keyferry-b'), 'journal.jsonl', 'import-existing');
  journal(join(here, 'keyferry-c'), 'journal.jsonl', 'import-existing', done('existing-key', { key: keyOf('one') }));
  assert.equal(findFolderOfKey('one'), join(here, 'keyferry-c'));
  assert.equal(findFolderOfKey('undefined'), undefined);
});

test('an expiry that was changed later replaces nothing else of what is recorded', () => {
  const folder = newFolder();
  const imported = { ...foreverImported, keyMaterialId: 'one' };
  journal(
    folder,
    'journal.jsonl',
    'first-import',
    done('make-key', { key: keyOf('one') }),
    done('import', { imported }),
  );
  const material = {
    keyMaterialId: 'one',
    validTo: '2027-01-01T00:00:00.000Z',
    file: 'a',
    wasThere: true,
    importedAt: '2026-12-01T00:00:00.000Z',
  };
  journal(
    folder,
    nameAt('expiry', 1),
    'expiry',
    done('bring-back', { broughtBack: { keyState: 'Enabled', materials: [material] } }),
  );
  journal(folder, nameAt('expiry', 2), 'expiry', sent);
  assert.deepEqual(readRecorded(new CeremonyFolder(folder, false)), {
    key: keyOf('one'),
    imported: { ...imported, validTo: material.validTo },
  });
});

test('a first import may go on once it has begun, and a ceremony without a record is over when it has finished', () => {
  const folder = newFolder();
  const path = join(folder, 'journal.jsonl');
  writeFileSync(path, '');
  assert.equal(canContinue(firstImport, readJournal(firstImport, path)), false);
  assert.deepEqual(findUnfinished({ workdir: folder }), [], 'nothing was begun in it');
  assert.equal(canContinue(firstImport, journal(newFolder(), 'journal.jsonl', 'first-import')), true);
  journal(folder, nameAt('check-backup', 4), 'check-backup', sent, finished);
  writeFileSync(join(folder, lockFile), '');
  const now = new Date('2026-11-25T14:02:05.000Z');
  assert.equal(journalNameOf(checkBackup, folder, now), nameAt('check-backup', 5));
});

test('whoever may continue is told which ceremony stopped where, in which account and when, and why one cannot go on', (t) => {
  const here = workIn(t);
  const [first, second] = [join(here, 'keyferry-a'), join(here, 'keyferry-b')];
  const elsewhere = done('connect', {
    connection: { ...connection, source: 'environment', accountId: '111122223333' },
  });
  const last = journal(first, 'journal.jsonl', 'first-import', connected).lines.at(-1);
  journal(first, nameAt('expiry', 1), 'expiry', elsewhere, sent);
  const { path } = journal(second, 'journal.jsonl', 'first-import');
  const rowsNow = () => {
    const { ask, options } = continueQuestion(findUnfinished({}));
    assert.ok(typeof options !== 'function');
    return {
      ask,
      rows: options.map(({ value, label, hint }) => [value, label, hint?.replace(/\d\d:\d\d UTC$/, 'then')]),
    };
  };
  const day = last?.at.slice(0, 10);
  const { ask, rows } = rowsNow();
  assert.equal(ask, 'Which one do you want to continue?');
  const expiryRow = [`${first} expiry`, 'Continue keyferry-a: Change when material expires'];
  assert.deepEqual(rows, [
    [first, 'Continue keyferry-a', `stopped at Secret key, practice AWS, ${day} then`],
    [...expiryRow, `stopped at Key, account 111122223333, ${day} then`],
    [second, 'Continue keyferry-b', `stopped at Connection, ${day} then`],
    ['new', 'Begin a new one', undefined],
  ]);
  damage(path);
  assert.deepEqual(rowsNow().rows[2], [second, "Why keyferry-b can't go on", undefined]);
  assert.equal(continueQuestion(findUnfinished({ workdir: second })).ask, 'Continue where you stopped?');
});

test('a damaged journal is told with the step that it had reached and the key that it made', () => {
  const problemOf = (ceremony: string, ...lines: Parameters<typeof journal>[3][]) => {
    const { path } = journal(newFolder(), 'journal.jsonl', ceremony, ...lines);
    const before = readFileSync(path, 'utf8');
    damage(path);
    try {
      readJournal(firstImport, path);
    } catch (error) {
      assert.ok(error instanceof ProblemError);
      assert.ok(readFileSync(path, 'utf8').startsWith(before));
      return error.problem;
    }
    return assert.fail('the damage was not seen');
  };
  const none = problemOf('first-import');
  assert.equal(
    none.state,
    'The lines before 2 are whole: no step was done. The file names no KMS key. The file stays as it is.',
  );
  const made = problemOf('first-import', connected, done('make-key', { key: keyOf('one') }));
  assert.match(
    made.state ?? '',
    /^The lines before 4 are whole: the last step that was done is "[^"]+"\. It made this KMS key: arn:aws:kms:us-east-1:000000000000:key\/one The file stays as it is\.$/,
  );
  assert.deepEqual(made.next.slice(1), [
    ...none.next.slice(1),
    `Look at that key: aws kms describe-key --key-id ${arnOf('one')}`,
  ]);
  assert.match(made.next[0] ?? '', /^Restore .*journal\.jsonl from a copy\.$/);
  // Its own steps count, and not those of the ceremony that is expected.
  const existing = problemOf('import-existing', connected, done('existing-key', { key: keyOf('one') }));
  assert.match(existing.state ?? '', /the last step that was done is "[^"]+"/);
  // Somebody else made that key.
  assert.ok(existing.state?.includes(`. The file names this KMS key: ${arnOf('one')} `), existing.state);
});

test('an encryption works where a first import was begun, else where its key is known', (t) => {
  const here = workIn(t);
  const known = join(here, 'keyferry-a');
  const choice = { to: 's3://b/in', files: ['a'], key: 'one', include: [], exclude: [], replace: false };
  journal(known, 'journal.jsonl', 'first-import', connected, done('make-key', { key: keyOf('one') }), finished);
  assert.equal(encryptFolder({}, 'one', choice), known);
  assert.notEqual(encryptFolder({}, undefined, choice), known);
  assert.notEqual(encryptFolder({ region: 'eu-west-1' }, 'one', choice), known);
  journal(here, 'journal.jsonl', 'first-import');
  assert.equal(encryptFolder({}, 'one', choice), here);
});

test('whoever goes on with the ceremony of a key gets it, or is told that it was finished meanwhile', async () => {
  const folder = join(newFolder(), 'w');
  mkdirSync(folder);
  const [key] = listKeys([listedKeyOf('a')], [knownOf('a', { folder, isFinished: false })], period);
  assert.ok(key !== undefined);
  const goOn = () => conductAction({ action: 'go-on', key, place: { source: 'practice', region: 'us-east-1' } }, {});
  await assert.rejects(goOn(), /Can't go on with the ceremony of this key: it was finished meanwhile/);
  journal(folder, 'journal.jsonl', 'import-existing');
  const unfinished = await goOn();
  assert.ok(typeof unfinished !== 'number');
  assert.deepEqual([unfinished.path, unfinished.ceremony.id], [folder, 'import-existing']);
});
