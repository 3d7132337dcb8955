import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { lookAtBackup } from '../../source/steps/look-at-backup.ts';
import { openedBackup } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { recipient } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { problemOf } from './ceremony.ts';

/** A folder whose first import has made the backup `a.key.age`; the command line may name another file. */
async function withBackup() {
  const folder = new CeremonyFolder(newFolder(), false);
  const file = folder.file(openedBackup.file);
  await sealedTo(recipient, randomBytes(32), file);
  const sha256 = sha256Of(readFileSync(file));
  const backup = { ...openedBackup, sha256, recipients: [recipient] };
  const look = (named?: string) =>
    lookAtBackup({
      ...makeOfflineServices(folder),
      recorded: { backup, secret: { origin: 'elsewhere', keeper: 'HSM' } },
      preset: named === undefined ? {} : { backup: named },
    });
  return { file, sha256, look, place: newFolder() };
}

test('the backup of the folder is looked at, or the one that is named; only the recorded bytes are the recorded backup', async () => {
  const { file, sha256, look, place } = await withBackup();
  assert.deepEqual(look(), { file, by: 'recipients', sha256, recorded: true });
  const copy = join(place, 'copy.key.age');
  writeFileSync(copy, readFileSync(file));
  assert.deepEqual(look(copy), { file: copy, by: 'recipients', sha256, recorded: true });
  const other = join(place, 'other.key.age');
  await sealedTo(recipient, randomBytes(32), other);
  assert.deepEqual(look(other), {
    ...{ file: other, by: 'recipients', sha256: sha256Of(readFileSync(other)), recorded: false },
  });
});

test('a file that is gone, is no backup or is the key itself is told as that', async () => {
  const { look, place } = await withBackup();
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(join(place, name), content, { mode: 0o600 });
    return join(place, name);
  };
  const whyOf = async (path: string) => (await problemOf(() => look(path))).why ?? '';
  assert.match(await whyOf(join(place, 'gone')), /no such file/);
  const plain = await whyOf(write('my.key', randomBytes(32)));
  assert.match(plain, /It is a plain key file, and no backup: whoever reads it has the key\./);
  const letter = await whyOf(write('letter', 'Dear Sir or Madam,'));
  assert.doesNotMatch(letter, /plain key file|no such file/);
  assert.notEqual(letter, '');
});
