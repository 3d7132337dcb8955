import assert from 'node:assert/strict';
import { fstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OpenFile } from '../../source/disk/open-file.ts';
import { newFolder } from '../new-folder.ts';

test('bytes are read from their place to theirs in the buffer, and after the end of its use the file is closed', async () => {
  const path = join(newFolder(), 'file');
  writeFileSync(path, '0123456789');
  const file = await OpenFile.open(path);
  const buffer = Buffer.alloc(6, '-');
  assert.equal(await file.read(buffer, 2, 3, 5), 3);
  assert.equal(buffer.toString(), '--567-');
  assert.equal(await file.read(buffer, 0, 6, 8), 2);
  assert.equal(await file.read(buffer, 0, 6, 10), 0);
  file.close();
  assert.throws(() => fstatSync(file.fd), { code: 'EBADF' });
});
