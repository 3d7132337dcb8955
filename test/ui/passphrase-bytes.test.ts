import assert from 'node:assert/strict';
import fs, { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import { readSecretFile } from '../../source/ui/unattended/secret-file.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';

test('the bytes that were read of a passphrase file are zero in memory once they are taken', (t) => {
  const path = join(newFolder(), 'passphrase.txt');
  writeFileSync(path, 'winter lamp orbit saddle\n', { mode: 0o600 });
  const read: NodeJS.ArrayBufferView[] = [];
  const { readSync } = fs;
  replaceMembers(t, fs, {
    readSync: (...args: Parameters<typeof readSync>) => {
      read.push(args[1]);
      return readSync(...args);
    },
  });
  const text = readSecretFile(path);
  assert.ok(text instanceof SecretText);
  assert.equal(
    text.use((bytes) => bytes.toString()),
    'winter lamp orbit saddle',
  );
  text.destroy();
  assert.equal(read.length, 1);
  for (const bytes of read) assert.ok(Buffer.from(bytes.buffer).every((byte) => byte === 0));
});
