import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { diskEntries } from '../../source/aws/problems/disk.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { diskReason, diskReasons } from '../../source/disk/reason.ts';
import { newFolder } from '../new-folder.ts';

const folder = newFolder();
writeFileSync(join(folder, 'file'), '');
symlinkSync('loop', join(folder, 'loop'));

for (const [what, act, says] of [
  ['nothing there', () => readFileSync(join(folder, 'gone')), 'There is no such file or folder.'],
  ['a file in the way', () => readFileSync(join(folder, 'file', 'more')), 'A part of the path is not a folder.'],
  ['a long name', () => readFileSync(join(folder, 'x'.repeat(5000))), 'The name is too long.'],
  ['a NUL in the name', () => lstatSync('a\0b'), 'The name has a character that no name has.'],
  ['a folder', () => readFileSync(folder), 'It is a folder.'],
  ['a link to itself', () => readFileSync(join(folder, 'loop')), 'It is a symbolic link that is not followed.'],
  ['a taken name', () => mkdirSync(folder), 'There is a file of this name already, and it is never overwritten.'],
  ['a full device', () => writeFileSync('/dev/full', 'a'), 'The disk is full.'],
] as const) {
  test(`what the system answers to ${what} is told in words`, (t) => {
    if (what === 'a full device' && !existsSync('/dev/full')) return t.skip('no /dev/full');
    assert.throws(act, (error) => {
      assert.equal(diskReason(error), says);
      return true;
    });
  });
}

test('what the system answers otherwise is told with its code', () => {
  assert.equal(diskReason({ code: 'EWHATEVER' }), 'The system answered EWHATEVER.');
  assert.equal(diskReason(undefined), 'The system answered with an unknown error.');
});

test('each thing that stands in the way of a file is told as what it is', () => {
  for (const [says, ...codes] of [
    [/not allowed to open or change/, 'EACCES', 'EPERM'],
    [/Too many files are open/, 'EMFILE', 'ENFILE'],
    [/disk is read-only/, 'EROFS'],
    [/quota is used up/, 'EDQUOT'],
    [/file size limit is reached/, 'EFBIG'],
    [/reports a fault/, 'EIO'],
    [/a device, a pipe or a socket/, 'ENXIO'],
  ] as const)
    for (const code of codes) assert.match(diskReason({ code }), says, code);
});

test('one answer has the same words wherever it is met', () => {
  for (const [code, says] of Object.entries(diskReasons)) {
    assert.equal(diskReason({ code }), says);
    const entry = diskEntries.find(({ names }) => names.includes(code));
    if (code === 'ERR_INVALID_ARG_VALUE') continue;
    assert.equal(entry?.why, says, code);
    const error = Object.assign(new Error(`${code}: refused`), { code });
    assert.equal(explainAwsError(error, { what: "Can't." }).why, says, code);
  }
});
