import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import type { UploadChoice } from '../../source/steps/services.ts';
import { uploadCommands } from '../../source/steps/upload-commands.ts';
import { connectionOf, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';

const facts = {
  connection: connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin'),
  key: keyOf('k'),
};
const folder = newFolder();
writeFileSync(join(folder, 'a b.txt'), 'a');
mkdirSync(join(folder, 'more'));

/** The commands for what a person named, with these flags. */
function commandsFor(
  input: string,
  upload: Partial<UploadChoice> = {},
  answers: Answers = { where: 'new' },
  prefix = '',
) {
  const preset = { upload: { include: [], exclude: [], replace: false, ...upload } };
  const basis = { facts, answers, services: { ...makeOfflineServices(), preset } };
  return uploadCommands(basis, { bucket: 'b', prefix }, input);
}

const shellOf = (...given: Parameters<typeof commandsFor>) =>
  commandsFor(...given)
    .map(({ shell }) => shell)
    .join('\n');

test('a file goes up under the key, is looked at and read back; a file that the flags leave out does not', () => {
  const path = join(folder, 'a b.txt');
  const [upload, look, compare] = commandsFor(path, {}, { where: 'new' }, 'p');
  assert.match(
    upload?.shell ?? '',
    new RegExp(`^aws s3 cp '${path}' 's3://b/p/a b\\.txt'[\\s\\S]*--sse aws:kms[\\s\\S]*--sse-kms-key-id "\\$KEY_ARN"`),
  );
  assert.match(look?.shell ?? '', /head-object[\s\S]*--bucket b[\s\S]*--key 'p\/a b\.txt'/);
  assert.match(compare?.shell ?? '', /s3 cp 's3:\/\/b\/p\/a b\.txt' -[\s\S]* \| cmp - '.*a b\.txt'$/);
  assert.deepEqual(commandsFor(path, { exclude: ['*.txt'] }), []);
  assert.deepEqual(commandsFor(path, { include: ['*.csv'] }), []);
  assert.equal(commandsFor(path, { include: ['*.txt'] }).length, 3);
});

test('the files of a folder go up without links, and the flags choose among them at every depth', () => {
  assert.match(
    shellOf(folder, {}, { where: 'new' }, 'p'),
    new RegExp(`^aws s3 cp ${folder} s3://b/p/ --recursive --no-follow-symlinks \\\\\\n`),
  );
  assert.match(
    shellOf(folder, { include: ['*.csv', 'x/*.txt'], exclude: ['old*'] }),
    / --exclude '\*' --include '\*\.csv' --include '\*\/\*\.csv' --include 'x\/\*\.txt' --exclude 'old\*' --exclude '\*\/old\*'/,
  );
  const excluding = shellOf(folder, { exclude: ['old'] });
  assert.match(excluding, /--no-follow-symlinks --exclude old --exclude '\*\/old'/);
  assert.doesNotMatch(excluding, /--exclude '\*' /);
});

test('a pattern for paths takes its own folder, and no deeper one where it does not mean that', () => {
  const flat = shellOf(join(folder, '*.txt'), { exclude: ['old*'] });
  assert.ok(flat.includes(`s3 cp ${folder} s3://b/ --recursive`), flat);
  assert.match(flat, /--exclude '\*' --include '\*\.txt' --exclude 'old\*' --exclude '\*\/old\*' --exclude '\*\/\*'/);
  const [choosing] = commandsFor(join(folder, '*.txt'), { include: ['a*'] });
  assert.match(choosing?.says ?? '', /this also sends files that --include and --exclude leave out/);
  assert.doesNotMatch(commandsFor(join(folder, '*.txt'))[0]?.says ?? '', /also sends/);
});

test('the files of a list go up one by one, with a note where the flags would leave some out', () => {
  const [list] = commandsFor('@my list', {}, { where: 'new' }, 'p');
  assert.match(
    list?.shell ?? '',
    /^while IFS= read -r file; do aws s3 cp "\$file" s3:\/\/b\/p\/"\$\(basename -- "\$file"\)"[\s\S]*; done < 'my list'$/,
  );
  assert.doesNotMatch(list?.says ?? '', /also sends/);
  for (const upload of [{ include: ['a*'] }, { exclude: ['a*'] }])
    assert.match(commandsFor('@my list', upload)[0]?.says ?? '', /also sends files/);
});

test('that aws replaces objects is said where there may be some and Keyferry would leave them', () => {
  const says = (where: string, replace: boolean) => commandsFor(folder, { replace }, { where })[0]?.says ?? '';
  assert.match(says('existing', false), /; this replaces an object of that name, which Keyferry does not$/);
  for (const [where, replace] of [
    ['new', false],
    ['existing', true],
  ] as const)
    assert.doesNotMatch(says(where, replace), /replaces/);
});
