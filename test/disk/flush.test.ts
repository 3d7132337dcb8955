import assert from 'node:assert/strict';
import fs, { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { flushFolder, renameLasting } from '../../source/disk/flush.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { noDescriptors, openIn } from './open-in.ts';
import { refuse } from './refuse.ts';

/** On Linux these folders are of file systems that flush none. */
function answerOf(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  } finally {
    fs.closeSync(descriptor);
  }
}

const unflushed = ['/proc', '/sys'].find((folder) => answerOf(folder) === 'EINVAL');

test('a folder of a file system that flushes none is passed over', (t) => {
  if (unflushed === undefined) return t.skip('no folder here refuses to be flushed');
  flushFolder(unflushed);
});

for (const code of ['EINVAL', 'EBADF', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']) {
  test(`a folder that answers ${code} when it is flushed is passed over`, (t) => {
    refuse(t, 'fsyncSync', code);
    flushFolder(newFolder());
  });
}

test('a folder that may not be opened is passed over', (t) => {
  const folder = newFolder();
  refuse(t, 'openSync', 'EACCES', (path) => path === folder);
  flushFolder(folder);
});

for (const code of ['EIO', 'ENOSPC', 'EDQUOT', 'EROFS']) {
  test(`a folder that answers ${code} when it is flushed is told`, (t) => {
    refuse(t, 'fsyncSync', code);
    assert.throws(() => flushFolder(newFolder()), { code });
  });
}

test('a folder that is not there is told', () => {
  assert.throws(() => flushFolder(join(newFolder(), 'gone')), { code: 'ENOENT' });
});

test('a flushed folder is closed again, also where it cannot be flushed', { skip: noDescriptors }, (t) => {
  const folder = newFolder();
  flushFolder(folder);
  assert.equal(openIn(folder), 0);
  refuse(t, 'fsyncSync', 'EIO');
  assert.throws(() => flushFolder(folder));
  assert.equal(openIn(folder), 0);
});

test('a new name is flushed in the folder that has it', (t) => {
  const parent = newFolder();
  mkdirSync(join(parent, 'there'));
  writeFileSync(join(parent, 'file'), 'abc');
  const events = watchDisk(t);
  renameLasting(join(parent, 'file'), join(parent, 'there', 'other'));
  assert.deepEqual(events, [
    { does: 'name', file: 'other' },
    { does: 'flush', file: 'there' },
  ]);
  assert.equal(readFileSync(join(parent, 'there', 'other'), 'utf8'), 'abc');
});
