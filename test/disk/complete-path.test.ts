import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { completePath } from '../../source/disk/complete-path.ts';
import { newFolder } from '../new-folder.ts';

/** A folder with these files; a name with a slash at its end is a folder. */
function folderWith(...names: readonly string[]): string {
  const folder = newFolder();
  for (const name of names) {
    if (name.endsWith('/')) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), '');
  }
  return folder;
}

test('the one file that begins so is completed, and a folder gets its slash', () => {
  const folder = folderWith('my first.key', 'other.key', 'keys/');
  assert.deepEqual(completePath('my', [folder]), { text: 'my first.key', names: ['my first.key'] });
  assert.deepEqual(completePath('k', [folder]), { text: 'keys/', names: ['keys/'] });
  assert.deepEqual(completePath(`${folder}/o`, ['/']), { text: `${folder}/other.key`, names: ['other.key'] });
  assert.deepEqual(completePath('keys/', [folder]), { text: 'keys/', names: [] });
});

test('of several files the common beginning is completed, and all are named', () => {
  const folder = folderWith('key-one.bin', 'key-two.bin', 'key-tür/', 'a');
  assert.deepEqual(completePath('k', [folder]), { text: 'key-', names: ['key-one.bin', 'key-two.bin', 'key-tür/'] });
  assert.equal(completePath('key-t', [folder]).text, 'key-t');
});

test('no character is cut in two', () => {
  // Both begin with the same half of a pair.
  const folder = folderWith('\u{1F511}a', '\u{1F512}b');
  assert.equal(completePath('', [folder]).text, '');
});

test('hidden files count only after a dot, and names with control characters never', () => {
  const folder = folderWith('.hidden', 'seen', 'bad\u001Bname');
  assert.deepEqual(completePath('', [folder]).names, ['seen']);
  assert.deepEqual(completePath('.h', [folder]), { text: '.hidden', names: ['.hidden'] });
  assert.deepEqual(completePath('.', [folder]), { text: '.hidden', names: ['.hidden'] });
});

test('a ~ stays as it was typed, and the files are those of the home folder', () => {
  assert.deepEqual(completePath('~', ['/']), { text: '~/', names: [] });
  assert.ok(completePath('~/', ['/']).text.startsWith('~/'));
  assert.deepEqual(completePath('~/.', ['/']).names, completePath(`${homedir()}/.`, ['/']).names);
  assert.deepEqual(completePath(`~${userInfo().username}`, ['/']), { text: `~${userInfo().username}/`, names: [] });
  assert.deepEqual(completePath('~/~gone', ['/']), { text: '~/~gone', names: [] });
  assert.deepEqual(completePath('~nobody-of-this-name', ['/']), { text: '~nobody-of-this-name', names: [] });
});

test('a link to a folder is a folder, a link to nothing is none, and a folder that cannot be read has no files', () => {
  const folder = folderWith('keys/', 'closed/');
  symlinkSync(join(folder, 'keys'), join(folder, 'linked'));
  symlinkSync(join(folder, 'gone'), join(folder, 'loose'));
  assert.deepEqual(completePath('l', [folder]).names, ['linked/', 'loose']);
  chmodSync(join(folder, 'closed'), 0);
  assert.deepEqual(completePath('closed/', [folder]), { text: 'closed/', names: [] });
  assert.deepEqual(completePath('nowhere/x', [folder]), { text: 'nowhere/x', names: [] });
});

test('relative paths begin in each of the folders, and a name counts once', () => {
  const [one, two] = [folderWith('key', 'left'), folderWith('key', 'keys/')];
  assert.deepEqual(completePath('', [one, two]), { text: '', names: ['key', 'keys/', 'left'] });
});

test('blanks before a path do not belong to it, and a link to a file gets no slash', () => {
  const folder = folderWith('file', 'folder/');
  symlinkSync(join(folder, 'file'), join(folder, 'link-to-file'));
  symlinkSync(join(folder, 'folder'), join(folder, 'link-to-folder'));
  symlinkSync(join(folder, 'gone'), join(folder, 'link-to-nothing'));
  const { text, names } = completePath(`  ${folder}/link`, ['/']);
  assert.equal(text, `${folder}/link-to-`);
  assert.deepEqual(names, ['link-to-file', 'link-to-folder/', 'link-to-nothing']);
  // What nothing completes stays as it was typed.
  assert.deepEqual(completePath('  gone', [folder]), { text: '  gone', names: [] });
});
