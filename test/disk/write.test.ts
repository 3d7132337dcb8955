import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isPart, replaceWholeFile, writePrivateFile, writeWholeFile } from '../../source/disk/write.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { noDescriptors, openIn } from './open-in.ts';
import { isFolder, refuse } from './refuse.ts';

const ways = [
  ['written whole', (path: string) => writeWholeFile(path, 'abc')],
  ['written in place', (path: string) => writePrivateFile(path, (descriptor) => void writeSync(descriptor, 'abc'))],
  ['replaced', (path: string) => replaceWholeFile(path, 'abc')],
] as const;

for (const [way, write] of ways) {
  test(`a file that is ${way} is its owner's alone, whatever the umask`, () => {
    const path = join(newFolder(), 'file');
    for (const mask of [0, 0o777]) {
      const umask = process.umask(mask);
      try {
        write(`${path}-${mask}`);
      } finally {
        process.umask(umask);
      }
      assert.equal(statSync(`${path}-${mask}`).mode & 0o777, 0o600);
      assert.equal(readFileSync(`${path}-${mask}`, 'utf8'), 'abc');
    }
  });

  test(`a file that is ${way} is on the disk with its contents before its name is flushed`, (t) => {
    const folder = newFolder();
    const events = watchDisk(t);
    write(join(folder, 'file'));
    const flushed = events.flatMap((event) => (event.does === 'flush' ? [event.file] : []));
    assert.match(flushed[0] ?? '', /file/);
    assert.ok(folder.endsWith(flushed.at(-1) ?? '/'), 'the folder comes last');
    assert.notEqual(events.findLast(({ does }) => does === 'name' || does === 'flush')?.does, 'name');
  });

  for (const code of ['EIO', 'ENOSPC']) {
    test(`a file that is ${way} leaves nothing behind where flushing answers ${code}`, (t) => {
      const path = join(newFolder(), 'file');
      refuse(t, 'fsyncSync', code);
      assert.throws(() => write(path), { code });
      assert.deepEqual(readdirSync(join(path, '..')), []);
    });

    test(`a file that is ${way} leaves nothing behind where its name is not flushed but answers ${code}`, (t) => {
      const path = join(newFolder(), 'file');
      refuse(t, 'fsyncSync', code, isFolder);
      assert.throws(() => write(path), { code });
      assert.deepEqual(readdirSync(join(path, '..')), []);
    });
  }

  test(`a file that is ${way} is not left open, also where it cannot be written`, { skip: noDescriptors }, (t) => {
    const folder = newFolder();
    write(join(folder, 'file'));
    refuse(t, 'fsyncSync', 'EIO');
    assert.throws(() => write(join(folder, 'other')));
    assert.equal(openIn(folder), 0);
  });

  test(`a file is ${way} where folders cannot be flushed`, (t) => {
    const path = join(newFolder(), 'file');
    refuse(t, 'fsyncSync', 'EINVAL', isFolder);
    write(path);
    assert.equal(readFileSync(path, 'utf8'), 'abc');
  });
}

for (const [way, write] of ways.slice(0, 2)) {
  test(`what is there stays where a file is ${way}, and so does what a link points to`, () => {
    const folder = newFolder();
    writeFileSync(join(folder, 'file'), 'mine');
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
    for (const name of ['file', 'link']) assert.throws(() => write(join(folder, name)), { code: 'EEXIST' });
    assert.equal(readFileSync(join(folder, 'file'), 'utf8'), 'mine');
    assert.deepEqual(readdirSync(folder).sort(), ['file', 'link']);
  });
}

test('a file whose writing fails is removed again', () => {
  const folder = newFolder();
  assert.throws(
    () =>
      writePrivateFile(join(folder, 'file'), (descriptor) => {
        writeSync(descriptor, 'half');
        throw new Error('gone');
      }),
    /gone/,
  );
  assert.deepEqual(readdirSync(folder), []);
});

test('a file that goes away while it is written is told with what went wrong first', () => {
  const path = join(newFolder(), 'file');
  const write = () => {
    rmSync(path);
    throw new Error('gone');
  };
  assert.throws(() => writePrivateFile(path, write), /gone/);
});

test('an earlier file stays whole where the one that replaces it cannot be written', (t) => {
  const folder = newFolder();
  const path = join(folder, 'file');
  writeFileSync(path, 'before');
  refuse(t, 'fsyncSync', 'ENOSPC');
  assert.throws(() => replaceWholeFile(path, 'after'), { code: 'ENOSPC' });
  assert.equal(readFileSync(path, 'utf8'), 'before');
  assert.deepEqual(readdirSync(folder), ['file']);
});

test('what was half written is known by its name, and hinders nothing', () => {
  const folder = newFolder();
  assert.deepEqual(['.keyferry-part-file', 'file', 'my.keyferry-part-file'].map(isPart), [true, false, false]);
  for (const name of ['.keyferry-part-file.new', 'file.new', '.keyferry-part-other'])
    writeFileSync(join(folder, name), 'hal');
  replaceWholeFile(join(folder, 'file'), 'whole');
  writeWholeFile(join(folder, 'other'), 'whole');
  assert.deepEqual(readdirSync(folder).sort(), ['file', 'other']);
  for (const name of ['file', 'other']) assert.equal(readFileSync(join(folder, name), 'utf8'), 'whole');
});
