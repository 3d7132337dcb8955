import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from '../../source/ceremony/journal.ts';
import { callsOf } from '../../source/record/calls.ts';
import { CallNotes } from '../../source/steps/call-notes.ts';
import { newFolder } from '../new-folder.ts';

test('any number of calls of one operation takes few lines, and all of them are counted', (t) => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  t.after(() => journal.close());
  const notes = new CallNotes(journal);
  for (let call = 0; call < 1000; call += 1) notes.note({ operation: 'S3.PutObject', requestId: `r${call}` });
  notes.note({ operation: 'S3.PutObject', error: 'SlowDown' });
  notes.settle();
  notes.settle();
  const calls = callsOf(new Journal(path).lines);
  assert.ok(calls.length < 60, `${calls.length}`);
  const all = calls.filter(({ error }) => error === undefined).reduce((sum, { count = 1 }) => sum + count, 0);
  assert.equal(all, 1000);
  assert.equal(calls.at(-1)?.lastRequestId, 'r999');
  assert.equal(calls.filter(({ error }) => error === 'SlowDown').length, 1);
});
