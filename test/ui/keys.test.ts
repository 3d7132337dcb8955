import assert from 'node:assert/strict';
import test from 'node:test';
import type { Key } from 'ink';
import type { ManyQuestion, Question } from '../../source/ceremony/question.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { editOf } from '../../source/ui/ink/fields/editing.ts';
import type { OptionList } from '../../source/ui/ink/fields/option-list.ts';
import { footerLine } from '../../source/ui/ink/footer.ts';
import { identifierOn } from '../../source/ui/ink/identifier.ts';
import type { Journey, Stage } from '../../source/ui/ink/journey.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { actionFor, bindingsOf, listHasKeys, modeOf } from '../../source/ui/ink/keys.ts';
import { keysPage } from '../../source/ui/ink/panels/keys-page.ts';
import { askingStage } from './asking-stage.ts';
import { fakeCeremony, fakeServices } from './fake-ceremony.ts';
import { textOf } from './text-of.ts';

const services = fakeServices();
const questions = fakeCeremony.steps.flatMap((step) =>
  step.questions({ facts: {}, answers: { file: 'a.key' }, services }),
);

const journey = (stage: Stage, changes: Partial<Journey> = {}): Journey => ({
  ...beginning,
  step: fakeCeremony.steps[0],
  commands: () => [{ says: 'By hand', shell: 'true' }],
  stage,
  ...changes,
});
const acting: Stage = { phase: 'acting', lines: [], since: 0 };
const [anyQuestion] = questions as [Question];
const longList: Question = {
  kind: 'choice',
  id: 'bucket',
  ask: 'Which bucket?',
  label: 'Bucket',
  form: 'a name',
  options: Array.from({ length: 40 }, (_, index) => ({ value: `b${index}`, label: `bucket-${index}` })),
};

/** One journey for each mode that the screen knows. */
const journeys = [
  ...questions.map((question) => journey(askingStage(question))),
  journey(askingStage(longList)),
  journey(askingStage(anyQuestion, { isVerifying: true })),
  journey(acting),
  journey({
    phase: 'problem',
    problem: { kind: 'ours', what: 'x', next: [] },
    rowValue: undefined,
    saved: 'everything',
  }),
  journey({ phase: 'closing', title: 'Done', lines: [] }),
  journey(acting, { panel: { kind: 'text', top: 0, content: { title: 't', lines: [] } } }),
  journey(acting, { stopping: 'everything' }),
  journey({ phase: 'between' }),
];
const modes = new Map(journeys.map((each) => [modeOf(each), each]));

const noKey: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

/** What a key does on a screen. */
const actionOn = (each: Journey, input: string, key: Partial<Key> = {}) => actionFor(each, input, { ...noKey, ...key });

const ctrl = (letter: string) => [letter, { ctrl: true }] as const;

/** How Ink reports the keys that hints and the page of keys name. */
const reported: Readonly<Record<string, readonly [input: string, key: Partial<Key>]>> = {
  enter: ['', { return: true }],
  esc: ['', { escape: true }],
  space: [' ', {}],
  '?': ['?', {}],
  c: ['c', {}],
  y: ['y', {}],
  n: ['n', {}],
  k: ['k', {}],
  t: ['t', {}],
  type: ['x', {}],
  letters: ['x', {}],
  '↑↓': ['', { upArrow: true }],
  down: ['', { downArrow: true }],
  left: ['', { leftArrow: true }],
  right: ['', { rightArrow: true }],
  'page up': ['', { pageUp: true }],
  'page down': ['', { pageDown: true }],
  home: ['', { home: true }],
  end: ['', { end: true }],
  backspace: ['', { backspace: true }],
  delete: ['', { delete: true }],
  ...Object.fromEntries([...'aceguowkztn'].map((letter) => [`ctrl+${letter}`, ctrl(letter)])),
};

test('every mode has its keys', () => assert.equal(modes.size, 13));

for (const [mode, each] of modes) {
  test(`${mode}: every key of the footer is bound`, () => {
    const text = textOf(footerLine(each, 200, symbolsFor({ unicode: true })));
    const hints = text.replace(/^.*saved\. +/, '').split(' · ');
    for (const hint of hints) {
      const name = hint.split(' ')[0] ?? '';
      const [input, key] = reported[name] ?? assert.fail(`no such key: ${hint}`);
      const bound = bindingsOf(each).some(({ isPressed }) => isPressed(input, { ...noKey, ...key }));
      assert.ok(bound, hint);
    }
  });

  test(`${mode}: every binding is shown, in the footer or on the page of keys, and does what it is shown to`, () => {
    const { lines } = keysPage(each);
    const footer = textOf(footerLine(each, 400, symbolsFor({ unicode: true })));
    for (const binding of bindingsOf(each)) {
      const { key, does, rank } = binding;
      const names = key.split(', ');
      if (rank === undefined)
        for (const name of names)
          assert.ok(
            lines.some((line) =>
              line
                .slice(0, 14)
                .split(/, | {2,}/)
                .includes(name),
            ),
            name,
          );
      else assert.ok(footer.includes(`${key} ${does}`), `${key} ${does}`);
      for (const name of names) {
        const [input, pressed] = reported[name] ?? assert.fail(`no such key: ${name}`);
        // The first that hears a key has it: no binding stands behind another that would take its key.
        const heard = bindingsOf(each).find((other) => other.isPressed(input, { ...noKey, ...pressed }));
        assert.equal(heard, binding, `${mode}: ${name}`);
      }
    }
  });

  test(`${mode}: Ctrl+C is heard`, () => {
    assert.ok(['stop', 'leave'].includes(actionOn(each, 'c', { ctrl: true })?.type ?? ''));
  });

  test(`${mode}: keys with Alt do nothing`, () => {
    const action = actionOn(each, 'x', { meta: true });
    assert.ok(action === undefined || action.type === 'stay');
  });
}

test('hints give way to the width, the most needed last', () => {
  const list = modes.get('choice') ?? assert.fail();
  const at = (width: number) => textOf(footerLine(list, width, symbolsFor({ unicode: true })));
  assert.equal(at(78), '↑↓ move · enter choose · esc back · c commands · ? why · ctrl+c stop');
  assert.equal(at(45), 'enter choose · esc back · ? why · ctrl+c stop');
  assert.equal(at(24), 'enter choose · esc back');
  assert.equal(at(400), at(78), 'keys without a rank are only on the page of keys');
  assert.match(textOf(footerLine(list, 78, symbolsFor({ unicode: false }))), /^[ -~]+$/);
});

test('the footer asks whether to stop in the longest words beside which its key has room', () => {
  const unicode = symbolsFor({ unicode: true });
  const at = (width: number, stage: Stage = { phase: 'between' }) =>
    textOf(footerLine(journey(stage, { stopping: 'everything' }), width, unicode));
  assert.equal(at(60), 'Stop here? Progress is saved.  enter stop · esc go on');
  assert.match(at(100, acting), /^Stop\? What AWS is doing may still finish\. Progress is saved\. {2}enter stop/);
  assert.equal(at(36), 'Stop? Progress is saved.  enter stop');
  assert.equal(at(35), 'Stop?  enter stop · esc go on');
  assert.equal(at(12), 'enter stop');
  const said = journey(acting, { said: 'The text was copied.' });
  assert.equal(textOf(footerLine(said, 12, unicode)), 'The text wa…');
});

test('letters are text where text is taken, and commands where not', () => {
  const text = modes.get('text') ?? assert.fail();
  const list = modes.get('choice') ?? assert.fail();
  assert.deepEqual(actionOn(text, '?'), { type: 'insert', text: '?' });
  assert.deepEqual(actionOn(list, '?'), { type: 'why' });
  assert.deepEqual(actionOn(text, 'g', { ctrl: true }), { type: 'why' });
  assert.equal(actionOn(text, '\n'), undefined);
});

test('on an open page and at "Stop here?", each key does what people expect of it', () => {
  const panel = modes.get('panel') ?? assert.fail();
  const stopping = modes.get('stopping') ?? assert.fail();
  for (const key of [{ escape: true }, { return: true }]) assert.deepEqual(actionOn(panel, '', key), { type: 'close' });
  for (const [input, type] of Object.entries({ '?': 'why', c: 'commands', t: 'tutorial', k: 'keys' }))
    assert.deepEqual(actionOn(panel, input), { type });
  const { lesson, ...withoutLesson } = fakeCeremony.steps[0] ?? assert.fail();
  assert.notEqual(lesson, undefined);
  assert.equal(actionOn({ ...panel, step: withoutLesson }, 't'), undefined);
  for (const [input, key, type] of [
    ['', { return: true }, 'leave'],
    ['c', { ctrl: true }, 'leave'],
    ['', { escape: true }, 'stay'],
    ['x', {}, 'stay'],
  ] as const)
    assert.deepEqual(actionOn(stopping, input, key), { type });
});

test('lists move by rows and by eight, Tab completes, and Shift+Tab does not', () => {
  const pick = modes.get('pick') ?? assert.fail();
  for (const [key, by] of [
    ['upArrow', -1],
    ['downArrow', 1],
    ['pageUp', -8],
    ['pageDown', 8],
  ] as const)
    assert.deepEqual(actionOn(pick, '', { [key]: true }), { type: 'move', by });
  const complete = (text: string) => ({ text, names: [] });
  const suggest = () => 'right';
  const check = (text: string) => (text === 'right' ? undefined : 'It is wrong.');
  const ask = { id: 'q', ask: 'Q?', label: 'Q', form: 'a', default: 'wrong' } as const;
  for (const [question, type] of [
    [{ ...ask, kind: 'file', complete }, 'complete'],
    [{ ...ask, kind: 'text', suggest, check }, 'correct'],
    [{ ...ask, kind: 'many', options: [], least: 0, complete, default: [] }, 'complete'],
  ] as const) {
    assert.deepEqual(actionOn(journey(askingStage(question)), '', { tab: true }), { type });
    assert.equal(actionOn(journey(askingStage(question)), '', { tab: true, shift: true }), undefined);
  }
  const noTick = modes.get('choice') ?? assert.fail();
  assert.equal(actionOn(noTick, ' '), undefined);
  const empty = journey(askingStage({ ...longList, options: [] }));
  assert.equal(actionOn(empty, '', { return: true }), undefined);
});

test('y copies the request id of a problem, and the first line that is an ARN or a hash and nothing else', () => {
  const hash = 'c'.repeat(64);
  const arn = 'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/1';
  const copied = (stage: Stage) => {
    const works = bindingsOf(journey(stage)).some(({ key }) => key === 'y');
    assert.equal(works, identifierOn(journey(stage)) !== undefined);
    return identifierOn(journey(stage));
  };
  const problem = { kind: 'ours', what: arn, next: [] } as const;
  const trouble = { phase: 'problem', rowValue: undefined, saved: 'everything' } as const;
  assert.equal(copied({ ...trouble, problem }), undefined);
  assert.equal(copied({ ...trouble, problem: { ...problem, requestId: 'r-1' } }), 'r-1');
  assert.equal(copied({ phase: 'closing', title: 'Done', lines: [`key ${arn}`, hash, arn] }), hash);
  assert.equal(
    copied(askingStage({ ...longList, options: [{ value: 'a', label: 'A' }], help: `The key:\n${arn}` })),
    arn,
  );
  assert.equal(copied(askingStage({ ...longList, help: `Two:\n${arn}\n${hash}`, options: [] })), arn);
  assert.equal(copied(acting), undefined);
});

test('while files are sent, Esc ends what is under way; while other steps act, it does nothing', () => {
  const hintsOf = (stage: Stage) => bindingsOf(journey(stage)).map(({ key, does }) => `${key} ${does}`);
  assert.ok(hintsOf({ ...acting, onEnough: () => {} }).includes('esc stop after this'));
  assert.ok(!hintsOf(acting).some((hint) => hint.startsWith('esc')));
});

test('the keys of readline edit a line, and delete the whole of a hidden text', () => {
  const text: Question = { kind: 'text', id: 'a', ask: 'Which?', label: 'A', form: 'a word' };
  const secret: Question = { kind: 'secret', id: 'b', ask: 'Which?', label: 'B', form: 'a word', keep: () => {} };
  const typeOf = (question: Question, input: string, key: Partial<Key>) =>
    actionOn(journey(askingStage(question)), input, key)?.type;
  for (const [input, key, inText, inSecret] of [
    ['w', { ctrl: true }, 'kill-word', 'kill-before'],
    ['u', { ctrl: true }, 'kill-before', 'kill-before'],
    ['k', { ctrl: true }, 'kill-after', undefined],
    ['a', { ctrl: true }, 'home', undefined],
    ['e', { ctrl: true }, 'end', undefined],
    ['', { home: true }, 'home', undefined],
    ['', { end: true }, 'end', undefined],
    ['', { leftArrow: true }, 'left', undefined],
    ['', { rightArrow: true }, 'right', undefined],
    ['', { delete: true }, 'delete', undefined],
    ['', { backspace: true }, 'backspace', 'backspace'],
    ['w', {}, 'insert', 'insert'],
    ['w', { meta: true }, undefined, undefined],
    ['\u0001', {}, undefined, undefined],
  ] as const)
    assert.deepEqual(
      [typeOf(text, input, key), typeOf(secret, input, key)],
      [inText, inSecret],
      `${input} ${JSON.stringify(key)}`,
    );
});

test('a letter is a command only without Ctrl and Alt', () => {
  const asking = journey(askingStage(anyQuestion));
  const typeOf = (key: Partial<Key>) => actionOn(asking, '?', key)?.type;
  assert.deepEqual([typeOf({}), typeOf({ ctrl: true }), typeOf({ meta: true })], ['why', undefined, undefined]);
});

const words = { id: 'a', ask: 'Which?', label: 'A', form: 'a word' } as const;
const options = [{ value: 'make', label: 'Make' }];
const short: Question = { ...words, kind: 'choice', options };
const plan: Question = { ...short, tick: { ask: 'I have read it.', before: 'make' } };
const tickRows = [...options, { value: 'take', label: 'Take' }];
const tickList: ManyQuestion = { ...words, kind: 'many', options: tickRows, typed: 'a path', least: 0 };
const pages = async function* () {
  yield tickRows;
};

/** The stage of a list to tick, with options that were read and with text in its filter. */
function listed(question: ManyQuestion, list?: OptionList, filter = ''): Stage {
  const stage = askingStage(question);
  assert.ok(stage.field.kind === 'many');
  return { ...stage, field: { ...stage.field, ...(list && { list }), filter: editOf(filter) } };
}
const file: Question = { ...words, kind: 'file', complete: (text) => ({ text, names: [] }) };
const trouble: Stage = {
  phase: 'problem',
  problem: { kind: 'ours', what: 'It failed.', next: [], requestId: 'r-1' },
  rowValue: undefined,
  saved: 'everything',
};
const lastPage: Stage = {
  phase: 'closing',
  title: 'Done',
  lines: [],
  actions: [{ key: 's', does: 'save', act: () => '' }],
};
const page = { kind: 'text', top: 0, content: { title: 'T', lines: [] } } as const;
const lesson = { article: 'Section 8', video: 'V.', showed: 'S.', shows: 'N.' };
const taught = { id: 's', title: 'S', why: 'Why.', goesWrong: [], place: 'you', lesson } as const;

test('the footer says whether letters filter a list or are a value of it', () => {
  const typeDoes = (stage: Stage) =>
    bindingsOf(journey(stage)).flatMap(({ key, does }) => (key === 'type' ? [does] : []));
  assert.deepEqual(typeDoes(askingStage(tickList)), ['to filter']);
  assert.deepEqual(typeDoes(askingStage({ ...tickList, options: [] })), ['a value']);
});

/** On each screen: what keys do, and which keys do nothing. */
const screens: readonly (readonly [
  what: string,
  screen: Journey,
  does: readonly (readonly [input: string, key: Partial<Key>, does: string | undefined])[],
])[] = [
  [
    'a short list',
    journey(askingStage(short)),
    [
      ['', { return: true }, 'accept'],
      ['', { escape: true }, 'back'],
      ['c', {}, 'commands'],
      [...ctrl('o'), 'commands'],
      ['?', {}, 'why'],
      [...ctrl('g'), 'why'],
      ['y', {}, undefined],
      [' ', {}, undefined],
      ['x', {}, undefined],
      ['j', {}, undefined],
    ],
  ],
  [
    'a first list without commands and without a step',
    journey(askingStage(short, { back: undefined }), { commands: () => [], step: undefined }),
    [
      ['', { escape: true }, undefined],
      ['c', {}, undefined],
      ['?', {}, undefined],
      [...ctrl('c'), 'stop'],
    ],
  ],
  ['an empty list', journey(askingStage({ ...short, options: [] })), [['', { return: true }, undefined]]],
  ['a plan', journey(askingStage(plan)), [[' ', {}, 'toggle']]],
  [
    'a path',
    journey(askingStage(file)),
    [
      ['', { tab: true }, 'complete'],
      ['', { tab: true, shift: true }, undefined],
      ['c', {}, 'insert'],
      [...ctrl('o'), 'commands'],
      ['?', {}, 'insert'],
    ],
  ],
  [
    'a sentence to tick',
    journey(askingStage({ ...words, kind: 'confirm' })),
    [
      [' ', {}, 'toggle'],
      ['y', {}, 'tick'],
      ['n', {}, 'untick'],
      ['', { return: true }, 'accept'],
      ['', { escape: true }, 'back'],
      ['c', {}, 'commands'],
      ['?', {}, 'why'],
    ],
  ],
  [
    'a list to tick',
    journey(askingStage(tickList)),
    [
      [' ', {}, 'toggle'],
      [...ctrl('t'), 'tick-all'],
      [...ctrl('n'), 'tick-none'],
      ['', { upArrow: true }, 'move'],
      ['', { escape: true }, 'back'],
      ['', { tab: true }, undefined],
      ['x', {}, 'insert'],
    ],
  ],
  [
    'a list to tick that has text in its filter',
    journey(listed(tickList, undefined, 'take')),
    [
      [' ', {}, 'insert'],
      [...ctrl('t'), undefined],
      ['', { return: true }, 'accept'],
    ],
  ],
  [
    'a list to tick with one row',
    journey(askingStage({ ...tickList, options })),
    [
      [...ctrl('t'), undefined],
      [...ctrl('n'), undefined],
    ],
  ],
  [
    'a list to tick that comes in pages',
    journey(listed({ ...tickList, options: pages }, { options: tickRows, state: 'complete' })),
    [
      [' ', {}, 'toggle'],
      [...ctrl('t'), undefined],
    ],
  ],
  [
    'a list to tick without rows',
    journey(askingStage({ ...tickList, options: [] })),
    [
      [' ', {}, 'insert'],
      ['', { upArrow: true }, undefined],
    ],
  ],
  [
    'an answer that is checked',
    journey(askingStage(short, { isVerifying: true, back: undefined })),
    [
      ['', { escape: true }, 'back'],
      ['', { return: true }, undefined],
      ['c', {}, undefined],
    ],
  ],
  [
    'an act',
    journey(acting),
    [
      ['', { escape: true }, undefined],
      ['c', {}, 'commands'],
      ['?', {}, 'why'],
      ['', { return: true }, undefined],
    ],
  ],
  ['an act that may end', journey({ ...acting, onEnough: () => {} }), [['', { escape: true }, 'back']]],
  [
    'a problem',
    journey(trouble),
    [
      ['', { return: true }, 'accept'],
      ['y', {}, 'copy'],
      ['c', {}, 'commands'],
      ['?', {}, 'why'],
      ['', { escape: true }, undefined],
      ['j', {}, undefined],
    ],
  ],
  [
    'the last page',
    journey(lastPage),
    [
      ['s', {}, 'page-action'],
      ['?', {}, 'why'],
      ['', { return: true }, 'accept'],
      ['y', {}, undefined],
      ['x', {}, undefined],
      [...ctrl('c'), 'stop'],
    ],
  ],
  [
    'a page of a step that the tutorial has',
    journey(acting, { panel: page, step: taught }),
    [
      ['t', {}, 'tutorial'],
      ['k', {}, 'keys'],
      ['c', {}, 'commands'],
      ['?', {}, 'why'],
      ['', { escape: true }, 'close'],
      ['', { return: true }, 'close'],
      ['x', {}, undefined],
    ],
  ],
  [
    'a page of a step that the tutorial does not have',
    journey(acting, { panel: page, step: { id: 's', title: 'S', why: 'Why.', goesWrong: [], place: 'you' } }),
    [['t', {}, undefined]],
  ],
  [
    'the question whether to stop, over a page',
    journey(acting, { panel: page, stopping: 'everything' }),
    [
      ['', { return: true }, 'leave'],
      [...ctrl('c'), 'leave'],
      ['c', {}, 'stay'],
      ['', { escape: true }, 'stay'],
    ],
  ],
  [
    'the question whether to stop, over a question',
    journey(askingStage(file), { stopping: 'everything' }),
    [
      ['c', {}, 'stay'],
      ['', { return: true }, 'leave'],
    ],
  ],
  [
    'a page over a question',
    journey(askingStage(file), { panel: page }),
    [
      ['c', {}, 'commands'],
      ['x', {}, undefined],
      ['', { escape: true }, 'close'],
    ],
  ],
  [
    'nothing',
    journey({ phase: 'between' }),
    [
      [...ctrl('c'), 'stop'],
      [...ctrl('z'), 'suspend'],
      ['', { return: true }, undefined],
      ['c', {}, undefined],
    ],
  ],
];
for (const [what, screen, does] of screens)
  test(`the right keys work, and no others: ${what}`, () => {
    for (const [input, key, wanted] of does)
      assert.equal(actionOn(screen, input, key)?.type, wanted, `${input} ${JSON.stringify(key)}`);
  });

test('a page scrolls by lines, by pages and to its ends', () => {
  for (const [input, key, by, direction] of [
    ['', { upArrow: true }, 'line', -1],
    ['', { downArrow: true }, 'line', 1],
    ['', { pageUp: true }, 'page', -1],
    ['', { pageDown: true }, 'page', 1],
    [' ', {}, 'page', 1],
    ['', { home: true }, 'all', -1],
    ['', { end: true }, 'all', 1],
  ] as const)
    assert.deepEqual(actionOn(journey(acting, { panel: page }), input, key), { type: 'scroll', by, direction });
});

test('the keys of a short list and of the list below a problem are those of the list itself', () => {
  assert.deepEqual(
    [short, plan, file, longList].map((question) => listHasKeys(journey(askingStage(question)))),
    [true, true, false, false],
  );
  assert.equal(listHasKeys(journey(trouble)), true);
  assert.equal(listHasKeys(journey(trouble, { panel: page })), false);
});
