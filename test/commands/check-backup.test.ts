import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { type CheckOptions, checkBackup } from '../../source/commands/check-backup.ts';
import { runUntilStopped } from '../../source/commands/until-stopped.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { checkValuesOf } from '../../source/steps/secret-key-fact.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { foreverImported, keyOf, openedBackup, wrappedHere } from '../known-facts.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { atStreams } from './at-streams.ts';
import { connected, done, finished, isLocked, journal } from './written-journals.ts';

/** A folder `w` here of a finished ceremony with a backup, and the command that compares it with the record. */
async function finishedHere(t: TestContext) {
  keepEnvironment(t);
  const here = workIn(t);
  const w = join(here, 'w');
  const { recipient, identityFile } = ageIdentity(here);
  const bytes = randomBytes(32);
  using key = SecretBytes.takeFrom(Buffer.from(bytes));
  const [made] = seedKeys(join(w, 'keyferry-practice-aws'), 'us-east-1', [{ validTo: null }]);
  assert.ok(made?.currentMaterialId !== undefined);
  const imported = { ...foreverImported, keyMaterialId: made.currentMaterialId };
  const secret = { origin: 'generated', bytes: 32, ...checkValuesOf(key) } as const;
  journal(
    w,
    'journal.jsonl',
    'first-import',
    connected,
    done('secret-key', { secret }),
    done('describe-key', { description: { alias: 'alias/a', description: '' } }),
    done('backup', { backup: openedBackup }),
    done('make-key', { key: keyOf(made.keyId) }),
    done('import', { imported, wrapped: wrappedHere }),
    finished,
  );
  await sealedTo(recipient, bytes, join(w, 'a.key.age'));
  await sealedTo(recipient, randomBytes(32), join(here, 'other.key.age'));
  const checked = async (
    file: string | undefined,
    options: CheckOptions,
    { signal = new AbortController().signal, lines = [] as readonly string[], isTTY = false } = {},
  ) => {
    const told = await atStreams(t, () => checkBackup(file, options, signal), { lines, isTTY });
    assert.equal(isLocked(w), false);
    return told;
  };
  const journals = () => readdirSync(w).filter((name) => name.startsWith('journal-'));
  return { here, w, identityFile, checked, journals };
}

const offline = { offline: true, workdir: 'w' } as const;

test('a comparison with the record alone ends with a page or one object, and with 1 for another key', async (t) => {
  const { w, here, identityFile, checked, journals } = await finishedHere(t);
  const same = await checked(undefined, { ...offline, identity: 'age-identity.txt' });
  assert.equal(same.status, 0, same.err);
  assert.match(same.out, /a\.key\.age/);
  assert.match(journals().join(), /^journal-check-backup-offline-[^,]*$/);
  const programs = await checked(undefined, { ...offline, identity: identityFile, json: true });
  assert.equal(programs.status, 0, programs.err);
  const { ended, ceremony, backup, same: isSame } = JSON.parse(programs.out);
  assert.deepEqual([ended, ceremony, backup, isSame], ['finished', 'check-backup-offline', join(w, 'a.key.age'), true]);
  const other = await checked('other.key.age', { ...offline, identity: identityFile, json: true });
  assert.equal(other.status, 1);
  assert.deepEqual([JSON.parse(other.out).backup, JSON.parse(other.out).exit], [join(here, 'other.key.age'), 1]);
});

test('a path in a flag begins here or in the home folder, and each flag is named where it is refused', async (t) => {
  const { here, checked } = await finishedHere(t);
  mkdirSync(join(here, 'home'));
  process.env.HOME = join(here, 'home');
  renameSync(join(here, 'age-identity.txt'), join(here, 'home', 'id.txt'));
  assert.equal((await checked(undefined, { ...offline, identity: '~/id.txt' })).status, 0);
  const refused = await checked(undefined, { ...offline, identity: 'id.txt', json: true });
  assert.equal(refused.status, 2);
  assert.match(refused.err, /^ {2}--identity: There is no such file or folder\.$/m);
  const { ended, ceremony, problem } = JSON.parse(refused.out);
  assert.deepEqual([ended, ceremony], ['cannot-start', 'check-backup-offline']);
  assert.equal(problem.why, '--identity: There is no such file or folder.');
  assert.ok(problem.next[1].includes(` ${here}/id.txt `), problem.next[1]);
  for (const [answers, why] of [
    [{ identity: '~/id.txt', passphraseFile: 'p.txt' }, /^ {2}--passphrase-file is not asked/m],
    [{}, /^ {2}--identity is missing\./m],
  ] as const) {
    const { status, out, err } = await checked(undefined, { ...offline, ...answers });
    assert.deepEqual([status, out], [2, '']);
    assert.match(err, why);
  }
});

test('without --workdir the folder is that of the backup, else the current one, and else nothing is compared', async (t) => {
  const { here, w, identityFile, checked } = await finishedHere(t);
  const options = { offline: true, identity: identityFile };
  assert.equal((await checked('w/a.key.age', options)).status, 0);
  const elsewhere = await checked('other.key.age', options);
  assert.equal(elsewhere.status, 2);
  assert.match(elsewhere.err, /There is no journal\.jsonl beside the backup\./);
  assert.match(elsewhere.err, /: keyferry check-backup other\.key\.age --offline --workdir FOLDER\n/);
  const nowhere = await checked(undefined, { identity: identityFile, yes: true, json: true });
  assert.equal(nowhere.status, 2);
  assert.match(nowhere.err, /There is no journal\.jsonl here\./);
  assert.match(nowhere.err, /: keyferry check-backup --workdir FOLDER\n/);
  assert.deepEqual(JSON.parse(nowhere.out).ceremony, 'check-backup');
  process.chdir(w);
  assert.equal((await checked('../other.key.age', options)).status, 1);
  // The folder of the backup comes before the current one, also where both are ceremonies.
  journal(here, 'journal.jsonl', 'first-import', connected);
  const begun = await checked('../other.key.age', options);
  assert.equal(begun.status, 2);
  assert.match(begun.err, /has imported nothing yet/);
});

test('KMS is asked without a screen only where the person has said yes', async (t) => {
  const { checked, journals, identityFile } = await finishedHere(t);
  for (const answer of [{ identity: identityFile }, { passphraseFile: 'p.txt' }, { json: true }, {}]) {
    const { status, out, err } = await checked(undefined, { workdir: 'w', ...answer });
    assert.equal(status, 2);
    assert.match(err, /^keyferry: the check imports the same material again\. .* say --yes .*--offline\.\n$/);
    if (!('json' in answer)) assert.equal(out, '');
    else assert.deepEqual([JSON.parse(out).ceremony, JSON.parse(out).problem.code], ['check-backup', 'ConsentMissing']);
  }
  assert.deepEqual(journals(), []);
});

test('at a terminal a flag that gives an answer, or --json, lets the check run without asking', async (t) => {
  const { checked, identityFile } = await finishedHere(t);
  const isTTY = true;
  const identified = await checked(undefined, { ...offline, identity: identityFile }, { isTTY });
  assert.equal(identified.status, 0, identified.err);
  for (const answer of [{ yes: true }, { json: true }, { passphraseFile: 'p.txt' }]) {
    const { status, err } = await checked(undefined, { ...offline, ...answer }, { isTTY });
    assert.equal(status, 2);
    assert.match(err, /--identity is missing|--passphrase-file is not asked/);
  }
});

test('line by line the check asks, also where input and output are pipes, and tells the command that begins again', async (t) => {
  const { checked } = await finishedHere(t);
  const { status, out } = await checked('other.key.age', { ...offline, plain: true });
  assert.equal(status, 3);
  assert.match(out, /^Keyferry, line by line/);
  assert.match(out, /^To begin again: keyferry check-backup other\.key\.age --offline --workdir w$/m);
  const identified = await checked('other.key.age', { ...offline, plain: true }, { lines: ['age-identity.txt'] });
  assert.equal(identified.status, 1, identified.err);
});

test('a check that is stopped is interrupted for programs, with the status of the signal; a defect is thrown', async (t) => {
  const { checked, identityFile, w } = await finishedHere(t);
  const options = { ...offline, identity: identityFile };
  const reason = new Error('stopped by the person');
  const people = await checked(undefined, options, { signal: AbortSignal.abort(reason) });
  assert.deepEqual([people.status, people.out], [reason, '']);
  const { status, out, err } = await atStreams(t, () =>
    runUntilStopped((signal) => {
      process.emit('SIGTERM');
      return checkBackup(undefined, { ...options, json: true }, signal);
    }),
  );
  assert.equal(status, 143);
  assert.match(err, /^keyferry: stopped by SIGTERM\.$/m);
  const { ended, exit, ceremony } = JSON.parse(out);
  assert.deepEqual([ended, exit, ceremony], ['interrupted', 143, 'check-backup-offline']);
  writeFileSync(join(w, 'a.key.age'), 'no age file');
  const broken = await checked(undefined, { ...options, json: true });
  assert.deepEqual([broken.status, JSON.parse(broken.out).ended], [3, 'stopped']);
  // Whatever has no problem for the person is a defect, for people and programs.
  const defect = new TypeError('a defect');
  t.mock.method(CeremonyFolder.prototype, 'refuseFile', () => {
    throw defect;
  });
  assert.deepEqual(await checked(undefined, { ...options, json: true }), { status: defect, out: '', err: '' });
});

test('flags that do not fit together are told once the account is known, each in a line and by its name', async (t) => {
  const { identityFile, checked } = await finishedHere(t);
  const flags = { workdir: 'w', yes: true, identity: identityFile, passphraseFile: 'p.txt' };
  const people = await checked(undefined, flags);
  assert.deepEqual([people.status, people.out], [2, '']);
  const [says = ''] = people.err.split('\n').filter((line) => line.startsWith('keyferry: '));
  assert.match(says, /--passphrase-file is not asked/);
  const programs = await checked(undefined, { ...flags, json: true });
  const { ended, ceremony, problem } = JSON.parse(programs.out);
  assert.deepEqual([ended, ceremony, problem.code], ['cannot-start', 'check-backup', 'AnswersRefused']);
  assert.equal(`keyferry: ${problem.why}`, says);
});
