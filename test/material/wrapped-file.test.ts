import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { checkWrappedFile, wrapMaterial } from '../../source/material/wrap.ts';
import { checkedKey } from './checked-key.ts';
import { assertPlain, hex, key, pem, someBytes, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const publicKeyDer = publicKey.export({ format: 'der', type: 'spki' });
const wrappingKey = checkedKey(publicKeyDer, 'RSA_2048');
using secret = SecretBytes.takeFrom(Buffer.from(key));
const blob = wrapMaterial(secret, { wrappingKey, algorithm: 'RSAES_OAEP_SHA_256' });
const base64 = blob.toString('base64');

const refused: [name: string, content: string | Uint8Array, says: RegExp][] = [
  ['base64 text', base64, /base64 text of a wrapped key.*256 bytes.*base64 -d/],
  ['base64 text over lines', `${base64.replaceAll(/.{76}/g, '$&\n')}\n`, /base64 text of a wrapped key/],
  ['base64 text in UTF-16', utf16(base64), /base64 text of a wrapped key/],
  ['hex text', `${blob.toString('hex')}\n`, /hex text of a wrapped key.*xxd -r -p/],
  ['PEM text', pem('ENCRYPTED KEY', blob), /PEM text of a wrapped key.*between its BEGIN and END/],
  ['the plain key', key, /plain key, not the wrapped one/],
  ['the plain key and a newline', Buffer.concat([key, Buffer.from('\n')]), /plain key/],
  ['the plain key in hex', hex, /plain key/],
  ['the plain key in base64', key.toString('base64'), /plain key/],
  ['a weak plain key', Buffer.alloc(32, 1), /plain key/],
  ['a plain key of 32 letters', 'correct horse battery staple pin', /plain key/],
  ['the wrapping key', publicKeyDer, /wrapping public key/],
  ['the wrapping key as PEM', publicKey.export({ format: 'pem', type: 'spki' }), /wrapping public key/],
  ['another public key as PEM', pem('PUBLIC KEY', someBytes(294)), /wrapping public key/],
  ['the wrapping key in base64', publicKeyDer.toString('base64'), /wrapping public key/],
  ['a key wrapped under RSA_4096', someBytes(512), /512 bytes, wrapped under an RSA_4096 key.*exactly 256/],
  ['a key wrapped with RSA_AES_KEY_WRAP', someBytes(296), /RSA_AES_KEY_WRAP/],
  ['a number above the modulus', Buffer.alloc(256, 0xff), /under another wrapping key/],
  ['the modulus, which no wrapped key reaches', wrappingKey.modulus, /under another wrapping key/],
  ['something larger', someBytes(3000), /3000 bytes, perhaps the import token.*exactly 256/],
  ['something smaller', someBytes(100), /100 bytes\. A key wrapped/],
  ['some text', 'hello', /5 bytes of text/],
  ['nothing', '', /empty/],
];

suite('a file that a person wrapped', () => {
  test('passes when it is as long as the modulus', () => {
    assert.equal(checkWrappedFile(folder.put('enc.aes.key', blob), wrappingKey), undefined);
    assert.equal(checkWrappedFile(folder.put('importToken-odd-name', blob), wrappingKey), undefined);
  });

  for (const [name, content, says] of refused) {
    test(`is refused: ${name}`, () => {
      const answer = checkWrappedFile(folder.put('enc.aes.key', content), wrappingKey);
      assert.match(answer ?? '', says);
      assertPlain([answer ?? '']);
    });
  }

  test('is refused: hex digits that as base64 would be as many bytes as the modulus has', () => {
    const { publicKey: larger } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    const path = folder.put('enc.aes.key', blob.toString('hex'));
    const answer = checkWrappedFile(path, checkedKey(larger.export({ format: 'der', type: 'spki' }), 'RSA_3072'));
    assert.equal(answer, 'This file is 512 bytes of text. A wrapped key is 384 bytes that are no text.');
  });

  test('is refused: the import token, by its name', () => {
    const path = folder.put('importToken_1234abcd_0102030405', someBytes(3000));
    assert.match(checkWrappedFile(path, wrappingKey) ?? '', /This is the import token/);
  });

  test('is refused: no file', () => {
    assert.match(checkWrappedFile(join(folder.path, 'nothing'), wrappingKey) ?? '', /no such file/);
  });
});
