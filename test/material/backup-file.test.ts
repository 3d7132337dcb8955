import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readIdentities } from '../../source/material/backup-file.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';

const { identityFile, identity } = ageIdentity(newFolder());

for (const mode of [0o640, 0o604, 0o644]) {
  test(`an identity file of mode ${mode.toString(8)} is refused`, () => {
    const path = join(newFolder(), 'identity.txt');
    writeFileSync(path, `${identity}\n`);
    chmodSync(path, mode);
    assert.match(String(readIdentities(path)), new RegExp(`its permissions are ${mode.toString(8)}\\.`));
  });
}

test('an identity file that its owner alone may open is read', () => {
  for (const mode of [0o600, 0o400]) {
    chmodSync(identityFile, mode);
    assert.deepEqual(readIdentities(identityFile), [identity]);
  }
});
