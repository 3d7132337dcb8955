import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import { newFolder } from '../new-folder.ts';
import { beginReimport } from './ceremony.ts';
import { finished, keyOf, kmsOf, loseMaterial, opened, stateOf } from './lost-material.ts';

/* What a reimport leaves: its last page, and its record. */

test('the record of a reimport names the copy, and not the folder in which it lies', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const elsewhere = newFolder();
  const copy = join(elsewhere, 'from-the-safe.key.age');
  copyFileSync(ceremony.services.folder.file('my-first-key.key.age'), copy);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, backups: [copy] } });
  await again.upTo();
  for (const form of ['md', 'json']) {
    const record = readFileSync(again.services.folder.file(`record-reimport-20261125T140200Z.${form}`), 'utf8');
    assert.ok(record.includes('from-the-safe.key.age'), form);
    assert.ok(!record.includes(elsewhere), form);
  }
});

test('a key that somebody disables once its material is back is told as Disabled, with status 3', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const facts = await again.upTo();
  assert.equal((await reimport.conclude(facts, again.services)).status, 0);
  await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
  const { status, page, problem } = await reimport.conclude(facts, again.services);
  assert.equal(status, 3);
  assert.equal(problem?.code, 'Disabled');
  assert.equal(page.title, 'Done, but look at this');
  assert.match(page.lines.join('\n'), /Somebody has disabled it\./);
});

test("endpoints that are not AWS's own stand in the record of a reimport too", async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const { connection, ...facts } = await again.upTo();
  assert.ok(connection !== undefined);
  const { folder } = again.services;
  for (const endpoint of [undefined, 'https://kms.corp.test']) {
    const more = endpoint === undefined ? {} : { endpoint, endpoints: { s3: 'https://s3.corp.test' } };
    reimport.record?.({ ...facts, connection: { ...connection, ...more } }, again.services, true);
    const page = folder.read('record-reimport-20261125T140200Z.md').toString('utf8');
    const { account } = JSON.parse(folder.read('record-reimport-20261125T140200Z.json').toString('utf8'));
    assert.equal(account.endpoint, endpoint);
    assert.equal(page.includes('| Endpoint | `https://kms.corp.test` |'), endpoint !== undefined);
    assert.equal(page.includes('| Endpoint of S3 | `https://s3.corp.test` |'), endpoint !== undefined);
  }
});

test('an object that was replaced since is read, and told as other bytes than those on record', async (t) => {
  const ceremony = await finished(t);
  const [object] = ceremony.facts.objects?.objects ?? [];
  assert.ok(object !== undefined);
  const { bucket, key } = object;
  await ceremony.practice.s3().send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'another' }));
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const facts = await again.upTo();
  assert.deepEqual(facts.readable, { bucket, key, isSame: false });
  assert.ok(again.progress.some(({ label }) => label.endsWith('its bytes are not those on record')));
  const { page } = await reimport.conclude(facts, again.services);
  assert.match(page.lines.join('\n'), /but its bytes are NOT those on record: it was replaced since\./);
  const record = again.services.folder.read('record-reimport-20261125T140200Z.md').toString();
  assert.match(record, /could be read; its bytes are not those on record\./);
});

test('the last page leads to the record of a reimport, and nowhere where nothing was imported', async (t) => {
  const ceremony = await finished(t);
  const idle = await beginReimport(t, ceremony, { answers: opened });
  assert.deepEqual((await reimport.conclude(await idle.upTo(), idle.services)).page.actions, []);
  await loseMaterial(ceremony);
  const more = { answers: opened, journalName: 'journal-reimport-20261126T140200Z.jsonl' };
  const again = await beginReimport(t, ceremony, more);
  const [open] = (await reimport.conclude(await again.upTo(), again.services)).page.actions ?? [];
  const page = open?.act();
  assert.ok(typeof page === 'object');
  assert.equal(page.title, 'record-reimport-20261126T140200Z.md');
  assert.match(page.lines[0] ?? '', /material brought back/);
});

test('a Disabled key that lacks nothing is left alone, and nothing is opened with it', async (t) => {
  const ceremony = await finished(t);
  await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
  const again = await beginReimport(t, ceremony, { answers: opened });
  const facts = await again.upTo();
  assert.deepEqual(again.changes, []);
  assert.equal(await stateOf(ceremony), 'Disabled');
  assert.equal(again.receiptOf('prove-again'), 'Nothing was opened: the key is Disabled');
  assert.equal((await reimport.conclude(facts, again.services)).status, 0);
});
