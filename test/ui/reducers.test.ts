import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { graphemes } from '../../source/terminal/cells.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { applyEdit, type EditAction, editOf, emptyEdit, shownEdit } from '../../source/ui/ink/fields/editing.ts';
import {
  addValue,
  changeFilter,
  type ManyField,
  moveCursor,
  shownRows,
  toggleRow,
} from '../../source/ui/ink/fields/many/state.ts';
import type { Stage } from '../../source/ui/ink/journey.ts';
import { beginning, type JourneyEvent, reduceJourney } from '../../source/ui/ink/journey-events.ts';
import { type Block, cut, share } from '../../source/ui/ink/row-budget.ts';
import { throttle } from '../../source/ui/ink/throttle.ts';
import '../seed.ts';
import { askingStage } from './asking-stage.ts';
import { textOf } from './text-of.ts';

const after = (text: string, ...actions: readonly EditAction['type'][]) =>
  actions.reduce((edit, type) => applyEdit(edit, { type } as EditAction), editOf(text));

test('line editing', async (t) => {
  const cases: readonly [text: string, actions: readonly EditAction['type'][], result: string, cursor: number][] = [
    ['abc', ['left', 'left', 'delete'], 'ac', 1],
    ['abc', ['home', 'backspace'], 'abc', 0],
    ['abc', ['end', 'right', 'delete'], 'abc', 3],
    ['one two  ', ['kill-word'], 'one ', 4],
    ['one two', ['kill-word'], 'one ', 4],
    ['one two', ['left', 'kill-before'], 'o', 0],
    ['one two', ['home', 'right', 'kill-after'], 'o', 1],
    ['👩‍👩‍👧é', ['backspace', 'backspace'], '', 0],
    ['a👩‍👩‍👧b', ['left', 'left', 'delete'], 'ab', 1],
  ];
  for (const [text, actions, result, cursor] of cases)
    await t.test(`${text}: ${actions.join(', ')}`, () =>
      assert.deepEqual(after(text, ...actions), { text: result, cursor }),
    );
});

test('a text is shown as its question shows it, with the cursor at its end where that is another text', () => {
  const edit = applyEdit(editOf('ab'), { type: 'left' });
  const shown = (change?: (text: string) => string) => shownEdit(edit, change);
  assert.deepEqual([shown(), shown((text) => text)], [edit, edit]);
  assert.deepEqual(
    shown((text) => text.toUpperCase()),
    editOf('AB'),
  );
});

const action = fc.oneof(
  fc.record({
    type: fc.constant('insert' as const),
    text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }),
  }),
  fc.constantFrom<EditAction>(
    ...(['left', 'right', 'home', 'end', 'backspace', 'delete', 'kill-before', 'kill-after', 'kill-word'] as const).map(
      (type) => ({ type }),
    ),
  ),
);

test('the cursor never stands inside a character', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 30 }), (actions) => {
      let edit = emptyEdit;
      for (const each of actions) {
        edit = applyEdit(edit, each);
        const before = edit.text.slice(0, edit.cursor);
        assert.equal(graphemes(before).join('') + edit.text.slice(edit.cursor), edit.text);
        assert.ok(!/[\uD800-\uDBFF]$/.test(before), 'half a surrogate pair');
      }
    }),
    { numRuns: 500 },
  );
});

const many: ManyField = {
  kind: 'many',
  question: { kind: 'many', id: 'who', ask: 'Who?', label: 'People', form: 'roles', options: [], least: 0 },
  list: {
    options: [
      { value: 'a', label: 'role  Admin' },
      { value: 'b', label: 'role  Audit', disabled: 'not allowed here' },
    ],
    state: 'complete',
  },
  filter: emptyEdit,
  rowIndex: 0,
  chosen: [],
  firstValues: [],
};

test('many: the cursor stays inside its rows, and goes to the first match', () => {
  assert.equal(moveCursor(many, 5).rowIndex, 1);
  assert.equal(moveCursor(many, -5).rowIndex, 0);
  const found = changeFilter(moveCursor(many, 1), editOf('admin'));
  assert.equal(found.rowIndex, 0);
  assert.deepEqual(
    shownRows(found).map(({ value }) => value),
    ['a'],
  );
});

test('many: a row that cannot be chosen says why, and what was typed stays in the list', () => {
  assert.equal(toggleRow(moveCursor(many, 1)), 'role  Audit cannot be chosen: not allowed here.');
  const more = addValue(many, 'arn:typed');
  assert.deepEqual(
    shownRows(more).map(({ value }) => value),
    ['arn:typed', 'a', 'b'],
  );
});

test('journey: events of a stage that has gone change nothing', () => {
  assert.equal(reduceJourney(beginning, { type: 'verifying' }), beginning);
  assert.equal(reduceJourney(beginning, { type: 'pointed', rowValue: 'x' }), beginning);
  const { field } = askingStage({ kind: 'text', id: 'q', ask: 'Q?', label: 'Q', form: 'a' });
  for (const event of [
    { type: 'filled', field, notice: 'N' },
    { type: 'listed', list: { options: [], state: 'complete' } },
    { type: 'noticed', notice: 'N' },
    { type: 'refused', problem: 'It is wrong.' },
  ] as const)
    assert.equal(reduceJourney(beginning, event), beginning, event.type);
  assert.equal(
    reduceJourney(beginning, { type: 'progressed', progress: { id: 'a', label: 'a', state: 'done' } }),
    beginning,
  );
});

/** The journey after these events. */
const journeyAfter = (...events: readonly JourneyEvent[]) => events.reduce(reduceJourney, beginning);

test('journey: a question gets the options that it lists, and a line about what is in its field', () => {
  const words = { id: 'q', ask: 'Q?', label: 'Q', form: 'a' };
  const list = { options: [{ value: 'a', label: 'A' }], state: 'complete' } as const;
  const options = async function* () {};
  for (const [question, count, rowValue] of [
    [{ ...words, kind: 'choice', options }, 1],
    [{ ...words, kind: 'many', options, least: 0 }, 1],
    [{ ...words, kind: 'choice', options: [{ value: 'b', label: 'B' }, ...list.options] }, 2, 'a'],
    [{ ...words, kind: 'text' }],
  ] as const) {
    const { stage } = journeyAfter(
      { type: 'staged', stage: askingStage(question) },
      { type: 'listed', list },
      { type: 'noticed', notice: 'N' },
      { type: 'pointed', rowValue: 'a' },
    );
    assert.ok(stage.phase === 'asking');
    const { field } = stage;
    const shown = 'list' in field ? field.list.options : 'options' in field ? field.options : undefined;
    assert.deepEqual([shown?.length, stage.notice, field.question], [count, 'N', question]);
    assert.equal('rowValue' in field ? field.rowValue : undefined, rowValue);
  }
});

test('journey: the lines of what is done stay, and new ones come behind them', () => {
  const { receipts } = journeyAfter({ type: 'kept', receipts: ['one', 'two'] }, { type: 'kept', receipts: ['three'] });
  assert.deepEqual(receipts, ['one', 'two', 'three']);
});

test('journey: the header and the commands of a step stay until there are others', () => {
  const where = { alias: '', region: 'r', account: 'a', who: 'w', endpoints: '', practice: false, asInTheVideo: false };
  const command = { says: 'By hand', shell: 'true' };
  const journey = journeyAfter(
    { type: 'entered', step: undefined, stepIndex: 1, where },
    { type: 'staged', stage: { phase: 'between' }, commands: () => [command] },
    { type: 'said', said: 'Copied.' },
    { type: 'entered', step: undefined, stepIndex: 2 },
    { type: 'staged', stage: { phase: 'between' } },
  );
  assert.deepEqual([journey.where, journey.stepIndex, journey.turn, journey.said], [where, 2, 2, undefined]);
  assert.deepEqual(journey.commands(), [command]);
});

test('journey: a page that somebody reads stays open over the next question, and not over a problem', () => {
  const panel = { kind: 'text', top: 3, content: { title: 'T', lines: [] } } as const;
  const open = journeyAfter({ type: 'panel', panel });
  assert.equal(reduceJourney(open, { type: 'staged', stage: { phase: 'between' } }).panel, panel);
  const problem = { kind: 'ours', what: 'x', next: [] } as const;
  const stage: Stage = { phase: 'problem', problem, rowValue: undefined, saved: 'everything' };
  const troubled = reduceJourney(open, { type: 'staged', stage });
  assert.equal(troubled.panel, undefined);
  const pointed = reduceJourney(troubled, { type: 'pointed', rowValue: 'stop' }).stage;
  assert.equal(pointed.phase === 'problem' && pointed.rowValue, 'stop');
});

test('journey: the next key takes away what was wrong with an answer, and so does another check', () => {
  const options = [{ value: 'a', label: 'A' }];
  const question = { kind: 'choice', id: 'q', ask: 'Q?', label: 'Q', form: 'a', options } as const;
  const stage = askingStage(question, { isVerifying: true });
  const { field } = stage;
  const refused = journeyAfter({ type: 'staged', stage }, { type: 'refused', problem: 'It is wrong.' });
  const seen = (event?: JourneyEvent) => {
    const shown = (event === undefined ? refused : reduceJourney(refused, event)).stage;
    return shown.phase === 'asking' ? [shown.problem, shown.isVerifying] : [];
  };
  assert.deepEqual(seen(), ['It is wrong.', false]);
  assert.deepEqual(seen({ type: 'verifying' }), [undefined, true]);
  assert.deepEqual(seen({ type: 'filled', field, notice: undefined }), [undefined, false]);
  assert.deepEqual(seen({ type: 'pointed', rowValue: 'a' }), [undefined, false]);
  const checked = reduceJourney(reduceJourney(refused, { type: 'verifying' }), { type: 'filled', field, notice: 'N' });
  assert.equal(checked.stage.phase === 'asking' && checked.stage.isVerifying, false);
});

test('journey: progress with the same id replaces its line', () => {
  const acting = reduceJourney(beginning, { type: 'staged', stage: { phase: 'acting', lines: [], since: 0 } });
  const report = (id: string, label: string) =>
    ({ type: 'progressed', progress: { id, label, state: 'working' } }) as const;
  const { stage } = [report('a', 'one'), report('b', 'two'), report('a', 'three')].reduce(reduceJourney, acting);
  assert.deepEqual(stage.phase === 'acting' && stage.lines.map(({ label }) => label), ['three', 'two']);
});

const block = (id: string, want: number, changes: Partial<Block> = {}): Block => ({
  id,
  want,
  least: 0,
  rank: 1,
  hasGap: true,
  ...changes,
});

test('rows are shared so that what matters most keeps its rows', () => {
  const blocks = [
    block('why', 3, { isWhole: true }),
    block('field', 6, { least: 3, rank: 8 }),
    block('help', 4, { rank: 2 }),
  ];
  const at = (rows: number) => Object.fromEntries([...share(blocks, rows)].map(([id, given]) => [id, given.rows]));
  assert.deepEqual(at(20), { why: 3, field: 6, help: 4 });
  assert.deepEqual(at(11), { why: 0, field: 6, help: 4 });
  assert.deepEqual(at(7), { why: 0, field: 6, help: 1 });
  assert.deepEqual(at(2), { why: 0, field: 2, help: 0 });
});

test('rows that are left over go where they are useful, and blank rows go before content does', () => {
  const blocks = [
    block('a', 2, { least: 2, rank: 3 }),
    block('b', 3, { least: 1, most: 6, rank: 1 }),
    block('none', 0),
    block('c', 1, { least: 1, rank: 2, hasGap: false }),
  ];
  const at = (rows: number) =>
    [...share(blocks, rows)].map(([id, { rows: given, hasGap }]) => `${id}${given}${hasGap ? '+' : ''}`).join(' ');
  assert.equal(at(20), 'a2 b6+ none0 c1');
  assert.equal(at(8), 'a2 b4+ none0 c1');
  assert.equal(at(7), 'a2 b3+ none0 c1');
  assert.equal(at(6), 'a2 b3 none0 c1');
  assert.equal(at(5), 'a2 b2 none0 c1');
  assert.equal(at(4), 'a2 b1 none0 c1');
  assert.equal(at(3), 'a2 b0 none0 c1');
});

test('a block that is left out gives away its blank row, and all blocks shrink before one loses its useful rows', () => {
  const at = (blocks: readonly Block[], rows: number) =>
    [...share(blocks, rows)].map(([id, { rows: given, hasGap }]) => `${id}${given}${hasGap ? '+' : ''}`).join(' ');
  const whole = [block('a', 2, { rank: 3 }), block('why', 3, { isWhole: true }), block('c', 4, { rank: 2 })];
  assert.equal(at(whole, 10), 'a2 why0 c4+');
  const useful = [
    block('help', 4, { least: 2, rank: 2, hasGap: false }),
    block('field', 6, { least: 3, rank: 8, hasGap: false }),
  ];
  assert.equal(at(useful, 6), 'help2 field4');
});

test('a text that is cut ends with an ellipsis, and on all but a narrow screen with where the rest is', () => {
  const symbols = symbolsFor({ unicode: true });
  const lines = ['one two three', 'four five six seven', 'eight'].map((text) => [{ text }]);
  const at = (rows: number, width = 40, rest?: () => string) =>
    cut(lines, { rows, width, ...(rest && { rest }) }, symbols).map(textOf);
  const rest = () => '(? shows all)';
  assert.deepEqual(at(3), ['one two three', 'four five six seven', 'eight']);
  assert.deepEqual(at(2), ['one two three', 'four five six seven …']);
  assert.deepEqual(at(2, 40, rest), ['one two three', 'four five six seven … (? shows all)']);
  // A word that does not fit whole is left out.
  assert.deepEqual(at(2, 32, rest), ['one two three', 'four five six … (? shows all)']);
  assert.deepEqual(at(2, 31, rest), ['one two three', 'four five six seven …']);
  assert.deepEqual([at(0), at(-1)], [[], []]);
});

test('no share is larger than its screen', () => {
  const any = fc.record({
    want: fc.nat(30),
    least: fc.nat(10),
    rank: fc.nat(9),
    hasGap: fc.boolean(),
    isWhole: fc.boolean(),
    most: fc.nat(60),
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 8 }), fc.integer({ min: 1, max: 60 }), (sizes, rows) => {
      const blocks = sizes.map((size, index) => ({
        ...size,
        id: String(index),
        least: Math.min(size.least, size.want),
        most: Math.max(size.most, size.want),
      }));
      const shares = [...share(blocks, rows).values()];
      const total = shares.reduce((sum, given) => sum + given.rows + (given.hasGap && given.rows > 0 ? 1 : 0), 0);
      assert.ok(total <= rows, `${total} rows`);
      assert.ok(shares.every((given) => given.rows >= 0));
    }),
    { numRuns: 1000 },
  );
});

test('byte counts come at most once in a while, and the last one always', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const passed: number[] = [];
  const report = throttle<number>(250, (value) => passed.push(value));
  for (const value of [1, 2, 3]) report(value, true);
  assert.deepEqual(passed, [1]);
  t.mock.timers.tick(250);
  assert.deepEqual(passed, [1, 3]);
  report(4, true);
  assert.deepEqual(passed, [1, 3], 'a value passed by the timer counts for the time between two values too');
  report(5, true);
  t.mock.timers.tick(250);
  assert.deepEqual(passed, [1, 3, 5]);
  t.mock.timers.tick(250);
  report(6, true);
  assert.deepEqual(passed, [1, 3, 5, 6]);
  report(7, true);
  report(8, false);
  assert.deepEqual(passed, [1, 3, 5, 6, 7, 8]);
  report(9, true);
  report(10, true);
  report.flush();
  assert.deepEqual(passed.slice(6), [9, 10], 'what waits is passed at once when the step ends');
  report(11, true);
  report(12, true);
  t.mock.timers.tick(249);
  assert.deepEqual(passed.slice(8), [11]);
  t.mock.timers.tick(1);
  assert.deepEqual(passed.slice(8), [11, 12]);
});

test('after values were passed at once, the time between two byte counts begins anew', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const passed: number[] = [];
  const report = throttle<number>(250, (value) => passed.push(value));
  report(1, true);
  t.mock.timers.tick(200);
  report.flush();
  report(2, true);
  t.mock.timers.tick(100);
  report(3, true);
  assert.deepEqual(passed, [1, 2]);
  t.mock.timers.tick(150);
  assert.deepEqual(passed, [1, 2, 3]);
});
