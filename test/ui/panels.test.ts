import assert from 'node:assert/strict';
import test from 'node:test';
import type { Problem } from '../../source/ceremony/problem.ts';
import type { Progress } from '../../source/ceremony/step.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { checklistLines } from '../../source/ui/ink/checklist.ts';
import { closingLine } from '../../source/ui/ink/closing-line.ts';
import type { OpenPanel } from '../../source/ui/ink/journey.ts';
import { beginning, reduceJourney } from '../../source/ui/ink/journey-events.ts';
import type { Line } from '../../source/ui/ink/lines.tsx';
import { openPage, scrollPage } from '../../source/ui/ink/panels/paging.ts';
import { lastTop, panelLines } from '../../source/ui/ink/panels/panel-view.ts';
import { problemLines, requestLines } from '../../source/ui/ink/panels/problem.ts';
import { progressLines } from '../../source/ui/ink/panels/progress.ts';
import { shellRows } from '../../source/ui/ink/panels/shell-rows.ts';
import { tableLines } from '../../source/ui/ink/panels/table.ts';
import { problemLines as plainProblemLines } from '../../source/ui/problem-lines.ts';
import { waysOn } from '../../source/ui/ways-on.ts';
import { textOf } from './text-of.ts';

const symbols = symbolsFor({ unicode: true });
const textsOf = (lines: readonly Line[]) => lines.map((line) => textOf(line).trimEnd());

test('progress: a bar only for bytes, in the unit of the whole', () => {
  const lines: readonly Progress[] = [
    { id: 'a', label: 'ledger.parquet', note: 'read back', state: 'done', bytes: { done: 1, total: 1 } },
    { id: 'b', label: 'statements.tar', note: '7 s left', state: 'working', bytes: { done: 2.8e9, total: 4.1e9 } },
    { id: 'c', label: 'Waiting for KMS', state: 'waiting' },
  ];
  assert.deepEqual(textsOf(progressLines(lines, { width: 57, seconds: 12 }, symbols)), [
    '✔ ledger.parquet   read back',
    '  statements.tar  █████████████░░░░░░░  2.8 of 4.1 GB',
    '                  68 %  7 s left',
    '  Waiting for KMS   12 s',
  ]);
  const narrow = textsOf(progressLines(lines.slice(1, 2), { width: 30, seconds: undefined }, symbols));
  assert.deepEqual(narrow, ['  statements.tar', '  2.8 of 4.1 GB', '  68 %  7 s left']);
});

test('progress: an empty file is whole, and no seconds are shown at once', () => {
  const empty: Progress = { id: 'a', label: 'empty', state: 'working', bytes: { done: 0, total: 0 } };
  const [line = '', below = ''] = textsOf(progressLines([empty], { width: 57, seconds: undefined }, symbols));
  assert.match(line, /█{20} {2}0 of 0 bytes$/);
  assert.match(below, /100 %/);
  const verb: Progress = { id: 'a', label: 'Asking', state: 'working' };
  assert.deepEqual(textsOf(progressLines([verb], { width: 57, seconds: 1 }, symbols)), ['  Asking']);
  assert.deepEqual(textsOf(progressLines([verb], { width: 57, seconds: 2 }, symbols)), ['  Asking   2 s']);
});

test('progress: the seconds stand at the last line under way that has no bar, below it where it is full', () => {
  const at = (width: number, ...lines: readonly Progress[]) =>
    textsOf(progressLines(lines, { width, seconds: 12 }, symbols));
  const one: Progress = { id: 'a', label: 'One', state: 'working' };
  const two: Progress = { id: 'b', label: 'Waiting for KMS', state: 'waiting' };
  const upload: Progress = { id: 'c', label: 'c', state: 'working', bytes: { done: 5e6, total: 4.1e9 } };
  assert.deepEqual(at(57, one, two, { id: 'd', label: 'Four', state: 'done' }), [
    '  One',
    '  Waiting for KMS   12 s',
    '✔ Four',
  ]);
  assert.deepEqual(at(57, one, upload).slice(0, 2), ['  One   12 s', '  c  ░░░░░░░░░░░░░░░░░░░░  0.0 of 4.1 GB']);
  assert.deepEqual(at(24, two), ['  Waiting for KMS   12 s']);
  assert.deepEqual(at(23, two), ['  Waiting for KMS', '    12 s']);
});

test('progress: a count-down is not counted a second time, and no bar is more than full or says so too early', () => {
  const lines: readonly Progress[] = [
    { id: 'a', label: 'Asking', state: 'working' },
    { id: 'b', label: 'Waiting', note: '5 s', state: 'waiting', tick: true },
  ];
  const at = { width: 57, seconds: 12 };
  assert.deepEqual(textsOf(progressLines(lines, at, symbols)), ['  Asking   12 s', '  Waiting   5 s']);
  const sent = (done: number) =>
    textsOf(progressLines([{ id: 'a', label: 'a', state: 'working', bytes: { done, total: 1000 } }], at, symbols));
  assert.match(sent(1200).join('\n'), / █{20} {2}/);
  assert.match(sent(999).join('\n'), /█{19}░ {2}.*\n.* 99 %/);
});

const problem: Problem = {
  kind: 'refused',
  what: "Can't create the KMS key.",
  why: 'Your role may not call kms:CreateKey.',
  code: 'AccessDeniedException',
  state: 'No key was made.',
  next: ['Ask for kms:CreateKey, then try again.'],
  requestId: '6f0f2f3c',
};

test('a problem says what, why, state and next, in this order and in few lines', () => {
  const lines = textsOf(problemLines(problem, 78, symbols));
  assert.deepEqual(lines, [
    "x Can't create the KMS key.",
    '  Your role may not call kms:CreateKey. [AccessDeniedException]',
    '  No key was made.',
    '- Ask for kms:CreateKey, then try again.',
  ]);
  assert.deepEqual(
    problemLines(problem, 78, symbols).map((line) => line.at(-1)?.tone),
    ['title', undefined, undefined, undefined],
  );
  assert.ok(lines.length + waysOn(problem, 'everything').length + requestLines(problem, 78).length <= 8);
});

test('the ways on of each kind of problem', async (t) => {
  const remedy = { action: 'reopen', label: 'Change the people', step: 'permissions' } as const;
  const retry = { action: 'retry', label: 'Ask again now' } as const;
  const stop = 'Stop here, progress is saved';
  const cases: readonly [Problem, readonly string[]][] = [
    [problem, ['Try again', stop]],
    [{ ...problem, remedies: [remedy] }, ['Change the people', 'Try again', stop]],
    [{ ...problem, kind: 'waiting', remedies: [remedy] }, ['Try again', 'Change the people', stop]],
    [{ ...problem, kind: 'waiting', remedies: [retry] }, ['Ask again now', stop]],
    [{ ...problem, kind: 'lost' }, ['Try again', stop]],
    [{ ...problem, kind: 'ours' }, [stop]],
    [{ ...problem, repeats: true, remedies: [remedy] }, ['Change the people', stop]],
  ];
  for (const [each, labels] of cases)
    await t.test(`${each.kind}, ${each.remedies?.length ?? 0} remedies`, () =>
      assert.deepEqual(
        waysOn(each, 'everything').map(({ label }) => label),
        labels,
      ),
    );
});

test('of a problem only three things to do stand on the screen, and a request id does not break its row', () => {
  const many = { ...problem, next: ['One.', 'Two.', 'Three.', 'Four.'] };
  assert.deepEqual(textsOf(problemLines(many, 78, symbols)).slice(-3), ['- One.', '- Two.', '- Three.']);
  assert.deepEqual(textsOf(requestLines({ ...problem, requestId: 'x'.repeat(40) }, 20)), [`request ${'x'.repeat(12)}`]);
  assert.deepEqual(plainProblemLines(problem).at(-1), '  request 6f0f2f3c');
});

test('a very low page has no title, and a scrolled page moves by its height but for one row', () => {
  const content = { title: 'Page', lines: Array.from({ length: 20 }, (_, index) => `line ${index}`) };
  const rowsAt = (rows: number) => textsOf(panelLines({ kind: 'text', content, top: 0 }, { width: 40, rows }, symbols));
  assert.deepEqual(rowsAt(4), ['line 0', '19 more below']);
  assert.deepEqual(rowsAt(5), ['Page', '', 'line 0', 'line 1', '18 more below']);
  const top = (panel: OpenPanel, by: 'line' | 'page' | 'all', direction: 1 | -1) => {
    const event = scrollPage(panel, { by, direction }, { lastTop: 12, rows: 6 });
    return event.type === 'panel' ? event.panel?.top : undefined;
  };
  const at = (row: number): OpenPanel => ({ kind: 'text', content, top: row });
  assert.deepEqual([top(at(0), 'page', 1), top(at(10), 'page', 1), top(at(3), 'page', -1)], [5, 12, 0]);
  assert.deepEqual([top(at(3), 'all', 1), top(at(3), 'all', -1), top(at(3), 'line', -1)], [12, 0, 2]);
  assert.deepEqual(rowsAt(1), ['line 0']);
  const scrolled = scrollPage({ ...at(3), actingSince: 7 }, { by: 'line', direction: 1 }, { lastTop: 12, rows: 6 });
  assert.equal(scrolled.type === 'panel' && scrolled.panel?.actingSince, 7);
});

test('a page that replaces another over an act keeps when the act began', () => {
  const acting = { ...beginning, stage: { phase: 'acting', lines: [], since: 7 } } as const;
  const content = { title: 'Page', lines: [] };
  const first = reduceJourney(acting, openPage(acting, 'text', content));
  assert.equal(first.panel?.actingSince, 7);
  const between = reduceJourney(first, { type: 'staged', stage: { phase: 'between' } });
  assert.equal(reduceJourney(between, openPage(between, 'keys', content)).panel?.actingSince, 7);
});

test('a page says how much of it is below, and when it ends', () => {
  const content = { title: 'Page', lines: Array.from({ length: 20 }, (_, index) => `line ${index}`) };
  const place = { width: 40, rows: 8 };
  assert.equal(textsOf(panelLines({ kind: 'text', content, top: 0 }, place, symbols)).at(-1), '15 more below');
  const top = lastTop({ kind: 'text', content }, place);
  assert.deepEqual(textsOf(panelLines({ kind: 'text', content, top }, place, symbols)).slice(-2), [
    'line 19',
    'the end',
  ]);
});

test('comments stay comments where they are wrapped', () => {
  const content = { title: 'By hand', lines: ['# Create the key, empty for now', 'aws kms create-key'] };
  const lines = textsOf(panelLines({ kind: 'commands', content, top: 0 }, { width: 20, rows: 10 }, symbols));
  assert.deepEqual(lines.slice(2), ['# Create the key,', '# empty for now', 'aws kms create-key']);
  // Each row has the sign of a comment, so that there are two columns fewer for its words.
  const exact = { title: 'By hand', lines: ['# Create the new key'] };
  const rows = textsOf(panelLines({ kind: 'commands', content: exact, top: 0 }, { width: 19, rows: 10 }, symbols));
  assert.deepEqual(rows.slice(2), ['# Create the new', '# key']);
});

test('a table stands in columns where they fit, and in words where not', () => {
  const table = { head: ['', 'manage', 'use'], rows: [['role SecurityAdmin', true, false]] } as const;
  assert.match(textsOf(tableLines(table, 57, symbols))[1] ?? '', /^role SecurityAdmin\s+✔\s+-$/);
  assert.deepEqual(textsOf(tableLines(table, 20, symbols)).join(' '), 'role SecurityAdmin: manage');
  // A name is cut off where enough of it is left, with a blank behind it.
  assert.match(textsOf(tableLines(table, 26, symbols))[1] ?? '', /^role Security… +✔ +-$/);
  assert.deepEqual(
    tableLines(table, 57, symbols)[1]?.map(({ tone }) => tone),
    [undefined, 'good', undefined],
  );
  const wide = {
    head: ['', 'manage', 'import', 'use', 'delete material', 'delete key'],
    rows: [['role SecurityAdmin', true, true, 'S3', false, true]],
  } as const;
  for (const width of [57, 60]) {
    const [above = '', heads = '', row = ''] = textsOf(tableLines(wide, width, symbols));
    assert.match(above, /^\s+delete\s+delete$/);
    assert.match(heads, /^\s+manage\s+import\s+use\s+material\s+key$/);
    assert.match(row, /^role SecurityAdmin\s+✔\s+✔\s+S3\s+-\s+✔$/);
  }
  assert.equal(
    textsOf(tableLines(wide, 20, symbols)).join(' '),
    'role SecurityAdmin: manage, import, use (S3), delete key',
  );
});

test('a table without heads has a text beside each name, in one column, or sentences where it is too narrow', () => {
  const rows = [
    ['Alias', 'alias/payments-2026'],
    ['Administrators', 'role SecurityAdmin and the users of the group ops'],
  ] as const;
  assert.deepEqual(textsOf(tableLines({ head: [], rows }, 47, symbols)), [
    'Alias            alias/payments-2026',
    'Administrators   role SecurityAdmin and the',
    '                 users of the group ops',
  ]);
  const [narrow = ''] = textsOf(tableLines({ head: [], rows }, 46, symbols));
  assert.equal(narrow, 'Alias: alias/payments-2026');
});

test('a line of the last page stands out as a whole, or one text in it; a command is broken so that it can be pasted', () => {
  const emphasis = new Map([
    ['What you have now', 'heading'],
    ['master.key', 'keep'],
  ] as const);
  const lineOf = (text: string, width = 40) =>
    closingLine(text, width, { emphasis, commands: ['  aws kms list-keys --output text'] });
  assert.deepEqual(lineOf('What you have now'), [[{ text: 'What you have now', tone: 'title' }]]);
  assert.deepEqual(lineOf('Keep master.key safe.'), [
    [{ text: 'Keep ' }, { text: 'master.key', tone: 'advice' }, { text: ' safe.' }],
  ]);
  assert.deepEqual(textsOf(lineOf('All is well with this key.', 16)), ['All is well with', 'this key.']);
  assert.deepEqual(textsOf(lineOf('  aws kms list-keys --output text', 26)), [
    '  aws kms list-keys \\',
    '    --output text',
  ]);
  // The indent takes columns from the command.
  assert.equal(lineOf('  aws kms list-keys --output text', 32).length, 2);
  assert.deepEqual(closingLine('All is well.', 40, {}), [[{ text: 'All is well.', tone: undefined }]]);
});

test('the list of steps marks what is done, now and to come, and says where the key is as far as there are rows', () => {
  const { done, current, todo, joint } = symbols;
  const titles = ['Connect to AWS', 'Key', 'Objects'];
  const lines = (rows: number, width = 22, stepIndex = 1) =>
    textsOf(checklistLines({ titles, stepIndex, place: 'KMS' }, { width, rows }, symbols));
  const steps = [` ${done} Connect to AWS`, ` ${current} Key`, ` ${todo} Objects`];
  const places = `   you ${joint} [KMS] ${joint} S3`;
  assert.deepEqual(lines(6), [...steps, '', '   where the key is', places]);
  assert.deepEqual(lines(5), [...steps, '', places]);
  assert.deepEqual(lines(4), steps);
  assert.deepEqual(lines(4, 14, 3), [` ${done} Connect t…`, ` ${done} Key`, ` ${done} Objects`]);
  assert.deepEqual(
    textsOf(checklistLines({ titles, stepIndex: 1, place: undefined }, { width: 22, rows: 9 }, symbols)),
    steps,
  );
});

test('a problem without a request id has no line for one', () => {
  const { requestId: _, ...silent } = problem;
  assert.deepEqual(requestLines(silent, 78), []);
});

test('shell lines are broken inside of words and quotes so that they stay the same command', () => {
  for (const [line, width, ...rows] of [
    ["printf 'aaaaaaaaaaaaaaaaaaaaaaaa' b", 14, 'printf \\', "'aaaaaaaaaaa'\\", "'aaaaaaaaaaa'\\", "'aa' b"],
    [
      `printf "aaa\\"bbbb$(printf 'a b' cc)dd" eee`,
      16,
      'printf \\',
      '"aaa\\"bbbb$(pr\\',
      "intf 'a b' \\",
      '  cc)dd" eee',
    ],
    [`  ${'x'.repeat(20)}`, 14, `  ${'x'.repeat(10)}\\`, 'x'.repeat(10)],
    ['echo aaaaa🔑🔑🔑🔑🔑🔑', 14, 'echo \\', 'aaaaa🔑🔑🔑\\', '🔑🔑🔑'],
    [`echo 'a"b' cc dd ee ff`, 14, `echo 'a"b' \\`, '  cc dd ee ff'],
    ['printf "$( (a b) cc dd ee)" ff', 14, 'printf "$( \\', '  (a b) cc \\', '  dd ee)" ff'],
    [`echo "$(ls ')' aa bb cc)" dd`, 14, 'echo "$(ls \\', `  ')' aa bb \\`, '  cc)" dd'],
    ["echo 'a\\' bb cc dd ee", 14, "echo 'a\\' \\", '  bb cc dd ee'],
    ['aws kms list', 12, 'aws kms list'],
    ['echo (aa bb) cc dd ee ff', 14, 'echo (aa \\', '  bb) cc dd \\', '  ee ff'],
    ['echo aaaaaa🔑🔑🔑🔑🔑🔑', 14, 'echo \\', 'aaaaaa🔑🔑🔑\\', '🔑🔑🔑'],
    [`echo 'it'\\''s a b' "c 'd e" f g h`, 14, 'echo \\', `  'it'\\''s a'\\`, "' b' \\", `  "c 'd e" \\`, '  f g h'],
  ] as const)
    assert.deepEqual(shellRows(line, width), rows);
});

test('shell lines break at spaces', () => {
  assert.deepEqual(shellRows('aws kms create-key --origin EXTERNAL', 24), [
    'aws kms create-key \\',
    '  --origin EXTERNAL',
  ]);
});
