import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import type { Key } from 'ink';
import type { ManyQuestion } from '../../source/ceremony/question.ts';
import { kindOf } from '../../source/ui/ink/fields/kinds.ts';
import { isFiltered, type ManyField, openMany, rowAtCursor } from '../../source/ui/ink/fields/many/state.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { actionFor, isText } from '../../source/ui/ink/keys.ts';
import '../seed.ts';
import { askingStage } from './asking-stage.ts';

const question: ManyQuestion = {
  kind: 'many',
  id: 'files',
  ask: 'Which files?',
  label: 'Files',
  form: 'paths of files',
  options: [
    { value: 'a b.txt', label: 'a b.txt' },
    { value: 'ab.txt', label: 'ab.txt' },
    { value: 'b.txt', label: 'b.txt', disabled: 'the secret' },
  ],
  typed: 'path of a file',
  least: 0,
};

const noKey = {} as Key;
const keys: Readonly<Record<string, readonly [input: string, key: Partial<Key>]>> = {
  enter: ['', { return: true }],
  down: ['', { downArrow: true }],
  left: ['', { leftArrow: true }],
  backspace: ['', { backspace: true }],
  clear: ['u', { ctrl: true }],
};

/** The journey that asks the question of the field. */
const journeyOf = (field: ManyField) =>
  ({
    ...beginning,
    stage: askingStage(field.question, { field, back: undefined }),
  }) as const;

/** Presses one key as the screen does, and gives what came of it. A name of `keys` is that key; all else is a character. */
function press(field: ManyField, pressed: string) {
  const [input, key] = keys[pressed] ?? [pressed, {}];
  const action = actionFor(journeyOf(field), input, { ...noKey, ...key });
  return action === undefined ? {} : (kindOf(field).act(field, action, 0) as { field?: ManyField; answer?: unknown });
}

const anyKeys = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constantFrom('a', 'b', ' ', '.', 'x') }, fc.constantFrom(...Object.keys(keys))),
  { maxLength: 30 },
);

test('only Space on an empty filter and Enter on a filtered row change a tick, and Enter empties the filter', () => {
  fc.assert(
    fc.property(anyKeys, (pressed) => {
      let field = openMany(question, ['ab.txt']);
      for (const each of pressed) {
        const before = field;
        const { field: after = before, answer } = press(before, each);
        const wasFiltered = isFiltered(before);
        if (answer !== undefined) assert.ok(each === 'enter' && !wasFiltered && answer === before.chosen);
        const isTick = wasFiltered ? each === 'enter' : each === ' ';
        if (!isTick) assert.deepEqual(after.chosen, before.chosen, `${each} on "${before.filter.text}"`);
        if (wasFiltered && each === 'enter' && after !== before) {
          assert.equal(after.filter.text, '');
          const value = rowAtCursor(after)?.value ?? assert.fail('no row');
          assert.ok(after.chosen.includes(value));
          assert.deepEqual(new Set(after.chosen), new Set([...before.chosen, value]));
        }
        field = after;
      }
    }),
    { numRuns: 500 },
  );
});

test('Enter on a list with nothing ticked says which key ticks, unless there is no row to tick', () => {
  const field = openMany({ ...question, least: 1 }, undefined);
  assert.deepEqual(press(field, 'enter'), { problem: 'Space ticks a row; Enter goes on.' });
  const { field: ticked = field } = press(field, ' ');
  assert.deepEqual(press(ticked, 'enter'), { answer: ['a b.txt'] });
  assert.deepEqual(press(openMany({ ...question, options: [], least: 1 }, undefined), 'enter'), { answer: [] });
});

test('a ticked row that may not be ticked any more can still be unticked', () => {
  const field = openMany(question, ['b.txt']);
  const { field: unticked = field } = press(field, ' ');
  assert.deepEqual(unticked.chosen, []);
  assert.deepEqual(press(unticked, ' '), { problem: 'b.txt cannot be chosen: the secret.' });
});

test('the value that is kept is the text that was shown, trimmed, and no space inside is lost', () => {
  const word = fc.string({ unit: fc.constantFrom('q', 'w', ' ', 'é'), minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      word.filter((text) => text.trim() !== ''),
      (typed) => {
        // A blank in front of a text is a tick or nothing, because the filter has no text yet.
        const text = typed.trimStart();
        let field = openMany(question, undefined);
        for (const character of text) {
          assert.ok(isText(journeyOf(field), character));
          field = press(field, character).field ?? field;
        }
        assert.equal(field.filter.text, text);
        field = press(field, 'enter').field ?? field;
        assert.deepEqual(field.chosen, [text.trim()]);
        assert.deepEqual(press(field, 'enter').answer, [text.trim()]);
      },
    ),
    { numRuns: 300 },
  );
});

test('a text that is exactly one of the rows ticks this row, also behind others that contain the text', () => {
  const files = ['data.bin', 'a.bin'].map((value) => ({ value, label: value }));
  let field = openMany({ ...question, options: files }, undefined);
  for (const each of [...'a.bin', 'enter']) field = press(field, each).field ?? field;
  assert.deepEqual(field.chosen, ['a.bin']);
});
