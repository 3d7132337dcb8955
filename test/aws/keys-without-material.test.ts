import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findKeysWithoutMaterial } from '../../source/aws/keys-without-material.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey, practise } from '../practice/practising.ts';
import { beginImport } from '../steps/ceremony.ts';

test("looking for unfinished keys finds Keyferry's own alone, and calls nothing that changes anything", async (t) => {
  const practice = await practise(t, { folder: newFolder({ inMemory: true }) });
  await externalKey(practice.kms());
  const ceremony = await beginImport(t, { practice });
  const { key } = await ceremony.upTo('policy');
  const { session, journal } = ceremony.services;
  const before = ceremony.changes;
  const found = await findKeysWithoutMaterial(session.clients.kms, new AbortController().signal);
  assert.deepEqual(ceremony.changes, before);
  assert.equal(found.hidden, 0);
  const [unfinished, ...others] = found.keys;
  assert.deepEqual(others, []);
  assert.deepEqual(
    [unfinished?.keyId, unfinished?.ceremonyId, unfinished?.hadMaterial, unfinished?.aliases],
    [key?.keyId, journal.state.id, false, ['alias/my-first-key']],
  );
  await ceremony.upTo('import');
  assert.deepEqual((await findKeysWithoutMaterial(session.clients.kms, new AbortController().signal)).keys, []);
});
