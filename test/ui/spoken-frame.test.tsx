import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { cleanup, render } from 'ink-testing-library';
import type { Question } from '../../source/ceremony/question.ts';
import type { OptionList } from '../../source/ui/ink/fields/option-list.ts';
import type { Journey, Stage } from '../../source/ui/ink/journey.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { SpokenFrame } from '../../source/ui/ink/spoken/frame.tsx';
import { askingStage } from './asking-stage.ts';

/* What a screen reader hears of the whole screen. */

afterEach(cleanup);

const lesson = { article: 'Section 8', video: 'At 3:10.', showed: 'S.', shows: 'N.' };
const step = { id: 's', title: 'Key', why: 'Why.', goesWrong: [], place: 'you', lesson } as const;
const where = { alias: '', region: 'r', account: 'a', who: 'w', endpoints: '', practice: true, asInTheVideo: true };
const question: Question = { kind: 'text', id: 'q', ask: 'Which?', label: 'Q', form: 'a', title: 'The title' };

/** What is heard of the second of three steps. */
const heard = (stage: Stage, changes: Partial<Journey> = {}) =>
  render(
    <SpokenFrame
      journey={{ ...beginning, step, stepIndex: 1, where, stage, ...changes }}
      titles={['Connect', 'Key', 'Objects']}
      practice={false}
      place={{ width: 80, rows: 20 }}
      onPoint={() => {}}
    />,
  ).lastFrame() ?? '';

test('a question is heard with its step and why, with what is wrong, and with what was said last', () => {
  const asking = heard(askingStage(question, { problem: 'It is taken.' }), { said: 'Copied.' });
  assert.match(asking, /^Keyferry, practice, r, account a, w/);
  assert.match(asking, /Done: Connect\. Now: Key, step 2 of 3\. To do: Objects\.\nVideo: At 3:10\./);
  assert.match(asking, /The title[\s\S]*Which\?[\s\S]*Problem: It is taken\.[\s\S]*Copied\./);
  assert.match(asking, /\nWhy\.\n/);
});

test('at a later question the steps to come are not heard again, and while an answer is checked, not what was wrong', () => {
  const checked = heard(askingStage(question, { problem: 'It is taken.', isVerifying: true, isFirst: false }));
  assert.match(checked, /Checking/);
  assert.doesNotMatch(checked, /It is taken|To do|Video/);
});

test('where a list has no options, it is heard why a name must be typed', () => {
  const names: Question = { kind: 'choice', id: 'n', ask: 'Which?', label: 'Name', form: 'a name', options: [] };
  const typed = { kind: 'text', question: names, edit: { text: '', cursor: 0 } } as const;
  const heardWith = (instead: OptionList) => heard(askingStage(names, { field: { ...typed, instead } }));
  const empty = heardWith({ options: [], state: 'complete' });
  assert.match(empty, /Name \(there is nothing to choose from; type a name\):/);
  const refused = heardWith({ options: [], state: 'refused', why: 'AccessDenied' });
  assert.match(refused, /Name \(the list cannot be read; type a name\):/);
});

test('of a list with typed values, all rows are counted', () => {
  const options = [{ value: 'a', label: 'a' }];
  const list: Question = { kind: 'many', id: 'm', ask: 'Which?', label: 'M', form: 'a', least: 0, options };
  const counted = heard(askingStage({ ...list, typed: 'ARN', default: ['arn:b', 'arn:c'] }));
  assert.match(counted, /Filter \(2 chosen, 3 in all\):/);
});

test('a sentence to tick is heard once', () => {
  const tick = heard(askingStage({ kind: 'confirm', id: 'c', ask: 'I have read it.', label: 'C', form: 'a' }));
  assert.equal(tick.split('I have read it.').length, 2);
});

test('a problem is heard with what to do next, its request and its keys', () => {
  const problem = { kind: 'ours', what: 'It failed.', next: ['Ask.'], requestId: 'r-1' } as const;
  const trouble = heard({ phase: 'problem', problem, rowValue: undefined, saved: 'everything' });
  for (const line of ['Problem: It failed.', 'Next: Ask.', 'Request r-1', 'Keys: up and down move'])
    assert.ok(trouble.includes(line), trouble);
});

test('of the work, each line is heard with how far it is', () => {
  const lines = [
    { id: 'a', label: 'a.tar', state: 'done' },
    { id: 'b', label: 'Waiting', note: '5 s', state: 'waiting' },
    { id: 'c', label: 'c.tar', state: 'working', bytes: { done: 0, total: 0 } },
    { id: 'd', label: 'd.tar', state: 'working', bytes: { done: 59, total: 100 } },
  ] as const;
  const acting = heard({ phase: 'acting', lines, since: 0 });
  for (const line of ['Done: a.tar', 'Now: Waiting, 5 s', 'c.tar, 100 %', 'd.tar, 50 %'])
    assert.ok(acting.includes(line), acting);
});
