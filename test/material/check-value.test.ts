import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { aesCmac } from '../../source/material/aes-cmac.ts';
import { hasStatedCheckValue, keyCheckValue, zeroBlockCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';

const hex = (text: string) => Buffer.from(text, 'hex');
const message = hex(
  '6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710',
);

// NIST SP 800-38B, examples for AES-256 (appendix D.3) at 0, 16, 40 and 64 bytes; RFC 4493, section 4, for AES-128.
const vectors = [
  {
    source: 'SP 800-38B',
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    length: 0,
    mac: '028962f61b7bf89efc6b551f4667d983',
  },
  {
    source: 'SP 800-38B',
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    length: 16,
    mac: '28a7023f452e8f82bd4bf28d8c37c35c',
  },
  {
    source: 'SP 800-38B',
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    length: 40,
    mac: 'aaf3d8f1de5640c232f5b169b9c911e6',
  },
  {
    source: 'SP 800-38B',
    key: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4',
    length: 64,
    mac: 'e1992190549f6ed5696a2c056c315410',
  },
  { source: 'RFC 4493', key: '2b7e151628aed2a6abf7158809cf4f3c', length: 0, mac: 'bb1d6929e95937287fa37d129b756746' },
  { source: 'RFC 4493', key: '2b7e151628aed2a6abf7158809cf4f3c', length: 16, mac: '070a16b46b4d4144f79bdd9dd04a287c' },
  { source: 'RFC 4493', key: '2b7e151628aed2a6abf7158809cf4f3c', length: 40, mac: 'dfa66747de9ae63030ca32611497c827' },
  { source: 'RFC 4493', key: '2b7e151628aed2a6abf7158809cf4f3c', length: 64, mac: '51f0bebf7e3b9d92fc49741779363cfe' },
];

suite('AES-CMAC', () => {
  for (const { source, key, length, mac } of vectors) {
    test(`${source}, ${key.length * 4}-bit key, ${length} bytes`, () => {
      const given = hex(key);
      assert.equal(aesCmac(given, message.subarray(0, length)).toString('hex'), mac);
      assert.equal(given.toString('hex'), key, 'the key is left as it was');
    });
  }
});

suite('key check value', () => {
  test('is the leftmost five bytes of the CMAC of one zero block, in capitals', () => {
    const key = hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4');
    const mac = aesCmac(key, Buffer.alloc(16)).toString('hex', 0, 5).toUpperCase();
    using secret = SecretBytes.takeFrom(key);
    assert.deepEqual(keyCheckValue(secret), { method: 'AES-CMAC', value: mac });
    assert.match(mac, /^[\dA-F]{10}$/);
  });

  test('by the zero block is the leftmost three bytes of that block encrypted, in capitals', () => {
    // L = CIPH_K(0^128) of the same key in SP 800-38B, appendix D.3: e568f68194cf76d6174d4cc04310a854.
    using secret = SecretBytes.takeFrom(hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'));
    assert.equal(zeroBlockCheckValue(secret), 'E568F6');
  });

  test('that somebody stated is compared by its method, over as many bytes as were stated', () => {
    using secret = SecretBytes.takeFrom(hex('603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4'));
    const has = (method: 'AES-CMAC' | 'zero block', value: string) => hasStatedCheckValue(secret, { method, value });
    assert.ok(has('zero block', 'E568F6') && has('zero block', 'E568F68194CF76D6'));
    assert.ok(!has('AES-CMAC', 'E568F6') && !has('zero block', 'E568F7') && !has('zero block', 'E568F68195'));
    assert.ok(!has('zero block', '68F681') && !has('zero block', '310A854'));
    const { value } = keyCheckValue(secret);
    assert.ok(has('AES-CMAC', value) && has('AES-CMAC', value.slice(0, 6)) && !has('zero block', value));
  });

  test('does not consume the secret and tells keys apart', () => {
    using one = SecretBytes.generate();
    using two = SecretBytes.generate();
    assert.deepEqual(keyCheckValue(one), keyCheckValue(one));
    assert.notDeepEqual(keyCheckValue(one), keyCheckValue(two));
  });
});
