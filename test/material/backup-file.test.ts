import assert from 'node:assert/strict';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readBackupFile, readIdentities } from '../../source/material/backup-file.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { postQuantumIdentity } from './samples.ts';

const { identityFile, identity } = ageIdentity(newFolder());

for (const mode of [0o640, 0o604, 0o644]) {
  test(`an identity file of mode ${mode.toString(8)} is refused`, () => {
    const path = join(newFolder(), 'identity.txt');
    writeFileSync(path, `${identity}\n`);
    chmodSync(path, mode);
    assert.match(String(readIdentities(path)), new RegExp(`its permissions are ${mode.toString(8)}\\.`));
  });
}

test('an identity file of another user is refused', { skip: process.geteuid?.() !== 0 }, () => {
  const path = join(newFolder(), 'identity.txt');
  writeFileSync(path, `${identity}\n`, { mode: 0o600 });
  chownSync(path, 12345, 12345);
  assert.match(String(readIdentities(path)), /^It belongs to another user \(12345\)/);
});

test('an identity file that its owner alone may open is read', () => {
  for (const mode of [0o600, 0o400]) {
    chmodSync(identityFile, mode);
    assert.deepEqual(readIdentities(identityFile), [identity]);
  }
});

/** What is read from an identity file with this text. */
function identitiesIn(text: string): readonly string[] | string {
  const path = join(newFolder(), 'identity.txt');
  writeFileSync(path, text, { mode: 0o600 });
  return readIdentities(path);
}

test('only lines that are an identity count, whatever ends them', () => {
  assert.deepEqual(identitiesIn(`# created\r\n${identity}\r\n${identity.toLowerCase()}\n${identity}`), [
    identity,
    identity,
  ]);
  assert.deepEqual(identitiesIn(`${postQuantumIdentity}\n`), [postQuantumIdentity]);
  assert.deepEqual(identitiesIn(`# ${identity}\n${identity} # mine\n${postQuantumIdentity}`), [postQuantumIdentity]);
  const mentions = '# see age-encryption.org, and -----BEGIN AGE ENCRYPTED FILE-----\n';
  assert.match(String(identitiesIn(mentions)), /holds no age identity/);
  assert.match(String(identitiesIn('age-encryption.org/v1\n')), /is encrypted itself/);
  assert.match(String(identitiesIn('-----BEGIN AGE ENCRYPTED FILE-----\n')), /is encrypted itself/);
});

test('an identity file or a backup that is not there is told as such', () => {
  const path = join(newFolder(), 'none');
  assert.equal(readIdentities(path), 'There is no such file or folder.');
  assert.equal(readBackupFile(path), 'There is no such file or folder.');
});

test('a backup is read whole, and outlives the reading', () => {
  const path = join(newFolder(), 'b.age');
  writeFileSync(path, 'abc');
  assert.deepEqual(readBackupFile(path), Buffer.from('abc'));
});
