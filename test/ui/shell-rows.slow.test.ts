import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { shellRows } from '../../source/ui/ink/panels/shell-rows.ts';
import '../seed.ts';

const word = fc.string({ unit: fc.constantFrom(...'ab "\'\\{$}*:,/=é🔑'), maxLength: 60 });
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const asWord = word.chain((text) => {
  const bare = text.replaceAll(/[^ab:,/=]/gu, '');
  const double = `"${text.replaceAll(/["$\\`]/gu, '\\$&')}"`;
  return fc.constantFrom(...[quoted(text), double, ...(bare === '' ? [] : [bare])]);
});

test('shell lines run as they are printed, whatever the width', () => {
  fc.assert(
    fc.property(fc.array(asWord, { minLength: 1, maxLength: 8 }), fc.integer({ min: 12, max: 80 }), (words, width) => {
      const line = `printf '[%s]' ${words.join(' ')}`;
      const rows = shellRows(line, width);
      assert.ok(rows.every((row) => row.length <= width));
      const run = (text: string) => execFileSync('/bin/sh', ['-c', text], { encoding: 'utf8' });
      assert.equal(run(rows.join('\n')), run(line));
    }),
    { numRuns: 150 },
  );
});

test('shell lines run as they are printed where quotes begin anew inside quotes', () => {
  const line = `printf '[%s]' "$(printf 'ab-cd-ef (gh)\\nij' | tr -cd 'a-j\\n' | sed 's/[b-h]/<&>/g')" 'after it'`;
  const run = (text: string) => execFileSync('/bin/sh', ['-c', text], { encoding: 'utf8' });
  for (let width = 12; width <= line.length; width += 1) {
    const rows = shellRows(line, width);
    assert.ok(rows.every((row) => row.length <= width));
    assert.equal(run(rows.join('\n')), run(line), `at ${width} columns`);
  }
});
