import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { need } from '../../source/steps/facts.ts';
import { newFolder } from '../new-folder.ts';
import { setControl } from '../practice/practising.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { AnswerRefused, beginImport, beginReimport, problemOf } from './ceremony.ts';
import { finished, loseMaterial, materialsOf, opened, recipient, rotated, stateOf } from './lost-material.ts';

const words = 'seven small otters swim home';
const otherWords = 'nine tall herons stand still';
const under = { how: 'passphrase', passphrase: words, 'passphrase-again': words };

test('each backup may have a passphrase of its own: another one is asked for only where the first leaves some closed', async (t) => {
  const ceremony = await finished(t, {}, under);
  const copies = [
    await rotated(ceremony, { passphrase: otherWords }),
    ceremony.services.folder.file('my-first-key.key.age'),
  ];
  for (const { KeyMaterialId } of await materialsOf(ceremony)) await loseMaterial(ceremony, KeyMaterialId);
  const answers = { expiry: 'never', backups: copies, passphrase: words };
  const again = await beginReimport(t, ceremony, { answers });
  await again.upTo('find-key');
  const ids = () => again.questionsOf('bring-back', answers).map(({ id }) => id);
  assert.deepEqual(ids(), ['expiry', 'backups', 'passphrase', 'proceed'], 'nothing is tried yet');
  again.answer('bring-back', { 'passphrase-2': 'of nothing here' });
  await assert.rejects(again.upTo(), /passphrase-2: This passphrase does not open it\./);
  const [, , , second] = again.questionsOf('bring-back', answers);
  assert.equal(second?.ask, 'What is the passphrase of rotated.key.age?');
  again.answer('bring-back', { 'passphrase-2': otherWords });
  await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.deepEqual(again.services.secrets.passphrases, []);
});

test('one passphrase for all backups is asked for once, and one that opens none of them is refused', async (t) => {
  const ceremony = await finished(t, {}, under);
  const copies = [
    await rotated(ceremony, { passphrase: words }),
    ceremony.services.folder.file('my-first-key.key.age'),
  ];
  for (const { KeyMaterialId } of await materialsOf(ceremony)) await loseMaterial(ceremony, KeyMaterialId);
  const again = await beginReimport(t, ceremony, {
    answers: { expiry: 'never', backups: copies, passphrase: otherWords },
  });
  await assert.rejects(
    again.upTo(),
    /passphrase: It opens none of these 2 backups\. This passphrase does not open it\./,
  );
  again.answer('bring-back', { passphrase: words });
  await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
});

test('a passphrase is forgotten once the copies are open, also where KMS then takes none of them', async (t) => {
  const ceremony = await finished(t, {}, under);
  await loseMaterial(ceremony);
  setControl(ceremony.practice, { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'expire' }] });
  const again = await beginReimport(t, ceremony, { answers: { passphrase: words } });
  await problemOf(again.upTo());
  assert.equal(again.countOf('KMS.ImportKeyMaterial'), 1);
  assert.deepEqual(again.services.secrets.passphrases, []);
});

test('a copy behind a link, a folder and a file far too large are refused by name, and an open key file is told', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const folder = newFolder();
  const [link, large] = [join(folder, 'link'), join(folder, 'large')];
  symlinkSync(ceremony.services.folder.file('plain_text_aes_key.bin'), link);
  writeFileSync(large, Buffer.alloc(70_000), { mode: 0o600 });
  const again = await beginReimport(t, ceremony);
  for (const [path, why] of [
    [link, /symbolic link/],
    [folder, /folder/],
    [large, /70000 bytes, far too large/],
  ] as const) {
    again.answer('bring-back', { backups: [path] });
    await assert.rejects(again.upTo(), (error) => error instanceof AnswerRefused && why.test(error.message));
  }
  chmodSync(ceremony.services.folder.file('plain_text_aes_key.bin'), 0o644);
  const [, asked] = again.questionsOf('bring-back', { expiry: 'keep' });
  assert.ok(asked?.kind === 'many' && Array.isArray(asked.options));
  assert.equal(asked.options[0]?.hint, 'the plain key, open to others on this computer');
});

test('a copy that is named no more is forgotten at once', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const wrong = join(newFolder(), 'other.key.age');
  await sealedTo(recipient, randomBytes(32), wrong);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, backups: [wrong] } });
  await assert.rejects(again.upTo());
  const held = again.services.secrets.copy(wrong)?.use((bytes) => bytes);
  assert.ok(held?.some((byte) => byte !== 0));
  const letter = join(newFolder(), 'mine.key.age');
  await sealedTo(recipient, randomBytes(32), letter);
  again.answer('bring-back', { backups: [letter] });
  await assert.rejects(again.upTo());
  assert.ok(held?.every((byte) => byte === 0));
});

test('a backup that KMS has shown to be of other bytes is not offered', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const { facts } = ceremony;
  for (const [secretInKms, offered] of [
    ['other', 0],
    ['not shown', 1],
  ] as const) {
    const recorded = { ...facts, imported: { ...need(facts, 'imported'), secretInKms } };
    const again = await beginReimport(t, ceremony, { answers: opened, parts: { recorded } });
    ceremony.services.folder.replace('my-first-key.key.age.json', '{}');
    await again.upTo('find-key');
    const [, asked] = again.questionsOf('bring-back', { expiry: 'keep' });
    assert.ok(asked?.kind === 'many' && Array.isArray(asked.options));
    assert.equal(asked.options.length, offered, secretInKms);
    again.services.journal.close();
  }
});
