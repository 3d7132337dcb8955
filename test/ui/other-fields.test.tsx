import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { Box } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import type { Answer, ConfirmQuestion, ManyQuestion, Option, PhraseQuestion } from '../../source/ceremony/question.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { kindOf, openField } from '../../source/ui/ink/fields/kinds.ts';
import { actOnPhrase, openPhrase, pasteIntoPhrase } from '../../source/ui/ink/fields/phrase/state.ts';
import { asked, keys } from './asked.tsx';

afterEach(cleanup);

const many: ManyQuestion = {
  kind: 'many',
  id: 'administrators',
  ask: 'Who may administer the key?',
  label: 'Administrators',
  form: 'ARNs',
  options: [
    { value: 'arn:admin', label: 'role  SecurityAdmin', hint: 'you are in it' },
    { value: 'arn:audit', label: 'role  SecurityAudit' },
    { value: 'arn:glass', label: 'role  BreakGlass' },
  ],
  default: ['arn:glass'],
  typed: 'ARN of a user or role',
  check: (arn) => (arn.startsWith('arn:') ? undefined : `${arn} is not an ARN.`),
  least: 0,
};

test('many: typing filters, Enter ticks the row and empties the filter, and Enter again accepts', async () => {
  const field = asked(many);
  await field.until('1 chosen · 3 in all');
  await field.until(/type to filter · enter accept/);
  await field.press(...'sec');
  await field.until('2 of 3 shown');
  const filtered = await field.until('enter tick');
  assert.doesNotMatch(filtered, /space tick/);
  await field.press(keys.down, keys.enter);
  const shown = await field.until('2 chosen · 3 in all');
  assert.match(shown, /❯ \[x\] role {2}SecurityAudit/);
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['arn:glass', 'arn:audit'] });
});

test('many: a tick can be taken away', async () => {
  const field = asked(many);
  await field.until('1 chosen');
  await field.press(' ');
  await field.until('0 chosen');
});

test('many: a space inside a text is text, and ticks nobody', async () => {
  const options = [...(many.options as readonly Option[]), { value: 'arn:alice', label: 'user  alice' }];
  const field = asked({ ...many, options });
  await field.until('1 chosen');
  await field.press(...'alice smith');
  await field.until('Filter or type: alice smith▏');
  await field.until('1 chosen');
  await field.press(keys.enter);
  await field.until('x alice smith is not an ARN.');
});

test('many: what was chosen before comes first when the list opens', async () => {
  const field = asked(many);
  assert.match(await field.until('1 chosen'), /BreakGlass[\s\S]*SecurityAdmin[\s\S]*SecurityAudit/);
});

test('many: a filtered row that is ticked stays ticked, and is shown in the list', async () => {
  const field = asked(many);
  await field.until('1 chosen');
  await field.press(...'glass');
  await field.until('enter show in the list');
  await field.press(keys.enter);
  const shown = await field.until('1 chosen · 3 in all');
  assert.match(shown, /❯ \[x\] role {2}BreakGlass/);
});

test('many: a typed ARN is never the row of which it is the beginning', async () => {
  const field = asked({ ...many, options: [{ value: 'arn:role/AdminAudit', label: 'role  AdminAudit' }], default: [] });
  await field.until('0 chosen');
  await field.press(...'arn:role/Admin', keys.enter);
  await field.until('1 chosen');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['arn:role/Admin'] });
});

test('many: one key ticks all rows that can be chosen, and one takes all ticks away', async () => {
  const options = [...(many.options as readonly Option[]), { value: 'arn:not', label: 'role  Old', disabled: 'gone' }];
  const field = asked({ ...many, options });
  await field.until('1 chosen');
  await field.press('\u0014');
  await field.until('3 chosen');
  await field.press(...'sec', '\u000E');
  await field.until('1 chosen');
  await field.press('\u0015', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['arn:glass'] });
});

test('many: an empty list says where it looked, and what can be typed', async () => {
  const tags = asked({ ...many, options: [], default: [], typed: 'tag, as KEY=VALUE' });
  const shown = await tags.until('You can type: tag, as KEY=VALUE.');
  assert.match(shown, / Type: ▏/);
  assert.match(shown, /type a value · enter accept/);
  const files = asked({ ...many, options: [], default: [], typed: 'path of a file', looksIn: 'the folder /home/me' });
  await files.until(/There is nothing to choose in the folder \/home\/me\. You can type: path of a\s+file\./);
});

test('many: where a check knows the right answer, it is chosen, and Enter takes it', async () => {
  const instead = ['arn:audit'];
  const verify = async (answer: Answer) =>
    String(answer) === 'arn:glass' ? { says: 'IAM has it as arn:audit.', instead } : undefined;
  const field = asked({ ...many, verify });
  await field.until('1 chosen');
  await field.press(keys.enter);
  await field.until('x IAM has it as arn:audit. The right one is chosen now: Enter');
  await field.until('[x] role  SecurityAudit');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: instead });
});

test('many: Enter on a text that matches no row says so, where none may be typed', async () => {
  const { typed: _, check: __, ...closed } = many;
  const field = asked(closed);
  await field.until('1 chosen');
  await field.press(...'zebra', keys.enter);
  await field.until('x Nothing matches. Change the text, or delete it to go on.');
  assert.ok(field.pending);
});

test('many: what is not listed is added by typing or pasting it', async () => {
  const field = asked(many);
  await field.until('1 chosen');
  await field.press(keys.paste('arn:other\n'));
  await field.until('Not in the list. Enter adds it.');
  await field.press(keys.enter);
  await field.until('2 chosen');
  await field.press(...'bob', keys.enter);
  await field.until('x bob is not an ARN.');
  await field.press('\u0015', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: ['arn:glass', 'arn:other'] });
});

test('many: a refused listing is one quiet line, and typing still works', async () => {
  const options = () =>
    // biome-ignore lint/correctness/useYield: this listing fails before its first page.
    (async function* () {
      throw Object.assign(new Error(''), { name: 'AccessDenied' });
    })();
  const field = asked({ ...many, options, default: [] });
  await field.until('The list cannot be read: AccessDenied. You can still type: ARN of a user or');
  await field.press(...'arn:me', keys.enter);
  await field.until('1 chosen');
});

const confirm: ConfirmQuestion = {
  kind: 'confirm',
  id: 'acknowledge',
  ask: 'I understand the implications.',
  label: 'Acknowledged',
  form: 'true',
  mustTick: true,
};

test('confirm: nothing goes on without the tick, which is never there beforehand', async () => {
  const field = asked(confirm, true);
  await field.until('[ ] I understand');
  await field.press(keys.enter);
  await field.until('x Space ticks it.');
  await field.press(' ');
  await field.until('[x] I understand');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: true });
});

test('confirm: y and yes set the tick, n and no remove it', async () => {
  const field = asked({ ...confirm, mustTick: false, default: false });
  await field.until('[ ]');
  await field.press(...'yes');
  await field.until('[x]');
  await field.press(...'no');
  await field.until('[ ]');
  await field.press('y', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: true });
});

test('confirm: where it may stay open, Enter takes it as it is', async () => {
  const field = asked({ ...confirm, mustTick: false, default: false });
  await field.until('[ ] I understand');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: false });
});

const phrase: PhraseQuestion = {
  kind: 'phrase',
  id: 'destroy',
  ask: 'Type the last 8 characters of the key id.',
  label: 'Key id ends in',
  form: '8 characters',
  phrase: '6e2b90aa',
  decline: 'keep',
};

test('phrase: keys that come before anyone can have read it do not count', () => {
  const opened = openPhrase(phrase, 1000);
  assert.deepEqual(actOnPhrase(opened, { type: 'insert', text: '6' }, 1199), {});
  assert.deepEqual(actOnPhrase(opened, { type: 'accept' }, 1199), {});
  assert.deepEqual(pasteIntoPhrase(opened, '6e2b90aa', 1100), {});
  const { field } = actOnPhrase(opened, { type: 'insert', text: '6' }, 1200);
  assert.deepEqual(field, { ...opened, edit: { text: '6', cursor: 1 } });
  assert.match(pasteIntoPhrase(opened, '6e2b90aa\n', 2000).problem ?? '', /^Type it/);
});

async function heard(field: ReturnType<typeof asked>, key: string, wanted: string) {
  while (!field.shown().includes(wanted)) await field.press(key);
}

test('phrase: only the phrase confirms, and Enter alone declines', async () => {
  const field = asked(phrase);
  await field.until('Key id ends in: ▏');
  await heard(field, '6', 'Key id ends in: 6');
  await field.press(keys.enter);
  await field.until('x Type exactly: 6e2b90aa');
  await field.press('\u0015', ...'6e2b90aa', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: '6e2b90aa' });

  const other = asked(phrase);
  await other.until('Key id ends in: ▏');
  await heard(other, 'x', 'Key id ends in: x');
  await other.press('\u0015', keys.enter);
  assert.deepEqual(await other.outcome(), { kind: 'answer', answer: 'keep' });
});

test('what is typed and listed is drawn and spoken as its question shows it, and a secret not at all', () => {
  const shown = (text: string) => text.replaceAll('real', 'stand-in');
  const words = { id: 'q', ask: 'Q?', label: 'Q', form: 'a', shown } as const;
  const secret = openField({ ...words, kind: 'secret', keep: () => {} }, undefined, 0);
  kindOf(secret).act(secret, { type: 'insert', text: 'really' }, 0);
  const phrase = openField({ ...words, kind: 'phrase', phrase: 'real', decline: 'no' }, undefined, 0);
  const typed = kindOf(phrase).act(phrase, { type: 'insert', text: 'real' }, 1000).field;
  const options = [{ value: 'a', label: 'real role', hint: 'recommended' }];
  for (const [field, wanted] of [
    [openField({ ...words, kind: 'text' }, 'real', 0), 'stand-in'],
    [typed ?? phrase, 'stand-in'],
    [openField({ ...words, kind: 'many', options, least: 0 }, undefined, 0), 'stand-in role'],
    [secret, '6 characters'],
  ] as const) {
    const hold = { isFocused: false, onPoint: () => {} };
    const place = { ...hold, width: 60, isTall: false, symbols: symbolsFor({ unicode: true }) };
    for (const node of [kindOf(field).view(field, place).draw(9), kindOf(field).speak(field, { ...hold, rows: 9 })]) {
      const frame = render(<Box>{node}</Box>).lastFrame() ?? '';
      assert.ok(frame.includes(wanted), frame);
      assert.doesNotMatch(frame, /real/);
    }
  }
});
