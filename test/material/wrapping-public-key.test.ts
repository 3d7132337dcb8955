import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { suite, test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { testKey } from '../../source/material/test-keys.ts';
import { WrappingPublicKey } from '../../source/material/wrap.ts';
import { modulusBytesOf, type WrappingKeySpec } from '../../source/material/wrapping-algorithms.ts';
import { pem, someBytes } from './samples.ts';

const derOf = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });
const publicTestKey = (keySpec: WrappingKeySpec) =>
  createPublicKey(createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' }));

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const fitting = derOf(publicKey);

/** The same modulus with another exponent, base64url. */
const withExponent = (e: string) =>
  derOf(createPublicKey({ key: { kty: 'RSA', n: publicKey.export({ format: 'jwk' }).n ?? '', e }, format: 'jwk' }));

/** The same key in BER: the length of the outer sequence in one byte more than it needs. */
const notDer = Buffer.concat([fitting.subarray(0, 1), Buffer.from([0x83, 0]), fitting.subarray(2)]);

const unfit: [name: string, bytes: Uint8Array, keySpec: WrappingKeySpec, came: RegExp][] = [
  ['nothing', Buffer.alloc(0), 'RSA_2048', /^an empty one$/],
  ['garbage', someBytes(294), 'RSA_2048', /^294 bytes that are not a public key in DER form$/],
  ['zeroes', Buffer.alloc(294), 'RSA_2048', /not a public key/],
  ['PEM text', Buffer.from(pem('PUBLIC KEY', fitting)), 'RSA_2048', /not a public key/],
  ['base64 text', Buffer.from(fitting.toString('base64')), 'RSA_2048', /not a public key/],
  ['a key that was cut', fitting.subarray(0, -1), 'RSA_2048', /^293 bytes that are not a public key/],
  ['a key with something behind it', Buffer.concat([fitting, Buffer.from([0])]), 'RSA_2048', /not a public key/],
  ['a key in BER', notDer, 'RSA_2048', /not a public key/],
  ['a private key', testKey('RSA_2048'), 'RSA_2048', /not a public key/],
  ['PKCS #1', publicKey.export({ format: 'der', type: 'pkcs1' }), 'RSA_2048', /not a public key/],
  [
    'an elliptic curve',
    derOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
    'RSA_2048',
    /^a key of the type ec$/,
  ],
  [
    'RSA for signatures alone',
    derOf(generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey),
    'RSA_2048',
    /^a key of the type rsa-pss$/,
  ],
  [
    'RSA_1024 for RSA_2048',
    derOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey),
    'RSA_2048',
    /^an RSA key of 1024 bits$/,
  ],
  [
    'a modulus that is one bit short',
    derOf(generateKeyPairSync('rsa', { modulusLength: 2047 }).publicKey),
    'RSA_2048',
    /^an RSA key of 2047 bits$/,
  ],
  ['RSA_2048 for RSA_4096', fitting, 'RSA_4096', /^an RSA key of 2048 bits$/],
  ['RSA_3072 for RSA_2048', derOf(publicTestKey('RSA_3072')), 'RSA_2048', /^an RSA key of 3072 bits$/],
  ['the exponent 1', withExponent('AQ'), 'RSA_2048', /^an RSA key of 2048 bits with the exponent 1$/],
  ['the exponent 3', withExponent('Aw'), 'RSA_2048', /^an RSA key of 2048 bits with the exponent 3$/],
  ['the exponent 65539', withExponent('AQAD'), 'RSA_2048', /with the exponent 65539$/],
  [
    'an exponent of 20 digits',
    withExponent(Buffer.from('010000000000000001', 'hex').toString('base64url')),
    'RSA_2048',
    /with the exponent 18446744073709551617$/,
  ],
  [
    'an exponent that fills a screen',
    withExponent(Buffer.alloc(200, 1).toString('base64url')),
    'RSA_2048',
    /with the exponent \d{20}\.\.\.$/,
  ],
  ...(Object.keys(modulusBytesOf) as WrappingKeySpec[]).map((keySpec): (typeof unfit)[number] => [
    `Keyferry's own test key for ${keySpec}`,
    derOf(publicTestKey(keySpec)),
    keySpec,
    /^a published test key/,
  ]),
];

suite('a wrapping public key', () => {
  test('fits when it is RSA of the size that was asked for, with the exponent 65537', () => {
    const checked = WrappingPublicKey.check(fitting, 'RSA_2048');
    assert.ok(checked.fits);
    const { key } = checked;
    assert.ok(key.der.equals(fitting));
    assert.ok(key.keyObject.equals(publicKey));
    assert.equal(key.modulusBytes, 256);
    assert.equal(key.modulus.length, 256);
    assert.equal(key.sha256, sha256Of(fitting));
  });

  for (const [name, bytes, keySpec, received] of unfit) {
    test(`is refused: ${name}`, () => {
      const checked = WrappingPublicKey.check(bytes, keySpec);
      assert.ok(!checked.fits);
      assert.match(checked.received, received);
    });
  }

  test('that is published for samples is as long as its name says', () => {
    for (const keySpec of Object.keys(modulusBytesOf) as WrappingKeySpec[]) {
      const key = WrappingPublicKey.ofTestPair(keySpec);
      assert.ok(key.keyObject.equals(publicTestKey(keySpec)));
      assert.equal(key.modulusBytes, modulusBytesOf[keySpec]);
    }
  });
});
