import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadEstimator, strengthWords, weaknessOf } from '../../source/steps/passphrase-strength.ts';
import { typedText } from '../typed-text.ts';

/** What is said of a passphrase, and why it is not taken. */
function judged(passphrase: string): { readonly says: string | undefined; readonly refused: string | undefined } {
  const text = typedText(passphrase);
  return { says: strengthWords(text), refused: weaknessOf(text) };
}

const grade = (passphrase: string) =>
  (judged(passphrase).says ?? '').replace(': a room full of computers would guess it in ', ', ');

test('nothing is said of a passphrase before the estimator is loaded', async () => {
  // A fresh module: in this process, another test may have loaded the estimator.
  const path = '../../source/steps/passphrase-strength.ts?fresh';
  const fresh: typeof import('../../source/steps/passphrase-strength.ts') = await import(path);
  const text = typedText('abc');
  assert.deepEqual([fresh.strengthWords(text), fresh.weaknessOf(text)], [undefined, undefined]);
});

test('a passphrase is called as strong as the time in which a room full of computers guesses it', async () => {
  await loadEstimator();
  assert.deepEqual(judged(''), { says: undefined, refused: undefined });
  assert.deepEqual(
    ['password', 'kT7$xq9!w', 'winter lamp orbit', 'kT7$xq9!wZ2m', 'winter lamp orbit saddle'].map(grade),
    [
      'Too weak, less than a day.',
      'Weak, about a day.',
      'Weak, about 12 months.',
      'Good, about 3 years.',
      'Strong, centuries.',
    ],
  );
});

test('a passphrase that articles give as an example is refused, in each way to write it', async () => {
  await loadEstimator();
  for (const example of ['correct horse battery staple', 'CorrectHorseBatteryStaple!', 'correct-horse-battery-staple'])
    assert.match(judged(example).refused ?? '', /^This is guessed within a day\./, example);
});

test('a passphrase that is guessed within a day is refused, and blanks between its letters do not help', async () => {
  await loadEstimator();
  const spaced = 'p a s s w o r d 1 2 3';
  for (const weak of ['password', 'winter lamp', 'kT7$xq9!', spaced, spaced.replaceAll(' ', '')])
    assert.match(judged(weak).refused ?? '', /^This is guessed within a day\./, weak);
  for (const fit of ['kT7$xq9!w', 'winter lamp orbit saddle']) assert.equal(judged(fit).refused, undefined, fit);
});
