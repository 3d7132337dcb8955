import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Answers, Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import { givenFirst } from '../../source/ui/given-first.ts';
import { interviewStep } from '../../source/ui/interviewing.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { givenAnswers } from '../given-answers.ts';
import { textQuestion } from '../text-question.ts';
import { quietInterviewer } from './quiet-interviewer.ts';

type AnyStep = Step<object, object>;

const text = (id: string, verify?: (answer: Answer) => Promise<string | undefined>): Question =>
  textQuestion(id, { help: 'As you like.', ...(verify === undefined ? {} : { verify }) });

/** A step with these questions, in their order. */
const stepOf = (...questions: readonly Question[]): AnyStep => bareStep('a-step', { questions: () => questions });

/** A person who takes what is offered, else answers "typed"; notes what was asked, with its help, and of which step. */
function person() {
  const stepTitles: string[] = [];
  const asked: { id: string; help: string | undefined; draft: Answer | undefined }[] = [];
  const interviewer = quietInterviewer<object, object>({
    interview: (step, context, given) => {
      stepTitles.push(step.title);
      return interviewStep({
        step,
        context,
        given,
        typed: new Map(),
        ask: async ({ question, draft }) => {
          asked.push({ id: question.id, help: question.help, draft });
          return { kind: 'answer', answer: draft ?? 'typed' };
        },
      });
    },
  });
  return { asked, interviewer, stepTitles };
}

const flags = (answers: Answers) => ({
  ...givenAnswers({ 'a-step': answers }),
  path: '',
  flags: { 'a-step.two': '--two' },
});

const context = { facts: {}, services: {} };

test('what the command line has answered is not asked', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(text('one'), text('two'));
  const interview = await givenFirst(interviewer, flags({ one: 'a', two: 'b' })).interview(step, context, nothingGiven);
  assert.deepEqual([interview, asked], [{ answers: { one: 'a', two: 'b' } }, []]);
});

test('what was answered before a stop stays, also when the command line answers the rest', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(text('one'), text('two'));
  const interview = await givenFirst(interviewer, flags({ two: 'b' })).interview(step, context, {
    ...nothingGiven,
    start: { one: 's' },
  });
  assert.deepEqual([interview, asked], [{ answers: { one: 's', two: 'b' } }, []]);
});

test('an answer that is refused is asked for, with the reason beside it', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(
    text('one'),
    text('two', async () => 'There is no b.'),
    text('three'),
  );
  const given = givenFirst(interviewer, flags({ one: 'a', two: 'b', three: 'c' }));
  await given.interview(step, context, nothingGiven);
  assert.deepEqual(
    asked.map(({ id, help }) => [id, help]),
    [
      ['two', '--two: There is no b.\nAs you like.'],
      ['three', 'As you like.'],
    ],
  );
});

test('a refused answer without a flag is told by the name of its question, and its step keeps its title', async () => {
  const { asked, interviewer, stepTitles } = person();
  const step = stepOf(text('one', async () => 'There is no a.'));
  await givenFirst(interviewer, flags({ one: 'a' })).interview(step, context, nothingGiven);
  assert.deepEqual([asked[0]?.help, stepTitles], ['one: There is no a.\nAs you like.', ['a-step']]);
});

test('a step of which the command line says nothing is asked, each answer is noted, and all else is passed on', async () => {
  const { asked, interviewer } = person();
  const lines: string[] = [];
  const noticed = (line: string) => void lines.push(line);
  const given = givenFirst({ ...interviewer, noticed }, flags({ one: 'a' }));
  const noted: Answers[] = [];
  const noting = { ...nothingGiven, note: (answers: Answers) => noted.push(answers) };
  await given.interview(bareStep('other', { questions: () => [text('three')] }), context, noting);
  await given.interview(stepOf(text('one'), text('two')), context, noting);
  assert.deepEqual(
    asked.map(({ id }) => id),
    ['three', 'two'],
  );
  assert.deepEqual(noted, [{ three: 'typed' }, { one: 'a', two: 'typed' }]);
  given.noticed('A line.');
  assert.deepEqual(lines, ['A line.']);
});

test('an answer behind one that is missing is offered, and everything is asked when the step comes again', async () => {
  const { asked, interviewer } = person();
  const given = givenFirst(interviewer, flags({ two: 'b' }));
  const step = stepOf(text('one'), text('two'));
  assert.deepEqual(await given.interview(step, context, nothingGiven), { answers: { one: 'typed', two: 'b' } });
  assert.deepEqual(
    asked.map(({ id, draft }) => [id, draft]),
    [
      ['one', undefined],
      ['two', 'b'],
    ],
  );
  await given.interview(step, context, { ...nothingGiven, drafts: { one: 'd', two: 'e' } });
  assert.deepEqual(
    asked.slice(2).map(({ draft }) => draft),
    ['d', 'e'],
  );
});

test('what the command line says counts more than what was answered before', async () => {
  const { asked, interviewer } = person();
  const step = stepOf(text('one'), text('two'));
  const drafts = { one: 'd', two: 'e' };
  await givenFirst(interviewer, flags({ two: 'b' })).interview(step, context, { ...nothingGiven, drafts });
  assert.deepEqual(
    asked.map(({ draft }) => draft),
    ['d', 'b'],
  );
});
