import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBackup, sealBackup } from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';

const passphrase = Buffer.from('winter lamp orbit saddle');

/** A backup under the passphrase whose header then asks for another scrypt work factor. */
async function asksFor(workFactor: number): Promise<Buffer> {
  using secret = SecretBytes.generate();
  const sealed = await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 2 });
  const text = sealed.toString('latin1').replace(/^(-> scrypt \S+) 2$/m, `$1 ${workFactor}`);
  return Buffer.from(text, 'latin1');
}

test('a backup that asks for more than 1 GiB to stretch its passphrase is called damaged, without trying', async () => {
  const opened = await openBackup(await asksFor(21), { by: 'passphrase', passphrase });
  // Had it been tried, for seconds and in 2 GiB, its answer would be that the passphrase is wrong.
  assert.equal('trouble' in opened ? opened.trouble : 'opened', 'damaged');
});

test('a backup that asks for less is tried', async () => {
  const opened = await openBackup(await asksFor(3), { by: 'passphrase', passphrase });
  assert.equal('trouble' in opened ? opened.trouble : 'opened', 'wrong passphrase');
});
