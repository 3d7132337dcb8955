import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import test, { afterEach } from 'node:test';
import { cleanup } from 'ink-testing-library';
import type { FileQuestion, ManyQuestion } from '../../source/ceremony/question.ts';
import { completePath } from '../../source/disk/complete-path.ts';
import { completionWords } from '../../source/ui/completion-words.ts';
import { newFolder } from '../new-folder.ts';
import { asked, keys } from './asked.tsx';

afterEach(cleanup);

const folder = newFolder();
mkdirSync(join(folder, 'keys'));
for (const name of ['keys/my first.key', 'keys/my second.key', 'other.key']) writeFileSync(join(folder, name), '');
const complete = (text: string) => completePath(text, [folder]);

const file: FileQuestion = {
  kind: 'file',
  id: 'file',
  ask: 'Which file?',
  label: 'File',
  form: 'a path',
  complete,
  check: (path) => (path === '' ? 'Type the path.' : undefined),
};

const files: ManyQuestion = {
  kind: 'many',
  id: 'files',
  ask: 'Which files?',
  label: 'Files',
  form: 'paths',
  options: [],
  typed: 'path of a file',
  complete,
  least: 0,
  check: (path) => (path.startsWith('no') ? 'It does not exist.' : undefined),
};

test('Tab completes a path, then names the files that it may be', async () => {
  const field = asked(file);
  await field.until('tab complete');
  await field.press('k', keys.tab);
  await field.until('File: keys/▏');
  await field.press(keys.tab);
  const shown = await field.until('File: keys/my ▏');
  assert.match(shown, /my first\.key {2}my second\.key/);
  await field.press('s');
  await field.until('File: keys/my s▏');
  assert.doesNotMatch(field.shown(), /my first/);
  await field.press(keys.tab, keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'keys/my second.key' });
});

test('Tab says where no file begins so, and keeps what is behind the cursor', async () => {
  const field = asked(file);
  await field.until('File: ');
  await field.press('x', keys.tab);
  await field.until('No file begins with this.');
  await field.press(keys.backspace, 'z', keys.left, 'o', keys.tab);
  await field.until('File: other.key▏z');
});

test('a path is taken with the home folder for its ~, also in a list', async () => {
  const one = asked(file);
  await one.until('File: ');
  await one.press(...' ~/a b ', keys.enter);
  assert.deepEqual(await one.outcome(), { kind: 'answer', answer: join(homedir(), 'a b') });
  cleanup();
  const several = asked(files);
  await several.until('Type: ');
  await several.press(...'~/a', keys.enter, keys.enter);
  assert.deepEqual(await several.outcome(), { kind: 'answer', answer: [join(homedir(), 'a')] });
});

test('in a list of files Tab completes what is typed', async () => {
  const field = asked(files);
  await field.until('Type: ');
  await field.press('k', keys.tab, keys.tab);
  await field.until(/my first\.key {2}my second\.key/);
  await field.press('f', keys.tab, keys.enter, keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['keys/my first.key'] });
});

test('several pasted lines are several values, and those that are none are named', async () => {
  const field = asked(files);
  await field.until('Type: ');
  await field.press(keys.paste('one\r\n ~/two \n\nno such\nnone\nsix seven\n'));
  await field.until('Left out: no such: It does not exist. 1 more line was left out too.');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['one', join(homedir(), 'two'), 'six seven'] });
});

test('one pasted line goes into the filter, and one path field takes no second line', async () => {
  const several = asked(files);
  await several.until('Type: ');
  await several.press(keys.paste('one\n'));
  await several.until('Type: one▏');
  cleanup();
  const one = asked(file);
  await one.until('File: ');
  await one.press(keys.paste('a\nb'));
  await one.until('more than one line');
});

test('only as many names are shown as fit on a few lines', () => {
  const names = Array.from({ length: 500 }, (_, index) => `file-${index}.bin`);
  const words = completionWords(names);
  assert.match(words, /^file-0\.bin {2}file-1\.bin .* {2}and \d{3} more$/);
  assert.ok(words.length < 130);
  const long = 'x'.repeat(200);
  assert.equal(completionWords([long, 'b']), `${long}  and 1 more`);
  const names110 = ['x'.repeat(53), 'y'.repeat(53)];
  assert.equal(completionWords(names110), names110.join('  '));
  assert.equal(completionWords([]), 'No file begins with this.');
});
