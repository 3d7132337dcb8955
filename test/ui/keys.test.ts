import assert from 'node:assert/strict';
import test from 'node:test';
import type { Key } from 'ink';
import type { Question } from '../../source/ceremony/question.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { openField } from '../../source/ui/ink/fields/kinds.ts';
import { footerLine } from '../../source/ui/ink/footer.ts';
import type { Journey, Stage } from '../../source/ui/ink/journey.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { actionFor, bindingsOf, modeOf } from '../../source/ui/ink/keys.ts';
import { keysPage } from '../../source/ui/ink/panels/keys-page.ts';
import { fakeCeremony, fakeServices } from './fake-ceremony.ts';

const services = fakeServices();
const questions = fakeCeremony.steps.flatMap((step) =>
  step.questions({ facts: {}, answers: { file: 'a.key' }, services }),
);

function asking(question: Question, isVerifying = false): Stage {
  return {
    phase: 'asking',
    since: 0,
    field: openField(question, undefined, 0),
    isFirst: true,
    back: 'step',
    isVerifying,
  };
}

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
  ...questions.map((question) => journey(asking(question))),
  journey(asking(longList)),
  journey(asking(anyQuestion, true)),
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
    const line = footerLine(each, 200, symbolsFor({ unicode: true }));
    const text = line.map(({ text }) => text).join('');
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
    const footer = footerLine(each, 400, symbolsFor({ unicode: true }))
      .map(({ text }) => text)
      .join('');
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
    assert.ok(['stop', 'leave'].includes(actionFor(each, 'c', { ...noKey, ctrl: true })?.type ?? ''));
  });

  test(`${mode}: keys with Alt do nothing`, () => {
    const action = actionFor(each, 'x', { ...noKey, meta: true });
    assert.ok(action === undefined || action.type === 'stay');
  });
}

test('hints give way to the width, the most needed last', () => {
  const list = modes.get('choice') ?? assert.fail();
  const at = (width: number) =>
    footerLine(list, width, symbolsFor({ unicode: true }))
      .map(({ text }) => text)
      .join('');
  assert.equal(at(78), '↑↓ move · enter choose · esc back · c commands · ? why · ctrl+c stop');
  assert.equal(at(45), 'enter choose · esc back · ? why · ctrl+c stop');
  assert.equal(at(24), 'enter choose · esc back');
});

test('letters are text where text is taken, and commands where not', () => {
  const text = modes.get('text') ?? assert.fail();
  const list = modes.get('choice') ?? assert.fail();
  assert.deepEqual(actionFor(text, '?', noKey), { type: 'insert', text: '?' });
  assert.deepEqual(actionFor(list, '?', noKey), { type: 'why' });
  assert.deepEqual(actionFor(text, 'g', { ...noKey, ctrl: true }), { type: 'why' });
  assert.equal(actionFor(text, '\n', noKey), undefined);
});

test('while files are sent, Esc ends what is under way; while other steps act, it does nothing', () => {
  const hintsOf = (stage: Stage) => bindingsOf(journey(stage)).map(({ key, does }) => `${key} ${does}`);
  assert.ok(hintsOf({ ...acting, onEnough: () => {} }).includes('esc stop after this'));
  assert.ok(!hintsOf(acting).some((hint) => hint.startsWith('esc')));
});
