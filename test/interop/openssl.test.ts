import assert from 'node:assert/strict';
import { execFileSync, execSync, spawnSync } from 'node:child_process';
import { constants, createPrivateKey, createPublicKey, privateDecrypt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile, writeKeyFile } from '../../source/material/key-file.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { testKey } from '../../source/material/test-keys.ts';
import { checkWrappedFile, WrappingPublicKey, wrapMaterial } from '../../source/material/wrap.ts';
import { oaepHashes, opensslWrapCommand, wrappingPairs } from '../../source/material/wrapping-algorithms.ts';
import { temporaryFolder } from '../material/temporary-folder.ts';

const version = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout ?? '';
const skip = version === '' && 'no openssl';
const folder = temporaryFolder();
const file = (name: string) => join(folder.path, name);

const pairs = wrappingPairs.filter((pair) => pair.allowed);

suite('with the openssl command line', { skip }, () => {
  for (const { algorithm, keySpec } of pairs) {
    const privateKey = createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' });
    const wrappingKey = WrappingPublicKey.ofTestPair(keySpec);
    const hash = oaepHashes[algorithm];
    const name = `${algorithm} ${keySpec}`;

    test(`openssl opens what Keyferry wraps: ${name}`, () => {
      using secret = SecretBytes.generate();
      const blob = folder.put('enc.aes.key', wrapMaterial(secret, { wrappingKey, algorithm }));
      const padding = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`].flatMap((option) => [
        '-pkeyopt',
        option,
      ]);
      const inkey = folder.put('private.der', testKey(keySpec));
      using opened = SecretBytes.takeFrom(
        execFileSync('openssl', ['pkeyutl', '-decrypt', '-in', blob, '-inkey', inkey, '-keyform', 'DER', ...padding]),
      );
      assert.ok(opened.equals(secret));
    });

    test(`Node opens what openssl wraps with the printed command: ${name}`, () => {
      using secret = SecretBytes.generate();
      const keyFile = file(`key of '${name}'.bin`);
      writeKeyFile(keyFile, secret);
      const wrappingKeyFile = folder.put('wrapping $key', wrappingKey.der);
      const outFile = file(`-enc ${keySpec}.key`);
      execSync(opensslWrapCommand({ algorithm, keyFile, wrappingKeyFile, outFile }), { stdio: 'pipe' });
      assert.equal(checkWrappedFile(outFile, wrappingKey), undefined);
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      using opened = SecretBytes.takeFrom(
        privateDecrypt({ key: privateKey, padding, oaepHash: hash }, readFileSync(outFile)),
      );
      assert.ok(opened.equals(secret));
    });
  }

  test('a key from the openssl command of the article is ready', () => {
    const path = file('plain_text_aes_key.bin');
    execFileSync('openssl', ['rand', '-out', path, '32']);
    assert.equal(inspectKeyFile(path).verdict, 'ready');
  });

  for (const form of ['hex', 'base64'] as const) {
    test(`a key from openssl rand -${form} is converted`, () => {
      const path = file(`rand.${form}`);
      execSync(`openssl rand -${form} 32 > '${path}'`);
      assert.equal(inspectKeyFile(path).verdict, 'convertible');
      using read = readKeyFile(path, form);
      assert.equal(read.length, 32);
    });
  }

  test('the fingerprint of a wrapping key is the one that openssl shows', () => {
    const der = createPublicKey(createPrivateKey({ key: testKey('RSA_2048'), format: 'der', type: 'pkcs8' })).export({
      format: 'der',
      type: 'spki',
    });
    const shown = execFileSync('openssl', ['dgst', '-sha256', '-r', folder.put('public.der', der)], {
      encoding: 'utf8',
    });
    assert.equal(shown.split(' ')[0], sha256Of(der));
  });

  test('the check value is the one that openssl computes', {
    skip: !version.startsWith('OpenSSL 3') && 'no openssl mac',
  }, () => {
    // A key for this test alone: openssl takes it on the command line, which is why no such command is ever offered.
    const hexKey = execFileSync('openssl', ['rand', '-hex', '32'], { encoding: 'utf8' }).trim();
    const zeroes = folder.put('zeroes', Buffer.alloc(16));
    const mac = execFileSync(
      'openssl',
      ['mac', '-cipher', 'AES-256-CBC', '-macopt', `hexkey:${hexKey}`, '-in', zeroes, 'CMAC'],
      { encoding: 'utf8' },
    );
    using secret = SecretBytes.takeFrom(Buffer.from(hexKey, 'hex'));
    assert.equal(keyCheckValue(secret).value, mac.trim().slice(0, 10).toUpperCase());
  });
});
