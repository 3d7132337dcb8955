import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { assertPlain, base64, hex, key, pem, someBytes, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const hexed = (text: string) => Buffer.from(text, 'hex');

/** What is said of a file, which must be no key. */
function refused(content: string | Uint8Array): string {
  const { verdict, findings } = inspectKeyFile(folder.put('key', content));
  assert.equal(verdict, 'refused', findings.join(' '));
  assertPlain(findings);
  return findings.join(' ');
}

test('each format that holds keys in its own way is told by its beginning', () => {
  for (const [beginning, says] of [
    ['cececece00000001', /Java keystore \(JCEKS\)/],
    ['cececece00000002', /Java keystore \(JCEKS\)/],
    ['feedfeed00000001', /Java keystore \(JKS\)/],
    ['feedfeed00000002', /Java keystore \(JKS\)/],
    ['aced000573', /Java object/],
    ['aced000575', /Java object/],
    ['504b0304', /ZIP archive/],
    ['1f8b08', /packed with gzip/],
  ] as const)
    for (const length of [35, 100])
      assert.match(refused(Buffer.concat([hexed(beginning), someBytes(100)]).subarray(0, length)), says);
});

test('a file is a PKCS #12 store only where the marks of one are in their places', () => {
  const identifier = '06092a864886f70d010701';
  const store = (beginning: string) => refused(Buffer.concat([hexed(beginning), someBytes(300)]));
  assert.match(store(`30820200020103308006${identifier.slice(2)}`), /PKCS #12 store/);
  for (const beginning of [
    `31820200020103308006${identifier.slice(2)}`,
    `30820200020104308006${identifier.slice(2)}`,
    `020103308006${identifier.slice(2)}`,
    '3082020002010330800609',
    `3082${'00'.repeat(10)}020103${identifier}`,
    `30820200020103${'00'.repeat(20)}${identifier}`,
    `30${identifier}020103`,
  ])
    assert.doesNotMatch(store(beginning), /PKCS/, beginning);
});

test('a raw key that has a short beginning of such a format by chance is a key', () => {
  for (const beginning of ['aced000573', 'aced000575', '504b0304', '1f8b08']) {
    const bytes = Buffer.concat([hexed(beginning), key]).subarray(0, 32);
    assert.equal(inspectKeyFile(folder.put('key', bytes)).verdict, 'ready', beginning);
    const withNewline = inspectKeyFile(folder.put('key', Buffer.concat([bytes, Buffer.from('\r\n')])));
    assert.equal(withNewline.form, 'raw-newline', beginning);
  }
});

test('a value of 32 bytes in a text that is itself a file of a known format is no key', () => {
  const salted = Buffer.concat([Buffer.from('Salted__'), someBytes(24)]);
  assert.match(
    refused(`KEY=${salted.toString('base64')}\n`),
    /behind a name\. This file was encrypted with openssl enc/,
  );
});

test('what bytes of a wrong length usually are is told', () => {
  for (const [length, says] of [
    [16, /AES-128/],
    [24, /AES-192/],
    [48, /initialisation vector/],
    [64, /two keys/],
    [256, /wrapped under an RSA_2048/],
    [384, /wrapped under an RSA_3072/],
    [512, /wrapped under an RSA_4096/],
  ] as const)
    assert.match(refused(someBytes(length)), says);
  assert.equal(refused(someBytes(40)), 'This file is 40 bytes; an AES-256 key is exactly 32.');
});

test('a byte order mark before bytes that are no text is told, and half a mark is none', () => {
  for (const mark of ['efbbbf', 'fffe', 'feff'])
    assert.match(refused(Buffer.concat([hexed(mark), someBytes(40)])), /A byte order mark in front shows/, mark);
  for (const other of ['efbbbe', 'efbabf', 'eebbbf', 'ff01', 'fffd', '01fe', 'fe01', 'fefd', '01ff'])
    assert.doesNotMatch(refused(Buffer.concat([hexed(other), someBytes(40)])), /byte order mark/, other);
});

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });

test('DER is told by its first element, and only where it is the whole file', () => {
  assert.match(refused(ec.publicKey.export({ format: 'der', type: 'spki' })), /public key \(DER\)/);
  const sec1 = ec.privateKey.export({ format: 'der', type: 'sec1' });
  assert.match(refused(sec1), /private key \(DER\)/);
  assert.match(refused(Buffer.concat([sec1, Buffer.from([0])])), /^This file is 122 bytes/);
  const certificate = Buffer.concat([hexed('30820100308200fc'), someBytes(252)]);
  assert.match(refused(certificate), /certificate or another DER structure/);
  for (const first of ['020200', '050100', '020107', '310306'])
    assert.match(refused(Buffer.concat([hexed(`3026${first}`), someBytes(35)])), /or another DER structure/, first);
  assert.match(refused(Buffer.concat([hexed('3126020100'), someBytes(35)])), /^This file is 40 bytes/);
  assert.match(refused(Buffer.concat([hexed('3083010000'), someBytes(200)])), /^This file is 205 bytes/);
  assert.match(refused(Buffer.concat([hexed('308f'), someBytes(200)])), /^This file is 202 bytes/);
});

test('a PEM block is a key by the labels that people give one, and by no other', () => {
  for (const label of [
    ...['KEY', 'AES KEY', 'AES 256 KEY', 'AES-256 KEY', 'SECRET KEY', 'SYMMETRIC KEY', 'MASTER KEY', 'RAW KEY'],
    ...['DATA KEY', 'ENCRYPTION KEY', 'DATA ENCRYPTION KEY'],
  ]) {
    const { form, verdict } = inspectKeyFile(folder.put('key', pem(label, key)));
    assert.deepEqual([form, verdict], ['pem', 'convertible'], label);
  }
  for (const [label, says] of [
    ['PGP MESSAGE', /is encrypted \(PGP MESSAGE\)\. Decrypt it first/],
    ['PGP PRIVATE KEY BLOCK', /private key \(PEM, PGP PRIVATE KEY BLOCK\)/],
    ['HMAC KEY', /PEM block \(HMAC KEY\), not a raw key/],
    ['X'.repeat(40), /PEM block \(X{40}\)/],
    ['X'.repeat(41), /PEM block \(unnamed\)/],
    ['AES key', /PEM block \(unnamed\)/],
    ['AES KEY WRAPPED', /PEM block \(AES KEY WRAPPED\), not a raw key/],
    ['ZZ', /PEM block \(ZZ\)/],
    ['', /PEM block \(unnamed\)/],
    ['A!B', /PEM block \(unnamed\)/],
    ['A/B', /PEM block \(unnamed\)/],
  ] as const)
    assert.match(refused(pem(label, key)), says);
});

test('a PEM block without its last line is read as far as it goes', () => {
  const path = folder.put('key', pem('AES KEY', key).replace('=\n-----END AES KEY-----\n', ''));
  assert.equal(inspectKeyFile(path).form, 'pem');
  using read = readKeyFile(path, 'pem');
  assert.ok(read.use((bytes) => bytes.equals(key)));
});

// The examples of the standards and test suites themselves.
const published: Readonly<Record<string, RegExp>> = {
  '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f': /FIPS 197/,
  '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4': /SP 800-38A/,
  feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308: /AES-GCM/,
  '776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104': /RFC 3686/,
  f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884: /RFC 3686/,
  ff7a617ce69148e4f1726e2f43581de2aa62d9f805532edff1eed687fb54153d: /RFC 3686/,
  '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f': /RFC 8439/,
  '1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0': /RFC 8439/,
  '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389': /NaCl/,
  '730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee': /Fernet/,
  '59b963d3a7ddbad8568209ac4f470b56820c3a478b6dcda455f32e77bee2fc96': /Terraform module/,
  '3b5cec834e9c2910ac667a13e688b3325c0712d9e4d07a0e9812e416dc21d95c': /Terraform provider/,
};

test('a key that a standard or a test suite prints is refused as published', () => {
  for (const [digits, where] of Object.entries(published)) {
    const says = refused(hexed(digits));
    assert.match(says, /This key is published in /, digits);
    assert.match(says, where);
  }
});

test('a value in a file is at the bytes that are told, behind a mark and in UTF-16 too', () => {
  for (const content of [
    `KEY=${hex}\n`,
    Buffer.concat([hexed('efbbbf'), Buffer.from(`KEY="${base64}"\n`)]),
    utf16(`KEY=${hex}\r\n`),
    utf16(`KEY=${hex}\r\n`, false),
  ]) {
    const bytes = Buffer.from(content);
    const { part } = inspectKeyFile(folder.put('key', bytes));
    assert.ok(part !== undefined);
    const value = bytes.toString('latin1', part.start, part.start + part.length).replaceAll('\0', '');
    assert.ok(value === hex || value === base64, value);
  }
});
