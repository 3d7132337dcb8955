import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { cleanup } from 'ink-testing-library';
import { given, type SecretQuestion } from '../../source/ceremony/question.ts';
import type { SecretText } from '../../source/ceremony/secret-text.ts';
import { typedText } from '../typed-text.ts';
import { asked, keys } from './asked.tsx';

afterEach(cleanup);

/** A secret question that notes what it was handed. */
function secretQuestion(more: Partial<SecretQuestion> = {}): { question: SecretQuestion; kept: string[] } {
  const kept: string[] = [];
  const question: SecretQuestion = {
    kind: 'secret',
    id: 'passphrase',
    ask: 'Which passphrase?',
    label: 'Passphrase',
    form: 'a passphrase',
    keep: (text) => void kept.push(textOf(text)),
    ...more,
  };
  return { question, kept };
}

const textOf = (text: SecretText) => text.use((bytes) => bytes.toString());

test('what is typed is counted and never shown, and the answer is only that it was given', async () => {
  const { question, kept } = secretQuestion();
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(...'zebra', 'ü');
  assert.match(await field.until('6 characters'), /Passphrase: \*{8}▏ {2}6 characters/);
  assert.doesNotMatch(field.shown(), /zebra|z▏/);
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: given });
  assert.deepEqual(kept, ['zebraü']);
});

test('backspace takes one character back, and ctrl+u all of them', async () => {
  const { question, kept } = secretQuestion();
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(...'ab€', keys.backspace, keys.backspace);
  await field.until('1 character');
  await field.press('\u0015');
  await field.until(() => !field.shown().includes('***'));
  await field.press(...'xy', keys.enter);
  await field.outcome();
  assert.deepEqual(kept, ['xy']);
});

test('a typing error that was taken back makes no difference to the same text typed again without one', async () => {
  const wanted = typedText('zebra');
  let same: boolean | undefined;
  const { question } = secretQuestion({
    keep: (text) => {
      same = text.equals(wanted);
    },
  });
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(...'zebxyz', keys.backspace, keys.backspace, keys.backspace, ...'ra', keys.enter);
  await field.outcome();
  assert.equal(same, true);
});

test('a paste loses one newline at its end, and one with control characters is refused', async () => {
  const { question, kept } = secretQuestion();
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(keys.paste('one\ntwo'));
  await field.until('x It holds a line break');
  await field.press(keys.paste('one two\n'));
  await field.until('7 characters');
  assert.equal(field.pending, true);
  await field.press(keys.enter);
  await field.outcome();
  assert.deepEqual(kept, ['one two']);
});

test('nothing, and what the check refuses, is not taken; what was typed stays', async () => {
  const { question, kept } = secretQuestion({
    check: (text) => (text.count < 4 ? 'It is too short.' : undefined),
    notice: (text) => `Strength ${text.count}.`,
  });
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(keys.enter);
  await field.until('x It takes a passphrase.');
  await field.press(...'abc');
  await field.until('Strength 3.');
  await field.press(keys.enter);
  await field.until('x It is too short.');
  await field.press('d', keys.enter);
  await field.outcome();
  assert.deepEqual(kept, ['abcd']);
});

test('Esc leaves nothing of it behind', async () => {
  const { question, kept } = secretQuestion();
  const field = asked(question, given);
  await field.until('Passphrase:');
  assert.doesNotMatch(field.shown(), /\*/);
  await field.press(...'abc', keys.esc);
  assert.deepEqual(await field.outcome(), { kind: 'back', typed: given });
  assert.deepEqual(kept, []);
});

for (const [way, key] of [
  ['an answer', keys.enter],
  ['Esc', keys.esc],
] as const) {
  test(`what was typed is gone from its buffer after ${way}`, async () => {
    const { question } = secretQuestion();
    let typed: SecretText | undefined;
    const notice = (text: SecretText) => {
      typed = text;
      return undefined;
    };
    const field = asked({ ...question, check: () => undefined, notice });
    await field.until('Passphrase:');
    await field.press(...'abcd');
    assert.equal(typed?.count, 4);
    await field.press(key);
    await field.outcome();
    assert.equal(typed?.count, 0);
  });
}

test('a text that the check refuses is gone, and the next one is taken alone', async () => {
  const { question, kept } = secretQuestion({
    verify: async () => (kept.at(-1) === 'zebra' ? undefined : 'This passphrase does not open it.'),
  });
  const field = asked(question);
  await field.until('Passphrase:');
  await field.press(...'wrong', keys.enter);
  await field.until('x This passphrase does not open it.');
  assert.doesNotMatch(field.shown(), /\*/);
  await field.press(...'zebra', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: given });
  assert.deepEqual(kept, ['wrong', 'zebra']);
});
