import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { spawn } from '@lydell/node-pty';
import { generateIdentity } from 'age-encryption';
import { type AgeOpener, openBackup, sealBackup } from '../../source/material/backup.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { ageIdentity } from './age-identity.ts';
import { finishedCeremony } from './finished-ceremony.ts';

const noAge = spawnSync('age', ['--version']).status === 0 ? false : 'no age';
const passphrase = Buffer.from('winter lamp orbit saddle');

test('age opens the backup of a ceremony to the key whose check value is on record', { skip: noAge }, async (t) => {
  const { backup, identityFile, w } = await finishedCeremony(t);
  const { stdout, status, stderr } = spawnSync('age', ['-d', '-i', identityFile, backup]);
  assert.equal(status, 0, String(stderr));
  const { secret } = JSON.parse(readFileSync(join(w, 'record.json'), 'utf8'));
  assert.equal(keyCheckValue(SecretBytes.takeFrom(stdout)).value, secret.checkValue.value);
});

test('age opens a backup under a passphrase', { skip: noAge }, async (t) => {
  const folder = newFolder();
  const secret = SecretBytes.generate();
  const file = join(folder, 'b.age');
  writeFileSync(file, await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 18 }));
  // age asks on the terminal alone.
  const age = spawn('age', ['-d', '-o', join(folder, 'key'), file], { cwd: folder });
  t.after(() => age.kill('SIGKILL'));
  const ended = new Promise<number>((resolve) => age.onExit(({ exitCode }) => resolve(exitCode)));
  age.onData((text) => {
    if (text.includes('passphrase')) age.write(`${passphrase}\r`);
  });
  assert.equal(await ended, 0);
  assert.ok(secret.use((bytes) => bytes.equals(readFileSync(join(folder, 'key')))));
});

test('a file that age made is opened here, armoured or not', { skip: noAge }, async () => {
  const { recipient, identity } = ageIdentity(newFolder());
  const secret = SecretBytes.generate();
  for (const options of [[], ['--armor']]) {
    const made = secret.use((input) => spawnSync('age', ['-r', recipient, ...options], { input }));
    const opened = await openBackup(made.stdout, { by: 'identities', identities: [identity] });
    assert.ok(opened instanceof SecretBytes && opened.equals(secret));
  }
});

const locks = [
  ['a passphrase', { by: 'passphrase', passphrase, workFactor: 10 }, () => ({ by: 'passphrase', passphrase }) as const],
  [
    'recipients',
    { by: 'recipients', recipients: [] },
    (identity: string) => ({ by: 'identities', identities: [identity] }) as const,
  ],
] as const;

for (const [name, lock, openerFor] of locks) {
  test(`under ${name}: no flipped bit and no missing end is ever taken for the key`, async () => {
    const { recipient, identity } = ageIdentity(newFolder());
    const secret = SecretBytes.generate();
    const file = await sealBackup(
      secret,
      lock.by === 'passphrase' ? lock : { by: 'recipients', recipients: [recipient] },
    );
    const opener: AgeOpener = openerFor(identity);
    const refused = async (bytes: Buffer, what: string) => {
      const found = await openBackup(bytes, opener);
      if (!('trouble' in found)) throw new Error(`${what} opened`);
      assert.match(found.why, /^[A-Z].*\.$/);
      return found.trouble;
    };
    for (const bit of sampleOf([...Array(file.length * 8).keys()], 7)) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const trouble = await refused(flipped, `bit ${bit}`);
      if (bit >> 3 >= file.length - 64) assert.equal(trouble, 'damaged');
    }
    for (const length of sampleOf([...Array(file.length).keys()].slice(1), 7))
      assert.equal(await refused(file.subarray(0, length), `${length} bytes`), 'cut off');
    assert.equal(await refused(Buffer.concat([file, Buffer.from('x')]), 'a byte more'), 'damaged');
  });
}

test('each way in which a backup fails has an answer of its own', async (t) => {
  const { backup, check, identityFile, folder } = await finishedCeremony(t);
  const good = readFileSync(backup);
  const answer = async (...flags: readonly string[]) => {
    const { status, stdout, stderr } = await check('--identity', identityFile, '--yes', ...flags);
    assert.equal(stdout, '');
    assert.ok(status === 2 || status === 3, `${status}: ${stderr}`);
    assert.doesNotMatch(stderr, /\n +at |Error:/);
    return stderr;
  };
  const put = (bytes: Buffer | string) => {
    rmSync(backup, { recursive: true, force: true });
    writeFileSync(backup, bytes, { mode: 0o600 });
  };
  const flipped = Buffer.from(good);
  flipped[good.length - 20] = (flipped[good.length - 20] ?? 0) ^ 4;
  put(flipped);
  assert.match(
    await answer(),
    /It is damaged: its contents are not as they were written\..*not, byte for byte, the file/,
  );
  put(good.subarray(0, -10));
  assert.match(await answer(), /It is cut off: the end of the file is missing/);
  put(good.subarray(0, 100));
  assert.match(await answer(), /It is cut off: the end of the file is missing/);
  put('These are my holiday plans.\n');
  assert.match(await answer(), /It is not an age file/);
  put('');
  assert.match(await answer(), /This file is empty/);
  rmSync(backup);
  assert.match(await answer(), /There is no such file or folder/);
  mkdirSync(backup);
  assert.match(await answer(), /It is a folder/);
  rmSync(backup, { recursive: true });
  writeFileSync(join(folder, 'elsewhere'), good);
  symlinkSync(join(folder, 'elsewhere'), backup);
  assert.match(await answer(), /It is a symbolic link that is not followed/);
  rmSync(backup);
  put(good);
  const { status } = await check('--identity', identityFile, '--yes');
  assert.equal(status, 0);
});

test('a wrong passphrase and a wrong identity are named as such', async (t) => {
  const { backup, check, folder } = await finishedCeremony(t);
  const secret = SecretBytes.generate();
  const other = join(folder, 'other.txt');
  writeFileSync(other, `${await generateIdentity()}\n`, { mode: 0o600 });
  assert.match((await check('--identity', other, '--yes')).stderr, /It is not encrypted to this identity/);
  writeFileSync(backup, await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 10 }));
  const wrong = join(folder, 'wrong.txt');
  writeFileSync(wrong, 'winter lamp orbit sadle\n', { mode: 0o600 });
  assert.match((await check('--passphrase-file', wrong, '--yes')).stderr, /This passphrase does not open it/);
});
