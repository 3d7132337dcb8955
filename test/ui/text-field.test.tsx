import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { cleanup } from 'ink-testing-library';
import type { Question, TextQuestion } from '../../source/ceremony/question.ts';
import { asked, keys } from './asked.tsx';

afterEach(cleanup);

const question: TextQuestion = {
  kind: 'text',
  id: 'alias',
  ask: 'What should the key be called?',
  label: 'Alias',
  form: 'alias/name',
  placeholder: 'alias/payments',
  check: (text) => (text === '' ? 'Type a name for the key.' : undefined),
  notice: (text) => (text === '' ? undefined : `alias/${text}`),
};

test('the placeholder stands where nothing was typed, the default is text', async () => {
  assert.match(await asked(question).until('Alias: '), /Alias: ▏ alias\/payments/);
  assert.match(await asked({ ...question, default: 'abc' }).until('Alias: '), /Alias: abc▏/);
  assert.match(await asked({ ...question, default: 'abc' }, 'draft').until('Alias: '), /Alias: draft▏/);
});

test('line editing', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press(...'payment', keys.left, keys.backspace, 'n', '\u0001', 'x', '\u0005', 's');
  await field.until('Alias: xpayments▏');
  await field.press(' ', ...'two', '\u0017');
  await field.until('Alias: xpayments ▏');
  await field.press(keys.home, '\u000B', 'a', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'a' });
});

test('a notice stands under what was typed', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press('a');
  await field.until(/^.*alias\/a$/m);
});

test('a refused answer keeps the text, and the next key clears the problem', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press(keys.enter);
  await field.until('x Type a name for the key.');
  await field.press('a');
  await field.until('Alias: a▏');
  assert.doesNotMatch(field.shown(), /Type a name/);
  assert.ok(field.pending);
});

test('a paste loses one newline at its end and submits nothing', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press(keys.paste('payments\r\n'));
  await field.until('Alias: payments▏');
  assert.ok(field.pending);
});

test('a paste of several lines is refused', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press(keys.paste('one\ntwo\n'));
  await field.until('x The pasted text has more than one line');
  assert.match(field.shown(), /Alias: ▏/);
});

test('? and c are text here, and ctrl+g opens the reasons', async () => {
  const field = asked(question);
  await field.until('ctrl+g why');
  await field.press('?', 'c');
  await field.until('Alias: ?c▏');
  await field.press(keys.why);
  await field.until('Wrapping key: why');
  await field.press('c');
  await field.until('aws kms list-keys');
  await field.press(keys.esc);
  await field.until('Alias: ?c▏');
});

test('ctrl+o opens the commands where letters are text, and closes them', async () => {
  const phrase: Question = {
    kind: 'phrase',
    id: 'a',
    ask: 'Sure?',
    label: 'Type yes',
    form: 'yes',
    phrase: 'yes',
    decline: '',
  };
  const secret: Question = {
    kind: 'secret',
    id: 'a',
    ask: 'Which?',
    label: 'Passphrase',
    form: 'text',
    keep: () => {},
  };
  const many: Question = {
    kind: 'many',
    id: 'a',
    ask: 'Which files?',
    label: 'Files',
    form: 'paths',
    options: [],
    least: 0,
  };
  for (const each of [question, { ...question, kind: 'file' } as const, phrase, secret, many]) {
    const field = asked(each);
    await field.until('ctrl+o commands');
    await field.press('a', keys.commands);
    await field.until('aws kms list-keys');
    await field.press(keys.commands);
    await field.until('ctrl+o commands');
    assert.ok(field.pending, each.kind);
  }
});

test('Esc goes back with what was typed', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press('a', 'b', keys.esc);
  assert.deepEqual(await field.outcome(), { kind: 'back', typed: 'ab' });
});

test('while an answer is checked the screen says so, and Esc goes back to it', async () => {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const field = asked({ ...question, verify: () => promise });
  await field.until('Alias: ');
  await field.press('a', keys.enter);
  await field.until('Checking');
  await field.press(keys.esc);
  await field.until('enter accept');
  resolve(undefined);
  await field.press('b');
  await field.until('Alias: ab▏');
  assert.ok(field.pending, 'a check that was left does not answer');
});

test('what a check finds stands under the field', async () => {
  const field = asked({ ...question, verify: async () => 'alias/a is taken.' });
  await field.until('Alias: ');
  await field.press('a', keys.enter);
  await field.until('x alias/a is taken.');
});

test('a check that fails is said, and can be tried again', async () => {
  let tries = 0;
  const verify = async () => {
    tries += 1;
    if (tries === 1) throw new Error('connect ECONNREFUSED');
    return undefined;
  };
  const field = asked({ ...question, verify });
  await field.until('Alias: ');
  await field.press('a', keys.enter);
  await field.until('This cannot be checked now. connect ECONNREFUSED');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'a' });
});

test('Ctrl+C asks, and Esc goes on', async () => {
  const field = asked(question);
  await field.until('Alias: ');
  await field.press('a', keys.stop);
  await field.until('Stop here? Progress is saved.');
  await field.press(keys.esc);
  await field.until('enter accept');
  assert.match(field.shown(), /Alias: a▏/);
  assert.deepEqual(field.stops, []);
});

for (const [name, key] of [
  ['Ctrl+C', keys.stop],
  ['Enter', keys.enter],
] as const) {
  test(`Ctrl+C and then ${name} stops`, async () => {
    const field = asked(question);
    await field.until('Alias: ');
    await field.press(keys.stop);
    await field.until('Stop here?');
    await field.press(key);
    const outcome = await field.outcome();
    assert.ok(outcome instanceof Error && outcome.name === 'StoppedByPerson');
    assert.deepEqual(field.stops, ['stopped']);
  });
}

test('a file is looked at while its path is typed', async () => {
  const field = asked({
    ...question,
    kind: 'file',
    label: 'File',
    notice: (path) => (path.endsWith('.key') ? 'This file is 45 bytes of base64 text.' : undefined),
  });
  await field.until('File: ');
  await field.press(...'a.key');
  await field.until('This file is 45 bytes of base64 text.');
});

test('long text scrolls under the cursor', async () => {
  const field = asked({ ...question, default: `${'a'.repeat(200)}z` });
  await field.until(/Alias: …a+z▏/);
  await field.press(keys.home);
  await field.until(/Alias: ▏a+…/);
});

test('a field stops at the limit of its question, for what is typed and what is pasted', async () => {
  const field = asked({ ...question, longest: 5 });
  await field.until('Alias: ');
  await field.press(...'abcdef');
  await field.until('It takes at most 5 characters.');
  await field.until('Alias: abcde▏');
  await field.press(keys.backspace, keys.paste('xy'));
  await field.until('The pasted text is too long: at most 5 characters. It was left out.');
  await field.press('z', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'abcdz' });
});

/** Takes small letters; knows the right text for capital ones. */
const small: TextQuestion = {
  ...question,
  check: (text) => (/^[a-z]*$/.test(text) ? undefined : 'A name has small letters only.'),
  suggest: (text) => (/^[a-z]+$/i.test(text) ? text.toLowerCase() : undefined),
};

test('a text that Enter would refuse is told so while it is typed, and Tab takes the right one', async () => {
  const field = asked(small);
  await field.until('Alias: ');
  await field.press('a', 'B');
  await field.until(/Enter would refuse this: A name has small letters only. Right would be: ab\s+\(Tab takes it\)/);
  assert.match(field.shown(), /tab correct it/);
  assert.doesNotMatch(field.shown(), /alias\/aB/);
  await field.press(keys.enter);
  await field.until('x A name has small letters only. Right would be: ab');
  await field.press(keys.tab);
  await field.until('Alias: ab▏');
  assert.doesNotMatch(field.shown(), /tab correct it|Enter would refuse/);
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'ab' });
});

test('where no right text is sure, only the reason is told; of an unfinished text, nothing', async () => {
  const field = asked({ ...small, notice: (text: string) => (text.length < 2 ? undefined : '') });
  await field.until('Alias: ');
  await field.press('1');
  await field.until('Alias: 1▏');
  assert.doesNotMatch(field.shown(), /small letters/);
  await field.press('2');
  await field.until('Enter would refuse this: A name has small letters only.');
  assert.doesNotMatch(field.shown(), /tab correct it|Right would be/);
});

test('an answer is taken without the spaces around it', async () => {
  const field = asked(small);
  await field.until('Alias: ');
  await field.press(keys.paste(' eu '), keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'eu' });
});
