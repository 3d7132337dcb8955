import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { inspectKeyFile, type KeyFileForm } from '../../source/material/inspect.ts';
import { readKeyFile } from '../../source/material/key-file.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { assertPlain, pem, utf16 } from './samples.ts';
import { temporaryFolder } from './temporary-folder.ts';
import '../seed.ts';
import { anyCharacter } from '../any-character.ts';

const folder = temporaryFolder();
const path = folder.put('key', '');
const settings = { numRuns: 300 };

const newline = fc.constantFrom('', '\n', '\r\n');
const countUrlSigns = (text: string) => [...text].filter((sign) => sign === '-' || sign === '_').length;
// Each with enough variety that no check for weak keys can speak up, and with as few signs in base64url as random bytes have.
const randomKey = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .filter((bytes) => new Set(bytes).size >= 20 && bytes.some((byte) => byte > 0xf8))
  .map((bytes) => Buffer.from(bytes))
  .filter((key) => countUrlSigns(key.toString('base64url')) <= 10);

const encodings: Record<
  string,
  (key: Buffer) => { content: string | Uint8Array; form: KeyFileForm; noNewline?: true }
> = {
  raw: (key) => ({ content: key, form: 'raw', noNewline: true }),
  hex: (key) => ({ content: key.toString('hex'), form: 'hex' }),
  'hex in capitals': (key) => ({ content: `0x${key.toString('hex').toUpperCase()}`, form: 'hex' }),
  'hex with colons': (key) => ({ content: key.toString('hex').replaceAll(/..(?!$)/g, '$&:'), form: 'hex' }),
  base64: (key) => ({ content: key.toString('base64'), form: 'base64' }),
  'base64 without padding': (key) => ({ content: key.toString('base64').replace('=', ''), form: 'base64' }),
  base64url: (key) => ({ content: key.toString('base64url'), form: 'base64url' }),
  pem: (key) => ({ content: pem('AES KEY', key), form: 'pem' }),
};

suite('properties of inspection', () => {
  for (const [name, encode] of Object.entries(encodings)) {
    test(`any key as ${name} is found and read back`, () => {
      fc.assert(
        fc.property(randomKey, newline, fc.boolean(), (key, end, wide) => {
          const { content, form, noNewline } = encode(key);
          const whole = typeof content === 'string' ? `${content}${end}` : content;
          writeFileSync(path, wide && !noNewline ? utf16(String(whole)) : whole);
          const inspection = inspectKeyFile(path);
          // Without + / - or _ in it, base64url is base64.
          const expected = form === 'base64url' && !/[-_]/.test(String(content)) ? 'base64' : form;
          assert.equal(inspection.form, expected);
          assert.equal(inspection.verdict, form === 'raw' ? 'ready' : 'convertible');
          using read = readKeyFile(path, inspection.form);
          using wanted = SecretBytes.takeFrom(Buffer.from(key));
          assert.ok(read.equals(wanted));
        }),
        settings,
      );
    });
  }

  test('any raw key with a newline behind it is found and read back', () => {
    fc.assert(
      fc.property(randomKey, fc.constantFrom('\n', '\r\n'), (key, end) => {
        writeFileSync(path, Buffer.concat([key, Buffer.from(end)]));
        assert.equal(inspectKeyFile(path).form, 'raw-newline');
        using read = readKeyFile(path, 'raw-newline');
        using wanted = SecretBytes.takeFrom(Buffer.from(key));
        assert.ok(read.equals(wanted));
      }),
      settings,
    );
  });

  const anything = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
    fc.string({ minLength: 1, maxLength: 120, unit: anyCharacter }).map((text) => Buffer.from(text)),
    fc
      .string({ minLength: 40, maxLength: 70, unit: fc.constantFrom(...'0123456789abcdefABCDEF:= \n+/-_xyzXYZ') })
      .map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 0, maxLength: 80 }).map((body) => Buffer.concat([Buffer.from('-----BEGIN '), body])),
  );

  test('no file makes it throw, and no finding repeats the file', () => {
    fc.assert(
      fc.property(anything, (content) => {
        writeFileSync(path, content);
        const inspection = inspectKeyFile(path);
        assertPlain(inspection.findings);
        const shown = JSON.stringify(inspection);
        for (const encoding of ['latin1', 'hex', 'base64'] as const) {
          const spelled = content.toString(encoding).replace('-----BEGIN ', '');
          for (let start = 0; start + 12 <= spelled.length; start++) {
            const piece = spelled.slice(start, start + 12);
            assert.ok(!shown.includes(piece), `${encoding} of the file in ${shown}`);
          }
        }
      }),
      { ...settings, numRuns: 600 },
    );
  });
});
