import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { chosenWords, filesQuestions } from '../../source/steps/files-question.ts';
import { workIn } from '../kept-environment.ts';
import { makeServices } from '../services.ts';

test('the folders and files of the current folder are offered by name, and what is never sent with its reason', async (t) => {
  const here = workIn(t);
  const { services } = await makeServices(t, { path: join(here, 'a-ceremony') });
  services.folder.make();
  for (const folder of ['photos', 'logs', '.hidden', 'old']) mkdirSync(folder);
  writeFileSync(join('old', 'journal.jsonl'), '{"kind":"begun"}\n');
  for (const file of ['b.txt', 'a.txt', '.env', 'pass.txt']) writeFileSync(file, file);
  symlinkSync('a.txt', 'link');
  services.secrets.files.add(join(here, 'pass.txt'));
  const asked = (answers: Answers = {}) => filesQuestions({}, answers, services);
  const [files] = asked();
  assert.ok(files?.kind === 'many' && Array.isArray(files.options));
  assert.deepEqual(
    files.options.map(({ value, disabled }) => [value, disabled]),
    [
      ['logs/', undefined],
      ['photos/', undefined],
      ['a.txt', undefined],
      ['b.txt', undefined],
      ['pass.txt', 'a file that opens the backup of your secret key'],
      ['a-ceremony/', 'the folder of this ceremony'],
      ['old/', 'the folder of a ceremony, with its keys and backups'],
    ],
  );
  assert.match(files.help ?? '', /under its own name/);
  assert.match(asked({ prefix: 'p/' })[0]?.help ?? '', /Each is uploaded as p\/NAME; /);

  const { signal } = new AbortController();
  writeFileSync(join('logs', 'one.log'), '1234567890');
  symlinkSync('../a.txt', join('logs', 'link'));
  assert.equal(await files.tally?.(['a.txt'], signal), '1 file, 5 bytes, 1 request.');
  const told = '2 files, 15 bytes, 2 requests. 1 left out, such as links in folders.';
  assert.equal(await files.tally?.(['a.txt', 'logs'], signal), told);
  assert.equal(await files.verify?.(['a.txt', 'logs']), undefined);
  assert.deepEqual(files.remarks?.(['a.txt', 'logs']), [told]);
  const answers = { files: ['a.txt', 'logs'] };
  assert.ok(asked(answers)[1]?.help?.startsWith(`${told}\n`));
  assert.equal(chosenWords(answers, services), '2 files, 15 bytes');
  assert.equal(chosenWords({ files: ['b.txt'] }, services), 'what was chosen');
  assert.equal(await files.verify?.(['photos']), 'There is no file to send in what you named.');
  assert.match(String(await files.verify?.(['pass.txt'])), /a file that opens the backup of your secret key/);
});
