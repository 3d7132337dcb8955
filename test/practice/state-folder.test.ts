import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';

test('the state folder is closed to others, also where it was there and open before', () => {
  for (const mode of [undefined, 0o755, 0o770]) {
    const folder = join(newFolder(), 'state');
    if (mode !== undefined) {
      mkdirSync(folder);
      chmodSync(folder, mode);
    }
    openStore(folder).close();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  }
});
