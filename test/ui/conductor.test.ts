import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../source/ceremony/problem.ts';
import type { ChoiceQuestion, ManyQuestion, Option, Question, SecretQuestion } from '../../source/ceremony/question.ts';
import type { SecretText } from '../../source/ceremony/secret-text.ts';
import { Asker } from '../../source/ui/ink/asker.ts';
import { Conductor } from '../../source/ui/ink/conductor.ts';
import { kindOf, openField } from '../../source/ui/ink/fields/kinds.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import { StoppedByPerson } from '../../source/ui/reply.ts';

/* What actions do to the journey and what they give the caller, without a screen that draws it. */

const base = { id: 'a', ask: 'Which?', label: 'A', form: 'a word' } as const;
const text: Question = { ...base, kind: 'text' };

function conducted() {
  const store = new JourneyStore();
  const log: string[] = [];
  const savedNow = () => 'everything' as const;
  const asker = new Asker({ store, savedNow, discardKeys: () => void log.push('discarded') });
  const conductor = new Conductor({
    store,
    asker,
    savedNow,
    onStop: () => void log.push('stopped'),
    copy: (copied) => `Copied ${copied}`,
    onSuspend: () => void log.push('suspended'),
    isCut: () => false,
    pageOf: () => ({ rows: 6, lastTop: 12 }),
  });
  const ask = (question: Question, draft?: string) =>
    asker.ask({ question, draft, isFirst: true, back: 'question', commands: () => [] });
  return {
    store,
    asker,
    conductor,
    log,
    ask,
    type: (typed: string) => conductor.act({ type: 'insert', text: typed }),
    press: (
      ...types: readonly ('accept' | 'back' | 'stop' | 'leave' | 'stay' | 'why' | 'close' | 'copy' | 'toggle')[]
    ) => {
      for (const type of types) conductor.act({ type });
    },
    get answer() {
      const { asking } = asker;
      return asking === undefined ? undefined : kindOf(asking.field).answer(asking.field);
    },
    get problem() {
      return asker.asking?.problem;
    },
  };
}

const settled = async () => {
  for (let count = 0; count < 5; count += 1) await new Promise(setImmediate);
};

test('pasted text goes only into a field that takes keys', async () => {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const on = conducted();
  void on.ask({ ...base, kind: 'text', verify: () => promise });
  on.conductor.paste('a');
  on.press('why');
  on.conductor.paste('b');
  on.press('close', 'stop');
  on.conductor.paste('c');
  on.press('stay', 'accept');
  on.conductor.paste('d');
  assert.deepEqual([on.answer, on.asker.asking?.isVerifying], ['a', true]);
  resolve(undefined);
  await settled();
  on.conductor.paste('e');
  assert.equal(on.asker.asking, undefined);
});

test('of two checks only the later one counts, and none after the person has left it', async () => {
  const checks: ((found: string | undefined) => void)[] = [];
  const on = conducted();
  const reply = on.ask({ ...base, kind: 'text', verify: () => new Promise((found) => checks.push(found)) });
  on.type('x');
  on.press('accept', 'back');
  on.type('y');
  on.press('accept');
  checks[0]?.('It is taken.');
  await settled();
  assert.deepEqual([on.problem, on.asker.asking?.isVerifying], [undefined, true]);
  on.press('back');
  checks[1]?.(undefined);
  await settled();
  assert.equal(on.answer, 'xy');
  on.press('accept');
  checks[2]?.(undefined);
  assert.deepEqual(await reply, { kind: 'answer', answer: 'xy' });
});

test('a note about the last key is gone with the next one, and Ctrl+Z gives the terminal to the shell', () => {
  const on = conducted();
  void on.ask({ ...base, kind: 'text', help: `The key:\n${'c'.repeat(64)}` });
  on.press('copy');
  assert.equal(on.store.journey().said, `Copied ${'c'.repeat(64)}`);
  on.type('x');
  assert.equal(on.store.journey().said, undefined);
  on.conductor.act({ type: 'suspend' });
  assert.deepEqual(on.log, ['suspended']);
});

test('Esc during an act lets it end what is under way, and says so', () => {
  const on = conducted();
  const stage = { phase: 'acting', lines: [], since: 0, onEnough: () => void on.log.push('enough') } as const;
  on.store.dispatch({ type: 'staged', stage });
  on.press('back');
  assert.deepEqual([on.log, on.store.journey().said], [['enough'], 'What is under way ends; nothing more begins.']);
});

test('stopping tells the run first, then the question, and a secret text is gone', async () => {
  const on = conducted();
  let typed: SecretText | undefined;
  const notice = (each: SecretText) => {
    typed = each;
    return undefined;
  };
  const secret: SecretQuestion = { ...base, kind: 'secret', keep: () => {}, notice };
  const reply = on.ask(secret).catch((error: unknown) => {
    on.log.push('failed');
    return error;
  });
  on.type('winter');
  assert.equal(typed?.count, 6);
  on.press('stop');
  assert.equal(on.store.journey().stopping, 'everything');
  on.press('leave');
  assert.ok((await reply) instanceof StoppedByPerson);
  assert.deepEqual([on.log, typed?.count, on.store.journey().stopping], [['stopped', 'failed'], 0, undefined]);
});

test('a repetition that does not agree is emptied, another refused text stays', async () => {
  for (const [repeats, count] of [
    ['passphrase', 0],
    [undefined, 6],
  ] as const) {
    const on = conducted();
    let typed: SecretText | undefined;
    const check = (each: SecretText) => {
      typed = each;
      return 'It is another one.';
    };
    const more = repeats === undefined ? {} : { repeats };
    void on.ask({ ...base, kind: 'secret', keep: () => {}, check, ...more });
    on.type('winter');
    on.press('accept');
    assert.deepEqual([on.problem, typed?.count], ['It is another one.', count]);
  }
});

test('of a long secret text that does not fit, the beginning is kept, and Ctrl+W takes all of it', () => {
  const on = conducted();
  let typed: SecretText | undefined;
  const notice = (each: SecretText) => {
    typed = each;
    return undefined;
  };
  void on.ask({ ...base, kind: 'secret', keep: () => {}, notice });
  on.type('a'.repeat(1030));
  assert.equal(typed?.count, 1024);
  assert.match(on.problem ?? '', /at most 1024 bytes/);
  on.conductor.act({ type: 'kill-word' });
  assert.equal(typed?.count, 0);
});

test('a problem drops what was typed ahead, and Enter takes its first way on', async () => {
  const on = conducted();
  const problem: Problem = { kind: 'waiting', what: 'It did not work.', next: [], requestId: 'r-1' };
  const decision = on.asker.trouble(problem);
  assert.deepEqual(on.log, ['discarded']);
  const { stage } = on.store.journey();
  assert.equal(stage.phase === 'problem' && stage.rowValue, 'way 0');
  on.press('copy');
  assert.equal(on.store.journey().said, 'Copied r-1');
  on.press('accept');
  assert.deepEqual(await decision, { action: 'retry', label: 'Try again' });
});

test('on the last page Ctrl+C leaves, and its commands are none', async () => {
  const on = conducted();
  const command = { says: 'By hand', shell: 'true' };
  on.store.dispatch({ type: 'staged', stage: { phase: 'between' }, commands: () => [command] });
  const left = on.asker.closing({ title: 'Done', lines: [] });
  assert.deepEqual(on.store.journey().commands(), []);
  on.press('stop');
  await left;
  assert.deepEqual([on.log, on.store.journey().stage.phase], [[], 'between']);
});

test('the commands of a question are those for what stands in its field', () => {
  const on = conducted();
  void on.asker.ask({
    question: text,
    isFirst: true,
    back: undefined,
    commands: (answer) => [{ says: 'By hand', shell: String(answer) }],
  });
  on.type('x');
  assert.equal(on.store.journey().commands()[0]?.shell, 'x');
});

test('a list that is left lets go of what it reads from, and shows nothing more', async () => {
  const on = conducted();
  let isLetGo = false;
  const options = async function* (): AsyncGenerator<readonly Option[]> {
    try {
      for (let page = 0; page < 9; page += 1)
        yield Array.from({ length: 20 }, (_, row) => ({ value: `${page}/${row}`, label: `${page}/${row}` }));
    } finally {
      isLetGo = true;
    }
  };
  const reply = on.ask({ ...base, kind: 'choice', options });
  await settled();
  on.press('back');
  await reply;
  await settled();
  assert.equal(isLetGo, true);
});

test('a chosen row that cannot be chosen says why, in single blanks; one that leads elsewhere leads there', async () => {
  const on = conducted();
  const leads = { action: 'reopen', step: 'connect', label: 'Elsewhere' } as const;
  const options = [
    { value: 'gone', label: 'role   Admin', disabled: 'it is deleted' },
    { value: 'else', label: 'Elsewhere', leads },
  ];
  const reply = on.ask({ ...base, kind: 'choice', options });
  on.press('accept');
  assert.equal(on.problem, 'role Admin cannot be chosen: it is deleted.');
  on.conductor.point('else');
  on.press('accept');
  assert.deepEqual(await reply, { kind: 'lead', lead: leads });
});

test('where a check knows the right values of a list, they are chosen in place of the wrong ones', async () => {
  const on = conducted();
  const instead = ['right'];
  const verify = async (answer: unknown) =>
    String(answer) === 'wrong' ? { says: 'It is right.', instead } : undefined;
  void on.ask({ ...base, kind: 'many', options: [], least: 0, default: ['wrong'], verify });
  on.press('accept');
  await settled();
  assert.deepEqual([on.answer, on.problem], [instead, 'It is right. The right one is chosen now: Enter takes it.']);
});

/** What a field does with actions, one after the other. */
function fieldOf(question: Question, draft?: Parameters<typeof openField>[1]) {
  let field = openField(question, draft, 0);
  return {
    get field() {
      return field;
    },
    act(action: Parameters<Conductor['act']>[0]) {
      const result = kindOf(field).act(field, action, 1000);
      field = result.field ?? field;
      return result;
    },
    paste(pasted: string) {
      const result = kindOf(field).paste(field, pasted, 1000);
      field = result.field ?? field;
      return result;
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
  const confirm: Question = { ...base, kind: 'confirm', default: true };
  assert.deepEqual([fieldOf(confirm).answer, fieldOf(confirm, false).answer], [true, false]);
  assert.equal(fieldOf({ ...confirm, default: false }, true).answer, true);
});

test('a list is short up to twelve rows, and pasting chooses nothing in it', () => {
  const listOf = (count: number): ChoiceQuestion => ({
    ...base,
    kind: 'choice',
    options: Array.from({ length: count }, (_, at) => ({ value: `${at}`, label: `row ${at}` })),
  });
  assert.deepEqual([fieldOf(listOf(12)).field.kind, fieldOf(listOf(13)).field.kind], ['choice', 'pick']);
  assert.deepEqual(fieldOf(listOf(2)).paste('1\n'), {});
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
  const later = fieldOf({ ...base, kind: 'choice', options: paged, default: 'v15' });
  const { pages } = kindOf(later.field);
  assert.ok(pages);
  const first = pages.withList(later.field, { options: rows.slice(0, 10), state: 'loading' });
  assert.equal(kindOf(first).answer(first), 'v0');
  const { field: moved = first } = kindOf(first).act(first, { type: 'move', by: 2 }, 0);
  const read = kindOf(moved).pages?.withList(moved, { options: rows, state: 'complete' }) ?? moved;
  assert.equal(kindOf(read).answer(read), 'v2');
  const found = pages.withList(first, { options: rows, state: 'complete' });
  assert.equal(kindOf(found).answer(found), 'v15');
});

test('where a list is empty, its answer is typed: what was typed before, or what was wanted', () => {
  const options = async function* (): AsyncGenerator<readonly Option[]> {};
  const question: ChoiceQuestion = { ...base, kind: 'choice', options, default: 'mine', check: () => undefined };
  const empty = fieldOf(question);
  const typed = kindOf(empty.field).pages?.withList(empty.field, { options: [], state: 'complete' });
  assert.ok(typed?.kind === 'text');
  assert.equal(kindOf(typed).answer(typed), 'mine');
  assert.equal(kindOf(typed).caution?.(typed), 'There is nothing to choose from. Type a word.');
  assert.equal(kindOf(typed).notice?.(typed), undefined);
  const { check: _, ...closed } = question;
  const stays = fieldOf(closed);
  assert.equal(kindOf(stays.field).pages?.withList(stays.field, { options: [], state: 'complete' }).kind, 'pick');
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

test('Enter asks for a tick only where there are rows to tick', () => {
  assert.match(fieldOf(many).act({ type: 'accept' }).problem ?? '', /Space ticks a row/);
  assert.deepEqual(fieldOf({ ...many, options: [] }).act({ type: 'accept' }), { answer: [] });
});

test('a text that only begins a row filters, and one that is a row shows it', () => {
  const list = fieldOf(many, ['arn:a']);
  list.act({ type: 'insert', text: 'adm' });
  const { field } = list.act({ type: 'accept' });
  assert.ok(field?.kind === 'many');
  assert.deepEqual([field.chosen, field.filter.text], [['arn:a'], ''], 'a row that has its tick keeps it');
  list.act({ type: 'insert', text: 'arn:' });
  assert.equal(list.act({ type: 'accept' }).problem, undefined);
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
  const long = fieldOf(text);
  assert.equal(long.act({ type: 'insert', text: 'x'.repeat(8192) }).problem, undefined);
  assert.match(long.act({ type: 'insert', text: 'x' }).problem ?? '', /at most 8192/);
});
