import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { readBackupCards, readCardOf, writeBackupCard } from '../../source/steps/backup-card.ts';
import type { Facts, Imported } from '../../source/steps/facts.ts';
import { foreverImported } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';

const keyMaterialId = '0123456789abcdef'.repeat(4);
const file = 'payments.key.age';
const checkValue = { method: 'AES-CMAC', value: 'A1B2C3' } as const;
const backup = { by: 'recipients', file, sha256: 'f'.repeat(64), recipients: [], proven: 'opened' } as const;
const facts: Facts = {
  secret: { origin: 'generated', bytes: 32, checkValue },
  backup,
  key: { keyArn: 'arn:aws:kms:us-east-1:000000000000:key/1', keyId: '1', alias: 'alias/payments', createdAt: '' },
};
const imported: Imported = { ...foreverImported, keyMaterialId };

test('a card is written beside a backup of which it is shown that it holds the material, and beside no other', () => {
  const folder = new CeremonyFolder(newFolder(), false);
  for (const secretInKms of ['other', 'not shown'] as const)
    writeBackupCard(facts, { ...imported, secretInKms }, folder);
  writeBackupCard({ ...facts, backup: { by: 'declined' } }, imported, folder);
  const elsewhere = { origin: 'elsewhere', keeper: 'the HSM' } as const;
  writeBackupCard({ ...facts, secret: elsewhere, backup: { by: 'keeper' } }, imported, folder);
  assert.deepEqual(readdirSync(folder.path), []);
  writeBackupCard(facts, imported, folder);
  assert.deepEqual(readdirSync(folder.path), [`${file}.json`]);
  const written = () => JSON.parse(String(folder.read(`${file}.json`)));
  assert.ok(!('zeroBlockCheckValue' in written()));
  const zeroBlockCheckValue = '08D7B4';
  const secret = { origin: 'generated', bytes: 32, checkValue, zeroBlockCheckValue } as const;
  writeBackupCard({ ...facts, secret }, imported, folder);
  assert.deepEqual(
    [written().zeroBlockCheckValue, written().alias, written().importedAt, written().backup],
    [zeroBlockCheckValue, 'alias/payments', imported.importedAt, { file, sha256: backup.sha256, by: 'recipients' }],
  );
  const [card] = readBackupCards(folder.path);
  assert.deepEqual(
    [card?.keyArn, card?.keyMaterialId, card?.checkValue],
    [facts.key?.keyArn, keyMaterialId, checkValue],
  );
  assert.equal(card?.path, folder.file(file));
  assert.match(String(folder.read(`${file}.json`)), /keyferry reimport --workdir FOLDER/);
});

test('what is no card of a backup is passed over, and none leads out of its folder', () => {
  const folder = newFolder();
  const card = { keyArn: 'arn', keyMaterialId, checkValue, backup: { file, sha256: 'f' } };
  const write = (name: string, content: object | string) =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  write('a.key.age.json', { ...card, keyMaterialId: 'abc' });
  write('b.key.age.json', { ...card, keyMaterialId: `${keyMaterialId}0` });
  write('c.key.age.json', '{');
  write('d.json', card);
  mkdirSync(join(folder, 'f.key.age.json'));
  assert.deepEqual(readBackupCards(folder), []);
  assert.deepEqual(readBackupCards(join(folder, 'none')), []);
  write('e.key.age.json', { ...card, backup: { file: '/etc/../../other.key.age', sha256: 'f' } });
  assert.deepEqual(
    readBackupCards(folder).map(({ path }) => path),
    [join(folder, 'other.key.age')],
  );
  assert.equal(readCardOf(join(folder, 'e.key.age')), undefined, 'it is of another file');
  write(`${file}.json`, card);
  assert.equal(readCardOf(join(folder, file))?.keyMaterialId, keyMaterialId);
  assert.equal(readCardOf(join(folder, 'none.key.age')), undefined);
});
