import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { beginImport, type RunningCeremony } from './ceremony.ts';

const plainKey = 'plain_text_aes_key.bin';

function recordOf({ services }: RunningCeremony) {
  return JSON.parse(readFileSync(services.folder.file('record.json'), 'utf8'));
}

test('who chooses to destroy the plain key and then answers "keep" keeps it, and the record says so', async (t) => {
  const ceremony = await beginImport(t, {
    answers: { finish: { 'plain-key': 'destroy', 'confirm-destroy': 'keep' }, 'encrypt-objects': { where: 'later' } },
  });
  await ceremony.upTo('secret-key');
  const path = ceremony.services.folder.file(plainKey);
  const key = readFileSync(path);
  const { finish } = await ceremony.upTo();
  assert.deepEqual(readFileSync(path), key);
  assert.equal(finish?.plainKey, 'kept');
  assert.equal(recordOf(ceremony).secret.plainKey, 'kept');
});

test('the whole phrase destroys the plain key, and the record says so', async (t) => {
  const ceremony = await beginImport(t, {
    answers: {
      finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy alias/my-first-key' },
      'encrypt-objects': { where: 'later' },
    },
  });
  const { finish } = await ceremony.upTo();
  assert.equal(existsSync(ceremony.services.folder.file(plainKey)), false);
  assert.equal(finish?.plainKey, 'destroyed');
  assert.equal(recordOf(ceremony).secret.plainKey, 'destroyed');
});

test('a plain key that is to be kept stays', async (t) => {
  const ceremony = await beginImport(t, {
    answers: { finish: { 'plain-key': 'keep' }, 'encrypt-objects': { where: 'later' } },
  });
  assert.equal((await ceremony.upTo()).finish?.plainKey, 'kept');
  assert.equal(existsSync(ceremony.services.folder.file(plainKey)), true);
  assert.equal(recordOf(ceremony).secret.plainKey, 'kept');
});
