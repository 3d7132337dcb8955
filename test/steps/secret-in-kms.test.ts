import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { beginImport } from './ceremony.ts';

test('the material keeps its expiry where KMS has compared what a person wrapped', async (t) => {
  const ceremony = await beginImport(t, { answers: { import: { expiry: 'date', 'valid-to': '2d' } } });
  const { services, practice } = ceremony;
  await ceremony.upTo('wrap');
  // As if the person had wrapped the same bytes elsewhere.
  copyFileSync(services.folder.file('enc.aes.key'), services.folder.file('mine.bin'));
  ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
  const { imported, key } = await ceremony.upTo('import', 'wrap');
  assert.equal(imported?.secretInKms, 'shown');
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 2);
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: key?.keyId }));
  assert.equal(KeyMetadata?.ExpirationModel, 'KEY_MATERIAL_EXPIRES');
  assert.equal(KeyMetadata?.ValidTo?.toISOString(), imported?.validTo);
});
