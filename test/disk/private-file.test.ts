import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { isOpenToOthers, openToOthersWarning, withPrivateFile } from '../../source/disk/private-file.ts';
import { newFolder } from '../new-folder.ts';
import { refuse } from './refuse.ts';

const contentsOf = (path: string) => withPrivateFile(path, (descriptor) => readFileSync(descriptor, 'utf8'));
const folder = newFolder();
const at = (name: string) => join(folder, name);
writeFileSync(at('file'), 'secret');
mkdirSync(at('folder'));
symlinkSync(at('file'), at('link'));
symlinkSync(at('gone'), at('dangling'));
symlinkSync(folder, at('way'));
execFileSync('mkfifo', [at('pipe')]);

test('a regular file is lent, also by a way that leads through a link, and from the home folder', () => {
  assert.equal(contentsOf(at('file')), 'secret');
  assert.equal(contentsOf(join(at('way'), 'file')), 'secret');
  assert.equal(contentsOf(`~/${relative(homedir(), at('file'))}`), 'secret');
});

for (const [what, path, exists, why] of [
  ['nothing there', at('gone'), false, /^There is no such file or folder\.$/],
  ['a link', at('link'), true, /^It is a symbolic link that is not followed\. Give the path of the file/],
  ['a link to nothing', at('dangling'), true, /^It is a symbolic link to a file that does not exist\.$/],
  ['a folder', at('folder'), true, /^It is a folder\. Add the name of the file in it\.$/],
  ['a pipe', at('pipe'), true, /^It is not a regular file but a device, a pipe or a socket\.$/],
  ['a device', '/dev/null', true, /^It is not a regular file/],
] as const) {
  test(`${what} is not opened, and why is a sentence`, () => {
    const refused = contentsOf(path);
    assert.ok(typeof refused !== 'string');
    assert.equal(refused.exists, exists);
    assert.match(refused.why, why);
  });
}

test('a file that may not be read is told', (t) => {
  refuse(t, 'openSync', 'EACCES', (path) => path === at('file'));
  const refused = contentsOf(at('file'));
  assert.ok(typeof refused !== 'string');
  assert.equal(refused.why, 'You are not allowed to open or change this file or folder.');
  assert.equal(refused.exists, true);
});

/** Puts something in the file's place after it was looked at and before it is opened. */
function swapped(how: (path: string) => void): ReturnType<typeof contentsOf> {
  const path = join(newFolder(), 'file');
  writeFileSync(path, 'harmless');
  const { lstatSync } = fs;
  Object.assign(fs, {
    lstatSync: (...args: Parameters<typeof lstatSync>) => {
      const stats = lstatSync(...args);
      if (args[0] === path) how(path);
      return stats;
    },
  });
  syncBuiltinESMExports();
  try {
    return contentsOf(path);
  } finally {
    Object.assign(fs, { lstatSync });
    syncBuiltinESMExports();
  }
}

test('what took the place of the file meanwhile is not opened either, and blocks nothing', () => {
  for (const [put, why] of [
    [(path: string) => symlinkSync(at('file'), path), /symbolic link/],
    [(path: string) => void execFileSync('mkfifo', [path]), /not a regular file/],
  ] as const) {
    const refused = swapped((path) => {
      renameSync(path, `${path}.old`);
      put(path);
    });
    assert.ok(typeof refused !== 'string');
    assert.match(refused.why, why);
  }
});

test('a file is closed again, also where its reader fails, and a defect is no answer of the disk', {
  skip: !existsSync('/proc/self/fd'),
}, () => {
  const isOpen = () =>
    readdirSync('/proc/self/fd').some((name) => {
      const link = `/proc/self/fd/${name}`;
      return existsSync(link) && fs.readlinkSync(link) === at('file');
    });
  let wasOpen = false;
  assert.throws(
    () =>
      withPrivateFile(at('file'), () => {
        wasOpen = isOpen();
        throw new Error('a defect');
      }),
    /a defect/,
  );
  assert.deepEqual([wasOpen, isOpen()], [true, false]);
});

test('any right of others makes a file open to them', () => {
  for (const mode of [0o640, 0o604, 0o620, 0o610, 0o601]) assert.equal(isOpenToOthers(mode), true);
  for (const mode of [0o600, 0o400, 0o700]) assert.equal(isOpenToOthers(mode), false);
});

test('that a file is open to others is said with its permissions and the right ones', () => {
  const says = 'Others on this computer may open this file: its permissions are 640. Make them 600.';
  assert.equal(openToOthersWarning(0o100640), says);
  assert.equal(openToOthersWarning(0o100600), undefined);
});
