import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matchesAction, matchesPattern } from '../../source/practice/iam-pattern.ts';
import '../seed.ts';

test('stars and question marks match as in IAM, and case counts but in actions', () => {
  for (const [pattern, text, matches] of [
    ['*', '', true],
    ['', '', true],
    ['?', '', false],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/c', true],
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b', false],
    ['*.csv', 'a.csv.csv', true],
    ['a*b*c', 'axbxbc', true],
    ['a*b*c', 'axbxb', false],
    ['a.c', 'abc', false],
    ['Key', 'key', false],
  ] as const)
    assert.equal(matchesPattern(pattern, text), matches, `${pattern} on ${text}`);
  assert.ok(matchesAction('KMS:generatedatakey*', 'kms:GenerateDataKey'));
});

test('patterns match what an expression of the same meaning matches', () => {
  const of = (...letters: readonly string[]) => fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 });
  fc.assert(
    fc.property(of('a', 'b', '*', '?'), of('a', 'b'), (pattern, text) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
      assert.equal(matchesPattern(pattern, text), expression.test(text));
    }),
    { numRuns: 2000 },
  );
});

test('a pattern that was made to be slow takes no time worth speaking of', () => {
  const start = performance.now();
  assert.equal(matchesPattern(`${'?*'.repeat(200)}!`, 'kms:'.repeat(500)), false);
  assert.ok(performance.now() - start < 1000);
});
