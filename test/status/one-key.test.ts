import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ExternalKey } from '../../source/aws/external-key.ts';
import { costsWords } from '../../source/aws/key-price.ts';
import type { KnownKey } from '../../source/ceremonies/known-keys.ts';
import type { Where } from '../../source/status/advice.ts';
import { statusAsJson } from '../../source/status/json.ts';
import { exitStatusOf, statusOf } from '../../source/status/status.ts';
import { cells } from '../../source/terminal/cells.ts';
import { keepEnvironment } from '../kept-environment.ts';
import {
  arnOf,
  expiring,
  found,
  gone,
  inDays,
  keyOf,
  knownOf,
  lookOf,
  material,
  never,
  now,
  pageOf,
  period,
} from './samples.ts';

test('of a key whose materials may not be read, nobody is told that it never had any, or to delete it', () => {
  const unread = keyOf('a', { ...never, notRead: ['materials'] });
  const page = pageOf(found([lookOf([unread])])).join('\n');
  assert.doesNotMatch(page, /never had|schedule-key-deletion/);
  assert.match(page, /has no material[\s\S]*keyferry reimport --region us-east-1\n/);
});

test('of a key of another kind, nobody is told a command that refuses it, or that it had material', () => {
  const hmac = (more: Partial<ExternalKey>) =>
    pageOf(found([lookOf([keyOf('a', { keySpec: 'HMAC_256', ...more })])]))
      .join(' ')
      .replaceAll(/ {3,}/g, ' ');
  const missing = hmac(never);
  assert.match(missing, / Pending import {2}has no material /);
  assert.match(missing, /Keyferry does this with SYMMETRIC_DEFAULT keys; this is HMAC_256\./);
  assert.doesNotMatch(
    `${missing}\n${hmac(expiring(2))}`,
    /keyferry (reimport|expiry)|comes back|schedule-key-deletion/,
  );
});

test('of a key whose materials may not be read, the backup of its newest is not told as one of the key', () => {
  const backupOf = (key: ReturnType<typeof keyOf>) =>
    statusAsJson(found([lookOf([key])], [knownOf('a')])).keys[0]?.backup ?? null;
  assert.notEqual(backupOf(keyOf('a')), null);
  assert.equal(backupOf(keyOf('a', { notRead: ['materials'] })), null);
  assert.notEqual(backupOf(keyOf('a', { notRead: ['tags'] })), null);
});

test('a multi-Region key that waits for the deletion of its replicas needs nothing', () => {
  const leaving = keyOf('a', { ...expiring(2), keyState: 'PendingReplicaDeletion', multiRegion: 'PRIMARY' });
  assert.deepEqual(found([lookOf([leaving])]).keys[0]?.due, []);
});

test('the days and hours that are left are never told as more than they are', () => {
  const wordsAfter = (days: number) =>
    /expires in (.*?) {2}/.exec(pageOf(found([lookOf([keyOf('a', expiring(days))])])).join('\n'))?.[1];
  assert.equal(wordsAfter(12.9), '12 d');
  assert.equal(wordsAfter(1.99), '47 h');
  assert.equal(wordsAfter(60), '60 d', 'also of an expiry that is not due yet');
});

test('a printed command can be pasted where the profile has a name with a space', () => {
  const keys = [keyOf('a', never), keyOf('b', { materials: [material({ state: 'PENDING_ROTATION' })] })];
  const where = { source: 'profile:my keys', endpointUrl: undefined } as const;
  const commands = pageOf(found([lookOf(keys)]), { where }).filter((line) => line.includes(' --region '));
  assert.equal(commands.length, 3);
  for (const command of commands) assert.match(command, /^ {4}(aws kms|keyferry) .* --profile 'my keys'( |$)/);
});

test('a key with several aliases is told by the one on record, as long as it is still its own', () => {
  const nameOf = (aliases: readonly string[]) => found([lookOf([keyOf('a', { aliases })])], [knownOf('a')]).keys[0];
  assert.equal(nameOf(['alias/0', 'alias/a'])?.alias, 'alias/a');
  assert.equal(nameOf(['alias/0', 'alias/1'])?.alias, 'alias/0');
  const aliases = ['alias/0', 'alias/a'];
  assert.deepEqual(statusAsJson(found([lookOf([keyOf('a', { aliases })])])).keys[0]?.aliases, aliases);
});

test('material that was deleted before its expiry is told as gone, and not as expired', () => {
  const status = found([lookOf([keyOf('a', gone)])], [knownOf('a', { validTo: inDays(5).toISOString() })]);
  assert.deepEqual(statusAsJson(status).keys[0]?.due, [{ what: 'PendingImport', at: null }]);
  assert.match(pageOf(status).join('\n'), / Pending import {2}material is gone /);
  const expired = [
    knownOf('a', { validTo: inDays(-9).toISOString(), asOf: '2026-05-01T10:00:00.000Z' }),
    knownOf('a', { validTo: inDays(-2).toISOString(), asOf: '2026-06-01T10:00:00.000Z' }),
  ];
  for (const folders of [expired, expired.toReversed()]) {
    const { keys } = found([lookOf([keyOf('a', gone)])], folders);
    assert.deepEqual(keys[0]?.due[0]?.at, inDays(-2), 'the latest news count');
  }
  const withoutExpiry = knownOf('a', { validTo: null, asOf: '2026-07-01T10:00:00.000Z' });
  const { keys } = found([lookOf([keyOf('a', gone)])], [...expired, withoutExpiry]);
  assert.equal(keys[0]?.due[0]?.at, null, 'also when they are that the material does not expire');
});

test('of several folders of one key, that of a ceremony under way counts, then one with a backup, then the latest', () => {
  const { backup: _, ...bare } = knownOf('a');
  const noBackup = { ...bare, backups: [] };
  const order = [
    { ...noBackup, isFinished: false, folder: '/under-way' },
    { ...knownOf('a'), folder: '/with-backup' },
    { ...noBackup, folder: '/latest', asOf: '2026-09-01T10:00:00.000Z' },
    { ...noBackup, folder: '/earlier', asOf: '2026-08-01T10:00:00.000Z' },
  ];
  for (const [index, { folder }] of order.entries()) {
    const left = order.slice(index);
    for (const folders of [left, left.toReversed()])
      assert.equal(found([lookOf([keyOf('a')])], folders).keys[0]?.known?.folder, folder);
  }
});

test('a key without an alias is told by as much of its id as tells multi-Region keys apart', () => {
  const nameOf = (keyId: string) =>
    /^ {2}(\S+) +Enabled/m.exec(pageOf(found([lookOf([keyOf('a', { keyId })])])).join('\n'))?.[1];
  assert.equal(nameOf('1234abcd-12ab-34cd-56ef-1234567890ab'), '1234…90ab');
  assert.equal(nameOf('mrk-1234abcd12ab34cd56ef1234567890ab'), 'mrk-1234…90ab');
});

test('the mark of a key is that of lost material before that of what can wait', () => {
  const keys = [keyOf('a', gone), keyOf('b', expiring(3)), keyOf('c')];
  const marks = pageOf(found([lookOf(keys)])).flatMap(
    (line) => /^([x! ]) \S+ +(?:Enabled|Pending)/.exec(line)?.[1] ?? [],
  );
  assert.deepEqual(marks, ['x', '!', ' ']);
});

test('how far ahead was looked is said in days, or in hours where these are no whole days', () => {
  const verdictFor = (hours: number) => {
    const period = { now, periodMs: hours * 3_600_000 };
    return pageOf(statusOf(undefined, [lookOf([])], { keys: [], unreadable: [] }, period)).join(' ');
  };
  for (const [hours, words] of [
    [1, '1 hour'],
    [24, '1 day'],
    [36, '36 hours'],
    [72, '3 days'],
  ] as const)
    assert.ok(verdictFor(hours).includes(`Nothing is due within ${words}.`), words);
});

test('of one key that may not be described it is spoken as of one, and it hides no other', () => {
  const status = found([lookOf([keyOf('a')], { hidden: 1 })]);
  assert.match(pageOf(status).join(' '), /1 key in us-east-1 could not be looked at: you may not +describe it\. Any/);
  assert.equal(exitStatusOf(status), 2);
  assert.deepEqual(
    status.keys.map(({ key }) => key.keyId),
    [keyOf('a').keyId],
  );
});

test('new material that waits for a rotation needs no backup before it is imported', () => {
  const waiting = material({ keyMaterialId: 'b'.repeat(64), state: 'PENDING_ROTATION', importState: 'PENDING_IMPORT' });
  const [key] = found([lookOf([keyOf('a', { materials: [material(), waiting] })])], [knownOf('a')]).keys;
  assert.equal(key?.backup?.provenAt, '2026-05-03T10:00:00.000Z');
  const nothingNeeded = found([lookOf([keyOf('a', { materials: [waiting] })])], [knownOf('a')]).keys[0];
  assert.equal(nothingNeeded?.backup, undefined);
});

test('a key that has its material has not expired, whatever a folder recorded, and the newest import that is known counts', () => {
  const past = knownOf('a', { validTo: inDays(-2).toISOString() });
  assert.equal(found([lookOf([keyOf('a')])], [past]).keys[0]?.expiredAt, undefined);
  const { validTo: _, ...withoutImport } = knownOf('a', { asOf: '2026-09-01T10:00:00.000Z' });
  const [lost] = found([lookOf([keyOf('a', gone)])], [past, withoutImport]).keys;
  assert.deepEqual(lost?.expiredAt, inDays(-2));
  const expiresNow = knownOf('a', { validTo: now.toISOString() });
  assert.deepEqual(found([lookOf([keyOf('a', gone)])], [expiresNow]).keys[0]?.expiredAt, now);
});

test('the alias of a key is the one that any of its folders knows, while the key still has it', () => {
  const key = keyOf('a', { aliases: ['alias/first', 'alias/recorded'] });
  const other = knownOf('a', { alias: 'alias/renamed' });
  const aliasOf = (...folders: readonly KnownKey[]) => found([lookOf([key])], folders).keys[0]?.alias;
  assert.equal(aliasOf(other, knownOf('a', { alias: 'alias/recorded' })), 'alias/recorded');
  assert.equal(aliasOf(other), 'alias/first');
});

test('the same id in another Region is another key, unless it is that of a multi-Region key', () => {
  const key = keyOf('a', { keyArn: arnOf('a', 'eu-west-1'), region: 'eu-west-1' });
  assert.equal(found([lookOf([key])], [knownOf('a')]).keys[0]?.known, undefined);
});

test('a key of which several things are due has the mark of the gravest, and an expiry is told before a rotation', () => {
  const waiting = material({ keyMaterialId: 'b'.repeat(64), state: 'PENDING_ROTATION' });
  const lost = material({ keyMaterialId: 'c'.repeat(64), state: 'NON_CURRENT', importState: 'PENDING_IMPORT' });
  const key = keyOf('a', { keyState: 'PendingImport', materials: [...expiring(3).materials, waiting, lost] });
  const table = (each: ExternalKey) => pageOf(found([lookOf([each])])).find((line) => /^[x! ] a/.test(line)) ?? '';
  assert.match(table(key), /^x a\S+ +Pending import {2}1 of 3 are gone/);
  assert.match(table(keyOf('a', { materials: [...expiring(3).materials, waiting] })), /^! .* expires in 3 d/);
  assert.match(table(keyOf('a')), / does not expire /);
});

test('a command of the aws program names the endpoint at which the key was found, in one word for a shell', () => {
  const where: Where = { source: 'profile:my ops', endpointUrl: 'https://kms.test/a b' };
  const page = pageOf(found([lookOf([keyOf('c', never)])]), { where }).join('\n');
  assert.match(
    page,
    / schedule-key-deletion .* --region us-east-1 --profile 'my ops' --endpoint-url 'https:\/\/kms\.test\/a b'$/m,
  );
});

test('of a key of which several things are due, each is told, with its command', () => {
  const waiting = material({ keyMaterialId: 'b'.repeat(64), state: 'PENDING_ROTATION' });
  const status = found([lookOf([keyOf('a', { materials: [...expiring(3).materials, waiting] })])]);
  assert.deepEqual(statusAsJson(status).keys[0]?.due, [
    { what: 'Expiry', at: inDays(3).toISOString() },
    { what: 'PendingRotation', at: null },
  ]);
  assert.match(
    pageOf(status).join('\n'),
    / keyferry expiry --key a\S+ [\s\S]* aws kms rotate-key-on-demand --key-id a/,
  );
});

test('nobody is told to rotate while a replica lacks the new material', () => {
  const waiting = material({ keyMaterialId: 'b'.repeat(64), state: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' });
  const page = pageOf(found([lookOf([keyOf('a', { materials: [material(), waiting] })])])).join(' ');
  assert.match(page, /New material waits until each replica +has the same bytes\./);
  assert.doesNotMatch(page, /rotate-key-on-demand/);
});

test('each folder whose journal cannot be read is told, as a person here would name it', () => {
  const unreadable = ['one', 'two'].map((name) => ({ path: join(process.cwd(), name), why: `${name} is locked.` }));
  const status = statusOf(undefined, [lookOf([])], { keys: [], unreadable }, period);
  const page = pageOf(status).filter((line) => line.startsWith('! '));
  assert.deepEqual(
    page,
    ['one', 'two'].map((name) => `! What ${name} knows is left out: it cannot be read. ${name} is locked.`),
  );
});

test('a command names a folder as it is also where the terminal shows ASCII, and no name moves the cursor', () => {
  const folder = join(process.cwd(), 'clé\u001b[31m');
  const known = [knownOf('a', { folder })];
  const page = pageOf(found([lookOf([keyOf('a', { ...gone, aliases: ['alias/\u001b[2J'] })])], known), {
    env: { LANG: 'C' },
  });
  assert.ok(page.includes("    keyferry reimport --workdir 'clé[31m'"), page.join('\n'));
  assert.ok(page.includes('    folder cl?[31m'), page.join('\n'));
  assert.doesNotMatch(page.join(''), /\u001b/);
});

test('a long name makes room for all columns as long as twenty of its characters are left, in 80 columns at most', () => {
  const aliases = [`alias/${'n'.repeat(24)}`];
  const rowsIn = (columns: number) =>
    pageOf(found([lookOf([keyOf('a', { aliases, ...expiring(1) })])]), { columns }).slice(2);
  const row = (columns: number) => rowsIn(columns).find((line) => line.startsWith('! ')) ?? '';
  // The mark and a space; the name; two spaces and a column, three times.
  const beside = 2 + (2 + 7) + (2 + 'expires in 24 h'.length) + (2 + 'no backup known'.length);
  assert.equal(row(beside + 20), `! alias/${'n'.repeat(13)}…  Enabled  expires in 24 h  no backup known`);
  assert.equal(row(beside + 19), `! ${aliases[0]}  Enabled  expires in 24 h`);
  const wide = [`alias/${'w'.repeat(60)}`];
  const page = pageOf(found([lookOf([keyOf('a', { aliases: wide })])]), { columns: 200 });
  assert.deepEqual(page.filter((line) => line.includes('alias/')).map(cells), [80]);
});

test('what is known of a backup is told: the day in UTC of a proof, also of a key that is kept elsewhere', (t) => {
  keepEnvironment(t);
  const wordsOf = (known: Partial<KnownKey>) =>
    / Enabled .* {2}(\S.*)$/m.exec(pageOf(found([lookOf([keyOf('a')])], [knownOf('a', known)])).join('\n'))?.[1];
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
    process.env.TZ = zone;
    assert.equal(wordsOf({ keeper: 'payments HSM' }), 'proven 3 May 2026');
  }
  assert.equal(wordsOf({ keeper: 'payments HSM', backups: [] }), 'kept elsewhere');
  assert.equal(wordsOf({ backups: [] }), 'no backup known');
  assert.equal(wordsOf({ backups: [], hasUnopenedBackup: true }), 'never opened');
});

test('a deletion whose time has come is not told as one of the past', () => {
  const leaving = keyOf('a', { keyState: 'PendingDeletion', deletionDate: inDays(-1) });
  assert.match(pageOf(found([lookOf([leaving])])).join('\n'), / {2}deleted in 0 min {2}/);
  const replica = keyOf('a', { keyState: 'PendingReplicaDeletion', deletionDate: inDays(3), ...expiring(1) });
  assert.match(pageOf(found([lookOf([replica])])).join('\n'), / {2}deleted in 3 d {2}/);
});

test('an expiry is due whatever the state of the key, and it is that of the material that expires first', () => {
  const two = [material({ keyMaterialId: 'b'.repeat(64), state: 'NON_CURRENT', validTo: inDays(20) })];
  for (const keyState of ['Enabled', 'Disabled', 'PendingImport'])
    for (const materials of [
      [...two, ...expiring(3).materials],
      [...expiring(3).materials, ...two],
      [material({ keyMaterialId: 'c'.repeat(64) }), ...expiring(3).materials],
    ]) {
      const [listed] = found([lookOf([keyOf('a', { keyState, materials })])]).keys;
      assert.deepEqual(listed?.expiry, inDays(3), keyState);
      assert.deepEqual(listed?.due.at(-1), { what: 'Expiry', at: inDays(3) }, keyState);
    }
});

test('new material waits for a rotation also in a primary key', () => {
  const materials = [material(), material({ keyMaterialId: 'b'.repeat(64), state: 'PENDING_ROTATION' })];
  const [listed] = found([lookOf([keyOf('a', { multiRegion: 'PRIMARY', materials })])]).keys;
  assert.deepEqual(listed?.due, [{ what: 'PendingRotation', at: null }]);
});

test('when material expired is told by an unfinished ceremony too, and where the materials may not be read', () => {
  const known = knownOf('a', { isFinished: false, validTo: inDays(-2).toISOString() });
  for (const key of [keyOf('a', gone), keyOf('a', { ...never, notRead: ['materials'] })])
    assert.match(pageOf(found([lookOf([key])], [known])).join('\n'), / Pending import {2}expired 2 d ago /);
});

test('what a key costs is told for its Region, and what to do for each key, however many there are', () => {
  const region = 'cn-north-1';
  const letters = [...'0123456789abcdefghijklmnopqrst'];
  const keys = letters.map((letter) => keyOf(letter, { ...never, region }));
  const page = pageOf(found([lookOf(keys, { region })])).join('\n');
  assert.equal([...page.matchAll(/schedule-key-deletion/g)].length, letters.length);
  assert.ok(page.replaceAll(/\s+/g, ' ').includes(`It never had material, and ${costsWords(region)}.`));
  assert.notEqual(costsWords(region), costsWords('us-east-1'));
});

test('what is due is due within the time that was asked for', () => {
  const dueWithin = (days: number) => {
    const within = { now, periodMs: days * 86_400_000 };
    return statusOf(undefined, [lookOf([keyOf('a', expiring(20))])], { keys: [], unreadable: [] }, within).keys[0]?.due;
  };
  assert.deepEqual(dueWithin(3), []);
  assert.deepEqual(dueWithin(60), [{ what: 'Expiry', at: inDays(20) }]);
});

test('the expiry of a key is changed in the folder that knows it, also while a ceremony is under way there', () => {
  for (const isFinished of [true, false]) {
    const page = pageOf(found([lookOf([keyOf('a', expiring(2))])], [knownOf('a', { isFinished })])).join('\n');
    assert.match(page, /^ {4}keyferry expiry --workdir keyferry-a$/m);
  }
});
