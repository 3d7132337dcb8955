import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { keyferryAlone } from './program.ts';

/*
 * What somebody else has put in the place of a file or a folder: the program ends at once, says what is there, and leaves
 * it as it was.
 */

const isRoot = process.geteuid?.() === 0;
const otherUser = 12345;

type Plant = (path: string) => void;

const pipe: Plant = (path) => void execFileSync('mkfifo', [path]);
const linkTo =
  (target: string): Plant =>
  (path) =>
    symlinkSync(target, path);
const folder: Plant = (path) => void mkdirSync(path);
const text =
  (content: string, mode = 0o600): Plant =>
  (path) => {
    writeFileSync(path, content);
    chmodSync(path, mode);
  };
const foreign: Plant = (path) => {
  writeFileSync(path, '');
  chownSync(path, otherUser, otherUser);
};

/** What stands in the place of a file, what is said, and whether only root can put it there. */
const table: readonly (readonly [what: string, plant: Plant, says: RegExp, onlyRoot?: true])[] = [
  ['a pipe', pipe, /not a regular file but a device, a pipe or a socket/],
  ['a link to a device', linkTo('/dev/zero'), /symbolic link that is not followed/],
  ['a link to nothing', linkTo('/nowhere/x'), /symbolic link to a file that does not exist/],
  ['a folder', folder, /It is a folder/],
  ['of mode 666', text('', 0o666), /Others on this computer may change this file: its permissions are 666/],
  ['of another user', foreign, /belongs to another user \(12345\)/, true],
];

for (const [what, plant, says, onlyRoot] of table) {
  const skip = onlyRoot === true && !isRoot;
  test(`an answers file that is ${what} is not read`, { skip }, async () => {
    const here = newFolder();
    plant(join(here, 'answers.yaml'));
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 2, stderr);
    assert.match(stderr, says);
    assert.equal(existsSync(join(here, 'w')), false);
  });

  test(`a journal that is ${what} is not read`, { skip }, async () => {
    const here = newFolder();
    mkdirSync(join(here, 'w'), { mode: 0o700 });
    plant(join(here, 'w', 'journal.jsonl'));
    writeFileSync(join(here, 'answers.yaml'), 'connect:\n  region: us-east-1\n');
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 3, stderr);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /unforeseen| {4}at /);
    assert.deepEqual(readdirSync(join(here, 'w')), ['journal.jsonl']);
  });
}

test('a device as the answers file is not read', async () => {
  const { status, stderr } = await keyferryAlone(['run', '/dev/zero', '--practice'], newFolder());
  assert.equal(status, 2, stderr);
  assert.match(stderr, /not a regular file/);
});

for (const [what, line] of [
  ['null', 'null'],
  ['a number', '1'],
  ['an object without a kind', '{}'],
  ['a line with wrong types', '{"kind":"begun","ceremony":1,"id":null}'],
] as const)
  test(`a journal with ${what} as its line is told with the line`, async () => {
    const here = newFolder();
    mkdirSync(join(here, 'w'), { mode: 0o700 });
    writeFileSync(join(here, 'w', 'journal.jsonl'), `${line}\n`, { mode: 0o600 });
    writeFileSync(join(here, 'answers.yaml'), 'connect:\n  region: us-east-1\n');
    const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
    assert.equal(status, 3, stderr);
    assert.match(stderr, /its journal is damaged at line 1/);
    assert.doesNotMatch(stderr, /unforeseen| {4}at /);
    assert.equal(readFileSync(join(here, 'w', 'journal.jsonl'), 'utf8'), `${line}\n`);
  });

test('a folder of another user is not taken, also where it is empty', { skip: !isRoot }, async () => {
  const here = newFolder();
  mkdirSync(join(here, 'w'), { mode: 0o700 });
  chownSync(join(here, 'w'), otherUser, otherUser);
  const example = await keyferryAlone(['run', '--example'], here);
  writeFileSync(join(here, 'answers.yaml'), example.stdout);
  const { status, stderr } = await keyferryAlone(['run', 'answers.yaml', '--practice', '--workdir', 'w'], here);
  assert.equal(status, 3, stderr);
  assert.match(stderr, /belongs to another user \(12345\)/);
  assert.doesNotMatch(stderr, /chmod 700/);
});
