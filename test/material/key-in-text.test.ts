import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inspectKeyFile } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { around, thumbprint } from './around-key.ts';
import { assertPlain, base64, hex, key, pem, someBytes, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const files = fileURLToPath(new URL('../cases/keyfiles/', import.meta.url));

/** Asserts that a file is offered as the file of a key, and gives what is said of it. */
function assertOffered(content: string | Uint8Array, wanted: Buffer): string {
  const path = folder.put('key', content);
  const { verdict, form, findings } = inspectKeyFile(path);
  assert.equal(verdict, 'convertible', findings.join(' '));
  assertPlain(findings);
  using read = readKeyFile(path, form);
  using right = SecretBytes.takeFrom(Buffer.from(wanted));
  assert.ok(read.equals(right), 'another key');
  return findings.join(' ');
}

/** Asserts that a file is refused, and gives what is said of it. */
function assertRefused(content: string | Uint8Array): string {
  const { verdict, form, findings } = inspectKeyFile(folder.put('key', content));
  assert.deepEqual({ verdict, form }, { verdict: 'refused', form: 'none' }, findings.join(' '));
  assertPlain(findings);
  return findings.join(' ');
}

suite('a key file with more than the key in it is offered', () => {
  for (const [name, content] of Object.entries(around(key))) test(name, () => void assertOffered(content, key));
});

const cases: Readonly<Record<string, RegExp>> = {
  'openssl-enc-P.txt':
    /openssl enc -P prints; a salt and an iv in it are no part of the key\. The 64 hex digits behind key= are/,
  'powershell-decimal-utf16.txt': /32 decimal numbers, one for each byte\. It is saved as UTF-16/,
  'jwk-oct.json': /JSON Web Key \(JWK\)\. Its member k is the key, in base64url\./,
  'base64-quoted.txt': /Line 1 has 44 characters of base64 in quotes\./,
  'dotenv.txt': /Line 1 has 44 characters of base64 behind a name\./,
  'hex-nul.bin': /hex text.*A NUL is behind the text/,
  'base64-nul.bin': /base64 text.*A NUL is behind the text/,
  'raw-nul.bin': /raw 32-byte key and a NUL behind it\. Without it, the file is exactly 32 bytes/,
  'xxd-p.txt': /hex text/,
  'base64-two-lines-crlf.txt': /base64 text/,
  'hex-utf16be.txt': /hex text.*UTF-16/,
  'fernet.key': /base64url text/,
  'hex-groups-of-8.txt': /hex text/,
};

suite('a key file as people have it is told by what it is, and offered', () => {
  const raw = readFileSync(`${files}raw.bin`);
  for (const [name, says] of Object.entries(cases))
    test(name, () => assert.match(assertOffered(readFileSync(`${files}${name}`), raw), says));
});

const otherKey = createHash('sha256').update('another key').digest();
const other = otherKey.toString('hex');
/** The bytes of the key as C writes them. */
const cArray = Array.from(key, (byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(', ');
const pairs = hex.replaceAll(/..(?!$)/g, '$&:');
const blanked = pairs.replaceAll(':', ' ');
const { xxd } = around(key);
const escaped = hex.replaceAll(/../g, '\\x$&');
const java = (magic: string) => Buffer.concat([Buffer.from(`${magic}0000000200000001`, 'hex'), someBytes(500)]);
/** The beginning of a PKCS #12 store: its length in two bytes (DER), or to an end mark (BER). */
const pkcs12 = (length: string) =>
  Buffer.concat([
    Buffer.from(`30${length}02010330800609`, 'hex'),
    Buffer.from('2a864886f70d010701', 'hex'),
    someBytes(900),
  ]);

const refused: Readonly<Record<string, readonly [content: string | Uint8Array, says: RegExp]>> = {
  'two lines of .env': [`A_KEY=${hex}\nB_KEY=${other}\n`, /2 values of 32 bytes, and nothing shows which/],
  'two lines of .env in UTF-16': [utf16(`A_KEY=${hex}\nB_KEY=${other}\n`), /is saved as UTF-16.*2 values of 32 bytes/],
  'two members of JSON': [JSON.stringify({ key: base64, old: otherKey.toString('base64') }), /2 values of 32 bytes/],
  'a key and its checksum': [`key: ${hex}\nsha256: ${other}\n`, /2 values of 32 bytes/],
  'two symmetric JWKs': [
    JSON.stringify({
      keys: [
        { kty: 'oct', k: base64 },
        { kty: 'oct', k: base64 },
      ],
    }),
    /JWK.*2 values of 32 bytes/,
  ],
  'a JWK of a pair': [
    JSON.stringify({ kty: 'EC', crv: 'P-256', d: key.toString('base64url') }),
    /JWK.*belongs to a pair/,
  ],
  'a JWK of an HSM': [JSON.stringify({ kty: 'oct-HSM', kid: 'a' }), /JWK.*stays in the HSM/],
  'a set of JWKs of which one is of an HSM': [
    JSON.stringify({ keys: [{ kty: 'RSA', n: 'AQAB' }, { kty: 'oct-HSM' }] }),
    /stays in the HSM/,
  ],
  'a JWK of a pair with a member k': [JSON.stringify({ kty: 'RSA', k: base64 }), /JWK.*belongs to a pair/],
  'a symmetric JWK without its key': [
    JSON.stringify({ kty: 'oct', kid: thumbprint }),
    /JWK.*member k, the key, is missing/,
  ],
  'a JWK whose key is hidden': [
    JSON.stringify({ kty: 'oct', k: '(hidden)', kid: thumbprint }),
    /JWK.*k, .*is no base64url/,
  ],
  'a JWK that was cut off in its key': [
    `{"kty":"oct","k":"${key.toString('base64url').slice(0, 20)}`,
    /member k is 15 bytes/,
  ],
  'a JWK of 16 bytes': [
    JSON.stringify({ kty: 'oct', k: someBytes(16).toString('base64url') }),
    /JWK.*member k is 16 bytes/,
  ],
  'a JWK with a list in the place of its key': [
    JSON.stringify({ kty: 'oct', k: [someBytes(16).toString('base64url'), key.toString('base64url')] }),
    /JWK.*member k is 16 bytes/,
  ],
  'decimal numbers of which one has a letter': [
    `[${['1a', ...Array.from({ length: 31 }, (_, index) => index + 100)].join(', ')}]\n`,
    /text, not a key/,
  ],
  'a JWK of 48 bytes': [
    JSON.stringify({ kty: 'oct', k: someBytes(48).toString('base64url') }),
    /JWK.*member k is 48 bytes/,
  ],
  'openssl enc -P of more than a key': [
    `salt=A1B2C3D4E5F60718\nkey=${hex}00\niv =${hex.slice(32)}\n`,
    /openssl enc -P prints.*key in it is 33 bytes/,
  ],
  'openssl enc -P of AES-128': [
    `salt=A1B2C3D4E5F60718\nkey=${hex.slice(32)}\niv =${hex.slice(32)}\n`,
    /openssl enc -P prints.*key in it is 16 bytes/,
  ],
  'a checksum of a file': [`${hex}  photos.tar\n`, /among other words, as a list of checksums has/],
  'a checksum behind a name': [`SHA256 Fingerprint=${pairs.toUpperCase()}\n`, /no secret key, by its name/],
  'a salt behind a name in capitals': [`SALT=${hex}\n`, /no secret key, by its name/],
  'a private key in hex': [`ETH_PRIVATE_KEY=0x${hex}\n`, /no secret key, by its name/],
  'the private part that openssl prints': [
    `Private-Key: (256 bit)\npriv:\n    ${pairs}\nASN1 OID: prime256v1\n`,
    /by its name/,
  ],
  'a salt in C': [`unsigned char salt[32] = {${cArray}};`, /no secret key, by its name/],
  'a salt in an object of a program': [`keys["salt"] = "${hex}"\n`, /no secret key, by its name/],
  'a salt in a YAML list': [`salts:\n  - ${hex}\n`, /no secret key, by its name/],
  'a salt in JSON': [JSON.stringify({ salt: hex }), /no secret key, by its name/],
  'a salt in Lua': [`keys = {\n["salt"] = "${hex}"\n}\n`, /no secret key, by its name/],
  'a checksum behind a name of several words': [`SHA256 of the archive: ${hex}\n`, /no secret key, by its name/],
  'a checksum behind a name with dots': [`sha256.of.photos=${hex}\n`, /no secret key, by its name/],
  'a value behind a sign without a name': [`= ${hex}\n`, /among other words/],
  'a salt in a YAML list of bytes': [`salt:\n${[...key].map((byte) => `- ${byte}\n`).join('')}`, /by its name/],
  'a salt in an array of a shell': [`keys[salt]="${hex}"\n`, /no secret key, by its name/],
  'a salt that PHP prints': [`Array\n(\n    [salt] => ${hex}\n)\n`, /no secret key, by its name/],
  'one of several salts': [`salt[0]["new"] = "${hex}"\n`, /no secret key, by its name/],
  '31 decimal numbers': [`${[...key.subarray(1)].join('\n')}\n`, /list of 31 numbers; a 32-byte key has 32/],
  '31 decimal numbers in UTF-16': [utf16([...key.subarray(1)].join()), /list of 31 numbers; .*It is saved as UTF-16/],
  '32 numbers of which one is no byte': [`[${[...key.subarray(1), 256].join(', ')}]`, /text, not a key/],
  '31 decimal numbers in brackets': [`[${[...key.subarray(1)].join(', ')}]`, /list of 31 numbers/],
  '31 decimal numbers and words': [`[${[...key.subarray(1)].join(', ')}] photos\n`, /text, not a key/],
  'words and 31 decimal numbers': [`photos [${[...key.subarray(1)].join(', ')}]\n`, /text, not a key/],
  'decimal numbers behind a word': [`sum ${[...key].join(' ')}\n`, /text, not a key/],
  'decimal numbers before a word': [`key: ${[...key].join(' ')} photos\n`, /text, not a key/],
  '32 numbers of which one ends in a letter': [`[${[...key.subarray(1)].join(', ')}, 00a]`, /text, not a key/],
  '32 numbers of which one is in hex': [`[${[...key.subarray(1)].join(', ')}, a1]`, /text, not a key/],
  '32 numbers with a unit behind the last': [`[${[...key.subarray(1)].join(', ')}, 13px]`, /text, not a key/],
  'a C array with three digits in a number': [`char key[] = {${cArray.replace('0x52', '0x052')}};`, /text, not a key/],
  'hexdump in words': ['0000000 1234 5678\n0000004\n', /words of several bytes.*xxd -p FILE/],
  'od in decimal words': ['0000000 12345 678\n0000004\n', /words of several bytes/],
  'lines of a log that begin with numbers': ['0000000 1234 xyz\n0000002 5678 xyz\n', /text, not a key/],
  'words whose offsets do not grow': ['0000000 1234 5678\n0000000 9abc def0\n', /hex text of 30 digits/],
  'a C array that was cut off in its last number': [
    `unsigned char key[32] = {${cArray.slice(0, -1)}`,
    /text, not a key/,
  ],
  'a dump of 48 bytes': [`0000000 ${'8f '.repeat(48)}\n0000060\n`, /dump of a file.*is 48 bytes/],
  'a dump of 48 bytes without the bytes in its middle': [
    `00000000: ${hex.slice(0, 32)}\n00000020: ${hex.slice(32)}\n`,
    /lines of a dump, but not a whole dump/,
  ],
  'a dump whose offsets are in no number system': [
    `0000000 ${blanked.slice(0, 47)}\n0000018 ${blanked.slice(48)}\n`,
    /lines of a dump, but not a whole dump/,
  ],
  'a dump with words behind its bytes': [
    `0000000 ${blanked.slice(0, 47)} ok\n0000020 ${blanked.slice(48)} ok\n`,
    /text, not a key/,
  ],
  'a dump of hexdump whose text shows other bytes': [
    `00000000  ${blanked.slice(0, 47)}  |${'x'.repeat(16)}|\n00000010  ${blanked.slice(48)}  |${'x'.repeat(16)}|\n`,
    /text, not a key/,
  ],
  'a dump whose text was cut off': [String(xxd).replaceAll(/..$/gm, ''), /text, not a key/],
  'a dump with other characters before its text': [String(xxd).replaceAll('  ', '  > '), /text, not a key/],
  'words whose last offset is smaller': ['0000000 1234\n0000004 1234\n0000002 1234\n', /hex text of 33 digits/],
  'a dump without its first line': [
    `00000010: ${hex.slice(0, 32)}\n00000020: ${hex.slice(32)}\n`,
    /lines of a dump, but not a whole dump from offset 0/,
  ],
  'a line of a dump beside a key': [`0000000 8f 41 22 11 33 44 55 66\nKEY=${hex}\n`, /lines of a dump/],
  'a dump of two programs': [
    `00000000: ${hex.slice(0, 32)}\n00000010  ${hex.slice(32).replaceAll(/../g, '$& ')}\n`,
    /lines of a dump/,
  ],
  'a dump with words in its last line': [
    `0000000 ${hex.slice(0, 32).replaceAll(/../g, '$& ')}\n0000020 ${hex.slice(32).replaceAll(/../g, '$& ')}\n0000040 1234\n`,
    /lines of a dump/,
  ],
  'a dump of words that begins later': ['0000020 1234 5678\n0000040 9abc def0\n', /hex text of 30 digits/],
  'a dump with a digit too many': [`00000000: ${hex.slice(0, 4)}1 ${hex.slice(4)}\n`, /hex text of 73 digits/],
  'a dump of a key that was encoded twice': [
    `00000000: ${Buffer.from(Buffer.from(hex).toString('base64')).toString('hex')}\n`,
    /dump of a file.*is 88 bytes/,
  ],
  'a dump whose text shows other bytes': ['00000000: 6b65 79                                 xyz\n', /text, not a key/],
  'base64 that goes on in the next line': [
    `cert: ${'aB3d'.repeat(10)}xY8\n  ${'aB3d'.repeat(8)}\n`,
    /among other words/,
  ],
  'a string that another goes on in': [`k = "00" + "${hex}"\n`, /among other words/],
  'the name of a member': [`{"${hex}": "photos.tar"}\n`, /among other words/],
  'a checksum behind a prompt': [`>${hex}  photos.tar\n`, /among other words/],
  'a checksum at the beginning of a string': [`"${hex}  photos.tar"\n`, /among other words/],
  'a checksum between words': [`sum ${hex} photos.tar\n`, /among other words/],
  'a checksum before a tag': [`sum ${hex}<br>\n`, /among other words/],
  'a checksum behind the name of a file': [`photos.tar  ${hex}\n`, /among other words/],
  'a checksum before a comma': [`# of March\n${hex}, photos.tar\n`, /among other words/],
  'a checksum with a word before it': [`key: ${hex} photos.tar\n`, /among other words/],
  'base64 that began in the line before': [`# of us\n${'xY3z'.repeat(16)}\n${base64}\n`, /among other words/],
  'base64 below a padded value': [`# of us\n${'xY3z'.repeat(5)}aA==\n${base64}\n`, /among other words/],
  'a key that is named as a checksum in another place': [`key: ${hex}\nsha256: ${hex}\n`, /no secret key, by its name/],
  'a C array with a decimal number in it': [`char key[] = {${cArray.replace('0x52', '82')}};`, /text, not a key/],
  'a list with a negative number and one above 127': [`[-1, ${[...key.subarray(1)].join(', ')}]`, /text, not a key/],
  'a list with a number above 127 and then a negative one': [
    `[${[200, -1, ...Array(30).keys()].join(', ')}]\n`,
    /text, not a key/,
  ],
  'a few numbers': ['[1, 2, 3]\n', /text, not a key/],
  'seven numbers': ['[1, 2, 3, 4, 5, 6, 7]\n', /text, not a key/],
  'eight numbers': ['[1, 2, 3, 4, 5, 6, 7, 8]\n', /list of 8 numbers; a 32-byte key has 32/],
  '16 bytes in hex with commas between them': [`${pairs.slice(0, 47).replaceAll(':', ', ')}\n`, /list of 16 numbers/],
  'a string of C in which a byte is a letter': [`char *k = "k${escaped.slice(4)}";`, /text, not a key/],
  'a string over two lines': [`b'${escaped.slice(4)}\n'`, /text, not a key/],
  'a string without its last quote': [`key = b'${escaped}\n`, /text, not a key/],
  'a string of 33 bytes': [`b'${escaped}\\x00'\n`, /text, not a key/],
  'a string of Python of 31 bytes': [`b'${escaped.slice(4)}'\n`, /text, not a key/],
  'escapes without quotes': [`key = ${escaped} \n`, /text, not a key/],
  'a string with half an escape': [`b'\\x8g${escaped.slice(4)}'\n`, /text, not a key/],
  'a string with another half of an escape': [`b'\\xg8${escaped.slice(4)}'\n`, /text, not a key/],
  'a string with an escape of no byte': [`b'\\y${escaped.slice(4)}'\n`, /text, not a key/],
  'a string of C with a line break': [`char *k = "\\n${escaped.slice(4)}";`, /text, not a key/],
  'what openssl printed, with its key hidden': ['salt=A1B2C3D4\nkey=hidden\niv =00FF\n', /text, not a key/],
  'a string that goes on': [`k = "${hex}"\n    "${hex.slice(32)}"\n`, /text/],
  'a path of 43 letters': ['KEY_FILE=/srv/backups/Keys/photos/2026/Archives/Key4\n', /text, not a key/],
  'a name of 43 letters without a digit': ['KEY_DIR=KeysOfThePhotosAndOtherThingsOfTheTeamForUs\n', /text, not a key/],
  'a name of 43 letters without a capital': [
    'KEY_DIR=keys4the0photos0and0other1things2of3the4te8\n',
    /text, not a key/,
  ],
  'a name of 43 capitals and digits': ['KEY_DIR=KEYS4THE0PHOTOS0AND0OTHER1THINGS2OF3THE4TE8\n', /text, not a key/],
  'a name of 43 letters with eight hyphens': [
    'KEY_DIR=My-Photos-Of-2026-AreIn-This-Long-Folder-a8\n',
    /text, not a key/,
  ],
  'settings without a key': ['HOST=db.example.com\nPORT=5432\n', /text, not a key\. Give the key alone/],
  'a JCEKS keystore': [java('cececece'), /Java keystore \(JCEKS\)/],
  'a keystore of the tutorial': [
    readFileSync(`${files}keytool.jceks`),
    /Java keystore \(JCEKS\).*Take the key out first/,
  ],
  'a JKS keystore': [java('feedfeed'), /Java keystore \(JKS\).*no secret key/],
  'an empty JCEKS keystore of 32 bytes': [
    Buffer.concat([Buffer.from('cececece0000000200000000', 'hex'), key.subarray(0, 20)]),
    /Java keystore \(JCEKS\)/,
  ],
  'an empty JKS keystore of 32 bytes': [
    Buffer.concat([Buffer.from('feedfeed0000000200000000', 'hex'), key.subarray(0, 20)]),
    /Java keystore \(JKS\)/,
  ],
  'a PKCS #12 store': [pkcs12('820200'), /PKCS #12 store/],
  'a PKCS #12 store in BER': [pkcs12('80'), /PKCS #12 store/],
  'a PKCS #12 store in base64': [pkcs12('820200').toString('base64'), /base64 text.*PKCS #12 store/],
  'a secret encrypted by openssl': [
    Buffer.concat([Buffer.from('Salted__'), someBytes(24)]),
    /encrypted with openssl enc/,
  ],
  'the same in base64': [
    Buffer.concat([Buffer.from('Salted__'), someBytes(40)]).toString('base64'),
    /base64 text.*encrypted with openssl enc/,
  ],
  'the same in 32 bytes of base64': [
    Buffer.concat([Buffer.from('Salted__'), someBytes(24)]).toString('base64'),
    /base64 text, not a raw key\. This file was encrypted with openssl enc/,
  ],
  'a Java object': [Buffer.concat([Buffer.from('aced000573', 'hex'), someBytes(200)]), /Java object/],
  'a ZIP archive': [Buffer.concat([Buffer.from('504b0304', 'hex'), someBytes(200)]), /ZIP archive/],
  'a PEM block of another kind around a key': [pem('X509 CRL', key), /PEM block/],
};

suite('a file that is no key, or may be several, is refused by what it is', () => {
  for (const [name, [content, says]] of Object.entries(refused))
    test(name, () => assert.match(assertRefused(content), says));
});

for (const word of [
  ...['SHA1', 'sha2', 'sha3', 'SHA512', 'sha-', 'md5', 'checksum', 'Digest', 'fingerprint', 'Thumbprint', 'hash'],
  ...['signature', 'salt', 'nonce', 'ETag', 'PublicKey', 'private', 'KeyMaterialId'],
])
  test(`a value that is named ${word} is no key, however it is written`, () => {
    for (const text of [
      `${word}: ${hex}\n`,
      `${word} := ${hex}\n`,
      `{ :${word} => "${base64}" }\n`,
      `${word}:\n  - ${hex}\n`,
      `${word}:\n${[...key].map((number) => `  - ${number}\n`).join('')}`,
    ])
      assert.match(assertRefused(text), /no secret key, by its name/, text);
  });

test('a string of Python is read with every escape that Python writes', () => {
  const bytes = Buffer.from(`\t\n\r\\'"${key.toString('latin1')}`, 'latin1').subarray(0, 32);
  const rest = escaped.slice(0, 4 * 26);
  assertOffered(`b'\\t\\n\\r\\\\\\'"${rest}'\n`, bytes);
  assertOffered(`B"\\t\\n\\r\\\\'\\"${rest}"\n`, bytes);
});

test('signed bytes are -128 at the least', () => {
  const bytes = Buffer.from(key);
  bytes[5] = 0x80;
  assertOffered(`byte[] key = {${[...new Int8Array(bytes)].join(', ')}};\n`, bytes);
  // Each has two digits, as hex bytes have.
  const short = [...key].map((byte, index) => (index % 3 === 0 ? -1 : 1) * (10 + (byte % 90)));
  assertOffered(`[${short.join(', ')}]\n`, Buffer.from(new Int8Array(short)));
});

test('the line of a value is told, and a comment that names a member of JWKs makes no file a JWK', () => {
  assert.match(
    assertOffered(`# needs a "kty"\n# of March\nKEY=${hex}\n`, key),
    /Line 3 has 64 hex digits behind a name/,
  );
  assert.match(assertOffered(`#\n\n  b'${escaped}'\n`, key), /On line 3 is a string with escapes/);
  assert.match(assertOffered(`# of March\n${hex}\n`, key), /Line 2 has 64 hex digits and nothing else/);
  assert.match(assertOffered(`<key>${base64}</key>\n`, key), /44 characters of base64 between tags/);
  assert.match(assertOffered(`no hash "${hex}"\n`, key), /64 hex digits in quotes/);
  assert.match(
    assertOffered(`KEY=${hex} # of March\n`, key),
    /64 hex digits behind a name.*Wrapped as it is, the text would have been refused by AWS/,
  );
  const decimal = `# of March\nkey = [${[...key].join(', ')}]\n`;
  assert.match(assertOffered(decimal, key), /On line 2 begin 32 decimal numbers, one for each byte/);
  assert.equal(inspectKeyFile(folder.put('key', decimal)).form, 'decimal');
  const inC = `# of March\nkey = {${cArray}};\n`;
  assert.match(assertOffered(inC, key), /On line 2 begin 32 bytes in hex, with signs between them/);
  assert.equal(inspectKeyFile(folder.put('key', inC)).form, 'hex');
});

test('what openssl enc -P prints is known with a salt alone and with an iv alone', () => {
  // Where no line begins with it, or nothing is beside it, this is a name like any other.
  for (const text of [`key=${hex}\nmode=gcm\n`, `salt=A1B2C3D4\nmaster_key=${hex}\n`])
    assert.match(assertOffered(text, key), /64 hex digits behind a name/);
  for (const [kind, content] of Object.entries(around(key)))
    if (kind.startsWith('openssl'))
      assert.match(assertOffered(content, key), /This is what openssl enc -P prints/, kind);
});

test('a JWK is known with blanks and escapes in it, and whatever its members are', () => {
  for (const [kind, content] of Object.entries(around(key)))
    if (kind.includes('JWK'))
      assert.match(assertOffered(content, key), /Its member k is the key, in base64url\./, kind);
});

test('the same key in two places counts once', () => {
  assertOffered(JSON.stringify({ hex, base64 }), key);
});

test('a dump is a part of no other text: the whole file has the key', () => {
  for (const [kind, content] of Object.entries(around(key)))
    if (/^(xxd|hexdump|od) ?(-|of hex|$)/.test(kind)) {
      const says = assertOffered(content, key);
      assert.match(says, /^This is a dump of a file, with offsets beside the bytes\./, kind);
      assert.equal(/encoded twice/.test(says), kind.includes('hex text'), kind);
      const { part } = inspectKeyFile(folder.put('key', content));
      assert.deepEqual(part, { start: 0, length: content.length }, kind);
    }
});

test('a dump is offered with blanks at the ends of its lines, and with a blank and a DEL among its bytes', () => {
  assertOffered(`00000000: ${hex}  \n`, key);
  const odd = Buffer.from(key);
  odd.set([0x20, 0x7f, 0x7e, 0x20], 4);
  for (const kind of ['xxd', 'hexdump -C']) assertOffered(around(odd)[kind] ?? '', odd);
});

test('a dump is offered when an editor has cut off the blanks at the ends of its lines', () => {
  const endsInBlanks = Buffer.from(key);
  endsInBlanks.fill(' ', 14, 16);
  const { xxd } = around(endsInBlanks);
  assertOffered(String(xxd).replaceAll(/ +$/gm, ''), endsInBlanks);
});

test('base64 without padding is offered with six of its signs, which few keys have', () => {
  const spaced = 'aB3-dE6-gH9-kL2_nO5-qR8_tU1vX4yZ7bC0eF3hI68';
  assertOffered(`KEY=${spaced}\n`, Buffer.from(spaced, 'base64url'));
});

test('a string with escapes is taken from its place: of Python with its quotes, of C without them', () => {
  const inspected = (text: string) => {
    assertOffered(text, key);
    const { form, part } = inspectKeyFile(folder.put('key', text));
    assert.ok(part !== undefined);
    return [form, text.slice(part.start, part.start + part.length)];
  };
  assert.deepEqual(inspected(`key = b'${escaped}' # of March\n`), ['python', `b'${escaped}'`]);
  assert.deepEqual(inspected(`char *key = "${escaped}";\n`), ['hex', escaped]);
});
