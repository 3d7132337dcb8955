import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { manifestNameOf, manifestsOf } from '../../source/steps/manifest-names.ts';
import { newFolder } from '../new-folder.ts';

const head = { bucket: 'b', prefix: 'p', keyArn: 'k', inputs: ['a'], include: [], exclude: [], replace: false };

test('each choice of files, place and key has a manifest of its own, and the same choice has the same one', () => {
  const journal = '/w/journal-encrypt-20261125T140200Z.jsonl';
  const name = manifestNameOf(journal, head);
  assert.match(name, /^manifest-encrypt-20261125T140200Z-[\da-f]{12}\.jsonl$/);
  assert.equal(manifestNameOf('/moved/journal-encrypt-20261125T140200Z.jsonl', { ...head }), name);
  assert.match(manifestNameOf('/w/journal.jsonl', head), /^manifest-[\da-f]{12}\.jsonl$/);
  const others = [
    { bucket: 'c' },
    { prefix: '' },
    { keyArn: 'l' },
    { inputs: ['a', 'b'] },
    { include: ['*'] },
    { exclude: ['*'] },
    { replace: true },
  ].map((other) => manifestNameOf(journal, { ...head, ...other }));
  assert.equal(new Set([name, ...others]).size, 8);
});

test('the manifests of a ceremony are told from those of another one in its folder', () => {
  const folder = newFolder();
  const [first, later] = [join(folder, 'journal.jsonl'), join(folder, 'journal-encrypt-20261125T140200Z.jsonl')];
  const [ofFirst, ofLater] = [manifestNameOf(first, head), manifestNameOf(later, head)];
  for (const name of [ofFirst, ofLater, 'manifest-mine.jsonl', `${ofFirst}.old`]) writeFileSync(join(folder, name), '');
  assert.deepEqual(manifestsOf(first), [ofFirst]);
  assert.deepEqual(manifestsOf(later), [ofLater]);
  assert.deepEqual(manifestsOf(join(folder, 'gone', 'journal.jsonl')), []);
});
