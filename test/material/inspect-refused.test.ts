import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { suite, test } from 'node:test';
import { inspectKeyFile, type KeyFileForm } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { assertPlain, base64, hex, key, pem, someBytes, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

const refused: Array<{ name: string; content: string | Uint8Array; form?: KeyFileForm; says: RegExp }> = [
  { name: 'empty', content: '', says: /empty/ },
  { name: 'one newline', content: '\n', says: /text/ },
  { name: '1 byte', content: Buffer.from([0x9d]), says: /is 1 byte;/ },
  { name: '16 bytes', content: someBytes(16), says: /16 bytes; an AES-256 key is exactly 32.*AES-128/ },
  { name: '24 bytes', content: someBytes(24), says: /AES-192/ },
  { name: '31 bytes', content: someBytes(31), says: /31 bytes/ },
  { name: '33 bytes without a newline', content: someBytes(33), says: /33 bytes/ },
  { name: '34 bytes and a lone newline', content: Buffer.concat([someBytes(33), Buffer.from('\n')]), says: /34 bytes/ },
  {
    name: '34 bytes and a lone \\r before the last',
    content: Buffer.concat([key, Buffer.from('\rx')]),
    says: /34 bytes/,
  },
  {
    name: '40 bytes that end in \\r\\n',
    content: Buffer.concat([someBytes(38), Buffer.from('\r\n')]),
    says: /40 bytes/,
  },
  { name: '48 bytes', content: someBytes(48), says: /initialisation vector/ },
  { name: '64 bytes', content: someBytes(64), says: /64 bytes is two keys/ },
  { name: 'a wrapped key', content: someBytes(512), says: /already wrapped under an RSA_4096/ },
  {
    name: 'raw bytes that PowerShell rewrote',
    content: Buffer.from(`\uFEFF${key.toString('latin1')}`, 'utf16le'),
    says: /rewrote the bytes.*damaged/,
  },
  { name: 'hex of 16 bytes', content: `${hex.slice(0, 32)}\n`, says: /32 digits.*is 16 bytes.*AES-128/ },
  { name: 'hex of 16 bytes, 32 characters', content: hex.slice(0, 32), says: /hex text of 32 digits.*AES-128/ },
  { name: 'hex with a digit missing', content: hex.slice(1), says: /63 digits.*odd/ },
  { name: 'hex with a digit too many', content: `${hex}a`, says: /65 digits.*odd/ },
  {
    name: 'base64 of the hex of 24 bytes',
    content: Buffer.from(hex.slice(0, 48)).toString('base64'),
    says: /is 48 bytes/,
  },
  { name: 'hex with a digit missing in UTF-16', content: utf16(hex.slice(1)), says: /63 digits.*UTF-16.*odd/ },
  { name: 'hex of 16 bytes in UTF-16', content: utf16(hex.slice(0, 32)), says: /32 digits.*UTF-16.*is 16 bytes/ },
  { name: 'hex of 24 bytes', content: hex.slice(0, 48), says: /AES-192/ },
  { name: 'hex behind 1x', content: `1x${hex}`, says: /66 bytes of text/ },
  { name: 'base64 of 16 bytes', content: someBytes(16).toString('base64'), says: /base64.*16 bytes.*AES-128/ },
  {
    name: 'base64 of 16 bytes in UTF-16',
    content: utf16(someBytes(16).toString('base64')),
    says: /base64 text.*UTF-16.*is 16 bytes/,
  },
  {
    name: 'base64 of a key and a newline',
    content: Buffer.concat([key, Buffer.from('\n')]).toString('base64'),
    says: /33 bytes.*newline was encoded/,
  },
  {
    name: 'base64 of a key and \\r\\n',
    content: Buffer.concat([key, Buffer.from('\r\n')]).toString('base64'),
    says: /34 bytes.*newline was encoded/,
  },
  {
    name: 'base64 of a key and another byte',
    content: Buffer.concat([key, Buffer.from('x')]).toString('base64'),
    says: /is 33 bytes; an AES-256 key is exactly 32\.$/,
  },
  {
    name: 'base64 of 48 bytes that end in a newline',
    content: Buffer.concat([someBytes(47), Buffer.from('\n')]).toString('base64'),
    says: /is 48 bytes; an AES-256 key is exactly 32\. 48 bytes may be a key with its initialisation vector behind it\.$/,
  },
  { name: 'base64 with a letter too many', content: `${base64.slice(0, 40)}A`, says: /41 bytes of text, not a key/ },
  { name: 'base64 with padding too long', content: `${base64}=`, says: /45 bytes of text, not a key/ },
  {
    name: 'words with many hyphens',
    content: 'Ab-cd-ef-Gh-ij-kl-mn-op-qr-st-uv-wx-yz-12-34',
    says: /44 bytes of text, not a key/,
  },
  { name: 'base64 with both alphabets', content: `+-${base64.slice(2)}`, says: /text, not a key/ },
  { name: 'base64 with stray last bits', content: base64.replace(/.=$/, 'B='), says: /text, not a key/ },
  {
    name: 'PEM public key',
    content: rsa.publicKey.export({ type: 'spki', format: 'pem' }),
    says: /public key \(PEM, PUBLIC KEY\)/,
  },
  {
    name: 'PEM private key',
    content: rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    says: /private key \(PEM, PRIVATE KEY\)/,
  },
  {
    name: 'PEM RSA private key',
    content: rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }),
    says: /PEM, RSA PRIVATE KEY/,
  },
  { name: 'PEM certificate', content: pem('CERTIFICATE', someBytes(200)), says: /certificate/ },
  { name: 'encrypted backup', content: pem('AGE ENCRYPTED FILE', someBytes(200)), says: /Decrypt it first/ },
  { name: 'PEM of 32 bytes named PRIVATE KEY', content: pem('PRIVATE KEY', key), says: /private key/ },
  { name: 'PEM of another label', content: pem('X509 CRL', key), says: /PEM block \(X509 CRL\)/ },
  { name: 'PEM of an odd label', content: pem('päß', key), says: /PEM block \(unnamed\)/ },
  { name: 'PEM key of 48 bytes', content: pem('AES KEY', someBytes(48)), says: /is 48 bytes/ },
  { name: 'PEM key of 16 bytes', content: pem('AES KEY', someBytes(16)), says: /is 16 bytes/ },
  {
    name: 'PEM key of 16 bytes in UTF-16',
    content: utf16(pem('AES KEY', someBytes(16))),
    says: /PEM block \(AES KEY\), not a raw key\. It is saved as UTF-16.*is 16 bytes/,
  },
  { name: 'PEM key with a broken body', content: pem('AES KEY', key).replace('\n', '\n*'), says: /not plain base64/ },
  { name: 'PEM cut short', content: '-----BEGIN AES KEY', says: /unnamed/ },
  {
    name: 'DER public key',
    content: rsa.publicKey.export({ type: 'spki', format: 'der' }),
    says: /public key \(DER\).*wrapping key/,
  },
  {
    name: 'DER private key',
    content: rsa.privateKey.export({ type: 'pkcs8', format: 'der' }),
    says: /private key \(DER\)/,
  },
  { name: 'DER that ends in its length', content: Buffer.from([0x30, 0x82, 1]), says: /^This file is 3 bytes/ },
  {
    name: 'BER with an end mark, which is no DER',
    content: Buffer.concat([Buffer.from([0x30, 0x80]), someBytes(128)]),
    says: /^This file is 130 bytes/,
  },
  {
    name: 'a passphrase of 32 characters',
    content: 'correct horse battery staple 42!',
    says: /All 32 bytes are printable characters: a passphrase/,
  },
  {
    name: '31 characters and a NUL',
    content: 'correct horse battery staple 4!\0',
    says: /^This file is 32 bytes of text, not a key/,
  },
  { name: 'a passphrase of 128 characters', content: 'word '.repeat(25).padEnd(128, '!'), says: /guessed far faster/ },
  {
    name: 'a text of 129 characters',
    content: 'word '.repeat(25).padEnd(129, '!'),
    says: /text, not a key\. Give the key alone/,
  },
  { name: 'two lines of words', content: 'correct horse\nbattery staple\n', says: /Give the key alone/ },
  { name: 'words behind an empty line', content: '\ncorrect horse battery\n', says: /Give the key alone/ },
  {
    name: 'words and a newline',
    content: 'correct horse battery\n',
    says: /text, not a key\. Passphrases are guessed/,
  },
  { name: 'words between blanks', content: `${' '.repeat(50)}${'word '.repeat(20)}`, says: /Passphrases are guessed/ },
  { name: 'words in UTF-16', content: utf16('correct horse'), says: /text, not a key\. It is saved as UTF-16/ },
  { name: 'a short word with digits', content: 'Passw0rd1234', says: /12 bytes of text, not a key\. Passphrases/ },
  { name: 'a word of seven hex digits', content: 'deadbee\n', says: /text, not a key/ },
  { name: 'a number of eight hex digits', content: 'deadbeef\n', says: /hex text of 8 digits/ },
  { name: 'a passphrase of 32 letters', content: 'Abcdefghij1klmnopqrst2uvwxyzABCD', says: /passphrase/ },
  {
    name: 'a passphrase and a newline',
    content: 'Abcdefghij1klmnopqrst2uvwxyzABCD\n',
    says: /33 bytes of text, not a key/,
  },
  {
    name: 'a passphrase of 31 characters and a newline',
    content: 'correct horse battery staple 42\n',
    says: /printable/,
  },
  { name: 'a passphrase with umlauts', content: 'Fünf Öfen für süße Äpfel, bitte', says: /text|printable/ },
  {
    name: 'a passphrase of 43 small letters',
    content: 'correcthorsebatterystaplecorrecthorsebatter',
    says: /43 bytes of text/,
  },
  {
    name: 'a passphrase of 43 small letters and hyphens',
    content: 'correct-horse-battery-staple-correct-horses',
    says: /43 bytes of text/,
  },
  { name: 'UTF-16 text of 16 characters', content: utf16('sixteen letters!', false), says: /printable/ },
  { name: 'one character in UTF-16', content: utf16('a'), says: /^This file is 4 bytes of text.*UTF-16/ },
  { name: 'a mark of UTF-16 alone', content: utf16(''), says: /^This file is 2 bytes; .*A byte order mark in front/ },
  {
    name: 'a mark of UTF-8 alone',
    content: Buffer.from('\uFEFF'),
    says: /^This file is 3 bytes of text, not a key\. It begins with a byte order mark/,
  },
  {
    name: 'UTF-16 that ends within a character',
    content: Buffer.concat([utf16(hex), Buffer.from('x')]),
    says: /^This file is 131 bytes; /,
  },
  {
    name: 'UTF-16 whose last letter is beyond ASCII',
    content: utf16(`${hex.slice(1)}\u0161`),
    says: /^This file is 130 bytes; /,
  },
  { name: 'zeroes', content: Buffer.alloc(32), form: 'raw', says: /All 32 bytes are zero/ },
  { name: 'all bytes ff', content: Buffer.alloc(32, 0xff), form: 'raw', says: /All 32 bytes are the same/ },
  { name: 'zeroes in hex', content: '0'.repeat(64), form: 'hex', says: /hex text.*All 32 bytes are zero/ },
  {
    name: 'zeroes in base64',
    content: Buffer.alloc(32).toString('base64'),
    form: 'base64',
    says: /All 32 bytes are zero/,
  },
  {
    name: 'zeroes and a newline',
    content: Buffer.concat([Buffer.alloc(32), Buffer.from('\n')]),
    form: 'raw-newline',
    says: /zero/,
  },
  {
    name: 'a passphrase in base64',
    content: Buffer.from('correct horse battery staple 42!').toString('base64'),
    form: 'base64',
    says: /printable characters/,
  },
  {
    name: 'a passphrase in hex',
    content: Buffer.from('correct horse battery staple 42!').toString('hex'),
    form: 'hex',
    says: /printable/,
  },
  {
    name: 'counting up',
    content: Buffer.from(Array.from({ length: 32 }, (_, i) => i)),
    form: 'raw',
    says: /published in FIPS 197/,
  },
  {
    name: 'counting up from 100',
    content: Buffer.from(Array.from({ length: 32 }, (_, i) => i + 100)),
    form: 'raw',
    says: /equal steps/,
  },
  {
    name: 'counting down by 17',
    content: Buffer.from(Array.from({ length: 32 }, (_, i) => (255 - 17 * i) & 255)),
    form: 'raw',
    says: /equal steps/,
  },
  {
    name: 'two bytes repeated',
    content: Buffer.from('a5c3'.repeat(16), 'hex'),
    form: 'raw',
    says: /same 2 bytes repeat 16 times/,
  },
  {
    name: 'deadbeef repeated',
    content: Buffer.from('deadbeef'.repeat(8), 'hex'),
    form: 'raw',
    says: /same 4 bytes repeat 8 times/,
  },
  {
    name: '0123456789abcdef repeated',
    content: '0123456789abcdef'.repeat(4),
    form: 'hex',
    says: /same 8 bytes repeat 4 times/,
  },
  {
    name: 'an AES-128 key doubled',
    content: Buffer.concat([key.subarray(0, 16), key.subarray(0, 16)]),
    form: 'raw',
    says: /same 16 bytes stand there twice/,
  },
  {
    name: 'an AES-128 key padded with zeroes',
    content: Buffer.concat([key.subarray(0, 16), Buffer.alloc(16)]),
    form: 'raw',
    says: /16 bytes in a row are the same/,
  },
  {
    name: 'half a counting sequence',
    content: Buffer.from(`${hex.slice(0, 32)}${'101112131415161718191a1b1c1d1e1f'}`, 'hex'),
    form: 'raw',
    says: /16 bytes in a row go up/,
  },
  {
    name: 'few values',
    content: Buffer.from([...hex.slice(0, 32)].slice(0, 16).flatMap((c) => [(c.charCodeAt(0) % 8) + 128, 200])),
    form: 'raw',
    says: /different values/,
  },
  {
    name: 'the NIST key',
    content: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    form: 'hex',
    says: /NIST SP 800-38A/,
  },
  {
    name: 'the Terraform module key',
    content: 'Wblj06fduthWggmsT0cLVoIMOkeLbc2kVfMud77i/JY=',
    form: 'base64',
    says: /Terraform module/,
  },
  {
    name: 'the Fernet key',
    content: 'cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=',
    form: 'base64url',
    says: /Fernet/,
  },
];

suite('a key file that is refused', () => {
  for (const { name, content, form = 'none', says } of refused) {
    test(name, () => {
      const path = folder.put('key', content);
      const { findings, ...found } = inspectKeyFile(path);
      assert.deepEqual(found, { verdict: 'refused', form, size: Buffer.from(content).length });
      assert.match(findings.join(' '), says);
      assertPlain(findings);
      for (const asked of [form, 'raw', 'hex'] as const) {
        assert.throws(() => readKeyFile(path, asked), {
          name: 'ProblemError',
          message: "Can't take the key from this file.",
        });
      }
    });
  }
});
