import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { findChosenCeremony, unfinishedRows } from '../../source/commands/continue-question.ts';
import { newFolder as newFolderFor, openCeremony, practiceFolder } from '../../source/commands/open-ceremony.ts';
import { findPracticeLeftOver, removeLeftOver } from '../../source/commands/practice-left-over.ts';
import { findUnfinished } from '../../source/commands/unfinished-ceremonies.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { workIn } from '../kept-environment.ts';
import { connectionOf, foreverImported, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { typedText } from '../typed-text.ts';
import { connected, done, finished, isLocked, journal, nameAt } from './written-journals.ts';

/** A ceremony that was begun in a folder of its own, and is open nowhere. */
async function begun(): Promise<string> {
  const w = join(newFolder(), 'w');
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  opened.begin();
  await opened.close();
  return w;
}

test('whoever finds that another Keyferry has begun in the folder meanwhile writes nothing', async () => {
  const w = join(newFolder(), 'w');
  const options = { practice: true, workdir: w };
  const [late, first] = [await openCeremony(firstImport, w, options), await openCeremony(firstImport, w, options)];
  first.begin();
  await first.close();
  const before = readFileSync(join(w, 'journal.jsonl'), 'utf8');
  assert.throws(late.begin, (error) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.problem.state, 'This one has written nothing.');
    assert.equal(error.problem.repeats, true, 'trying again in this run would not help');
    return true;
  });
  await late.close();
  assert.equal(readFileSync(join(w, 'journal.jsonl'), 'utf8'), before);
  assert.equal(isLocked(w), false);
});

test('whoever finds that the folder was removed meanwhile does not make it again', async () => {
  const w = await begun();
  const late = await openCeremony(firstImport, w, { practice: true, workdir: w });
  rmSync(w, { recursive: true });
  assert.throws(late.begin, /it has changed/);
  await late.close();
  assert.equal(existsSync(w), false);
});

test('opening a ceremony writes nothing before it begins', async () => {
  const w = join(newFolder(), 'w');
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  await opened.close();
  assert.equal(existsSync(w), false);
});

test('an unfinished ceremony is offered, a finished one is not, and one that cannot be read comes with its reason', async () => {
  const w = await begun();
  const [unfinished] = findUnfinished({ workdir: w });
  assert.ok(unfinished !== undefined && 'journal' in unfinished);
  unfinished.journal.append({ kind: 'finished' });
  unfinished.journal.close();
  assert.deepEqual(findUnfinished({ workdir: w }), []);

  const damaged = await begun();
  const path = join(damaged, 'journal.jsonl');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"first-import"', '"another"').repeat(2));
  const before = readFileSync(path, 'utf8');
  const [found] = findUnfinished({ workdir: damaged });
  assert.ok(found !== undefined && 'problem' in found);
  assert.match(found.problem.what, /its journal is damaged at line 2/);
  assert.match(found.problem.state ?? '', /The file stays as it is\.$/);
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('of two ceremonies in one folder, the one that a person chooses is continued', async () => {
  const w = await begun();
  const name = 'journal-reimport-20261125T140200Z.jsonl';
  writeFileSync(join(w, name), 'damaged\n', { mode: 0o600 });
  const unfinished = findUnfinished({ workdir: w });
  const chosen = [...unfinishedRows(unfinished).map(({ value }) => value), 'new'];
  assert.deepEqual(
    chosen.map((answer) => findChosenCeremony(unfinished, answer)?.ceremony.id),
    ['first-import', 'reimport', undefined],
  );
});

test('a folder that was begun with another ceremony is refused, and stays as it is', async () => {
  const w = await begun();
  const path = join(w, 'journal.jsonl');
  const before = readFileSync(path, 'utf8');
  const another = { ...firstImport, id: 'another', title: 'Another' };
  await assert.rejects(openCeremony(another, w, { practice: true, workdir: w }), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.match(
      error.problem.why ?? '',
      /^A folder holds one key, and this one was begun with "Bring your own key"\.$/,
    );
    return true;
  });
  assert.equal(readFileSync(path, 'utf8'), before);
});

test('whoever takes a ceremony over from a process that was killed notes that, and removes what that had half written', async () => {
  const w = await begun();
  const half = join(w, '.keyferry-part-1');
  writeFileSync(half, 'half');
  const { pid } = spawnSync('true');
  const since = '2026-01-01T00:00:00.000Z';
  symlinkSync(JSON.stringify({ pid, host: hostname(), since }), join(w, 'journal.lock'));
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  assert.equal(existsSync(half), true, 'nothing is removed before the lock is held');
  opened.begin();
  const line = opened.services.journal.lines.at(-1);
  assert.ok(line?.kind === 'continued');
  assert.equal(line.note, `took over from process ${pid} since ${since}`);
  assert.equal(existsSync(half), false);
  await opened.close();
  assert.equal(isLocked(w), false);
});

test('when a ceremony is closed, its key and its passphrases are destroyed', async () => {
  const w = join(newFolder(), 'w');
  const { services, close } = await openCeremony(firstImport, w, { practice: true, workdir: w });
  const key = SecretBytes.takeFrom(Buffer.alloc(32, 1));
  services.secrets.holdKey(key);
  services.secrets.holdPassphrase(typedText('winter lamp orbit saddle'));
  const passphrase = services.secrets.passphrase;
  await close();
  assert.throws(() => key.use((bytes) => bytes.length), /destroyed/);
  assert.equal(passphrase?.count, 0);
});

test('what the flags say of the account and the Region counts before what a folder has recorded', async () => {
  const w = await begun();
  const { journal } = await openCeremony(firstImport, w, { workdir: w }).then(({ services }) => services);
  const connection = { ...connectionOf('arn:aws:iam::000000000000:user/alice'), source: 'environment' } as const;
  const imported = {
    expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    validTo: null,
    keyMaterialId: 'one',
    importedAt: '',
  };
  journal.append({ kind: 'done', step: 'connect', facts: { connection } });
  journal.append({ kind: 'done', step: 'import', facts: { imported } });
  journal.close();
  const presetWith = async (options: Parameters<typeof openCeremony>[2]) => {
    const { services, isPractice, close } = await openCeremony(encrypt, w, { workdir: w, ...options });
    await close();
    const { source, region } = services.preset;
    return [source, region, isPractice];
  };
  assert.deepEqual(await presetWith({}), ['environment', 'us-east-1', false]);
  assert.deepEqual(await presetWith({ practice: true, region: 'eu-west-1' }), ['practice', 'eu-west-1', true]);
  assert.deepEqual(await presetWith({ profile: 'ops' }), ['profile:ops', 'us-east-1', false]);
  assert.deepEqual(await presetWith({ practice: true, profile: 'ops' }), ['practice', 'us-east-1', true]);
  assert.deepEqual(await presetWith({ profile: 'ops', source: 'instance-role' }), [
    'instance-role',
    'us-east-1',
    false,
  ]);
});

test('practice AWS keeps its state beside the folder, or in one that was named, and stays where it was begun', async () => {
  const parent = newFolder();
  const path = join(parent, 'keyferry-payments');
  const name = 'keyferry-practice-aws';
  assert.equal(practiceFolder(path, {}), join(parent, name));
  assert.equal(practiceFolder(path, { workdir: path }), join(path, name));
  const begunAlone = join(newFolder(), 'keyferry-payments');
  mkdirSync(begunAlone);
  writeFileSync(join(begunAlone, 'journal.jsonl'), '');
  assert.equal(practiceFolder(begunAlone, { workdir: begunAlone }), join(begunAlone, name));
  // A ceremony that was begun without --workdir finds its account again with it.
  mkdirSync(path);
  writeFileSync(join(path, 'journal.jsonl'), '');
  mkdirSync(join(parent, name));
  assert.equal(practiceFolder(path, { workdir: path }), join(parent, name));
  const notBegun = join(parent, 'keyferry-other');
  assert.equal(practiceFolder(notBegun, { workdir: notBegun }), join(notBegun, name));
  mkdirSync(join(path, name));
  assert.equal(practiceFolder(path, {}), join(path, name));
});

test('a folder keeps its name where a person named it or works in it, and a file is refused as a folder', async (t) => {
  const here = workIn(t);
  const mayRename = async (path: string, options: Parameters<typeof openCeremony>[2]) => {
    const { services, close } = await openCeremony(firstImport, path, options);
    await close();
    return services.folder.mayRename;
  };
  assert.equal(await mayRename(join(here, 'keyferry-new'), {}), true);
  assert.equal(await mayRename(join(here, 'w'), { workdir: join(here, 'w') }), false);
  assert.equal(await mayRename(here, {}), false);
  writeFileSync(join(here, 'a-file'), '');
  await assert.rejects(openCeremony(firstImport, join(here, 'a-file'), {}), ProblemError);
});

test('a new folder gets the next free name, unless the person named one', (t) => {
  const here = workIn(t);
  for (const name of ['keyferry-new', 'keyferry-new-2', 'keyferry-new-3']) {
    assert.equal(newFolderFor({}), join(here, name));
    mkdirSync(join(here, name));
  }
  assert.equal(newFolderFor({ workdir: 'keyferry-new' }), 'keyferry-new');
});

test('a later ceremony knows what the folder has recorded, goes on there, and is refused where it needs more', async () => {
  const w = join(newFolder(), 'w');
  const made = done('make-key', { key: keyOf('one') });
  const imported = done('import', { imported: foreverImported });
  journal(w, 'journal.jsonl', 'first-import', connected, made, imported, finished);
  const sent = { kind: 'intent', step: 'encrypt-objects', name: 'upload' } as const;
  journal(w, nameAt('encrypt', 1), 'encrypt', sent);
  const later = await openCeremony(encrypt, w, {});
  await later.close();
  assert.equal(later.services.journal.path, join(w, nameAt('encrypt', 1)));
  assert.deepEqual([later.services.recorded?.key?.keyId, later.services.earlier?.objects], ['one', []]);
  assert.equal(later.isPractice, true, 'as recorded');
  const first = await openCeremony(firstImport, w, {});
  assert.deepEqual(
    ['recorded' in first.services, 'earlier' in first.services, first.isPractice],
    [false, false, false],
  );
  // What has finished gets no more lines.
  first.begin();
  assert.equal(first.services.journal.lines.at(-1)?.kind, 'finished');
  await first.close();
  await assert.rejects(openCeremony(checkBackup, w, {}), ProblemError);
});

test('flags are what the steps find set, and nothing else is', async () => {
  const servicesWith = async (options: Parameters<typeof openCeremony>[2]) => {
    const { services, close } = await openCeremony(firstImport, join(newFolder(), 'w'), options);
    await close();
    return services;
  };
  const none = await servicesWith({});
  assert.deepEqual(none.preset, {});
  assert.equal(none.acceptedLocks.has('a-bucket'), false);
  const upload = { include: ['*'], exclude: [], replace: true };
  const set = { endpointUrl: 'https://kms.test', backup: 'b.age', key: 'alias/a', region: 'eu-west-1', upload };
  const some = await servicesWith({ ...set, asInTheVideo: true, acceptObjectLock: 'a-bucket' });
  assert.deepEqual(some.preset, { ...set, setUp: 'video' });
  assert.equal(some.acceptedLocks.has('a-bucket'), true);
});

test('whoever ends without having begun leaves the lock of another run alone', async () => {
  const w = await begun();
  const [one, other] = [
    await openCeremony(firstImport, w, { workdir: w }),
    await openCeremony(firstImport, w, { workdir: w }),
  ];
  one.begin();
  const line = one.services.journal.lines.at(-1);
  assert.ok(line?.kind === 'continued');
  assert.equal('note' in line, false, 'it took over from nobody');
  const half = join(w, '.keyferry-part-1');
  writeFileSync(half, 'half');
  assert.throws(other.begin, ProblemError);
  assert.equal(existsSync(half), true, 'the other run is still writing it');
  await other.close();
  assert.equal(isLocked(w), true);
  await one.close();
});

test('the practice account that a run serves is found in its folder after that was renamed, and is free at the end', async (t) => {
  const here = workIn(t);
  const path = join(here, 'keyferry-new');
  mkdirSync(join(path, 'keyferry-practice-aws'), { recursive: true, mode: 0o700 });
  chmodSync(path, 0o700);
  const { services, begin, servedPractice, close } = await openCeremony(firstImport, path, {});
  begin();
  assert.equal(servedPractice(), undefined);
  for (const region of ['us-east-1', 'eu-west-1']) await services.session.connect('practice', region);
  assert.equal(services.practiceState, join(path, 'keyferry-practice-aws'));
  services.folder.rename('keyferry-renamed');
  const state = join(here, 'keyferry-renamed', 'keyferry-practice-aws');
  assert.equal(servedPractice(), state);
  await close();
  assert.equal(services.session.isConnected, false);
  const leftOver = findPracticeLeftOver(state);
  assert.ok(leftOver !== undefined);
  assert.deepEqual(removeLeftOver(leftOver), [`Removed ${state}`]);
});
