import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Given } from '../../source/ceremony/interviewer.ts';
import type { Answer, Answers, Lead, Question } from '../../source/ceremony/question.ts';
import { type Asked, interviewStep } from '../../source/ui/interviewing.ts';
import type { Reply } from '../../source/ui/reply.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { textQuestion, wordsOf } from '../text-question.ts';

const questions = ['one', 'two', 'three'].map((id) => textQuestion(id));
const answer = (value: Answer): Reply => ({ kind: 'answer', answer: value });
const lead = (to: Exclude<Lead, { action: 'panel' }>): Reply => ({ kind: 'lead', lead: to });

type How = { readonly id: string; readonly asks: readonly Question[]; readonly typed: Map<string, Answer> };

/** Interviews a step that asks these questions, with these replies in their order. Gives what was asked and what came of it. */
async function interviewed(
  replies: readonly Reply[],
  { id = 'a-step', asks = questions, typed = new Map<string, Answer>(), ...more }: Partial<Given> & Partial<How> = {},
) {
  const asked: Asked[] = [];
  const noted: Answers[] = [];
  const interview = await interviewStep({
    step: bareStep<{ name: string }, object>(id, {
      questions: () => asks,
      commands: ({ facts, answers }) => [{ says: facts.name, shell: JSON.stringify(answers) }],
    }),
    context: { facts: { name: 'me' }, services: {} },
    given: { ...nothingGiven, note: (answers) => noted.push(answers), ...more },
    typed,
    ask: async (each) => {
      asked.push(each);
      return replies[asked.length - 1] ?? assert.fail(`no reply to ${each.question.ask}`);
    },
  });
  return { asked, ids: asked.map(({ question }) => question.id), noted, interview };
}

const all = ['x', 'y', 'z'].map(answer);

test('the reason for a step is shown with its first question, where it was not shown before', async () => {
  const firsts = async (isBegun: boolean) => (await interviewed(all, { isBegun })).asked.map(({ isFirst }) => isFirst);
  assert.deepEqual(await firsts(false), [true, false, false]);
  assert.deepEqual(await firsts(true), [false, false, false]);
});

test('the commands at a question have the facts, the answers before it and its own', async () => {
  const { asked } = await interviewed(all);
  assert.deepEqual(asked[1]?.commands('mine'), [{ says: 'me', shell: '{"one":"x","two":"mine"}' }]);
});

test('an option asks an earlier question of the same step again, with what was typed there', async () => {
  const again = lead({ action: 'ask-again', label: 'Change it', question: 'two' });
  const { ids, asked, interview, noted } = await interviewed([...all.slice(0, 2), again, ...all.slice(1)]);
  assert.deepEqual(ids, ['one', 'two', 'three', 'two', 'three']);
  assert.equal(asked[3]?.draft, 'y');
  assert.deepEqual(noted[2], { one: 'x' });
  assert.deepEqual(interview, { answers: { one: 'x', two: 'y', three: 'z' } });
});

for (const [what, to, interview] of [
  [
    'to a question that is not asked here',
    { action: 'ask-again', label: 'Change it', question: 'four' },
    { reopen: 'a-step', question: 'four' },
  ],
  ['to a step', { action: 'reopen', label: 'Change it', step: 'other' }, { reopen: 'other' }],
  [
    'to a question of a step',
    { action: 'reopen', label: 'Change it', step: 'other', question: 'five' },
    { reopen: 'other', question: 'five' },
  ],
  [
    'to a later step',
    { action: 'ask-ahead', step: 'later', question: 'six' },
    { ahead: { action: 'ask-ahead', step: 'later', question: 'six' } },
  ],
] as const)
  test(`an option leads out of the step ${what}`, async () => {
    assert.deepEqual((await interviewed([answer('x'), lead(to)])).interview, interview);
  });

test('an option that only tries again asks the same question', async () => {
  const { ids } = await interviewed([answer('x'), lead({ action: 'retry', label: 'Try again' }), ...all.slice(1)]);
  assert.deepEqual(ids, ['one', 'two', 'two', 'three']);
});

test('a question begins with what was typed there while it was of the same kind, else with its earlier answer', async () => {
  const typed = new Map<string, Answer>();
  const back: Reply = { kind: 'back', typed: 'half' };
  const first = await interviewed([back], { typed, canGoBack: true, drafts: { one: 'before' } });
  assert.deepEqual([first.interview, first.asked[0]?.draft, first.asked[0]?.back], ['back', 'before', 'step']);
  const second = await interviewed(all, { typed, drafts: { one: 'before' } });
  assert.deepEqual(
    [second.asked[0]?.draft, second.asked[0]?.back, second.asked[1]?.draft, second.asked[1]?.back],
    ['half', undefined, undefined, 'question'],
  );
  const asks: readonly Question[] = [{ kind: 'choice', ...wordsOf('one'), options: [] }];
  assert.equal((await interviewed(all, { typed, asks })).asked[0]?.draft, undefined);
  // A question of the same name in another step is another question.
  assert.equal((await interviewed(all, { id: 'other', typed })).asked[0]?.draft, undefined);
});

test('going back leads to the question before, and the answers before that one stay', async () => {
  const back: Reply = { kind: 'back', typed: 'half' };
  const { ids, interview } = await interviewed([...all.slice(0, 2), back, answer('v'), answer('z')]);
  assert.deepEqual(ids, ['one', 'two', 'three', 'two', 'three']);
  assert.deepEqual(interview, { answers: { one: 'x', two: 'v', three: 'z' } });
});
