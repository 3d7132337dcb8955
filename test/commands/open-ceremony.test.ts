import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { journalFile, openCeremony } from '../../source/commands/open-ceremony.ts';
import { newFolder } from '../new-folder.ts';

const open = (workdir: string) => openCeremony(firstImport, workdir, { practice: true, workdir });

const hasChanged = (error: unknown) => error instanceof ProblemError && /has changed/.test(error.problem.what);

test('who looked at an empty folder before another began a ceremony there does not begin a second one in it', async () => {
  const w = join(newFolder(), 'w');
  const [first, second] = [await open(w), await open(w)];
  first.begin();
  await first.close();
  const before = new Journal(join(w, journalFile)).lines;
  assert.throws(() => second.begin(), hasChanged);
  await second.close();
  assert.deepEqual(new Journal(join(w, journalFile)).lines, before);
  assert.equal(existsSync(join(w, 'journal.lock')), false);
  const third = await open(w);
  third.begin();
  await third.close();
  assert.deepEqual(
    new Journal(join(w, journalFile)).lines.map(({ kind }) => kind),
    ['begun', 'continued'],
  );
});

test('a ceremony whose folder went away since it was read is not begun anew', async () => {
  const w = join(newFolder(), 'w');
  const first = await open(w);
  first.begin();
  await first.close();
  const later = await open(w);
  rmSync(w, { recursive: true });
  assert.throws(() => later.begin(), hasChanged);
  await later.close();
  assert.equal(existsSync(w), false);
});
