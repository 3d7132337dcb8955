import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChoiceQuestion, Question } from '../../source/ceremony/question.ts';
import type { Stage } from '../../source/ui/ink/journey.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import { gateFor } from '../../source/ui/ink/typeahead.ts';
import { askingStage } from './asking-stage.ts';

const esc = '\u001B';
const [interrupt, suspend, why, commands] = ['\u0003', '\u001A', '\u0007', '\u000F'];
const base = { id: 'a', ask: 'Which?', label: 'A', form: 'a' } as const;
const text: Question = { ...base, kind: 'text' };
const list: ChoiceQuestion = { ...base, kind: 'choice', options: [{ value: 'make', label: 'Make' }] };
const plan: ChoiceQuestion = { ...list, tick: { ask: 'I have read it.', before: 'make' } };
const acting: Stage = { phase: 'acting', lines: [], since: 1000 };

const asking = (question: Question, isVerifying = false) => askingStage(question, { since: 2000, isVerifying });

/** A screen that shows one stage after the other, and what its gate says about a key that arrived at a time. */
function gated() {
  const store = new JourneyStore();
  const gate = gateFor(store);
  return {
    store,
    gate: (key: string, at = 2500) => gate({ key, at }),
    show(...events: Parameters<JourneyStore['dispatch']>) {
      store.dispatch(...events);
      store.noteCommitted(store.journey());
    },
    stage(stage: Stage) {
      this.show({ type: 'staged', stage });
    },
  };
}

test('a question gets its keys when it is on the screen, text together and other keys alone', () => {
  const shown = gated();
  shown.store.dispatch({ type: 'staged', stage: asking(text) });
  assert.deepEqual([shown.gate('a'), shown.gate('\r'), shown.gate(interrupt)], ['hold', 'hold', 'hand']);
  shown.stage(asking(text));
  assert.deepEqual([shown.gate('a'), shown.gate('\r'), shown.gate(interrupt)], ['text', 'hand', 'hand']);
  shown.stage(asking(list));
  assert.deepEqual([shown.gate('a'), shown.gate('c', 1)], ['hand', 'hand']);
  shown.stage({ phase: 'between' });
  assert.deepEqual([shown.gate('a'), shown.gate(interrupt)], ['hold', 'hand']);
});

test('whoever waits for the screen is told of each state that is on it', () => {
  const store = new JourneyStore();
  let count = 0;
  store.onCommitted(() => {
    count += 1;
  });
  store.dispatch({ type: 'staged', stage: acting });
  assert.deepEqual([count, store.isOnScreen], [0, false]);
  const before = store.journey();
  store.noteCommitted(before);
  assert.deepEqual([count, store.isOnScreen], [1, true]);
  store.dispatch({ type: 'staged', stage: { phase: 'between' } });
  store.noteCommitted(before);
  assert.equal(store.isOnScreen, false, 'an earlier state was drawn late');
});

test('all who follow the journey are told of each change, until they no longer want to be', () => {
  const store = new JourneyStore();
  const told: string[] = [];
  const stops = ['one', 'two'].map((name) => store.subscribe(() => told.push(name)));
  store.dispatch({ type: 'staged', stage: acting });
  stops[0]?.();
  store.dispatch({ type: 'staged', stage: acting });
  assert.deepEqual(told, ['one', 'two', 'two']);
});

test('while an answer is checked, only Esc, Ctrl+C and Ctrl+Z pass, and other keys wait', () => {
  const shown = gated();
  shown.stage(asking(text, true));
  assert.deepEqual(
    [esc, interrupt, suspend, 'a', '\r'].map((key) => shown.gate(key)),
    ['hand', 'hand', 'hand', 'hold', 'hold'],
  );
});

test('keys from before anybody could see an act wait, later ones are dropped unless they work during the act', () => {
  const shown = gated();
  shown.stage(acting);
  for (const key of ['a', '?', esc]) assert.equal(shown.gate(key, 1300), 'hold');
  assert.equal(shown.gate(interrupt, 1300), 'hand');
  assert.deepEqual(
    ['?', why, 'c', commands, suspend, 'a', '\r', esc].map((key) => shown.gate(key, 1301)),
    ['ahead', 'ahead', 'ahead', 'ahead', 'ahead', 'drop', 'drop', 'drop'],
  );
  shown.stage({ ...acting, onEnough: () => {} });
  assert.deepEqual([shown.gate(esc), shown.gate('a')], ['ahead', 'drop']);
});

test('a page or "Stop here?" over an act gets all keys, also when the act ends below the page', () => {
  const shown = gated();
  shown.stage(acting);
  shown.show({ type: 'stopping', saved: 'everything' });
  assert.equal(shown.gate('a'), 'ahead');
  shown.show({ type: 'stopping', saved: undefined });
  const panel = { kind: 'text', top: 0, content: { title: 'T', lines: [] }, actingSince: 1000 } as const;
  shown.show({ type: 'panel', panel });
  assert.equal(shown.gate('a'), 'ahead');
  shown.stage(asking(text));
  assert.deepEqual([shown.gate('a', 1300), shown.gate('a', 1301)], ['hold', 'ahead']);
  shown.show({ type: 'panel', panel: undefined });
  assert.equal(shown.gate('a', 1300), 'text');
});

test('a plan with a sentence to tick gets no key from before it appeared', () => {
  const shown = gated();
  shown.stage(asking(plan));
  assert.deepEqual(
    [shown.gate(' ', 1999), shown.gate(' ', 2000), shown.gate(interrupt, 1999)],
    ['drop', 'hand', 'hand'],
  );
  shown.stage(asking(list));
  assert.equal(shown.gate('\r', 1999), 'hand');
});
