import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CreateAliasCommand, DescribeKeyCommand } from '@aws-sdk/client-kms';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, practise, refused } from './practising.ts';

test('a change that fails in the middle leaves nothing of what it had changed', () => {
  const folder = newFolder();
  const store = openStore(folder);
  const other = openStore(folder);
  const insert = (name: string) => store.run('INSERT INTO kms_alias VALUES (?, ?, ?, 0, 0)', 'us-east-1', name, 'k');
  const names = () => other.all<{ name: string }>('SELECT name FROM kms_alias').map(({ name }) => name);
  try {
    assert.throws(
      () =>
        store.change(() => {
          insert('alias/first');
          // A change within a change is a part of it.
          store.change(() => insert('alias/second'));
          throw new Error('in the middle');
        }),
      /in the middle/,
    );
    assert.deepEqual(names(), []);
    store.change(() => insert('alias/third'));
    assert.deepEqual(names(), ['alias/third']);
  } finally {
    store.close();
    other.close();
  }
});

test('after a refused request, what comes next is kept and seen by another server over the same folder', async (t) => {
  const one = await practise(t);
  const other = await practise(t, { folder: one.folder });
  const KeyId = await externalKey(one.kms());
  const alias = (TargetKeyId: string) => new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId });
  await one.kms().send(alias(KeyId));
  await refused(one.kms().send(alias(KeyId)), 'AlreadyExistsException');
  const next = await externalKey(one.kms());
  await other.kms().send(new DescribeKeyCommand({ KeyId: next }));
});

test('what is answered is on the disk, and what is removed is overwritten', () => {
  const store = openStore(newFolder());
  const told = ['journal_mode', 'synchronous', 'secure_delete'].map((name) => store.first(`PRAGMA ${name}`));
  store.close();
  // SQLite has the number 2 for FULL.
  assert.deepEqual(JSON.parse(JSON.stringify(told)), [
    { journal_mode: 'wal' },
    { synchronous: 2 },
    { secure_delete: 1 },
  ]);
});
