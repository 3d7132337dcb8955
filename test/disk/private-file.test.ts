import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  closeSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import {
  isOpenToOthers,
  keepForOwnerOnly,
  openToAppend,
  openToOthersWarning,
  readPrivateText,
  withPrivateFile,
} from '../../source/disk/private-file.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';
import { noDescriptors, openIn } from './open-in.ts';
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
  ['a way through a file', at('file/more'), false, /^A part of the path is not a folder\.$/],
  ['a name that no file can have for its length', at('x'.repeat(300)), false, /^The name is too long\.$/],
  ['a name that no file can have for its signs', at('a\0b'), false, /^The name has a character that no name has\.$/],
] as const) {
  test(`${what} is not opened, and why is a sentence`, () => {
    const refused = contentsOf(path);
    assert.ok(typeof refused !== 'string');
    assert.deepEqual([refused.found, refused.exists], [false, exists]);
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

/** Puts something in the file's place after it was looked at and before `open` opens it. */
function swapped<Result>(t: TestContext, how: (path: string) => void, open: (path: string) => Result): Result {
  const path = join(newFolder(), 'file');
  writeFileSync(path, 'harmless');
  const { lstatSync } = fs;
  replaceMembers(t, fs, {
    lstatSync: (...args: Parameters<typeof lstatSync>) => {
      const stats = lstatSync(...args);
      if (args[0] === path) how(path);
      return stats;
    },
  });
  return open(path);
}

function putLink(path: string): void {
  renameSync(path, `${path}.old`);
  symlinkSync(at('file'), path);
}

function putPipe(path: string): void {
  renameSync(path, `${path}.old`);
  execFileSync('mkfifo', [path]);
}

test('what took the place of the file meanwhile is not opened either, and blocks nothing', (t) => {
  for (const [put, why] of [
    [putLink, /symbolic link/],
    [putPipe, /not a regular file/],
  ] as const) {
    const refused = swapped(t, put, contentsOf);
    assert.ok(typeof refused !== 'string');
    assert.match(refused.why, why);
  }
});

test('what took the place of the file meanwhile is refused where others may do more with it than allowed', (t) => {
  const open = (path: string) => readPrivateText(path, 'others may read', 100);
  const refused = swapped(t, (name) => chmodSync(name, 0o666), open);
  assert.ok(typeof refused !== 'string');
  assert.match(refused.why, /^Others on this computer may change this file: its permissions are 666\./);
});

test('what took the place of a file that was to be written on is not taken, and not left open', {
  skip: noDescriptors,
}, (t) => {
  const open = (path: string) => ({ path, taken: openToAppend(path, 'others may read') });
  const { path, taken } = swapped(t, (name) => chmodSync(name, 0o666), open);
  assert.ok(typeof taken !== 'number');
  assert.match(taken.why, /^Others on this computer may change this file: its permissions are 666\./);
  assert.equal(openIn(path), 0);
  assert.throws(() => swapped(t, putLink, open), { code: 'ELOOP' });
  const piped = swapped(t, putPipe, open);
  assert.ok(typeof piped.taken !== 'number');
  assert.match(piped.taken.why, /^It is not a regular file/);
  assert.equal(openIn(piped.path), 0);
});

test('a file that is made to be written on is for its owner alone, and one that is there is written on at its end', () => {
  const path = join(newFolder(), 'file');
  const umask = process.umask(0);
  try {
    for (const text of ['one', 'two']) {
      const descriptor = openToAppend(path, 'others may do nothing');
      assert.ok(typeof descriptor === 'number');
      fs.writeSync(descriptor, text);
      closeSync(descriptor);
    }
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(path).mode & 0o7777, 0o600);
  assert.equal(readFileSync(path, 'utf8'), 'onetwo');
  for (const unfit of [at('link'), at('folder'), '/dev/null']) {
    const refused = openToAppend(unfit, 'others may read');
    assert.ok(typeof refused !== 'number' && refused.exists, unfit);
  }
});

test('others lose their permissions on a file and its owner keeps theirs; why that was not possible is told', () => {
  const path = join(newFolder(), 'file');
  writeFileSync(path, '');
  for (const [before, after] of [
    [0o644, 0o600],
    [0o777, 0o700],
    [0o440, 0o400],
    [0o4750, 0o700],
  ] as const) {
    chmodSync(path, before);
    assert.equal(keepForOwnerOnly(path), undefined);
    assert.equal(statSync(path).mode & 0o7777, after);
  }
  assert.match(keepForOwnerOnly(at('link')) ?? '', /^It is a symbolic link/);
  assert.equal(keepForOwnerOnly(at('gone')), 'There is no such file or folder.');
});

test('a file is closed again, also where its reader fails, and a defect is no answer of the disk', {
  skip: noDescriptors,
}, () => {
  let open = 0;
  assert.throws(
    () =>
      withPrivateFile(at('file'), () => {
        open = openIn(at('file'));
        throw new Error('a defect');
      }),
    /a defect/,
  );
  assert.deepEqual([open, openIn(at('file'))], [1, 0]);
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
