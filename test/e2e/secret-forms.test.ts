import assert from 'node:assert/strict';
import { execSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { sampleOf } from '../seed.ts';
import { answersFile, type Changes, exampleWith } from './answers.ts';
import { keyferry } from './program.ts';

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl';

/** Runs the example with changes on practice AWS. `prepare` may put files beside the answers. */
async function run(changes: Changes, prepare: (folder: string) => void = () => {}) {
  const folder = newFolder();
  prepare(folder);
  const answers = answersFile(folder, exampleWith(changes));
  const args = ['run', answers, '--practice', '--workdir', 'w', '--json'];
  return { ...(await keyferry(args, folder)), folder, w: join(folder, 'w'), again: () => keyferry(args, folder) };
}

const fromFile = (more: Changes[string] = {}): Changes => ({
  'secret-key': { origin: 'file', file: 'my.key', ...more },
});
const writes = (bytes: Buffer | string) => (folder: string) =>
  writeFileSync(join(folder, 'my.key'), bytes, { mode: 0o600 });

const key = randomBytes(32);
key[31] = 7;
const convertible: readonly (readonly [string, Buffer | string])[] = [
  ['hex', key.toString('hex')],
  ['hex and a newline', `${key.toString('hex')}\n`],
  ['base64 and a newline', `${key.toString('base64')}\n`],
  ['base64 behind a BOM', `\uFEFF${key.toString('base64')}`],
  ['32 bytes and a newline', Buffer.concat([key, Buffer.from('\n')])],
];

for (const [form, contents] of sampleOf(convertible, 4)) {
  test(`a key file with ${form} is converted only after asking, into a file of its own`, async () => {
    const unasked = await run(fromFile(), writes(contents));
    assert.equal(unasked.status, 2);
    assert.match(unasked.stderr, /secret-key\.convert is missing\. It takes decode/);
    assert.equal(existsSync(join(unasked.w, 'plain_text_aes_key.bin')), false);

    const asked = await run(fromFile({ convert: 'decode' }), writes(contents));
    assert.equal(asked.status, 0, asked.stderr);
    const written = join(asked.w, 'plain_text_aes_key.bin');
    assert.deepEqual(readFileSync(written), key);
    assert.equal(statSync(written).mode & 0o777, 0o600);
    assert.deepEqual(readFileSync(join(asked.folder, 'my.key')), Buffer.from(contents));
  });
}

const refused: readonly (readonly [string, Buffer | string, RegExp])[] = [
  ['31 bytes', randomBytes(31), /31 bytes/],
  ['all equal bytes', Buffer.alloc(32, 0), /secret-key\.file/],
  ['a passphrase of 32 letters', 'correct horse battery staple 123', /secret-key\.file/],
  ['a PEM public key', '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n', /public key/i],
];

for (const [form, contents, says] of sampleOf(refused, 4)) {
  test(`a key file with ${form} is refused and explained`, async () => {
    const { status, stderr, w } = await run(fromFile(), writes(contents));
    assert.equal(status, 2);
    assert.match(stderr, says);
    assert.equal(existsSync(join(w, 'plain_text_aes_key.bin')), false);
  });
}

test('a key file that others may open is used only after asking', async () => {
  const open = (folder: string) => {
    writeFileSync(join(folder, 'my.key'), key);
    chmodSync(join(folder, 'my.key'), 0o644);
  };
  const unasked = await run(fromFile(), open);
  assert.equal(unasked.status, 2);
  assert.match(unasked.stderr, /secret-key\.shared is missing\. It takes use/);
  const asked = await run(fromFile({ shared: 'use' }), open);
  assert.equal(asked.status, 0, asked.stderr);
  assert.equal(statSync(join(asked.folder, 'my.key')).mode & 0o777, 0o644);
  const closed = await run(fromFile(), writes(key));
  assert.equal(closed.status, 0, closed.stderr);
});

test('a key file that is to be made private is made so, and the same answers are taken again', async () => {
  const open = (folder: string) => {
    writeFileSync(join(folder, 'my.key'), key);
    chmodSync(join(folder, 'my.key'), 0o644);
  };
  const protectedFile = await run(fromFile({ shared: 'protect' }), open);
  assert.equal(protectedFile.status, 0, protectedFile.stderr);
  assert.equal(statSync(join(protectedFile.folder, 'my.key')).mode & 0o777, 0o600);
  const answersOfSecondRun = await run(fromFile({ shared: 'protect' }), writes(key));
  assert.equal(answersOfSecondRun.status, 0, answersOfSecondRun.stderr);
});

test('where a key file is refused, only its line is blamed, and not what depends on it', async () => {
  const jwkOfPair = JSON.stringify({ kty: 'EC', crv: 'P-256', d: key.toString('base64url') });
  const { status, stderr } = await run(fromFile({ convert: 'decode', shared: 'use' }), writes(jwkOfPair));
  assert.equal(status, 2);
  assert.match(stderr, /\.yaml:\d+: secret-key\.file: This is a JSON Web Key/);
  assert.equal(stderr.match(/\.yaml:/g)?.length, 1, stderr);
});

test('a key file that is there already is never overwritten', async () => {
  const mine = randomBytes(32);
  const prepare = (folder: string) => {
    mkdirSync(join(folder, 'w'), { mode: 0o700 });
    writeFileSync(join(folder, 'w', 'plain_text_aes_key.bin'), mine, { mode: 0o600 });
  };
  const generated = await run({}, prepare);
  assert.equal(generated.status, 2);
  assert.match(generated.stderr, /plain_text_aes_key\.bin is here already and is never overwritten/);
  assert.deepEqual(readFileSync(join(generated.w, 'plain_text_aes_key.bin')), mine);

  const taken = await run({ 'secret-key': { origin: 'file', file: 'plain_text_aes_key.bin' } }, prepare);
  assert.equal(taken.status, 0, taken.stderr);
  assert.deepEqual(readFileSync(join(taken.w, 'plain_text_aes_key.bin')), mine);
});

test('a folder that others may look into is refused, one that is empty is closed to them', async () => {
  const open = await run({}, (folder) => {
    mkdirSync(join(folder, 'w'));
    chmodSync(join(folder, 'w'), 0o755);
    writeFileSync(join(folder, 'w', 'something'), '');
  });
  assert.equal(open.status, 3);
  assert.match(open.stderr, /chmod 700/);
  const empty = await run({}, (folder) => {
    mkdirSync(join(folder, 'w'));
    chmodSync(join(folder, 'w'), 0o755);
  });
  assert.equal(empty.status, 0, empty.stderr);
  assert.equal(statSync(empty.w).mode & 0o777, 0o700);
});

test('a symbolic link in the place of the folder is not followed', async () => {
  const { status, stderr } = await run({}, (folder) => {
    mkdirSync(join(folder, 'elsewhere'), { mode: 0o700 });
    symlinkSync('elsewhere', join(folder, 'w'));
  });
  assert.equal(status, 3);
  assert.match(stderr, /it is a symbolic link/);
});

test('the plain key is destroyed only with the typed phrase', async () => {
  const without = await run({ finish: { 'plain-key': 'destroy' } });
  assert.equal(without.status, 2);
  assert.match(without.stderr, /finish\.confirm-destroy is missing\. It takes destroy plain key file/);
  const phrase = { finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy plain key file' } };
  const { status, stderr, w } = await run(phrase);
  assert.equal(status, 0, stderr);
  assert.equal(existsSync(join(w, 'plain_text_aes_key.bin')), false);
  assert.match(readFileSync(join(w, 'record.md'), 'utf8'), /file was destroyed here/);
});

test('an expiry is sent, answered in whole seconds and told', async () => {
  const { status, stdout, stderr } = await run({ import: { expiry: 'date', 'valid-to': '90d' } });
  assert.equal(status, 0, stderr);
  const { expiration } = JSON.parse(stdout);
  assert.equal(expiration.model, 'KEY_MATERIAL_EXPIRES');
  const days = (Date.parse(expiration.validTo) - Date.now()) / 86_400_000;
  assert.ok(days > 89.9 && days < 90.1, expiration.validTo);
});

test('as in the video: SHA-1 under RSA_2048', async () => {
  const { status, stdout, stderr, w } = await run({
    'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_1 RSA_2048' },
  });
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout).wrapping.keySpec, 'RSA_2048');
  assert.equal(statSync(join(w, 'enc.aes.key')).size, 256);
});

test('one who wraps by hand is stopped for it, told the command, and goes on with the file', {
  skip: noOpenssl,
}, async () => {
  const first = await run({ wrap: { by: 'me' } });
  assert.equal(first.status, 3, first.stderr);
  assert.match(first.stderr, /wrap\.file\b.*There is no such file or folder/);
  const command = /openssl pkeyutl .*/.exec(first.stderr)?.[0] ?? '';
  execSync(command, { cwd: first.w });
  const second = await first.again();
  assert.equal(second.status, 0, second.stderr);
  assert.equal(JSON.parse(second.stdout).keyState, 'Enabled');
});
