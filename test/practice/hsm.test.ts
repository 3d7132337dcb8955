import assert from 'node:assert/strict';
import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCredentials } from '../../source/practice/credentials.ts';
import { masterKeyFile, openHsm } from '../../source/practice/hsm.ts';
import { identityNamed } from '../../source/practice/identities.ts';
import { decrypt } from '../../source/practice/kms/ciphertext.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { watchCiphers } from '../crypto-log.ts';
import { newFolder } from '../new-folder.ts';

test('what was sealed opens with its label and on its own HSM alone, also after a restart', () => {
  const folder = newFolder();
  const hsm = openHsm(folder);
  for (const plain of [Buffer.of(), Buffer.from('key material')]) {
    const sealed = hsm.seal(plain, 'a key');
    assert.deepEqual(hsm.unseal(sealed, 'a key'), plain);
    assert.deepEqual(openHsm(folder).unseal(sealed, 'a key'), plain);
    assert.throws(() => hsm.unseal(sealed, 'another key'));
    assert.throws(() => openHsm(newFolder()).unseal(sealed, 'a key'));
    assert.notDeepEqual(hsm.seal(plain, 'a key'), sealed, 'no nonce is used twice');
  }
  assert.equal(hsm.seal(Buffer.from('key material'), '').includes('key material'), false);
});

test('of what was sealed no byte can be changed, left out or added', () => {
  const hsm = openHsm(newFolder());
  const sealed = hsm.seal(Buffer.from('key material'), 'a key');
  for (const index of sealed.keys()) {
    const changed = Buffer.from(sealed);
    changed[index] = (changed[index] ?? 0) ^ 1;
    assert.throws(() => hsm.unseal(changed, 'a key'), `byte ${index}`);
  }
  assert.throws(() => hsm.unseal(sealed.subarray(0, -1), 'a key'));
  assert.throws(() => hsm.unseal(sealed.subarray(0, 20), 'a key'));
  assert.throws(() => hsm.unseal(Buffer.concat([sealed, Buffer.of(0)]), 'a key'));
});

test('what does not open under its label is zero in memory once it has been refused', (t) => {
  const hsm = openHsm(newFolder());
  const sealed = hsm.seal(Buffer.from('key material'), 'a key');
  const { given } = watchCiphers(t);
  assert.throws(() => hsm.unseal(sealed, 'another key'));
  assert.deepEqual(given, [Buffer.alloc(12)]);
});

test('the same purpose and parts give the same bytes, and any others give others', () => {
  const folder = newFolder();
  const derived = (purpose: string, ...parts: string[]) =>
    openHsm(folder)
      .derive(purpose, ...parts.map((part) => Buffer.from(part)))
      .toString('hex');
  const bytes = derived('an id', 'ab', 'c');
  assert.match(bytes, /^[\da-f]{64}$/);
  assert.equal(derived('an id', 'ab', 'c'), bytes);
  const others = [
    derived('another id', 'ab', 'c'),
    derived('an id', 'a', 'bc'),
    derived('an id', 'abc'),
    derived('an id', 'c', 'ab'),
    derived('an id', 'ab', 'c', ''),
    openHsm(newFolder()).derive('an id', Buffer.from('ab'), Buffer.from('c')).toString('hex'),
  ];
  assert.equal(new Set([bytes, ...others]).size, 1 + others.length);
});

test('the master key is in one file, which only its owner can read, also when the folder is opened again', () => {
  const folder = newFolder();
  for (let times = 0; times < 2; times += 1) {
    openHsm(folder);
    assert.deepEqual(readdirSync(folder), [masterKeyFile]);
    const { mode, nlink, size } = statSync(join(folder, masterKeyFile));
    assert.deepEqual([mode & 0o777, nlink, size], [0o600, 1, 32]);
  }
});

test('a master key that lost or gained bytes is refused, and stays as it is', async () => {
  for (const length of [0, 31, 33]) {
    const folder = newFolder();
    openHsm(folder);
    const file = join(folder, masterKeyFile);
    truncateSync(file, length);
    const message = `${file} is not a master key of practice AWS: it has ${length} bytes instead of 32`;
    assert.throws(() => openHsm(folder), { message });
    assert.deepEqual([readdirSync(folder), statSync(file).size], [[masterKeyFile], length]);
    await assert.rejects(startPracticeAws({ stateFolder: folder }), { message });
    assert.equal(statSync(file).size, length);
  }
});

test('what an earlier version of practice AWS sealed, derived and encrypted is the same for this one', () => {
  const folder = newFolder();
  writeFileSync(join(folder, masterKeyFile), Buffer.alloc(32, 7), { mode: 0o600 });
  const hsm = openHsm(folder);
  const sealed = Buffer.from('z4orOR4EoDlyalE1bMh2gBYChl/6dpSOy0WN3BRLJ9yqV4QKAxDfQg==', 'base64');
  assert.equal(hsm.unseal(sealed, 'a key').toString(), 'key material');
  // With another id, the material of a key could not be imported again.
  const id = '902d68f3f6964e5bf9d608e8ef45fa01d16614d159f74b724bd0419bb174e56a';
  const material = Buffer.alloc(32, 1);
  assert.equal(hsm.derive('key material id', Buffer.from('a key'), material).toString('hex'), id);
  const { accessKeyId } = openCredentials(hsm, false).credentialsOf(identityNamed('SecurityAdmin'));
  assert.equal(accessKeyId, 'ASIA34YZRB724XX2TJK5');
  const ciphertext = Buffer.from(
    'AQIDAHirq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urqwHS3UBQfYIZLYdKvw4f9BjRAAAAaDBmBgkqhkiG9w0BBwagWTBXAgEAMFIGCSqGSIb3DQEHATAeBglghkgBZQMEAS4wEQQM0cDHtaWRYe3zrKX2AgEQgCX++KI5BcRK8VICASRLZ7JMKnAMwWgdYNGlXDJoY4UPhmSTspTY',
    'base64',
  );
  assert.equal(decrypt(material, ciphertext, 'a key')?.toString(), 'a data key');
});
