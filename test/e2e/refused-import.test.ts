import assert from 'node:assert/strict';
import { constants, createPublicKey, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { keyferry } from './program.ts';

/** A ceremony that stopped at wrapping, since nobody has wrapped yet, and the person's means to do so. */
async function stoppedAtWrap() {
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith({ wrap: { by: 'me', file: 'by-hand.bin' } }));
  const run = () => keyferry(['run', answers, '--practice', '--workdir', 'w'], folder);
  const first = await run();
  assert.equal(first.status, 3, first.stderr);
  const w = join(folder, 'w');
  const named = (start: string) => join(w, readdirSync(w).find((one) => one.startsWith(start)) ?? '');
  const replace = (path: string, bytes: Buffer) => {
    rmSync(path, { force: true });
    writeFileSync(path, bytes, { mode: 0o600 });
  };
  const wrap = (oaepHash: 'sha1' | 'sha256') => {
    const key = createPublicKey({ key: readFileSync(named('wrappingKey_')), format: 'der', type: 'spki' });
    const material = readFileSync(join(w, 'plain_text_aes_key.bin'));
    replace(
      join(w, 'by-hand.bin'),
      publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, material),
    );
  };
  return { run, named, replace, wrap };
}

const refusedWith = (code: string) =>
  new RegExp(
    `\\[${code}\\]\\n {2}The key still waits for its material\\.\\n(?: {2}> .*\\n)+ {2}request [0-9a-f-]{36}\\n`,
  );

test('a blob that openssl would wrap with SHA-1 is told as such, and the right one goes on from there', async () => {
  const { run, wrap } = await stoppedAtWrap();
  wrap('sha1');
  const { status, stderr } = await run();
  assert.equal(status, 3);
  assert.match(
    stderr,
    /x The material was not imported\.\n {2}The length of by-hand\.bin is right, so the hash is most likely not: openssl uses SHA-1/,
  );
  assert.match(stderr, refusedWith('InvalidCiphertextException'));
  wrap('sha256');
  const again = await run();
  assert.equal(again.status, 0, again.stderr);
});

test('a wrapping key that is not the one that KMS sent is found by its fingerprint, before anything is sent', async () => {
  const { run, named, replace, wrap } = await stoppedAtWrap();
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  replace(named('wrappingKey_'), publicKey.export({ format: 'der', type: 'spki' }));
  wrap('sha256');
  const { status, stderr } = await run();
  assert.equal(status, 3);
  assert.match(stderr, /wrappingKey_\S+ is no longer the wrapping key that KMS sent: a new pair is fetched/);
  // A file that is too large a number for the fresh key is found by that already.
  assert.match(stderr, /Can't take this wrapped file again\.|This was wrapped under another wrapping key\./);
  assert.doesNotMatch(stderr, /Importing the material/);
});

test('a token that was changed is found by its fingerprint, before anything is sent', async () => {
  const { run, named, replace, wrap } = await stoppedAtWrap();
  wrap('sha256');
  replace(named('importToken_'), randomBytes(600));
  const { stderr } = await run();
  assert.match(stderr, /The token importToken_\S+ is no longer what KMS sent: a new pair is fetched/);
  assert.doesNotMatch(stderr, /\[InvalidImportTokenException\]/);
});
