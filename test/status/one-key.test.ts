import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExternalKey } from '../../source/aws/external-key.ts';
import { statusAsJson } from '../../source/status/json.ts';
import { statusOf } from '../../source/status/status.ts';
import { expiring, found, gone, inDays, keyOf, knownOf, lookOf, material, never, now, pageOf } from './samples.ts';

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

test('of one key that may not be described it is spoken as of one', () => {
  const page = pageOf(found([lookOf([], { hidden: 1 })])).join(' ');
  assert.match(page, /1 key in us-east-1 could not be looked at: you may not +describe it\. Any/);
});
