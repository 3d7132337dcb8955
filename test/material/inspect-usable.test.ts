import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { inspectKeyFile, type KeyFileForm, type KeyFileInspection } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { assertPlain, base64, base64url, hex, key, pem, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const utf8Mark = Buffer.from('efbbbf', 'hex');

type Case = {
  name: string;
  content: string | Uint8Array;
  verdict: KeyFileInspection['verdict'];
  form: KeyFileForm;
  says: RegExp;
};

const usable: Case[] = [
  { name: 'raw', content: key, verdict: 'ready', form: 'raw', says: /^This file is exactly 32 bytes/ },
  {
    name: 'raw behind a UTF-8 mark of its own',
    content: Buffer.concat([utf8Mark, key.subarray(3)]),
    verdict: 'ready',
    form: 'raw',
    says: /exactly 32/,
  },
  {
    name: 'raw that ends in a newline',
    content: Buffer.concat([key.subarray(0, 31), Buffer.from('\n')]),
    verdict: 'ready',
    form: 'raw',
    says: /exactly 32/,
  },
  {
    name: 'raw, of letters and a DEL',
    content: Buffer.from('correct horse battery staple 42\u007F'),
    verdict: 'ready',
    form: 'raw',
    says: /exactly 32/,
  },
  {
    name: 'raw and \\n',
    content: Buffer.concat([key, Buffer.from('\n')]),
    verdict: 'convertible',
    form: 'raw-newline',
    says: /33 bytes.*Without it, the file is exactly 32 bytes.*openssl would have wrapped the newline/,
  },
  {
    name: 'raw and \\r\\n',
    content: Buffer.concat([key, Buffer.from('\r\n')]),
    verdict: 'convertible',
    form: 'raw-newline',
    says: /34 bytes.*newline/,
  },
  {
    name: 'raw and a NUL',
    content: Buffer.concat([key, Buffer.alloc(1)]),
    verdict: 'convertible',
    form: 'raw-nul',
    says: /33 bytes.*Without it, the file is exactly 32 bytes.*openssl would have wrapped the NUL/,
  },
  {
    name: 'hex',
    content: hex,
    verdict: 'convertible',
    form: 'hex',
    says: /64 bytes of hex text.*Decoded, it is exactly 32 bytes.*refused by AWS/,
  },
  {
    name: 'hex and newline',
    content: `${hex}\n`,
    verdict: 'convertible',
    form: 'hex',
    says: /65 bytes of hex.*last byte is a newline/,
  },
  {
    name: 'hex in capitals and \\r\\n',
    content: `${hex.toUpperCase()}\r\n`,
    verdict: 'convertible',
    form: 'hex',
    says: /hex/,
  },
  { name: 'hex behind 0x', content: `0x${hex}`, verdict: 'convertible', form: 'hex', says: /hex/ },
  { name: 'hex behind 0X and spaces', content: `  0X${hex}`, verdict: 'convertible', form: 'hex', says: /hex/ },
  {
    name: 'hex with colons',
    content: hex.replaceAll(/..(?!$)/g, '$&:'),
    verdict: 'convertible',
    form: 'hex',
    says: /hex/,
  },
  {
    name: 'hex as od and xxd print it',
    content: hex.replaceAll(/.{32}/g, '$&\n').replaceAll(/[\da-f]{2}/g, ' $&'),
    verdict: 'convertible',
    form: 'hex',
    says: /hex/,
  },
  { name: 'base64', content: base64, verdict: 'convertible', form: 'base64', says: /44 bytes of base64 text/ },
  {
    name: 'base64 and newline',
    content: `${base64}\n`,
    verdict: 'convertible',
    form: 'base64',
    says: /45 bytes of base64 text, not a raw key.*valid AES-256 key.*last byte is a newline/,
  },
  {
    name: 'base64, a newline and a NUL',
    content: `${base64}\n\0`,
    verdict: 'convertible',
    form: 'base64',
    says: /46 bytes of base64 text.*A NUL is behind the text.*the text would have been refused/,
  },
  {
    name: 'base64 without padding',
    content: base64.replace('=', ''),
    verdict: 'convertible',
    form: 'base64',
    says: /base64/,
  },
  {
    name: 'base64 over two lines',
    content: `${base64.slice(0, 20)}\r\n${base64.slice(20)}\r\n`,
    verdict: 'convertible',
    form: 'base64',
    says: /base64/,
  },
  {
    name: 'base64 between blanks',
    content: `  ${base64} \t\n`,
    verdict: 'convertible',
    form: 'base64',
    says: /base64 text, not a raw key/,
  },
  { name: 'base64url', content: base64url, verdict: 'convertible', form: 'base64url', says: /base64url/ },
  {
    name: 'base64url with padding',
    content: `${base64url}=\n`,
    verdict: 'convertible',
    form: 'base64url',
    says: /base64url/,
  },
  {
    name: 'hex behind a UTF-8 mark',
    content: Buffer.concat([utf8Mark, Buffer.from(hex)]),
    verdict: 'convertible',
    form: 'hex',
    says: /67 bytes of hex.*byte order mark/,
  },
  {
    name: 'base64 behind a UTF-8 mark',
    content: Buffer.concat([utf8Mark, Buffer.from(base64)]),
    verdict: 'convertible',
    form: 'base64',
    says: /byte order mark/,
  },
  {
    name: 'hex redirected by PowerShell',
    content: utf16(`${hex}\r\n`),
    verdict: 'convertible',
    form: 'hex',
    says: /134 bytes of hex.*UTF-16.*newline/,
  },
  {
    name: 'base64 as UTF-16, big end first',
    content: utf16(base64).swap16(),
    verdict: 'convertible',
    form: 'base64',
    says: /UTF-16/,
  },
  {
    name: 'base64 as UTF-16 without a mark',
    content: utf16(base64, false),
    verdict: 'convertible',
    form: 'base64',
    says: /UTF-16/,
  },
  {
    name: 'hex as UTF-16, big end first, without a mark',
    content: utf16(hex, false).swap16(),
    verdict: 'convertible',
    form: 'hex',
    says: /UTF-16/,
  },
  {
    name: 'PEM of a sensible label',
    content: pem('AES-256 KEY', key),
    verdict: 'convertible',
    form: 'pem',
    says: /PEM block \(AES-256 KEY\)/,
  },
  {
    name: 'PEM in UTF-16',
    content: utf16(pem('AES-256 KEY', key)),
    verdict: 'convertible',
    form: 'pem',
    says: /PEM block \(AES-256 KEY\), not a raw key\. It is saved as UTF-16/,
  },
  {
    name: 'PEM named SECRET KEY with \\r\\n',
    content: pem('SECRET KEY', key).replaceAll('\n', '\r\n'),
    verdict: 'convertible',
    form: 'pem',
    says: /PEM/,
  },
];

suite('a key file that can be used', () => {
  for (const { name, content, verdict, form, says } of usable) {
    test(name, () => {
      const path = folder.put('key', content);
      const { findings, ...found } = inspectKeyFile(path);
      assert.deepEqual(found, { verdict, form, size: Buffer.from(content).length });
      assert.match(findings.join(' '), says);
      assertPlain(findings);
      const expected = Buffer.from(form === 'raw' ? (content as Buffer) : key);
      using read = readKeyFile(path, form);
      using wanted = SecretBytes.takeFrom(expected);
      assert.ok(read.equals(wanted));
    });
  }
});

test('a key that was encoded twice is told with both encodings, and where it is among other words', () => {
  const inspected = (content: string) => {
    const { form, inner, part, findings } = inspectKeyFile(folder.put('key', content));
    assert.match(findings.join(' '), /the key was encoded twice\./);
    return { form, inner, part };
  };
  assert.deepEqual(inspected(Buffer.from(base64).toString('hex')), { form: 'hex', inner: 'base64', part: undefined });
  const twice = Buffer.from(hex).toString('base64');
  assert.deepEqual(inspected(`KEY=${twice}\n`), {
    form: 'base64',
    inner: 'hex',
    part: { start: 4, length: twice.length },
  });
  const once = inspectKeyFile(folder.put('key', `KEY=${base64}\n`));
  assert.equal('inner' in once, false);
});
