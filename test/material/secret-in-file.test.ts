import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { findSecretIn, type SoughtKey } from '../../source/material/secret-in-file.ts';
import { seededBytes } from './random-files.ts';
import { base64, base64url, hex, key, pem, postQuantumIdentity, someBytes, utf16 } from './samples.ts';

const copyOfKey = () => SecretBytes.takeFrom(Buffer.from(key));
const checkValue = keyCheckValue(copyOfKey()).value;
const atHand: SoughtKey = { checkValue, key: copyOfKey() };
const byCheckValue: SoughtKey = { checkValue };

const raw = 'holds your secret key';
const asHex = 'holds your secret key as hex text';
const asBase64 = 'holds your secret key as base64 text';

const noise = someBytes(3000);
const prose = 'Some lines of a file.\nThe key below is kept by the team:\n';
const around = (text: string | Uint8Array) =>
  Buffer.concat([Buffer.from(prose), Buffer.from(text), Buffer.from('\n-- ')]);
const wideBigEndian = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16();

/** Found with the check value alone, so with the key at hand too. */
const everywhere: readonly (readonly [string, string, string | Uint8Array])[] = [
  ['the 32 bytes', raw, key],
  ['the 32 bytes and a newline', raw, Buffer.concat([key, Buffer.from('\n')])],
  ['the 32 bytes and several newlines', raw, Buffer.concat([key, Buffer.from('\r\n\n')])],
  ['the 32 bytes and a NUL', raw, Buffer.concat([key, Buffer.alloc(1)])],
  ['the 32 bytes and several NULs', raw, Buffer.concat([key, Buffer.alloc(3)])],
  ['the 32 bytes as decimal numbers', raw, `${[...key].join()}\n`],
  ['base64 text of hex text', asBase64, Buffer.from(hex).toString('base64')],
  ['hex text', asHex, hex],
  ['hex text in capitals behind 0x', asHex, `0x${hex.toUpperCase()}\n`],
  ['hex text with colons', asHex, `${hex.replaceAll(/..(?!$)/g, '$&:')}\n`],
  ['hex text in lines of 60 digits', asHex, `${hex.slice(0, 60)}\n${hex.slice(60)}\n`],
  ['base64 text', asBase64, `${base64}\n`],
  ['base64 text without padding', asBase64, base64.replace('=', '')],
  ['base64url text', asBase64, base64url],
  ['base64 of the key and a newline', asBase64, Buffer.concat([key, Buffer.from('\n')]).toString('base64')],
  ['a PEM block', asBase64, pem('AES KEY', key)],
  ['hex text in UTF-16', asHex, utf16(`${hex}\r\n`)],
  ['hex text among prose', asHex, around(`KEY=${hex}`)],
  ['base64 text among prose', asBase64, around(`{"key":"${base64}"}`)],
  ['base64url text among prose', asBase64, around(`key=${base64url};`)],
  ['hex text inside a longer run of digits', asHex, around(`00ff0${hex}e1`)],
  ['hex text in capitals inside a longer run of digits', asHex, around(`00FF0${hex.toUpperCase()}E1`)],
  ['base64 text inside a longer run of letters', asBase64, around(`prefix/${base64.replace('=', '')}XyZ`)],
  ['base64url text inside a longer run of letters', asBase64, around(`prefix-${base64url}XyZ`)],
  ['hex text behind other values', asHex, around(`${noise.toString('hex', 0, 32)}\n${hex}\n`)],
  ['base64 text behind other values', asBase64, around(`${noise.toString('base64', 0, 32)}\n${base64}\n`)],
  ['hex text far inside a run of digits', asHex, around(`${'0'.repeat(100)}${hex}${'0'.repeat(100)}`)],
  ['hex text among prose in UTF-16, with letters beyond ASCII', asHex, utf16(`Schlüssel für Zoë:\r\n${hex}\r\n`)],
  ['base64 text among prose in UTF-16, big-endian', asBase64, wideBigEndian(`Schlüssel: ${base64}\n`)],
  ['hex text at the end of UTF-16, big-endian', asHex, wideBigEndian(`Schlüssel: ${hex}`)],
  [
    'hex text in UTF-16 far behind another zero byte',
    asHex,
    Buffer.concat([Buffer.from(`\0${prose.replaceAll('\n', ' ')}`), utf16(` ${hex} `, false)]),
  ],
  ['hex text in UTF-16 from an odd byte on', asHex, Buffer.concat([Buffer.from('x'), utf16(` ${hex} `, false)])],
];

/** Found only with the key at hand. */
const withTheKey: readonly (readonly [string, string, string | Uint8Array])[] = [
  ['the 32 bytes between others', raw, Buffer.concat([noise, key, noise])],
  ['the 32 bytes at the end', raw, Buffer.concat([noise, key])],
  ['hex text over lines, among prose', asHex, around(`${hex.slice(0, 32)}\n    ${hex.slice(32)}`)],
  ['hex text in capitals with colons, among prose', asHex, around(hex.toUpperCase().replaceAll(/..(?!$)/g, '$&:'))],
  [
    'hex text with colons beside another value',
    asHex,
    around(`${hex.replaceAll(/..(?!$)/g, '$&:')}\n${noise.toString('hex', 0, 32)}`),
  ],
  ['base64 text over lines, among prose', asBase64, around(`${base64.slice(0, 20)}\n  ${base64.slice(20)}`)],
  ...[0, 1, 2].map((before): [string, string, string] => [
    `base64 of ${before} bytes, the key and more`,
    asBase64,
    Buffer.concat([noise.subarray(0, before), key, noise]).toString('base64'),
  ]),
  ['base64url of a byte, the key and more', asBase64, Buffer.concat([noise.subarray(0, 1), key]).toString('base64url')],
];

test('a key whose check value only begins in the same way is another one', () => {
  const other = `${checkValue.slice(0, -1)}${checkValue.endsWith('0') ? '1' : '0'}`;
  assert.equal(findSecretIn(key, { checkValue: other }), undefined);
});

/** What is found in a file, which is left as it was. */
function foundIn(content: string | Uint8Array, sought: SoughtKey): string | undefined {
  const bytes = Buffer.from(content);
  const found = findSecretIn(bytes, sought);
  assert.ok(bytes.equals(Buffer.from(content)), 'the bytes are as they were');
  return found;
}

suite('a file with the key in it is known', () => {
  for (const [name, says, content] of everywhere) {
    test(`${name}, by the check value and by the key itself`, () => {
      assert.equal(foundIn(content, byCheckValue), says);
      assert.equal(foundIn(content, atHand), says);
    });
  }

  for (const [name, says, content] of withTheKey) {
    test(`${name}, by the key itself`, () => {
      assert.equal(foundIn(content, atHand), says);
    });
  }
});

// Published with age, for its tests.
const identity = 'AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX';

test('a file with an age identity in it is known, also while no key is chosen', () => {
  const says = 'holds an age identity, which is secret';
  assert.equal(findSecretIn(Buffer.from(`# created: 2026-11-24\n${identity}\n`), {}), says);
  assert.equal(findSecretIn(Buffer.from(`keys:\n  - "${identity}"\n`), {}), says);
  assert.equal(findSecretIn(utf16(`${identity}\r\n`), byCheckValue), says);
  assert.equal(findSecretIn(Buffer.from(`${postQuantumIdentity}\n`), {}), says);
  const mention = 'An identity begins with AGE-SECRET-KEY-1 and is secret.';
  assert.equal(findSecretIn(Buffer.from(`# ${mention}\n${identity}\n`), {}), says);
  assert.equal(findSecretIn(Buffer.from(identity.slice(0, -1)), {}), undefined, 'a letter is missing');
  assert.equal(findSecretIn(Buffer.from(mention), {}), undefined);
  const long = `${mention} The rest of it is as many letters as 32 bytes and a checksum need.`;
  assert.equal(findSecretIn(Buffer.from(long), {}), undefined);
});

test('a file that is shorter than a key is searched too', () => {
  for (const length of [0, 1, 5, 31]) {
    assert.equal(findSecretIn(key.subarray(0, length), byCheckValue), undefined);
    assert.equal(findSecretIn(key.subarray(0, length), atHand), undefined);
  }
});

test('another key, in whatever form, is not taken for this one', () => {
  const other = seededBytes(1)(32);
  for (const content of [other, other.toString('hex'), other.toString('base64'), around(other.toString('base64url'))]) {
    assert.equal(findSecretIn(Buffer.from(content), byCheckValue), undefined);
    assert.equal(findSecretIn(Buffer.from(content), atHand), undefined);
  }
});
