import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  CreateKeyCommand,
  DeleteImportedKeyMaterialCommand,
  DisableKeyCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { generateIdentity } from 'age-encryption';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import { need } from '../../source/steps/facts.ts';
import { keyHere } from '../../source/steps/secret-key-fact.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { beginImport, beginReimport, problemOf } from './ceremony.ts';
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

test('deleted material comes back from the backup of its ceremony, and old data is readable', async (t) => {
  const ceremony = await finished(t);
  const [before] = await materialsOf(ceremony);
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const facts = await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.deepEqual(await materialsOf(ceremony), [before]);
  assert.equal(facts.proof?.keyMaterialId, ceremony.facts.imported?.keyMaterialId);
  assert.equal(facts.readable?.isSame, true);
  assert.equal(again.countOf('KMS.GenerateDataKey'), 0, 'the data key of the first proof is opened');
  assert.equal(again.progress.findLast(({ id }) => id === 'proof')?.label, 'The key opens what it has encrypted');
  const { status, page, result } = await reimport.conclude(facts, again.services);
  assert.deepEqual([status, page.title], [0, 'The material is back']);
  assert.equal((result as { keyState: string }).keyState, 'Enabled');
  assert.match(page.lines.join('\n'), /came back from my-first-key\.key\.age \(key check value [0-9A-F]{10}\)/);
  const record = readFileSync(again.services.folder.file('record-reimport-20261125T140200Z.md'), 'utf8');
  assert.match(record, /Key state before \| PendingImport/);
});

test('expired material comes back with a new expiry, and cannot keep the old one', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '1d' });
  ceremony.practice.clock.now = new Date(Date.now() + 2 * 86_400_000);
  assert.equal(await stateOf(ceremony), 'PendingImport');
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'date', 'valid-to': '90d' } });
  await again.upTo('find-key');
  const [asked] = again.questionsOf('bring-back', {});
  assert.ok(asked?.kind === 'choice' && Array.isArray(asked.options));
  assert.match(asked.options.find(({ value }) => value === 'keep')?.disabled ?? '', /^it expired at 20.* UTC$/);
  await again.upTo();
  const [material] = await materialsOf(ceremony);
  assert.equal(again.facts.broughtBack?.materials[0]?.validTo, material?.ValidTo?.toISOString(), 'in whole seconds');
  const days = ((material?.ValidTo?.getTime() ?? 0) - ceremony.practice.clock.now.getTime()) / 86_400_000;
  assert.ok(days > 89 && days <= 90, `${days} days`);
});

test('an expiry that has not come yet is said again for deleted material', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '90d' });
  const [before] = await materialsOf(ceremony);
  await loseMaterial(ceremony);
  await (await beginReimport(t, ceremony, { answers: opened })).upTo();
  assert.deepEqual((await materialsOf(ceremony))[0]?.ValidTo, before?.ValidTo);
});

test('with all material there nothing is imported; another expiry is, as existing material', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '90d' });
  const idle = await beginReimport(t, ceremony, { answers: opened });
  await idle.upTo();
  assert.deepEqual(idle.changes, ['KMS.Decrypt'], 'the proof alone');
  assert.equal((await reimport.conclude(idle.facts, idle.services)).page.title, 'Nothing was missing');
  assert.equal(existsSync(idle.services.folder.file('record-reimport-20261125T140200Z.md')), false);
  const dropping = await beginReimport(t, ceremony, {
    answers: { ...opened, expiry: 'never' },
    journalName: 'journal-reimport-20261126T140200Z.jsonl',
  });
  await dropping.upTo();
  assert.deepEqual(dropping.changes, ['KMS.ImportKeyMaterial', 'KMS.Decrypt']);
  assert.match(dropping.receiptOf('bring-back'), /^Expiry changed: [0-9a-f]{8} does not expire$/);
  const { page } = await reimport.conclude(dropping.facts, dropping.services);
  assert.equal(page.title, 'The expiry is changed');
  assert.match(page.lines.join('\n'), /was imported again from my-first-key\.key\.age/);
  assert.equal((await materialsOf(ceremony))[0]?.ExpirationModel, 'KEY_MATERIAL_DOES_NOT_EXPIRE');
});

test('a copy of another key is refused before a wrapping key is asked for, and nothing changes', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const wrong = join(newFolder(), 'other.key.age');
  await sealedTo(recipient, randomBytes(32), wrong);
  const again = await beginReimport(t, ceremony, { answers: { ...opened, backups: [wrong] } });
  const { what, why, state, remedies } = await problemOf(again.upTo());
  assert.equal(what, 'Nothing was brought back: a copy is missing, or is of another key.');
  assert.match(
    why ?? '',
    new RegExp(`${keyHere(ceremony.facts.secret)?.checkValue.value}.*key check value [0-9A-F]{10}`),
  );
  assert.equal(state, 'Nothing was sent or changed. KMS was not asked for a wrapping key.');
  assert.deepEqual(remedies, [{ action: 'ask-again', label: 'Name other copies', question: 'backups' }]);
  assert.equal(again.countOf('KMS.GetParametersForImport'), 0);
  assert.equal(await stateOf(ceremony), 'PendingImport');
});

test('from a backup and the id of the key alone it comes back too, and KMS refuses the copy of another key', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const folder = newFolder();
  const [wrong, right] = [join(folder, 'wrong.key.age'), join(folder, 'right.key.age')];
  await sealedTo(recipient, randomBytes(32), wrong);
  writeFileSync(right, readFileSync(ceremony.services.folder.file('my-first-key.key.age')), { mode: 0o600 });
  const again = await beginReimport(t, ceremony, {
    recorded: false,
    answers: { ...opened, expiry: 'never', backups: [wrong] },
  });
  again.answer('find-key', { key: 'alias/my-first-key' });
  const { what, state } = await problemOf(again.upTo());
  assert.match(what, /^The material [0-9a-f]{8} was not brought back: no copy holds its bytes\.$/);
  assert.equal(state, 'Nothing was changed.');
  assert.equal(await stateOf(ceremony), 'PendingImport');
  again.answer('bring-back', { backups: [right] });
  const facts = await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.ok(facts.proof?.keyMaterialId === ceremony.facts.imported?.keyMaterialId);
  assert.ok(existsSync(again.services.folder.file('proof.bin')));
});

test('a plain key file is a copy as well', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo();
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony);
  await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.equal(again.facts.broughtBack?.materials[0]?.file, ceremony.services.folder.file('plain_text_aes_key.bin'));
});

test('all materials of a rotated key come back, whichever copy is named first', async (t) => {
  const ceremony = await finished(t);
  const copies = [await rotated(ceremony, recipient), await rotated(ceremony, recipient)];
  const before = await materialsOf(ceremony);
  assert.deepEqual(
    before.map(({ KeyMaterialState }) => KeyMaterialState),
    ['NON_CURRENT', 'NON_CURRENT', 'CURRENT'],
  );
  for (const { KeyMaterialId } of before.slice(0, 2))
    await kmsOf(ceremony).send(new DeleteImportedKeyMaterialCommand({ ...keyOf(ceremony), KeyMaterialId }));
  assert.equal(await stateOf(ceremony), 'PendingImport');
  const backup = ceremony.services.folder.file('my-first-key.key.age');
  const half = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never', backups: [backup] } });
  assert.match((await problemOf(half.upTo())).why ?? '', /^No copy holds the material [0-9a-f]{8}/);
  half.answer('bring-back', { backups: [...copies.toReversed(), backup] });
  const { broughtBack } = await half.upTo();
  assert.equal(broughtBack?.materials.length, 2);
  assert.equal(await stateOf(ceremony), 'Enabled');
  assert.deepEqual(await materialsOf(ceremony), before);
});

test('a Disabled key is disabled again, and its old data is read before', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '90d' });
  await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
  const again = await beginReimport(t, ceremony, { answers: { ...opened, expiry: 'never' } });
  await again.upTo('find-key');
  const questions = again.questionsOf('bring-back', { ...opened, expiry: 'never', backups: ['x'], proceed: 'import' });
  assert.match(questions.at(-1)?.help ?? '', /The key is Disabled\. An import enables it/);
  const facts = await again.upTo();
  assert.equal(await stateOf(ceremony), 'Disabled');
  assert.equal(facts.readable?.isSame, true);
  assert.equal((await reimport.conclude(facts, again.services)).status, 0, 'it is as it was before');
});

test('a key that waits for its deletion, one of another origin and one of another account are refused', async (t) => {
  const ceremony = await finished(t);
  const { KeyMetadata } = await kmsOf(ceremony).send(new CreateKeyCommand({}));
  const other = await beginReimport(t, ceremony, { recorded: false });
  other.answer('find-key', { key: KeyMetadata?.KeyId as string });
  await assert.rejects(
    other.upTo(),
    /Its origin is AWS_KMS: material is imported only into keys with the origin EXTERNAL/,
  );
  await kmsOf(ceremony).send(new ScheduleKeyDeletionCommand(keyOf(ceremony)));
  const again = await beginReimport(t, ceremony, { answers: opened });
  const { code, state, next } = await problemOf(again.upTo());
  assert.deepEqual([code, state], ['PendingDeletion', 'Nothing was sent or changed.']);
  assert.match(next[0] ?? '', /^To keep it: aws kms cancel-key-deletion --key-id [0-9a-f-]{36}/);
  const facts = ceremony.facts;
  const elsewhere = { ...facts, connection: { ...need(facts, 'connection'), accountId: '111122223333' } };
  const stranger = await beginReimport(t, ceremony, {
    answers: opened,
    parts: { recorded: elsewhere },
    journalName: 'journal-reimport-20261126T140200Z.jsonl',
  });
  assert.match((await problemOf(stranger.upTo())).why ?? '', /^The key is in account 111122223333, us-east-1;/);
  assert.deepEqual(stranger.changes, []);
});

test('an import whose answer was lost is looked for, and not told as done before KMS says so', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const proxy = await between(ceremony.practice.server.endpoint);
  t.after(proxy.close);
  proxy.decide((call) => (call === 'kms:ImportKeyMaterial' ? 'cut' : undefined));
  const again = await beginReimport(t, ceremony, { answers: opened, endpoint: proxy.endpoint });
  const { what, state } = await problemOf(again.upTo());
  assert.match(what, /^Can't tell whether the material [0-9a-f]{8} was brought back\.$/);
  assert.equal(state, 'Trying again looks first, and imports only what is not there.');
  assert.equal(await stateOf(ceremony), 'PendingImport');
  proxy.decide(() => undefined);
  await again.upTo();
  assert.equal(await stateOf(ceremony), 'Enabled');
});

test('the keys from the copies are zero in memory once KMS has them', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const again = await beginReimport(t, ceremony, { answers: opened });
  const { secrets } = again.services;
  const held: Buffer[] = [];
  const hold = secrets.holdCopy.bind(secrets);
  t.mock.method(secrets, 'holdCopy', (path: string, key: Parameters<typeof hold>[1]) => {
    held.push(key.use((bytes) => bytes));
    hold(path, key);
  });
  await again.upTo();
  assert.ok(held.length > 0);
  for (const bytes of held) assert.ok(bytes.every((byte) => byte === 0));
});

test('a copy that cannot be opened is told before anything is sent', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const stranger = join(newFolder(), 'stranger.txt');
  writeFileSync(stranger, `${await generateIdentity()}\n`, { mode: 0o600 });
  const again = await beginReimport(t, ceremony, { answers: { identity: stranger } });
  await assert.rejects(again.upTo(), /bring-back\.identity: .*identity/);
  assert.deepEqual(again.changes, []);
  const letter = join(newFolder(), 'letter.txt');
  writeFileSync(letter, 'Dear Sir or Madam,');
  again.answer('bring-back', { backups: [letter] });
  await assert.rejects(again.upTo(), /letter\.txt is neither a backup nor a key file/);
  assert.deepEqual(again.changes, []);
});
