import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openToAppend, readPrivateText } from '../../source/disk/private-file.ts';
import { findUnfitFolder, makeFolders, makePrivateFolder } from '../../source/disk/private-folder.ts';
import { newFolder } from '../new-folder.ts';
import { beforeCall } from './before-call.ts';
import { openIn } from './open-in.ts';
import { refuse } from './refuse.ts';

const isRoot = process.geteuid?.() === 0;
const otherUser = 12345;
const modeOf = (path: string) => statSync(path).mode & 0o7777;

/** A folder with this mode, and with a file in it where `isFull`. */
function folderOf(mode: number, isFull: boolean): string {
  const path = join(newFolder(), 'folder');
  mkdirSync(path);
  if (isFull) writeFileSync(join(path, 'file'), '');
  chmodSync(path, mode);
  return path;
}

test('a missing folder is made for its owner alone, with the folders above it', () => {
  const parent = join(newFolder(), 'above');
  assert.equal(makePrivateFolder(join(parent, 'folder')), undefined);
  assert.deepEqual([modeOf(parent), modeOf(join(parent, 'folder'))], [0o700, 0o700]);
});

test('where the system makes no folder, the error of the system comes, and not an endless search', {
  skip: process.platform !== 'linux',
}, () => {
  for (const path of ['/proc/keyferry', '/proc/keyferry/above/folder', '/proc/self/fd/keyferry'])
    assert.throws(() => makePrivateFolder(path), { code: 'ENOENT' }, path);
});

test('a folder that is there is not made again, also where the disk is read-only', (t) => {
  const path = newFolder();
  refuse(t, 'mkdirSync', 'EROFS');
  makeFolders(path);
  assert.throws(() => makeFolders(join(path, 'more')), { code: 'EROFS' });
});

test('below a file and below a link that leads nowhere, no folder is made', () => {
  const parent = newFolder();
  writeFileSync(join(parent, 'file'), '');
  symlinkSync(join(parent, 'gone'), join(parent, 'link'));
  assert.throws(() => makeFolders(join(parent, 'file', 'folder')), { code: 'ENOTDIR' });
  assert.throws(() => makeFolders(join(parent, 'link', 'folder')), { code: 'ENOENT' });
  assert.deepEqual(readdirSync(parent).sort(), ['file', 'link']);
});

test('an empty folder is closed to others; looking at it changes nothing', () => {
  const path = folderOf(0o755, false);
  assert.equal(findUnfitFolder(path), undefined);
  assert.equal(modeOf(path), 0o755);
  assert.equal(makePrivateFolder(path), undefined);
  assert.equal(modeOf(path), 0o700);
  const closed = folderOf(0o500, false);
  assert.equal(makePrivateFolder(closed), undefined);
  assert.equal(modeOf(closed), 0o500, 'what is closed to others stays as it is');
});

for (const mode of [0o755, 0o1777, 0o710, 0o701])
  test(`a folder of mode ${mode.toString(8)} with a file is refused, and stays as it is`, () => {
    const path = folderOf(mode, true);
    const unfit = makePrivateFolder(path);
    assert.match(unfit?.why ?? '', /can be entered by others on this machine/);
    assert.deepEqual(unfit?.cure, ['chmod', '700', path]);
    assert.equal(modeOf(path), mode);
  });

test('a link is refused, with the folder that it leads to, and that folder stays as it is', () => {
  const folder = folderOf(0o755, false);
  const link = join(newFolder(), 'link');
  symlinkSync(folder, link);
  assert.deepEqual(makePrivateFolder(link), {
    why: 'is a symbolic link',
    cure: `Name the folder that the link leads to: ${folder}`,
  });
  assert.equal(modeOf(folder), 0o755);
});

test('a folder with files that is closed to others is taken, and a file is refused as what it is', () => {
  const path = folderOf(0o700, true);
  assert.equal(makePrivateFolder(path), undefined);
  const file = join(path, 'file');
  assert.deepEqual(makePrivateFolder(file), { why: 'is not a folder', cure: 'Name another folder.' });
  chmodSync(file, 0o644);
  assert.equal(findUnfitFolder(file)?.why, 'is not a folder');
});

test('a link that leads nowhere is refused, and nothing is made where it leads', () => {
  const parent = newFolder();
  symlinkSync(join(parent, 'gone'), join(parent, 'link'));
  assert.match(String(makePrivateFolder(join(parent, 'link'))?.cure), /leads nowhere/);
  assert.equal(existsSync(join(parent, 'gone')), false);
});

test('a folder of another user is refused, also where it is empty', { skip: !isRoot }, () => {
  const path = folderOf(0o755, false);
  chownSync(path, otherUser, otherUser);
  assert.match(makePrivateFolder(path)?.why ?? '', /^belongs to another user \(12345\)/);
  assert.deepEqual([lstatSync(path).uid, modeOf(path)], [otherUser, 0o755]);
});

test('a folder of root is refused to another user, and a file of root or of their own is read', {
  skip: !isRoot,
}, (t) => {
  const [folder, file] = [folderOf(0o700, false), fileOf(0o600)];
  const own = fileOf(0o600);
  chownSync(own, otherUser, otherUser);
  const geteuid = () => otherUser;
  t.mock.method(process as Required<typeof process>, 'geteuid', geteuid);
  assert.equal(readPrivateText(own, 'others may do nothing', 100), 'text');
  assert.match(makePrivateFolder(folder)?.why ?? '', /^belongs to another user \(0\)/);
  assert.equal(readPrivateText(file, 'others may do nothing', 100), 'text');
});

/** Moves this folder away and puts something else in its place, when it was looked at and is about to be opened. */
function replaceBeforeOpen(t: TestContext, path: string, put: () => void): void {
  beforeCall(t, 'openSync', (opened) => {
    if (opened !== path) return;
    renameSync(path, `${path}.old`);
    put();
  });
}

test('a folder that takes the place of the right one after the look is looked at too, and not left open', {
  skip: process.platform !== 'linux',
}, (t) => {
  const path = folderOf(0o700, false);
  const other = folderOf(0o755, true);
  replaceBeforeOpen(t, path, () => renameSync(other, path));
  assert.match(makePrivateFolder(path)?.why ?? '', /can be entered by others on this machine \(mode 0755\)/);
  assert.equal(modeOf(path), 0o755);
  assert.equal(openIn(path), 0);
});

test('a link that takes the place of the right folder after the look is not followed', (t) => {
  const path = folderOf(0o700, false);
  const target = folderOf(0o755, false);
  replaceBeforeOpen(t, path, () => symlinkSync(target, path));
  assert.throws(() => makePrivateFolder(path), { code: /ELOOP|ENOTDIR/ });
  assert.equal(modeOf(target), 0o755);
});

test('a folder that another process makes at the same moment is taken', (t) => {
  const path = join(newFolder(), 'above', 'folder');
  let isMade = false;
  beforeCall(t, 'mkdirSync', (made) => {
    if (made !== path || isMade) return;
    isMade = true;
    mkdirSync(path, { mode: 0o700 });
  });
  assert.equal(makePrivateFolder(path), undefined);
  assert.ok(isMade && existsSync(path));
});

/** A file with this mode. */
function fileOf(mode: number): string {
  const path = join(newFolder(), 'file');
  writeFileSync(path, 'text');
  chmodSync(path, mode);
  return path;
}

for (const [others, mode, why] of [
  [
    'others may read',
    0o666,
    /^Others on this computer may change this file: its permissions are 666\. Make them 600\.$/,
  ],
  ['others may read', 0o644, undefined],
  ['others may read', 0o664, undefined],
  [
    'others may do nothing',
    0o640,
    /^Others on this computer may open this file: its permissions are 640\. Make them 600\.$/,
  ],
  ['others may do nothing', 0o600, undefined],
  ['others may do anything', 0o666, undefined],
] as const)
  test(`where others ${others}, a file of mode ${mode.toString(8)} is ${why === undefined ? 'read' : 'refused'}`, () => {
    const text = readPrivateText(fileOf(mode), others, 100);
    if (why === undefined) assert.equal(text, 'text');
    else assert.ok(typeof text !== 'string' && why.test(text.why), JSON.stringify(text));
  });

test('a file of another user is refused, unless anybody may change it or the other is root', { skip: !isRoot }, () => {
  const path = fileOf(0o600);
  chownSync(path, otherUser, otherUser);
  const text = readPrivateText(path, 'others may read', 100);
  assert.ok(typeof text !== 'string');
  assert.match(text.why, /^It belongs to another user \(12345\), who can change it\./);
  assert.equal(readPrivateText(path, 'others may do anything', 100), 'text');
  assert.ok(typeof openToAppend(path, 'others may read') !== 'number');
});

test('a file that is too long is not read', () => {
  const text = readPrivateText(fileOf(0o600), 'others may read', 3);
  assert.ok(typeof text !== 'string');
  assert.deepEqual([text.found, text.exists, text.size], [false, true, 4]);
  assert.equal(text.why, 'It has 4 bytes; 3 are read at most.');
  assert.equal(readPrivateText(fileOf(0o600), 'others may read', 4), 'text');
});
