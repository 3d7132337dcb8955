import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { need } from '../../source/steps/facts.ts';
import { newFolder } from '../new-folder.ts';
import { importMaterial, setControl } from '../practice/practising.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { beginImport, beginReimport, problemOf, type RunningCeremony } from './ceremony.ts';
import {
  finished,
  keyOf,
  kmsOf,
  loseMaterial,
  materialsOf,
  opened,
  recipient,
  rotated,
  stateOf,
} from './lost-material.ts';

/* A reimport that goes on later, or looks again: what KMS says by then counts, and what was done before is not forgotten. */

/** A rotated key, a copy of each of its materials, and one of neither. */
async function rotatedOnce(t: TestContext) {
  const ceremony = await finished(t);
  const second = await rotated(ceremony, recipient);
  const first = ceremony.services.folder.file('my-first-key.key.age');
  const wrong = join(newFolder(), 'wrong.key.age');
  await sealedTo(recipient, randomBytes(32), wrong);
  const [older, current] = (await materialsOf(ceremony)).map(({ KeyMaterialId }) => KeyMaterialId);
  return { ceremony, right: [first, second], half: [first, wrong], older, current };
}

async function halfDone(t: TestContext, { ceremony, half, older, current }: Awaited<ReturnType<typeof rotatedOnce>>) {
  await loseMaterial(ceremony, older);
  await loseMaterial(ceremony, current);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never', backups: half } });
  const { state } = await problemOf(again.upTo());
  assert.equal(state, 'Another material was brought back; this one was not.');
  return again;
}

/** The same reimport in another process. */
async function goneOn(t: TestContext, ceremony: RunningCeremony, before: RunningCeremony, answers: object) {
  before.services.journal.close();
  return beginReimport(t, ceremony, { answers: { ...opened, ...answers } });
}

test('material that somebody else brings back meanwhile is not imported again', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony);
  await again.upTo('find-key');
  const bytes = ceremony.services.folder.read('plain_text_aes_key.bin');
  await importMaterial(kmsOf(ceremony), keyOf(ceremony).KeyId ?? '', bytes, { ImportType: 'EXISTING_KEY_MATERIAL' });
  const { broughtBack } = await again.upTo();
  assert.deepEqual(broughtBack?.materials, []);
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 0);
  assert.deepEqual(again.noticed, ['The key has changed since KMS was asked: KMS is asked again']);
});

test('what was brought back before it stopped is not imported again, and is told in the end', async (t) => {
  const made = await rotatedOnce(t);
  const again = await goneOn(t, made.ceremony, await halfDone(t, made), { expiry: 'never', backups: made.right });
  const { broughtBack } = await again.upTo();
  assert.deepEqual(
    broughtBack?.materials.map(({ keyMaterialId }) => keyMaterialId).toSorted(),
    [made.older, made.current].toSorted(),
  );
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 3, 'one, one that was refused, and that one');
});

test('what was brought back before it stopped, and is gone again, is imported again', async (t) => {
  const made = await rotatedOnce(t);
  const before = await halfDone(t, made);
  await loseMaterial(made.ceremony, made.older);
  made.ceremony.practice.clock.now = new Date(made.ceremony.practice.clock.now.getTime() + 60_000);
  const again = await goneOn(t, made.ceremony, before, { expiry: 'never', backups: made.right });
  const { broughtBack } = await again.upTo();
  assert.equal(await stateOf(made.ceremony), 'Enabled');
  assert.equal(broughtBack?.materials.length, 2);
});

test('a look at what is missing after a part came back forgets neither that part nor that the key was Disabled', async (t) => {
  const made = await rotatedOnce(t);
  await kmsOf(made.ceremony).send(new DisableKeyCommand(keyOf(made.ceremony)));
  const ninety = { expiry: 'date', 'valid-to': '90d' };
  const again = await beginReimport(t, made.ceremony, { answers: { ...opened, ...ninety, backups: made.half } });
  await problemOf(again.upTo());
  assert.equal(await stateOf(made.ceremony), 'Enabled');
  again.answer('bring-back', { backups: made.right });
  const { broughtBack, toDisable } = await again.upTo(undefined, 'find-key');
  assert.deepEqual([broughtBack?.materials.length, toDisable], [2, true]);
  assert.equal(await stateOf(made.ceremony), 'Disabled');
});

test('a key that was to be left enabled stays Enabled, also where its materials are looked at again', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '90d' });
  await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
  const answers = { ...opened, expiry: 'never', proceed: 'leave-enabled' };
  const again = await beginReimport(t, ceremony, { answers });
  await again.upTo('bring-back');
  const { broughtBack, toDisable } = await again.upTo(undefined, 'find-key');
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 1, 'nothing is left to import, so that nothing is asked of it');
  assert.deepEqual([broughtBack?.materials.length, toDisable], [1, false]);
  assert.equal(await stateOf(ceremony), 'Enabled');
});

test('an import whose answer was lost is found by its expiry, also where that was said in days', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  setControl(ceremony.practice, { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-after', times: 1 }] });
  const answers = { ...opened, expiry: 'date', 'valid-to': '90d' };
  const again = await beginReimport(t, ceremony, { answers, parts: { clock: () => new Date() } });
  const { broughtBack } = await again.upTo();
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 1);
  const [material] = await materialsOf(ceremony);
  assert.equal(broughtBack?.materials[0]?.validTo, material?.ValidTo?.toISOString());
});

test('an import that did not arrive is not told as done because the material is there with its old expiry', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '90d' });
  setControl(ceremony.practice, { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-before', times: 1 }] });
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never' } });
  const { broughtBack } = await again.upTo();
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 2);
  assert.deepEqual([(await materialsOf(ceremony))[0]?.ValidTo, broughtBack?.materials[0]?.validTo], [undefined, null]);
});

test('a reimport of another key that lies in the folder does not go on there', async (t) => {
  const made = await rotatedOnce(t);
  (await halfDone(t, made)).services.journal.close();
  const { facts } = made.ceremony;
  const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/11111111-1111-1111-1111-111111111111';
  const recorded = { ...facts, key: { ...need(facts, 'key'), keyArn } };
  const again = await beginReimport(t, made.ceremony, { answers: opened, parts: { recorded } });
  const calls = again.calls.length;
  const { what, why } = await problemOf(again.upTo());
  assert.equal(what, "Can't go on with this reimport: it is of another key.");
  assert.ok(why?.includes(keyArn) && why.includes('journal-reimport-20261125T140200Z.jsonl'), why);
  assert.ok(!again.calls.slice(calls).some(({ operation }) => operation.startsWith('KMS.')));
});
