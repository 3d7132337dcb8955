import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { test } from 'node:test';
import {
  answersBefore,
  checkAnswer,
  lastAnswered,
  pendingQuestion,
  suggestionFor,
  takenAnswer,
  takeSecret,
} from '../../source/ceremony/interview.ts';
import { type Answer, given, type Question, type SecretQuestion } from '../../source/ceremony/question.ts';
import { typedText } from '../typed-text.ts';

const named = (id: string) => ({ id, ask: 'What?', label: 'It', form: 'a word' });
const noX = (text: string) => (text.includes('x') ? 'No x.' : undefined);
const text: Question = { ...named('text'), kind: 'text', check: noX };
const many: Question = { ...named('many'), kind: 'many', options: [], least: 2, check: noX };
const choice: Question = {
  ...named('choice'),
  kind: 'choice',
  check: noX,
  options: [
    { value: 'one', label: 'One' },
    { value: 'six', label: 'Six' },
    { value: 'two', label: 'Two', disabled: 'it is taken' },
    { value: 'back', label: 'Back', leads: { action: 'retry', label: 'Back' } },
  ],
};
const loaded: Question = { ...choice, options: async function* () {} };
const confirm: Question = { ...named('confirm'), kind: 'confirm' };
const phrase: Question = { ...named('phrase'), kind: 'phrase', phrase: 'destroy it', decline: 'keep' };
const secret: SecretQuestion = { ...named('secret'), kind: 'secret', keep: () => {} };

const form = 'It takes a word.';
/** What a journal may hold that somebody has edited. */
const edited: Answer = JSON.parse('[true, "a"]');
for (const [question, answer, says] of [
  [text, 'good', undefined],
  [text, 'bad x', 'No x.'],
  [text, true, form],
  [{ ...text, kind: 'file' }, 'good', undefined],
  [{ ...text, kind: 'file' }, 'bad x', 'No x.'],
  [{ ...text, kind: 'file' }, ['good'], form],
  [choice, 'one', undefined],
  [choice, 'six', 'No x.'],
  [choice, 'two', 'Two cannot be chosen: it is taken.'],
  [choice, 'back', form],
  [choice, 'three', form],
  [choice, ['one'], form],
  [loaded, 'three', undefined],
  [loaded, 'x', 'No x.'],
  [many, ['a', 'b'], undefined],
  [many, ['a', 'x'], 'No x.'],
  [many, ['a'], 'It takes at least 2: a word.'],
  [many, 'a', form],
  [many, edited, form],
  [confirm, true, undefined],
  [confirm, false, undefined],
  [confirm, 'true', 'It takes true or false.'],
  [{ ...confirm, mustTick: true }, true, undefined],
  [{ ...confirm, mustTick: true }, false, 'It must be ticked (true) before anything goes on.'],
  [phrase, 'destroy it', undefined],
  [phrase, 'keep', undefined],
  [{ ...phrase, formerly: ['destroy payments'] }, 'destroy payments', undefined],
  [{ ...phrase, formerly: ['destroy payments'] }, 'destroy', 'Type exactly: destroy it, or keep to leave it.'],
  [phrase, 'Destroy It', 'Type exactly: destroy it, or keep to leave it.'],
  [phrase, 'destroy', 'Type exactly: destroy it, or keep to leave it.'],
  [secret, given, undefined],
  // As journals have it.
  [secret, 'given', undefined],
  [secret, 'the passphrase itself', form],
] as const) {
  test(`${question.kind}: the answer ${JSON.stringify(answer)} is ${says === undefined ? 'taken' : 'refused'}`, () => {
    assert.equal(checkAnswer(question as Question, answer), says);
  });
}

test('questions are asked in their order, and asked again from the one that is named', () => {
  const questions = [text, choice, confirm];
  const answers = { text: 'a', choice: 'one' };
  assert.equal(pendingQuestion(questions, {}), text);
  assert.equal(pendingQuestion(questions, answers), confirm);
  assert.equal(pendingQuestion(questions, { ...answers, confirm: false }), undefined);
  assert.equal(lastAnswered(questions, answers), choice);
  assert.equal(lastAnswered(questions, {}), undefined);
  assert.deepEqual(answersBefore(questions, { ...answers, confirm: true }, 'choice'), { text: 'a' });
  assert.deepEqual(answersBefore(questions, { choice: 'one' }, 'confirm'), { choice: 'one' });
  assert.deepEqual(answersBefore([confirm, text], { confirm: false }, 'text'), { confirm: false });
});

test('a typed answer loses the spaces around it, and a path gets the home folder for its ~', () => {
  const complete = () => ({ text: '', names: [] });
  const home = homedir();
  assert.equal(takenAnswer(text, ' ~/a '), '~/a');
  assert.equal(takenAnswer({ ...text, complete } as Question, ' ~/a '), `${home}/a`);
  assert.equal(takenAnswer({ ...named('file'), kind: 'file', complete } as Question, ' ~/a '), `${home}/a`);
  assert.equal(takenAnswer(phrase, ' destroy it '), 'destroy it');
  assert.equal(takenAnswer(choice, ' one '), ' one ');
  assert.deepEqual(takenAnswer(many, ['~/a', 'b ']), ['~/a', 'b ']);
  assert.deepEqual(takenAnswer({ ...many, complete } as Question, ['~/a', 'b ']), [`${home}/a`, 'b ']);
  assert.deepEqual(takenAnswer({ ...many, complete } as Question, edited), edited, 'it is refused later, with words');
  assert.equal(takenAnswer({ ...many, complete } as Question, '~/a'), '~/a');
  assert.equal(takenAnswer(text, true), true);
});

test('a right text is suggested only for a refused one, and only where it would be taken', () => {
  const suggest = (typed: string) => typed.replace('x', '');
  const suggesting: Question = { ...named('text'), kind: 'text', check: noX, suggest };
  assert.equal(suggestionFor(suggesting, ' axe '), 'ae');
  assert.equal(suggestionFor({ ...suggesting, kind: 'file' } as Question, 'axe'), 'ae');
  assert.equal(suggestionFor(suggesting, 'good'), undefined);
  assert.equal(suggestionFor(suggesting, 'axxe'), undefined);
  assert.equal(checkAnswer(suggesting, 'axe'), 'No x. Right would be: ae');
  assert.equal(checkAnswer({ ...suggesting, shown: () => 'hidden' }, 'axe'), 'No x. Right would be: hidden');
});

test('a secret is kept only when its question takes it', () => {
  const kept: string[] = [];
  const asking: SecretQuestion = {
    ...secret,
    check: ({ count }) => (count < 3 ? 'Too short.' : undefined),
    keep: (taken) => void kept.push(taken.use(String)),
  };
  const give = (words: string) => takeSecret(asking, typedText(words));
  assert.equal(give(''), form);
  assert.equal(give('ab'), 'Too short.');
  assert.deepEqual(kept, []);
  assert.equal(give('abc'), undefined);
  assert.deepEqual(kept, ['abc']);
  const lent = typedText('abcd');
  takeSecret(asking, lent);
  assert.equal(lent.count, 4, 'whoever lent it may compare it with another');
});
