import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { sha256Of, sha256OfFile } from '../../source/disk/sha256.ts';
import { newFolder } from '../new-folder.ts';

test('the SHA-256 of an open file is that of all its bytes, however many there are', async () => {
  for (const length of [0, 1, 64 * 1024, 150_001]) {
    const bytes = randomBytes(length);
    const path = join(newFolder(), 'file');
    writeFileSync(path, bytes);
    const descriptor = openSync(path, 'r');
    try {
      const wanted = createHash('sha256').update(bytes).digest('hex');
      assert.deepEqual([await sha256OfFile(descriptor), sha256Of(bytes)], [wanted, wanted]);
    } finally {
      closeSync(descriptor);
    }
  }
});
