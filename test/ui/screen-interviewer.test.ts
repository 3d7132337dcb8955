import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { Asker } from '../../source/ui/ink/asker.ts';
import { screenInterviewer } from '../../source/ui/ink/interviewer.ts';
import type { Journey } from '../../source/ui/ink/journey.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { connectionOf } from '../known-facts.ts';

/* What the screen gets of a ceremony, without anything that draws it. */

const question: Question = { kind: 'text', id: 'a', ask: 'Which?', label: 'A', form: 'a word' };
const steps: readonly Step<Facts, object>[] = ['one', 'two', 'three'].map((id) =>
  bareStep(id, {
    place: id === 'three' ? 'S3' : 'KMS',
    questions: () => [question],
    commands: ({ answers }) => [{ says: id, shell: JSON.stringify(answers) }],
    receipt: ({ connection }) => `${id} in ${connection?.region}`,
  }),
);
const [first, second, third] = steps;
assert.ok(first && second && third);
const facts: Facts = { connection: connectionOf('arn:aws:iam::000000000000:user/you') };
const context = { facts, services: {} };

function open() {
  const store = new JourneyStore();
  const asker = new Asker({ store, savedNow: () => 'everything', discardKeys: () => {} });
  const lend = async () => async () => {};
  const interviewer = screenInterviewer<object>({ ceremony: { steps }, store, asker, lend });
  return { store, asker, interviewer, lend };
}

const whereOf = ({ step, stepIndex, where }: Journey) => [step?.id, step?.place, stepIndex, where?.region];

test('a step that asks or acts is the present one, and where it works is in the header', async () => {
  const { store, asker, interviewer, lend } = open();
  assert.equal(interviewer.lend, lend);
  const interview = interviewer.interview(second, context, nothingGiven);
  assert.deepEqual(whereOf(store.journey()), ['two', 'KMS', 1, 'us-east-1']);
  assert.equal(asker.asking?.field.question, question);
  asker.reply({ kind: 'answer', answer: 'x' });
  assert.deepEqual(await interview, { answers: { a: 'x' } });
  let enough = 0;
  const onEnough = () => {
    enough += 1;
  };
  interviewer.acting(third, { ...context, answers: { a: 'y' } }, onEnough);
  assert.deepEqual(whereOf(store.journey()), ['three', 'S3', 2, 'us-east-1']);
  const { stage } = store.journey();
  assert.ok(stage.phase === 'acting');
  stage.onEnough?.();
  assert.equal(enough, 1);
  assert.deepEqual(store.journey().commands(), [{ says: 'three', shell: '{"a":"y"}' }]);
  interviewer.acting(third, { ...context, answers: {} });
  assert.equal('onEnough' in store.journey().stage, false);
});

test('while a question is asked ahead, the present step keeps its number and its place', () => {
  const { store, interviewer } = open();
  void interviewer.interview(third, context, { ...nothingGiven, isAhead: true });
  assert.deepEqual(whereOf(store.journey()), ['three', 'S3', 2, 'us-east-1'], 'without a present step it is the step');
  void interviewer.interview(first, context, nothingGiven);
  void interviewer.interview(third, { ...context, facts: {} }, { ...nothingGiven, isAhead: true });
  assert.deepEqual(whereOf(store.journey()), ['three', 'KMS', 0, 'us-east-1']);
});

test('of byte counts the last one is shown before what comes next, and other progress at once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { store, interviewer } = open();
  const lines = () => {
    const { stage } = store.journey();
    return stage.phase === 'acting' ? stage.lines.map(({ bytes, note }) => bytes?.done ?? note) : [];
  };
  const upload = (done: number) =>
    interviewer.progress(first, { id: 'a', label: 'a.tar', state: 'working', bytes: { done, total: 9 } });
  const ends: readonly (() => void)[] = [
    () => interviewer.noticed('A line.'),
    () => interviewer.done(first, facts),
    () => void interviewer.trouble(first, { kind: 'ours', what: 'It failed.', next: [] }),
  ];
  for (const end of ends) {
    interviewer.acting(first, { ...context, answers: {} });
    for (const done of [1, 2, 3]) upload(done);
    assert.deepEqual(lines(), [1]);
    const seen: unknown[] = [];
    const stop = store.subscribe(() => seen.push(...lines()));
    end();
    stop();
    assert.equal(seen[0], 3);
    t.mock.timers.tick(1000);
  }
  interviewer.acting(first, { ...context, answers: {} });
  for (const note of ['one', 'two']) interviewer.progress(first, { id: 'b', label: 'b', note, state: 'working' });
  assert.deepEqual(lines(), ['two']);
  for (const done of [8, 9])
    interviewer.progress(first, { id: 'b', label: 'b', state: 'done', bytes: { done, total: 9 } });
  assert.deepEqual(lines(), [9], 'the end of an upload does not wait');
});

test('a step that is done leaves its receipt, and the next one is the present step', () => {
  const { store, interviewer } = open();
  interviewer.acting(first, { facts: {}, answers: {}, services: {} });
  assert.equal(store.journey().where, undefined);
  interviewer.noticed('A line.');
  interviewer.done(first, facts);
  const { receipts, stage } = store.journey();
  assert.deepEqual(receipts, ['A line.', 'one in us-east-1']);
  assert.equal(stage.phase, 'between');
  assert.deepEqual(whereOf(store.journey()), ['one', 'KMS', 1, 'us-east-1']);
});

test('a problem is that of its step, and what the person decides is given back', async () => {
  const { store, asker, interviewer } = open();
  void interviewer.interview(third, context, nothingGiven);
  const decision = interviewer.trouble(second, { kind: 'waiting', what: 'It did not work.', next: [] });
  assert.deepEqual(whereOf(store.journey()), ['two', 'KMS', 1, 'us-east-1']);
  assert.equal(store.journey().stage.phase, 'problem');
  asker.decide({ action: 'stop' });
  assert.deepEqual(await decision, { action: 'stop' });
});
