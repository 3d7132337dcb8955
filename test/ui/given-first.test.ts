import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Answers, Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import { givenFirst } from '../../source/ui/given-first.ts';
import { interviewStep } from '../../source/ui/interviewing.ts';
import { bareStep } from '../bare-step.ts';
import { givenAnswers } from '../given-answers.ts';
import { quietInterviewer } from './quiet-interviewer.ts';

type AnyStep = Step<object, object>;

const text = (id: string, verify?: (answer: Answer) => Promise<string | undefined>): Question => ({
  kind: 'text',
  id,
  ask: `${id}?`,
  label: id,
  form: 'a text',
  help: 'As you like.',
  ...(verify === undefined ? {} : { verify }),
});

/** A step with these questions, in their order. */
const stepOf = (...questions: readonly Question[]): AnyStep => bareStep('a-step', { questions: () => questions });

/** A person who takes what is offered, else answers "typed"; notes what was asked, with its help. */
function person() {
  const asked: { id: string; help: string | undefined; draft: Answer | undefined }[] = [];
  const interviewer = quietInterviewer<object, object>({
    interview: (step, context, given) =>
      interviewStep({
        step,
        context,
        given,
        typed: new Map(),
        ask: async ({ question, draft }) => {
          asked.push({ id: question.id, help: question.help, draft });
          return { kind: 'answer', answer: draft ?? 'typed' };
        },
      }),
  });
  return { asked, interviewer };
}

const flags = (answers: Answers) => ({
  ...givenAnswers({ 'a-step': answers }),
  path: '',
  flags: { 'a-step.two': '--two' },
});

const bare = { start: {}, drafts: {}, canGoBack: false };
const context = { facts: {}, services: {} };

test('what the command line has answered is not asked', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(text('one'), text('two'));
  const interview = await givenFirst(interviewer, flags({ one: 'a', two: 'b' })).interview(step, context, bare);
  assert.deepEqual([interview, asked], [{ answers: { one: 'a', two: 'b' } }, []]);
});

test('an answer that is refused is asked for, with the reason beside it', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(
    text('one'),
    text('two', async () => 'There is no b.'),
    text('three'),
  );
  const given = givenFirst(interviewer, flags({ one: 'a', two: 'b', three: 'c' }));
  await given.interview(step, context, bare);
  assert.deepEqual(
    asked.map(({ id, help }) => [id, help]),
    [
      ['two', '--two: There is no b.\nAs you like.'],
      ['three', 'As you like.'],
    ],
  );
});

test('an answer behind one that is missing is offered, and everything is asked when the step comes again', async () => {
  const { asked, interviewer } = person();
  const given = givenFirst(interviewer, flags({ two: 'b' }));
  const step = stepOf(text('one'), text('two'));
  assert.deepEqual(await given.interview(step, context, bare), { answers: { one: 'typed', two: 'b' } });
  assert.deepEqual(
    asked.map(({ id, draft }) => [id, draft]),
    [
      ['one', undefined],
      ['two', 'b'],
    ],
  );
  await given.interview(step, context, { ...bare, drafts: { one: 'd', two: 'e' } });
  assert.deepEqual(
    asked.slice(2).map(({ draft }) => draft),
    ['d', 'e'],
  );
});

test('what the command line says counts more than what was answered before', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(text('one'), text('two'));
  const drafts = { one: 'd', two: 'e' };
  await givenFirst(interviewer, flags({ two: 'b' })).interview(step, context, { ...bare, drafts });
  assert.deepEqual(
    asked.map(({ draft }) => draft),
    ['d', 'b'],
  );
});
