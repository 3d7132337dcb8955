import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { findSecretIn, type SoughtKey } from '../../source/material/secret-in-file.ts';
import { isLong, seed } from '../seed.ts';
import { randomFiles } from './random-files.ts';
import { base64, hex, key } from './samples.ts';

const files = isLong ? 20_000 : 300;

const copyOfKey = () => SecretBytes.takeFrom(Buffer.from(key));
const checkValue = keyCheckValue(copyOfKey()).value;
const atHand: SoughtKey = { checkValue, key: copyOfKey() };
const byCheckValue: SoughtKey = { checkValue };

for (const [name, form, content] of [
  ['hex text at the end of a long run of digits', 'hex', `${'0'.repeat(10_000)}${hex}\n-- `],
  ['base64 text inside a run, below a long word', 'base64', `${'z'.repeat(9000)}\nxY/${base64.slice(0, 43)}XyZ\n-- `],
  ['base64 text at the end of 64 KiB', 'base64', `${'#\n'.repeat(32_746)}${base64}`],
] as const) {
  test(`a large file with the key in it is known: ${name}, by the check value and by the key itself`, () => {
    for (const sought of [byCheckValue, atHand])
      assert.equal(findSecretIn(Buffer.from(content), sought), `holds your secret key as ${form} text`);
  });
}

test(`of ${files} random files none is taken for the key`, (t) => {
  let slowest = 0;
  for (const { kind, bytes } of randomFiles(seed, files)) {
    const began = performance.now();
    assert.equal(findSecretIn(bytes, byCheckValue), undefined, `${kind}, ${bytes.length} bytes`);
    slowest = Math.max(slowest, performance.now() - began);
    assert.equal(findSecretIn(bytes, atHand), undefined, `${kind}, ${bytes.length} bytes`);
  }
  t.diagnostic(`the slowest took ${Math.round(slowest)} ms`);
});
