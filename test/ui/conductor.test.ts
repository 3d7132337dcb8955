import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Problem } from '../../source/ceremony/problem.ts';
import type { Option, Question, SecretQuestion } from '../../source/ceremony/question.ts';
import type { SecretText } from '../../source/ceremony/secret-text.ts';
import { AnswerCheck } from '../../source/ui/ink/answer-check.ts';
import { Asker } from '../../source/ui/ink/asker.ts';
import { Conductor } from '../../source/ui/ink/conductor.ts';
import { kindOf } from '../../source/ui/ink/fields/kinds.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import { StoppedByPerson } from '../../source/ui/reply.ts';

/* What actions do to the journey and what they give the caller, without a screen that draws it. */

const base = { id: 'a', ask: 'Which?', label: 'A', form: 'a word' } as const;

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

/** A question for a secret text, and the text that is in its field. */
function secretQuestion(more: Partial<SecretQuestion> = {}) {
  let typed: SecretText | undefined;
  const notice = (text: SecretText) => {
    typed = text;
    return undefined;
  };
  const question: SecretQuestion = { ...base, kind: 'secret', keep: () => {}, notice, ...more };
  return {
    question,
    get count() {
      return typed?.count;
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

test('of two checks only the later one counts, and none that the person has left', async () => {
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

test('each key of a page opens its own, with what belongs there, and Esc closes it', () => {
  const on = conducted();
  void on.ask({ ...base, kind: 'text', help: 'Only the help of the question says this.' });
  const step = { id: 's', title: 'S', why: 'It is the why.', goesWrong: [], place: 'you' } as const;
  on.store.dispatch({ type: 'entered', step, stepIndex: 0 });
  for (const kind of ['why', 'tutorial', 'keys', 'commands'] as const) {
    on.conductor.act({ type: kind });
    assert.equal(on.store.journey().panel?.kind, kind);
  }
  on.conductor.act({ type: 'commands' });
  assert.equal(on.store.journey().panel, undefined, 'the key that opened a page closes it');
  on.press('why');
  assert.doesNotMatch(on.store.journey().panel?.content.lines.join('\n') ?? '', /Only the help/);
  on.press('close');
  assert.equal(on.store.journey().panel, undefined);
  on.press('stop', 'stay');
  assert.equal(on.store.journey().stopping, undefined);
});

test('a row may open a page, which scrolls between its ends, and a check that fails is told', async () => {
  const on = conducted();
  const panel = { title: 'The page', lines: ['One.'] };
  const options = [{ value: 'look', label: 'Look', leads: { action: 'panel', panel } as const }];
  void on.ask({ ...base, kind: 'choice', options });
  on.press('accept');
  const topAfter = (by: 'line' | 'page' | 'all', direction: 1 | -1) => {
    on.conductor.act({ type: 'scroll', by, direction });
    return on.store.journey().panel?.top;
  };
  assert.deepEqual([on.store.journey().panel?.kind, on.store.journey().panel?.content], ['text', panel]);
  assert.deepEqual(
    [topAfter('line', 1), topAfter('page', 1), topAfter('all', 1), topAfter('line', 1), topAfter('all', -1)],
    [1, 6, 12, 12, 0],
  );
  const failing = conducted();
  const verify = () => Promise.reject(new Error('EIO'));
  void failing.ask({ ...base, kind: 'text', verify });
  failing.type('x');
  failing.press('accept');
  await settled();
  assert.equal(failing.problem, 'This cannot be checked now. EIO');
});

test('while nothing is asked, keys of a question do nothing', () => {
  const on = conducted();
  on.press('back', 'copy', 'accept');
  on.type('x');
  on.conductor.act({ type: 'scroll', by: 'line', direction: 1 });
  assert.deepEqual([on.log, on.store.journey().stage, on.store.journey().said], [[], { phase: 'between' }, undefined]);
});

test('what a check says of a refused answer is told, and a late result counts for its own question only', async () => {
  const checks: ((found: string | undefined) => void)[] = [];
  const verify = () => new Promise<string | undefined>((found) => checks.push(found));
  const on = conducted();
  void on.ask({ ...base, kind: 'text', verify });
  on.type('x');
  on.press('accept');
  checks[0]?.('It is taken.');
  await settled();
  assert.equal(on.problem, 'It is taken.');
  const first = on.ask({ ...base, kind: 'text', verify });
  on.type('y');
  on.press('accept', 'stop', 'leave');
  void first.catch(() => {});
  let isAnswered = false;
  void on.ask({ ...base, kind: 'text', id: 'b' }).then(() => {
    isAnswered = true;
  });
  checks[1]?.(undefined);
  await settled();
  assert.equal(isAnswered, false);
});

test('a list is read one page at a time, until its last page or until it is refused, and no further once it is left', async () => {
  const gates: (() => void)[] = [];
  let reads = 0;
  const source = (pages: number, end?: Error) =>
    async function* (): AsyncGenerator<readonly Option[]> {
      for (let page = 0; page < pages; page += 1) {
        reads += 1;
        await new Promise<void>((resolve) => gates.push(resolve));
        yield [{ value: `${page}`, label: `${page}` }];
      }
      if (end !== undefined) throw end;
    };
  const listNow = (on: ReturnType<typeof conducted>) => {
    const field = on.asker.asking?.field;
    return field?.kind === 'many' ? [field.list.options.length, field.list.state, field.list.why] : [];
  };
  const read = async (count: number) => {
    for (let page = 0; page < count; page += 1) {
      gates.shift()?.();
      await settled();
    }
  };
  const on = conducted();
  void on.ask({ ...base, kind: 'many', options: source(2), least: 0 });
  assert.deepEqual([reads, listNow(on)], [1, [0, 'loading', undefined]]);
  await read(1);
  assert.deepEqual([reads, listNow(on)], [2, [1, 'loading', undefined]]);
  await read(1);
  assert.deepEqual(listNow(on), [2, 'complete', undefined]);
  const refused = conducted();
  const end = Object.assign(new Error(''), { name: 'AccessDenied' });
  void refused.ask({ ...base, kind: 'many', options: source(1, end), least: 0 });
  await read(1);
  assert.deepEqual(listNow(refused), [1, 'refused', 'AccessDenied']);
  const left = conducted();
  void left.ask({ ...base, kind: 'many', options: source(9), least: 0 });
  reads = 0;
  left.press('back');
  void left.ask({ ...base, kind: 'many', id: 'b', options: [], least: 0 });
  await read(1);
  assert.deepEqual([reads, listNow(left)], [0, [0, 'complete', undefined]]);
});

test('a page of a list that is being read is not asked for twice', async () => {
  const on = conducted();
  let asked = 0;
  const next = () => {
    asked += 1;
    return new Promise<never>(() => {});
  };
  void on.ask({ ...base, kind: 'many', options: () => ({ [Symbol.asyncIterator]: () => ({ next }) }), least: 0 });
  on.asker.readOnIfWanted();
  on.asker.readOnIfWanted();
  assert.equal(asked, 1);
});

test('a list reads its next page when the cursor comes near the end of what is there', async () => {
  const on = conducted();
  let pages = 0;
  const options = async function* (): AsyncGenerator<readonly Option[]> {
    for (;;) {
      pages += 1;
      yield Array.from({ length: 40 }, (_, row) => ({ value: `${pages}/${row}`, label: `${pages}/${row}` }));
    }
  };
  void on.ask({ ...base, kind: 'many', options, least: 0 });
  await settled();
  assert.equal(pages, 1);
  for (let count = 0; count < 3; count += 1) on.conductor.act({ type: 'move', by: 8 });
  await settled();
  assert.equal(pages, 2);
});

test('what an action of the last page says is on the page, and no other key than Enter and Ctrl+C leaves it', async () => {
  const on = conducted();
  let isLeft = false;
  const actions = [
    { key: 'r', does: 'open', act: () => ({ title: 'record.md', lines: [] }) },
    { key: 's', does: 'save', act: () => 'Saved.' },
  ];
  const left = on.asker.closing({ title: 'Done', lines: [], actions }).then(() => {
    isLeft = true;
  });
  on.conductor.act({ type: 'page-action', key: 'r' });
  assert.deepEqual([on.store.journey().panel?.content.title, on.store.journey().panel?.kind], ['record.md', 'text']);
  on.press('close');
  for (const key of ['x', 's']) on.conductor.act({ type: 'page-action', key });
  assert.equal(on.store.journey().panel, undefined);
  const { stage } = on.store.journey();
  assert.equal(stage.phase === 'closing' && stage.notice, 'Saved.');
  on.press('toggle');
  await settled();
  assert.equal(isLeft, false);
  on.press('accept');
  await left;
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
  const secret = secretQuestion();
  const reply = on.ask(secret.question).catch((error: unknown) => {
    on.log.push('failed');
    return error;
  });
  on.type('winter');
  assert.equal(secret.count, 6);
  on.press('stop');
  assert.equal(on.store.journey().stopping, 'everything');
  on.press('leave');
  assert.ok((await reply) instanceof StoppedByPerson);
  assert.deepEqual([on.log, secret.count, on.store.journey().stopping], [['stopped', 'failed'], 0, undefined]);
});

test('a repetition that does not agree is emptied, another refused text stays', async () => {
  for (const [repeats, count] of [
    ['passphrase', 0],
    [undefined, 6],
  ] as const) {
    const on = conducted();
    const check = () => 'It is another one.';
    const secret = secretQuestion({ check, ...(repeats === undefined ? {} : { repeats }) });
    void on.ask(secret.question);
    on.type('winter');
    on.press('accept');
    assert.deepEqual([on.problem, secret.count], ['It is another one.', count]);
  }
});

test('of a long secret text that does not fit, the beginning is kept, and Ctrl+W deletes all of it', () => {
  const on = conducted();
  const secret = secretQuestion();
  void on.ask(secret.question);
  on.type('a'.repeat(1030));
  assert.equal(secret.count, 1024);
  assert.match(on.problem ?? '', /at most 1024 bytes/);
  on.conductor.act({ type: 'kill-word' });
  assert.equal(secret.count, 0);
});

test('a problem drops what was typed ahead, and Enter takes its first way on', async () => {
  const on = conducted();
  const problem: Problem = { kind: 'waiting', what: 'It did not work.', next: [], requestId: 'r-1' };
  const decision = on.asker.trouble(problem);
  assert.deepEqual(on.log, ['discarded']);
  const { stage } = on.store.journey();
  assert.equal(stage.phase === 'problem' && stage.rowValue, 'way 0');
  on.press('copy', 'toggle');
  on.type('x');
  assert.equal(on.store.journey().stage.phase, 'problem');
  on.press('copy');
  assert.equal(on.store.journey().said, 'Copied r-1');
  on.press('accept');
  assert.deepEqual(await decision, { action: 'retry', label: 'Try again' });
});

test('Enter below a problem takes the way on to which the cursor was moved', async () => {
  const on = conducted();
  const decision = on.asker.trouble({ kind: 'waiting', what: 'It did not work.', next: [] });
  on.conductor.point('stop');
  on.press('accept');
  assert.deepEqual(await decision, { action: 'stop' });
});

test('on the last page Ctrl+C leaves, and there are no commands', async () => {
  const on = conducted();
  const command = { says: 'By hand', shell: 'true' };
  on.store.dispatch({ type: 'staged', stage: { phase: 'between' }, commands: () => [command] });
  const left = on.asker.closing({ title: 'Done', lines: [] });
  assert.deepEqual(on.store.journey().commands(), []);
  on.press('stop');
  await left;
  assert.deepEqual([on.log, on.store.journey().stage.phase], [[], 'between']);
});

test('a reply, a decision and leaving reach only who waits for them, and once', async () => {
  const on = conducted();
  const phase = () => on.store.journey().stage.phase;
  void on.ask({ ...base, kind: 'text' });
  on.asker.decide({ action: 'stop' });
  on.asker.leave();
  assert.equal(phase(), 'asking');
  const decision = on.asker.trouble({ kind: 'ours', what: 'It failed.', next: [] });
  on.asker.reply({ kind: 'answer', answer: 'x' });
  on.asker.leave();
  assert.equal(phase(), 'problem');
  on.asker.decide({ action: 'stop' });
  assert.deepEqual([await decision, phase()], [{ action: 'stop' }, 'between']);
  const left = on.asker.closing({ title: 'Done', lines: [] });
  on.asker.reply({ kind: 'answer', answer: 'x' });
  on.asker.decide({ action: 'stop' });
  assert.equal(phase(), 'closing');
  on.asker.leave();
  await left;
  on.store.dispatch({ type: 'staged', stage: { phase: 'acting', lines: [], since: 0 } });
  on.asker.leave();
  on.asker.reply({ kind: 'answer', answer: 'x' });
  assert.equal(phase(), 'acting');
});

test('what the chosen rows of a list come to is told while it is counted, and when it is', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  const on = conducted();
  const options = [{ value: 'a', label: 'A' }];
  void on.ask({ ...base, kind: 'many', options, least: 0, tally: () => promise });
  assert.equal(on.asker.asking?.notice, undefined);
  on.press('toggle');
  assert.equal(on.asker.asking?.notice, 'Counting');
  resolve('1 file.');
  await settled();
  assert.equal(on.asker.asking?.notice, '1 file.');
});

test('a question comes to the screen with what it says of its draft, and its answer without the spaces around it', async () => {
  const on = conducted();
  const before = performance.now();
  const reply = on.ask({ ...base, kind: 'text', notice: (typed) => `That is ${typed}.` }, 'x');
  const { isFirst, notice, since = 0 } = on.asker.asking ?? {};
  assert.deepEqual([isFirst, notice, since >= before], [true, 'That is x.', true]);
  on.type(' y ');
  on.press('accept');
  assert.deepEqual(await reply, { kind: 'answer', answer: 'x y' });
});

test('a phrase is pasted only once the person can have seen its question', (t) => {
  let now = 1000;
  t.mock.method(performance, 'now', () => now);
  const on = conducted();
  const phrase = { ...base, kind: 'phrase', phrase: 'delete it', decline: 'keep it' } as const;
  void on.ask(phrase);
  on.conductor.paste('delete it');
  assert.equal(on.answer, 'keep it');
  now += 1000;
  on.conductor.paste('delete it');
  assert.equal(on.answer, 'delete it');
});

test('the result of a check counts until the next check begins or the person leaves', async () => {
  const check = new AnswerCheck();
  const earlier = check.run(async () => undefined, 'x');
  const later = check.run(async () => undefined, 'y');
  assert.deepEqual([(await earlier).isLatest, (await later).isLatest], [false, true]);
  const left = check.run(async () => undefined, 'z');
  check.leave();
  assert.equal((await left).isLatest, false);
});

test('the commands of a question are those for what stands in its field', () => {
  const on = conducted();
  void on.asker.ask({
    question: { ...base, kind: 'text' },
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

test('a chosen row is checked like any other answer, and a refused one stays a question', async () => {
  const on = conducted();
  const options = ['taken', 'free'].map((value) => ({ value, label: value }));
  const verify = async (answer: unknown) => (answer === 'taken' ? 'It is taken.' : undefined);
  const reply = on.ask({ ...base, kind: 'choice', options, verify });
  on.press('accept');
  await settled();
  assert.equal(on.problem, 'It is taken.');
  on.conductor.point('free');
  on.press('accept');
  assert.deepEqual(await reply, { kind: 'answer', answer: 'free' });
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
