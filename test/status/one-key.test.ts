import assert from 'node:assert/strict';
import { test } from 'node:test';
import { statusAsJson } from '../../source/status/json.ts';
import { expiring, found, keyOf, knownOf, lookOf, material, never, pageOf } from './samples.ts';

test('of a key whose materials may not be read, nobody is told that it never had any, or to delete it', () => {
  const unread = keyOf('a', { ...never, notRead: ['materials'] });
  const page = pageOf(found([lookOf([unread])])).join('\n');
  assert.doesNotMatch(page, /never had|schedule-key-deletion/);
  assert.match(page, /material is gone[\s\S]*keyferry reimport --region us-east-1\n/);
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
