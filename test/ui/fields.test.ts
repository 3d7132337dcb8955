import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Answer,
  type ChoiceQuestion,
  given,
  type ManyQuestion,
  type Option,
  type Question,
} from '../../source/ceremony/question.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import type { Action } from '../../source/ui/ink/action.ts';
import { aroundOptions } from '../../source/ui/ink/fields/around-options.ts';
import { editOf } from '../../source/ui/ink/fields/editing.ts';
import { kindOf, openField } from '../../source/ui/ink/fields/kinds.ts';
import { filterLabel, noteOf } from '../../source/ui/ink/fields/many/note.ts';
import { hasRows, type ManyField, openMany, shownRows } from '../../source/ui/ink/fields/many/state.ts';
import {
  countText,
  hiddenText,
  listHeight,
  listOf,
  nearsEnd,
  type OptionList,
  pageTop,
} from '../../source/ui/ink/fields/option-list.ts';
import { textLines } from '../../source/ui/ink/fields/text-lines.ts';
import { tickLines } from '../../source/ui/ink/fields/tick-lines.ts';
import { textOf } from './text-of.ts';

const base = { id: 'a', ask: 'Which?', label: 'A', form: 'a word' } as const;

/** What a field does with actions, one after the other, and with the list of its options. */
function fieldOf(question: Question, draft?: Answer) {
  let field = openField(question, draft, 0);
  return {
    get field() {
      return field;
    },
    act(action: Action) {
      const result = kindOf(field).act(field, action, 1000);
      field = result.field ?? field;
      return result;
    },
    paste(pasted: string) {
      const result = kindOf(field).paste(field, pasted, 1000);
      field = result.field ?? field;
      return result;
    },
    showList(list: OptionList) {
      field = kindOf(field).pages?.withList(field, list) ?? assert.fail('Its options do not come in pages.');
      return field;
    },
    get answer() {
      return kindOf(field).answer(field);
    },
    get notice() {
      return kindOf(field).notice?.(field);
    },
  };
}

test('a field begins with what was answered before, then with what is offered, then with the default', () => {
  const offered: Question = { ...base, kind: 'text', default: 'default', offer: 'offered' };
  assert.deepEqual([fieldOf(offered).answer, fieldOf(offered, 'before').answer], ['offered', 'before']);
  assert.equal(fieldOf({ ...base, kind: 'text', default: 'default' }).answer, 'default');
  const confirm: Question = { ...base, kind: 'confirm', default: true };
  assert.deepEqual([fieldOf(confirm).answer, fieldOf(confirm, false).answer], [true, false]);
  assert.equal(fieldOf({ ...confirm, default: false }, true).answer, true);
  assert.deepEqual(fieldOf(confirm).paste('n'), {});
  const options = ['a', 'b'].map((value) => ({ value, label: value }));
  const list: Question = { ...base, kind: 'choice', options, default: 'b' };
  assert.deepEqual(
    [undefined, 'a', 'gone'].map((draft) => fieldOf(list, draft).answer),
    ['b', 'a', 'a'],
  );
});

test('a list is short up to twelve rows, and pasting chooses nothing in it', () => {
  const listOf = (count: number): ChoiceQuestion => ({
    ...base,
    kind: 'choice',
    options: Array.from({ length: count }, (_, at) => ({ value: `${at}`, label: `row ${at}` })),
  });
  assert.deepEqual([fieldOf(listOf(12)).field.kind, fieldOf(listOf(13)).field.kind], ['choice', 'pick']);
  assert.deepEqual(fieldOf(listOf(2)).paste('1\n'), {});
  const plan = { ...listOf(13), tick: { ask: 'I have read it.', before: '0' } };
  assert.equal(fieldOf(plan).field.kind, 'choice', 'in a plan, Space ticks');
});

test('a long list begins at the first row that can be chosen, and after a key the cursor is not moved for what was wanted', () => {
  const rows = Array.from({ length: 20 }, (_, at) => ({ value: `v${at}`, label: `row ${at}` }));
  const options = rows.map((row, at) => (at === 0 ? { ...row, disabled: 'it is gone' } : row));
  const long = fieldOf({ ...base, kind: 'choice', options });
  assert.equal(long.answer, 'v1');
  long.act({ type: 'move', by: 8 });
  long.act({ type: 'insert', text: '1' });
  assert.equal(long.answer, 'v1');
  const paged = async function* () {
    yield rows;
  };
  for (const [moves, answer] of [
    [[2], 'v2'],
    [[], 'v15'],
  ] as const) {
    const later = fieldOf({ ...base, kind: 'choice', options: paged, default: 'v15' });
    later.showList({ options: rows.slice(0, 10), state: 'loading' });
    assert.equal(later.answer, 'v0');
    for (const by of moves) later.act({ type: 'move', by });
    later.showList({ options: rows, state: 'complete' });
    assert.equal(later.answer, answer);
  }
  const filtered = fieldOf({ ...base, kind: 'choice', options: paged, default: 'v15' });
  filtered.showList({ options: rows.slice(0, 10), state: 'loading' });
  filtered.act({ type: 'insert', text: 'row 1' });
  filtered.showList({ options: rows, state: 'complete' });
  assert.equal(filtered.answer, 'v1');
});

test('where a list is empty, its answer is typed: what was typed before, or what was wanted', () => {
  const options = async function* (): AsyncGenerator<readonly Option[]> {};
  const question: ChoiceQuestion = { ...base, kind: 'choice', options, default: 'mine', check: () => undefined };
  const none = { options: [], state: 'complete' } as const;
  const empty = fieldOf(question);
  const typed = empty.showList(none);
  assert.equal(typed.kind, 'text');
  assert.equal(empty.answer, 'mine');
  assert.equal(kindOf(typed).caution?.(typed), 'There is nothing to choose from. Type a word.');
  assert.equal(empty.notice, undefined);
  for (const list of [
    { options: [], state: 'loading' },
    { options: [{ value: 'a', label: 'A' }], state: 'complete' },
  ] as const)
    assert.equal(fieldOf(question).showList(list).kind, 'pick');
  const { check: _, ...closed } = question;
  assert.equal(fieldOf(closed).showList(none).kind, 'pick');
});

const many: ManyQuestion = {
  ...base,
  kind: 'many',
  typed: 'ARN',
  least: 1,
  check: (value) => (value.startsWith('arn:') ? undefined : 'An ARN begins with arn:.'),
  options: [
    { value: 'arn:a', label: 'Admin' },
    { value: 'arn:b', label: 'Audit', disabled: 'it is deleted' },
  ],
};

test('a value of a list is added once, is checked, and is never a row that cannot be chosen', () => {
  const list = fieldOf(many, ['arn:x']);
  for (const value of ['arn:x', 'arn:y']) {
    list.act({ type: 'insert', text: value });
    list.act({ type: 'accept' });
  }
  assert.deepEqual(list.answer, ['arn:x', 'arn:y']);
  list.act({ type: 'insert', text: 'nobody' });
  assert.equal(list.act({ type: 'accept' }).problem, 'An ARN begins with arn:.');
  list.act({ type: 'kill-before' });
  const { problem } = list.paste('arn:b\narn:z\nwrong\na\u0007\n');
  assert.equal(problem, 'Left out: arn:b: it is deleted 2 more lines were left out too.');
  assert.deepEqual(list.answer, ['arn:x', 'arn:y', 'arn:z']);
  assert.match(list.paste('arn:q\nwrong\nworse').problem ?? '', /^Left out: wrong: .* 1 more line was left out too\.$/);
  const { typed: _, ...closed } = many;
  assert.match(fieldOf(closed).paste('arn:q\narn:r').problem ?? '', /more than one line/);
});

test('a text that is part of a label only filters, and a valid text that is part of none is added', () => {
  const list = fieldOf(many, ['arn:a']);
  list.act({ type: 'insert', text: 'adm' });
  const { field } = list.act({ type: 'accept' });
  assert.ok(field?.kind === 'many');
  assert.deepEqual([field.chosen, field.filter.text], [['arn:a'], ''], 'a row that has its tick keeps it');
  list.act({ type: 'insert', text: 'arn:' });
  assert.equal(list.act({ type: 'accept' }).problem, undefined);
  assert.deepEqual(list.answer, ['arn:a', 'arn:']);
});

test('the names of files after Tab are gone with the next key', () => {
  const complete = () => ({ text: 'a', names: ['a1', 'a2'] });
  const file = fieldOf({ ...base, kind: 'file', complete });
  file.act({ type: 'complete' });
  assert.equal(file.notice, 'a1  a2');
  file.act({ type: 'insert', text: 'x' });
  assert.equal(file.notice, undefined);
  const files = fieldOf({ ...many, complete });
  files.act({ type: 'complete' });
  assert.ok(files.field.kind === 'many' && files.field.names !== undefined);
  files.act({ type: 'move', by: 1 });
  assert.equal(files.field.names, undefined);
});

test('a text of exactly the greatest length is taken, one character more is not', () => {
  const short: Question = { ...base, kind: 'text', longest: 4 };
  const field = fieldOf(short);
  assert.equal(field.paste('ab').problem, undefined);
  assert.match(field.paste('cde').problem ?? '', /too long: at most 4 characters/);
  assert.equal(field.paste('cd').problem, undefined);
  assert.match(field.act({ type: 'insert', text: 'e' }).problem ?? '', /at most 4 characters/);
  assert.equal(field.answer, 'abcd');
  const long = fieldOf({ ...base, kind: 'text' });
  assert.equal(long.act({ type: 'insert', text: 'x'.repeat(8192) }).problem, undefined);
  assert.match(long.act({ type: 'insert', text: 'x' }).problem ?? '', /at most 8192/);
});

test('a hidden text is answered by Enter alone, and of what is typed, what does not fit is told', () => {
  const secret = fieldOf({ ...base, kind: 'secret', keep: () => {} });
  for (const type of ['left', 'delete', 'kill-after', 'toggle', 'complete'] as const)
    assert.deepEqual(secret.act({ type }), {}, type);
  assert.deepEqual(secret.act({ type: 'accept' }), { answer: given });
  assert.equal(secret.act({ type: 'insert', text: 'a'.repeat(1023) }).problem, undefined);
  assert.match(secret.act({ type: 'insert', text: 'éb' }).problem ?? '', /at most 1024 bytes/);
});

test('a phrase is neither typed nor pasted before it can have been read, and never pasted with a line break', () => {
  const field = openField({ ...base, kind: 'phrase', phrase: 'delete it', decline: 'keep it' }, undefined, 0);
  const kind = kindOf(field);
  const pasted = (text: string, now: number) => {
    const { field: after, problem } = kind.paste(field, text, now);
    return problem ?? (after === undefined ? undefined : String(kind.answer(after)));
  };
  for (const now of [0, 199]) {
    assert.deepEqual(kind.act(field, { type: 'insert', text: 'x' }, now), {});
    assert.deepEqual(kind.act(field, { type: 'accept' }, now), {});
    assert.equal(pasted('delete it', now), undefined);
    assert.match(pasted('a\nb', now) ?? '', /more than one line/);
  }
  assert.equal(pasted(' delete it ', 200), 'delete it');
  assert.equal(pasted('delete it\n', 200), 'Type it, so that it cannot happen by accident.');
  assert.deepEqual(kind.act(field, { type: 'accept' }, 200), { answer: 'keep it' });
});

test('what is typed ticks the row that it names or matches; only a valid text that no row shows is a value', () => {
  const rows = [
    { value: 'arn:a', label: 'Admin' },
    { value: 'arn:b', label: 'Audit', disabled: 'it is deleted' },
    { value: 'arn:c', label: 'arn:label of it' },
    { value: 'arn:d', label: 'Dora', hint: 'arn:hint of it' },
  ];
  for (const [typed, chosen, problem] of [
    ['arn:a', ['arn:a']],
    ['arn:a ', ['arn:a']],
    ['rn:a', ['arn:a']],
    ['arn:b', [], 'Audit cannot be chosen: it is deleted.'],
    ['arn:label', ['arn:c']],
    ['arn:hint', ['arn:d']],
    ['arn:x', ['arn:x']],
    ['nobody', [], 'An ARN begins with arn:.'],
  ] as const) {
    const list = fieldOf({ ...many, options: rows });
    list.act({ type: 'insert', text: typed });
    assert.equal(list.act({ type: 'accept' }).problem, problem, typed);
    assert.deepEqual(list.answer, chosen, typed);
  }
  const { typed: _, check: __, ...closed } = many;
  const list = fieldOf(closed);
  list.act({ type: 'insert', text: 'nobody' });
  assert.equal(list.act({ type: 'accept' }).problem, 'Nothing matches. Change the text, or delete it to go on.');
  assert.equal(list.act({ type: 'toggle' }).problem, undefined);
});

test('ticks are set and taken away one by one, or all that are shown and can be chosen', () => {
  const rows = ['a', 'b', 'c'].map((id) => ({ value: `arn:${id}`, label: `row ${id}` }));
  const list = fieldOf({ ...many, options: [...rows, { value: 'arn:d', label: 'row d', disabled: 'it is deleted' }] });
  list.act({ type: 'tick-all' });
  assert.deepEqual(list.answer, ['arn:a', 'arn:b', 'arn:c']);
  list.act({ type: 'move', by: 1 });
  list.act({ type: 'toggle' });
  assert.deepEqual(list.answer, ['arn:a', 'arn:c']);
  list.act({ type: 'insert', text: 'row c' });
  list.act({ type: 'tick-none' });
  assert.deepEqual(list.answer, ['arn:a']);
  list.act({ type: 'kill-before' });
  list.act({ type: 'insert', text: ' ' });
  assert.deepEqual(list.act({ type: 'accept' }), { answer: ['arn:a'] }, 'blanks alone are no text');
  assert.deepEqual(list.act({ type: 'complete' }), {});
  assert.deepEqual(fieldOf({ ...many, options: [] }).act({ type: 'toggle' }).problem, undefined);
});

test('of several pasted lines each value is added once, blank lines are none, and each line that is refused is told', () => {
  const list = fieldOf(many, ['arn:x']);
  assert.equal(list.paste('arn:x\n \narn:y').problem, undefined);
  assert.deepEqual(list.answer, ['arn:x', 'arn:y']);
  assert.equal(list.paste('arn:z\r\nwrong').problem, 'Left out: wrong: An ARN begins with arn:.');
  assert.match(list.paste('arn:q\rarn:\u0007').problem ?? '', /^Left out: .*: It has a control character\.$/);
  assert.deepEqual(list.answer, ['arn:x', 'arn:y', 'arn:z', 'arn:q']);
});

test('Tab puts the right text in place of a wrong one, and what Enter would refuse is told with that', () => {
  const question: Question = {
    ...base,
    kind: 'text',
    check: (typed) => (typed === typed.toLowerCase() ? undefined : 'It takes small letters.'),
    notice: (typed) => (typed === 'a' ? 'That is A.' : undefined),
  };
  const plain = fieldOf(question, 'X');
  assert.deepEqual(
    [plain.notice, plain.act({ type: 'correct' }), plain.act({ type: 'complete' })],
    [undefined, {}, {}],
  );
  const suggesting = fieldOf({ ...question, suggest: (typed) => typed.toLowerCase() }, 'A');
  assert.equal(suggesting.notice, 'Enter would refuse this: It takes small letters. Right would be: a (Tab takes it)');
  suggesting.act({ type: 'correct' });
  assert.deepEqual([suggesting.answer, suggesting.notice], ['a', 'That is A.']);
  assert.equal(
    fieldOf({ ...question, notice: () => 'N' }, 'X').notice,
    'Enter would refuse this: It takes small letters.',
  );
  const onlyA = (typed: string) => (typed === 'a' ? undefined : 'It takes a.');
  assert.equal(fieldOf({ ...question, check: onlyA, notice: () => 'N' }, 'a ').notice, 'N');
  assert.deepEqual(plain.act({ type: 'toggle' }), {});
});

test('a path is completed up to the cursor, and names are shown where there are several, or none', () => {
  const completed = (text: string, names: readonly string[], lefts = 0) => {
    const file = fieldOf({ ...base, kind: 'file', complete: () => ({ text, names }) }, '~x');
    for (let count = 0; count < lefts; count += 1) file.act({ type: 'left' });
    file.act({ type: 'complete' });
    file.act({ type: 'insert', text: '!' });
    const { answer } = file;
    file.act({ type: 'complete' });
    return [answer, file.notice];
  };
  assert.deepEqual(completed('~/k', ['k.bin'], 1), ['~/k!x', undefined]);
  assert.deepEqual(completed('~/k', ['k1', 'k2']), ['~/k!', 'k1  k2']);
  assert.deepEqual(completed('~/', []), ['~/!', undefined]);
  const middle = fieldOf({ ...base, kind: 'file', complete: (text) => ({ text: `${text}!`, names: ['one'] }) }, '~x');
  middle.act({ type: 'left' });
  middle.act({ type: 'complete' });
  assert.equal(middle.answer, '~!x');
  const none = fieldOf({ ...base, kind: 'file', complete: (text) => ({ text, names: [] }) }, '~x');
  none.act({ type: 'complete' });
  assert.deepEqual([none.answer, none.notice], ['~x', 'No file begins with this.']);
});

test('a pasted text loses the one line break at its end, of any system, and nothing else', () => {
  for (const [pasted, answer] of [
    ['a\n', 'a'],
    ['a\r\n', 'a'],
    ['a\r', 'a'],
    ['a\rb', ''],
    [' a ', ' a '],
    ['a\n\n', ''],
    ['a\r\r', ''],
    ['\u001B[2J', ''],
  ] as const) {
    const text = fieldOf({ ...base, kind: 'text' });
    text.paste(pasted);
    assert.equal(text.answer, answer, JSON.stringify(pasted));
  }
});

test('Enter in a long list takes the row under the cursor, or a text that matches none where that can be checked', () => {
  const options = Array.from({ length: 20 }, (_, at) => ({ value: `v${at}`, label: `row ${at}` }));
  const list = fieldOf({ ...base, kind: 'choice', options });
  assert.deepEqual(list.act({ type: 'accept' }), { chosen: options[0] });
  list.act({ type: 'move', by: -3 });
  assert.equal(list.answer, 'v0');
  list.act({ type: 'move', by: 50 });
  assert.deepEqual(list.act({ type: 'accept' }), { chosen: options[19] });
  list.act({ type: 'insert', text: ' nobody ' });
  assert.deepEqual(list.act({ type: 'accept' }), {});
  const checked = fieldOf({ ...base, kind: 'choice', options, check: () => undefined });
  checked.act({ type: 'insert', text: ' nobody ' });
  assert.deepEqual(checked.act({ type: 'accept' }), { answer: 'nobody' });
  const paged = async function* () {};
  const typing = fieldOf({ ...base, kind: 'choice', options: paged, check: () => undefined, default: 'mine' });
  typing.act({ type: 'insert', text: 'yours' });
  assert.equal(typing.showList({ options: [], state: 'refused', why: 'AccessDenied' }).kind, 'text');
  assert.equal(typing.answer, 'yours');
});

test('of a plan only the row that acts needs the tick', () => {
  const options = ['make', 'change'].map((value) => ({ value, label: value }));
  const question = { ...base, kind: 'choice', options, tick: { ask: 'I have read it.', before: 'make' } } as const;
  const plan = fieldOf(question, 'make');
  assert.equal(plan.act({ type: 'accept' }).problem, 'Space ticks the sentence. Nothing goes on without the tick.');
  plan.act({ type: 'toggle' });
  assert.deepEqual(plan.act({ type: 'accept' }), { chosen: options[0] });
  plan.act({ type: 'toggle' });
  assert.ok(plan.act({ type: 'accept' }).problem);
  assert.deepEqual(fieldOf(question, 'change').act({ type: 'accept' }), { chosen: options[1] });
  const simple = fieldOf({ ...base, kind: 'choice', options });
  assert.deepEqual([simple.act({ type: 'toggle' }), simple.act({ type: 'accept' })], [{}, { chosen: options[0] }]);
});

test('a tick is set and taken away, and a sentence that must be ticked never begins with it', () => {
  const confirm = fieldOf({ ...base, kind: 'confirm', default: true });
  for (const [type, answer] of [
    ['toggle', false],
    ['tick', true],
    ['tick', true],
    ['untick', false],
    ['toggle', true],
  ] as const) {
    confirm.act({ type });
    assert.deepEqual([confirm.answer, confirm.act({ type: 'accept' })], [answer, { answer }], type);
  }
  assert.deepEqual(confirm.act({ type: 'complete' }), {});
  const must = fieldOf({ ...base, kind: 'confirm', mustTick: true, default: true }, true);
  assert.equal(must.act({ type: 'accept' }).problem, 'Space ticks it. Nothing goes on without the tick.');
  must.act({ type: 'toggle' });
  assert.deepEqual(must.act({ type: 'accept' }), { answer: true });
});

/** The field of a list to tick, with this text in its filter and these options. */
const listField = (question: ManyQuestion, filter: string, list: Partial<OptionList>): ManyField => {
  const field = openMany(question, undefined);
  return { ...field, filter: editOf(filter), list: { ...field.list, ...list } };
};

test('below a list to tick stands what is read, what Enter adds, or why there is nothing to see', () => {
  const options = [{ value: 'arn:a', label: 'Admin' }];
  const { typed: _, check: __, ...closed } = many;
  for (const [question, filter, list, note] of [
    [many, 'x', { options, state: 'loading' }, 'Reading on'],
    [many, 'x', { options, state: 'complete' }, 'Not in the list. Enter adds it.'],
    [many, 'x', { options: [], state: 'complete' }, 'Enter adds it.'],
    [many, '', { options: [], state: 'loading' }, 'Reading the list'],
    [many, '', { options, state: 'loading' }, undefined],
    [
      many,
      '',
      { options, state: 'refused', why: 'AccessDenied' },
      'The list cannot be read: AccessDenied. You can still type: ARN.',
    ],
    [closed, '', { options, state: 'refused' }, 'The list cannot be read: no answer.'],
    [closed, 'x', { options, state: 'complete' }, 'Nothing matches.'],
    [closed, 'adm', { options, state: 'complete' }, undefined],
    [closed, '', { options, state: 'complete' }, undefined],
    [closed, '', { options: [], state: 'complete' }, 'There is nothing to choose from.'],
    [closed, 'x', { options: [], state: 'complete' }, 'Nothing matches.'],
  ] as const)
    assert.equal(noteOf(listField(question, filter, list)), note);
  assert.equal(noteOf({ ...listField(many, '', { options: [] }), names: ['a1', 'a2'] }), 'a1  a2');
  assert.deepEqual(
    [
      listField(many, '', { options: [] }),
      listField(many, '', { options: [], state: 'loading' }),
      listField(many, '', { options }),
      listField(closed, '', { options: [] }),
    ].map(filterLabel),
    ['Type', 'Filter', 'Filter', 'Filter'],
  );
});

test('each row of a list is there once: what was chosen first, what was put in place of it, and the others in their order', () => {
  const options = ['arn:a', 'arn:b', 'arn:c'].map((value) => ({ value, label: value }));
  const question: ManyQuestion = { ...many, options };
  const rowsOf = (field: ManyField) => shownRows(field).map(({ value, label }) => `${value} ${label}`);
  const named = options.map((option) => ({ ...option, label: option.value.toUpperCase() }));
  assert.deepEqual(rowsOf(openMany({ ...question, options: named }, ['arn:x', 'arn:b'])), [
    'arn:x arn:x',
    'arn:b ARN:B',
    'arn:a ARN:A',
    'arn:c ARN:C',
  ]);
  const opened = openMany(question, undefined);
  const second = { ...opened, rowIndex: 1 };
  const { field: ticked } = kindOf<'many'>(second).act(second, { type: 'toggle' }, 0);
  assert.ok(ticked !== undefined);
  assert.deepEqual([ticked.chosen, rowsOf(ticked)[0]], [['arn:b'], 'arn:a arn:a']);
  const corrected = kindOf<'many'>(opened).afterRefusal?.(opened, ['arn:right']);
  assert.ok(corrected !== undefined);
  assert.deepEqual(
    [corrected.chosen, rowsOf(corrected)[0], rowsOf(corrected).length],
    [['arn:right'], 'arn:right arn:right', 4],
  );
  const kept = kindOf<'many'>(opened).afterRefusal?.({ ...opened, chosen: ['arn:a'] }, undefined);
  assert.deepEqual(kept?.chosen, ['arn:a']);
  const unticked = { ...openMany({ ...question, options: [] }, ['arn:x']), chosen: [] };
  assert.equal(hasRows(unticked), true);
});

test('when more of a list to tick is read, the cursor stays; more is wanted where few rows that match are left', () => {
  const rows = Array.from({ length: 30 }, (_, at) => ({ value: `arn:${at}`, label: `row ${at}` }));
  const options = async function* () {
    yield rows;
  };
  const opened = openMany({ ...many, options }, undefined);
  const { pages } = kindOf<'many'>(opened);
  assert.ok(pages);
  const read = { ...opened, rowIndex: 3, list: { options: rows.slice(0, 20), state: 'loading' } } as const;
  const more = pages.withList(read, { options: rows, state: 'loading' });
  assert.ok(more.kind === 'many');
  assert.equal(more.rowIndex, 3);
  assert.deepEqual(
    [
      more,
      { ...more, rowIndex: 14 },
      { ...more, filter: editOf('row 29') },
      { ...more, filter: editOf('row 29'), list: { options: rows, state: 'complete' } as const },
    ].map(pages.areWanted),
    [false, true, true, false],
  );
});

test('the cursor of a list to tick follows what is typed, and stays where only the place in the text changes', () => {
  const options = ['arn:ab', 'arn:a', 'arn:b'].map((value) => ({ value, label: value }));
  const rowIndexOf = ({ field }: ReturnType<typeof fieldOf>) => (field.kind === 'many' ? field.rowIndex : undefined);
  const list = fieldOf({ ...many, options, least: 2, complete: () => ({ text: 'arn:b', names: ['arn:b'] }) });
  list.act({ type: 'insert', text: 'arn:a ' });
  assert.equal(rowIndexOf(list), 1, 'the row with exactly this value');
  list.act({ type: 'left' });
  assert.equal(rowIndexOf(list), 1);
  list.act({ type: 'complete' });
  assert.equal(rowIndexOf(list), 0);
  list.act({ type: 'accept' });
  assert.deepEqual(list.answer, ['arn:b']);
  assert.equal(list.act({ type: 'accept' }).problem, 'Space ticks a row; Enter goes on.', 'two are needed');
  const typed = fieldOf({ ...many, options: [] });
  typed.act({ type: 'insert', text: 'arn:x' });
  typed.act({ type: 'accept' });
  typed.act({ type: 'toggle' });
  assert.ok(typed.field.kind === 'many');
  assert.deepEqual([typed.answer, shownRows(typed.field).length], [[], 1], 'what was typed stays in the list');
});

test('a list says how many rows it has, shows and hides, and that there may be more until it is read', () => {
  const counted = (state: OptionList['state'], shown: number) => countText({ options: [], state }, { shown, all: 9 });
  assert.deepEqual(
    [counted('complete', 9), counted('loading', 9), counted('complete', 2), counted('loading', 2)],
    ['9 in all', '9 so far', '2 of 9 shown', '2 of 9 so far'],
  );
  const hidden = (above: number, below: number, state: OptionList['state'] = 'complete') =>
    hiddenText({ above, below, state });
  assert.deepEqual(
    [hidden(3, 5), hidden(0, 5), hidden(3, 0), hidden(0, 0), hidden(3, 5, 'loading'), hidden(0, 5, 'loading')],
    ['3 more above, 5 below', '5 more below', '3 more above', '', '3 more above, 5 or more below', '5 or more below'],
  );
});

test('the next page of a list is wanted sixteen rows before its end, and a list turns page by page', () => {
  const wanted = (rowIndex: number, state: OptionList['state'] = 'loading') =>
    nearsEnd({ options: [], state }, { rowIndex, rowCount: 40 });
  assert.deepEqual([wanted(23), wanted(24), wanted(39), wanted(39, 'complete')], [false, true, true, false]);
  const top = (rowIndex: number, window: number) => pageTop(rowIndex, { window, count: 12 });
  assert.deepEqual([top(4, 5), top(5, 5), top(11, 5), top(3, 0), top(3, 20)], [0, 5, 7, 0, 0]);
  assert.deepEqual(
    [listHeight(2, false), listHeight(20, false), listHeight(20, true)],
    [
      { want: 6, most: 6 },
      { want: 9, most: 9 },
      { want: 9, most: 24 },
    ],
  );
  assert.equal(listOf(async function* () {}).state, 'loading');
});

const symbols = symbolsFor({ unicode: true });

test('a text that is typed stands behind its label, or below it, with what fits beside it', () => {
  const { cursor } = symbols;
  const right = ['12 chosen', '12'];
  for (const [width, text, placeholder, ...rows] of [
    [12, '', 'yours', `Name: ${cursor} you…`],
    [11, '', 'yours', 'Name', `${cursor} yours  12`],
    [5, '', 'yours', 'Name', `${cursor}  12`],
    [30, '', 'yours', `Name: ${cursor} yours        12 chosen`],
    [20, '', 'yours', `Name: ${cursor} yours     12`],
    [20, 'a', 'yours', `Name: a${cursor}   12 chosen`],
    [13, 'a', undefined, `Name: a${cursor}   12`],
  ] as const)
    assert.deepEqual(
      textLines({ label: 'Name', edit: editOf(text), placeholder, right }, width, symbols).map(textOf),
      rows,
      `${width} ${text}`,
    );
});

test('of a long text the part around the cursor is shown', () => {
  const { cursor: bar } = symbols;
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  for (const [width, count, cursor, row] of [
    [20, 26, 26, `Name: …opqrstuvwxyz${bar}`],
    [20, 26, 13, `Name: …fghijklm${bar}nop…`],
    [20, 26, 0, `Name: ${bar}abcdefghijkl…`],
    [20, 13, 13, `Name: abcdefghijklm${bar}`],
    [20, 14, 14, `Name: …cdefghijklmn${bar}`],
    [20, 13, 4, `Name: abcd${bar}efghijklm`],
    [20, 14, 4, `Name: abcd${bar}efghijkl…`],
    [2, 3, 2, `ab${bar}`],
  ] as const) {
    const edit = { text: letters.slice(0, count), cursor };
    assert.equal(textLines({ label: 'Name', edit }, width, symbols).map(textOf).at(-1), row);
  }
});

test('a sentence to tick stands behind its box, over as many rows as it needs', () => {
  assert.deepEqual(tickLines('I have read it.', true, 12).map(textOf), ['[x] I have', '    read it.']);
  assert.deepEqual(tickLines('I have.', false, 12).map(textOf), ['[ ] I have.']);
});

test('a list has at most two lines of a note below it, a blank row above it where four rows are left, and always a row', () => {
  const filter = [[{ text: 'Filter' }]];
  const around = (rows: number, note?: string) => {
    const { above, below, room } = aroundOptions(filter, note, { width: 10, rows });
    return [above.length, below.length, room];
  };
  assert.deepEqual(
    [around(5), around(4), around(6, 'one two three four five six'), around(1, 'one')],
    [
      [2, 0, 3],
      [1, 0, 3],
      [1, 2, 3],
      [1, 1, 1],
    ],
  );
});
