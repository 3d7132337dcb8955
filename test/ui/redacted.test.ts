import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClosingPage } from '../../source/ceremony/conclusion.ts';
import type { Interviewer } from '../../source/ceremony/interviewer.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { makeRedaction } from '../../source/terminal/redaction.ts';
import { redactScreen } from '../../source/ui/redacted.ts';
import type { Screen } from '../../source/ui/screen.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { connectionOf } from '../known-facts.ts';
import { quietInterviewer } from './quiet-interviewer.ts';

const step: Step<Facts, object> = bareStep('s', { asks: ['q'] });

/** A screen with stand-ins over one whose interviewer has these functions. */
function redacted(
  interviewer: Partial<Interviewer<Facts, object>>,
  screen: Partial<Screen<object>> = {},
): Screen<object> {
  const inner: Screen<object> = {
    interviewer: quietInterviewer(interviewer),
    ask: async () => '',
    closing: async () => {},
    close: async () => {},
    ...screen,
  };
  return redactScreen(inner, makeRedaction({ home: '/home/me', user: 'me', host: 'h' }));
}

/** Gives a question as a screen with stand-ins gets it. */
async function redactedQuestion(question: Question): Promise<Question> {
  const asked: Question[] = [];
  const { interviewer } = redacted({
    async interview(shownStep, context) {
      assert.equal(shownStep.id, 's');
      asked.push(...shownStep.questions({ ...context, answers: {} }));
      return 'back';
    },
  });
  const asks = { ...step, questions: () => [question] };
  await interviewer.interview(asks, { facts: {}, services: {} }, nothingGiven);
  const [shown] = asked;
  assert.ok(shown !== undefined);
  return shown;
}

const words = { id: 'q', ask: 'Which?', label: 'Q', form: 'a text' };
const check = (text: string) => `s3://payments: ${text} is of 123456789012.`;

for (const question of [
  { ...words, kind: 'text', check },
  { ...words, kind: 'file', check },
  { ...words, kind: 'choice', options: [], check },
  { ...words, kind: 'many', options: [], least: 0, check },
] satisfies readonly Question[])
  test(`what is wrong with an answer has stand-ins: ${question.kind}`, async () => {
    const shown = await redactedQuestion(question);
    assert.ok('check' in shown && shown.kind !== 'secret');
    assert.equal(shown.check?.('it'), 's3://bucket-1: it is of 111111111111.');
  });

test('what the chosen files come to has stand-ins', async () => {
  const shown = await redactedQuestion({
    ...words,
    kind: 'many',
    options: [],
    least: 0,
    looksIn: '/home/me',
    tally: async (chosen, signal) =>
      `${chosen.length} file. /home/me/a: it cannot be read.${signal.aborted ? '..' : ''}`,
  });
  assert.ok(shown.kind === 'many');
  assert.equal(shown.looksIn, '~');
  assert.equal(await shown.tally?.(['a'], new AbortController().signal), '1 file. ~/a: it cannot be read.');
  assert.equal(await shown.tally?.(['a'], AbortSignal.abort()), '1 file. ~/a: it cannot be read...');
});

const account = '123456789012';
const other = '111111111111';
const arn = `arn:aws:iam::${account}:role/Admin`;
const shownArn = `arn:aws:iam::${other}:role/role-1`;

test('each text of a question has stand-ins, and its answers have not', async () => {
  const base = { ...words, ask: `Is it ${arn}?`, title: account, form: account, help: account };
  const table = { head: ['', account], rows: [[account, true]] };
  const texts = { ask: `Is it ${shownArn}?`, title: other, form: other, help: other };
  const panel = { title: account, lines: [account] };
  const choice = await redactedQuestion({
    ...base,
    kind: 'choice',
    table,
    options: [
      { value: arn, label: 'role  Admin', hint: account },
      { value: account, label: account, disabled: account },
      { value: 'page', label: 'Page', leads: { action: 'panel', panel } },
    ],
    tick: { ask: account, before: arn },
  });
  assert.ok(choice.kind === 'choice');
  const { options, tick, ...rest } = choice;
  for (const [name, text] of Object.entries(texts)) assert.equal(rest[name as keyof typeof texts], text, name);
  assert.deepEqual(rest.table, { head: ['', other], rows: [[other, true]] });
  assert.equal(rest.shown?.(account), other);
  assert.deepEqual(tick, { ask: other, before: arn });
  assert.deepEqual(options, [
    { value: arn, label: 'role  role-1', hint: other },
    { value: account, label: other, disabled: other },
    { value: 'page', label: 'Page', leads: { action: 'panel', panel: { title: other, lines: [other] } } },
  ]);
});

test('options that come in pages, names of files, notices and what a check finds have stand-ins', async () => {
  const many = await redactedQuestion({
    ...words,
    kind: 'many',
    least: 0,
    options: async function* () {
      yield [{ value: arn, label: account }];
    },
    complete: () => ({ text: '/home/me/a', names: ['/home/me/a', '/home/me/b'] }),
    verify: async () => ({ says: `IAM has it as ${arn}.`, instead: [arn] }),
  });
  assert.ok(many.kind === 'many' && typeof many.options === 'function');
  const pages = [];
  for await (const page of many.options()) pages.push(page);
  assert.deepEqual(pages, [[{ value: arn, label: other }]]);
  const file = await redactedQuestion({
    ...words,
    kind: 'file',
    complete: () => ({ text: '/home/me/a', names: ['/home/me/a'] }),
  });
  assert.ok(file.kind === 'file');
  assert.deepEqual(file.complete?.('/h'), { text: '/home/me/a', names: ['~/a'] });
  assert.deepEqual(many.complete?.('/h'), { text: '/home/me/a', names: ['~/a', '~/b'] });
  assert.deepEqual(await many.verify?.([]), { says: `IAM has it as ${shownArn}.`, instead: [arn] });
  const problem = { kind: 'refused', what: account, why: account, state: account, next: [account] } as const;
  const text = await redactedQuestion({
    ...words,
    kind: 'text',
    notice: (typed) => `${typed} is of ${account}`,
    verify: async (answer) => {
      if (answer === 'refused') throw new ProblemError(problem);
      if (answer === 'lost') throw new Error('EIO');
      if (answer === 'right') return undefined;
      return `It is of ${account}.`;
    },
  });
  assert.ok(text.kind === 'text');
  assert.equal(text.notice?.('it'), `it is of ${other}`);
  assert.equal(await text.verify?.('x'), `It is of ${other}.`);
  assert.equal(await text.verify?.('right'), undefined);
  await assert.rejects(async () => text.verify?.('lost'), /^Error: EIO$/);
  await assert.rejects(
    async () => text.verify?.('refused'),
    (error) => {
      assert.ok(error instanceof ProblemError);
      assert.deepEqual(error.problem, { kind: 'refused', what: other, why: other, state: other, next: [other] });
      return true;
    },
  );
});

for (const question of [
  { ...words, kind: 'text' },
  { ...words, kind: 'file' },
  { ...words, kind: 'choice', options: [] },
  { ...words, kind: 'many', options: [], least: 0 },
  { ...words, kind: 'confirm' },
  { ...words, kind: 'phrase', phrase: 'go on', decline: 'keep' },
  { ...words, kind: 'secret', keep: () => {} },
] satisfies readonly Question[])
  test(`nothing that a question does not have is added to it: ${question.kind}`, async () => {
    const { shown, ...rest } = await redactedQuestion(question);
    assert.equal(typeof shown, 'function');
    assert.deepEqual(rest, question);
  });

test('the name in the value of an option is hidden in its label too', async () => {
  const choice = await redactedQuestion({ ...words, kind: 'choice', options: [{ value: arn, label: 'role  Admin' }] });
  assert.ok(choice.kind === 'choice');
  assert.deepEqual(choice.options, [{ value: arn, label: 'role  role-1' }]);
});

test('a phrase is typed as it is shown, and given as it is', async () => {
  const question = { ...words, kind: 'phrase', phrase: account, decline: 'keep' } as const;
  const { interviewer } = redacted({
    async interview(shownStep, context) {
      const [shown] = shownStep.questions({ ...context, answers: {} });
      assert.ok(shown?.kind === 'phrase');
      assert.equal(shown.phrase, other);
      return { answers: { q: shown.phrase } };
    },
  });
  const asks = { ...step, questions: () => [question] };
  assert.deepEqual(await interviewer.interview(asks, { facts: {}, services: {} }, nothingGiven), {
    answers: { q: account },
  });
});

test('an answer that is no phrase, and a way out of a step, stay as they are', async () => {
  const phrase = { ...words, kind: 'phrase', phrase: account, decline: 'keep' } as const;
  const text = { ...words, id: 't', kind: 'text' } as const;
  for (const interview of [
    'back',
    { backTo: 'name' },
    { reopen: 'name' },
    { answers: { q: 'keep', t: other } },
    { answers: { t: account } },
  ] as const) {
    const { interviewer } = redacted({ interview: async () => interview });
    const asks = { ...step, questions: () => [phrase, text] };
    assert.deepEqual(await interviewer.interview(asks, { facts: {}, services: {} }, nothingGiven), interview);
  }
});

test('a screen that cannot lend its terminal still cannot, and of a step and its progress only the texts have stand-ins', () => {
  const told: unknown[] = [];
  const { interviewer } = redacted({
    acting: (shownStep, { answers }) =>
      told.push(shownStep.id, answers, shownStep.commands({ facts: {}, answers, services: {} })),
    progress: (shownStep, progress) => told.push(shownStep.id, progress),
    done: (shownStep) => told.push(shownStep.id),
  });
  assert.equal('lend' in interviewer, false);
  const commands = () => [{ says: 'Remove', shell: 'rm k.bin', destroys: true } as const];
  interviewer.acting({ ...step, commands }, { facts: {}, answers: { q: 'x' }, services: {} });
  interviewer.progress(step, { id: 'a', label: account, state: 'working' });
  interviewer.done(step, {});
  assert.deepEqual(told, [
    's',
    { q: 'x' },
    [{ says: 'With stand-ins, as --redact is on. Remove', shell: 'rm k.bin', destroys: true }],
    's',
    { id: 'a', label: other, state: 'working' },
    's',
  ]);
});

test('what a step does, tells and has done has stand-ins, and Esc still ends what is under way', async () => {
  const told: unknown[] = [];
  const onEnough = () => {};
  const { interviewer, ask, close } = redacted(
    {
      lend: async (what) => {
        told.push(what);
        return async () => {};
      },
      acting: (shownStep, context, enough) =>
        told.push(shownStep.commands(context), context.facts.connection?.accountId, enough === onEnough),
      interview: async (_, context) => {
        told.push(context.facts.connection?.accountId);
        return 'back';
      },
      noticed: (line) => told.push(line),
      progress: (_, progress) => told.push(progress),
      done: (shownStep, facts) => told.push(shownStep.receipt(facts), facts.connection?.accountId),
      trouble: async (_, problem) => {
        told.push(problem);
        return { action: 'stop' };
      },
    },
    {
      ask: async (question, backAnswer) => {
        told.push(question.ask, backAnswer);
        return '';
      },
      close: async (lastWords) => void told.push(lastWords),
    },
  );
  const facts = { connection: { ...connectionOf(arn), accountId: account } };
  const commands = ['one', 'two'].map((says) => ({ says: `${says} ${account}`, shell: `aws --role ${arn}` }));
  const does = { ...step, commands: () => commands, receipt: () => account };
  await interviewer.interview(does, { facts, services: {} }, nothingGiven);
  interviewer.noticed(account);
  await interviewer.lend?.(account);
  interviewer.acting(does, { facts, answers: {}, services: {} }, onEnough);
  interviewer.progress(does, { id: 'a', label: account, note: account, state: 'working' });
  interviewer.done(does, facts);
  const remedy = { action: 'retry', label: account } as const;
  const problem = { kind: 'fixable', what: account, next: [], requestId: account, remedies: [remedy] } as const;
  await interviewer.trouble(does, problem);
  await ask({ ...words, ask: account, kind: 'choice', options: [] }, 'back');
  await close([account]);
  const shell = `aws --role ${shownArn}`;
  assert.deepEqual(told, [
    other,
    other,
    other,
    [
      { says: `With stand-ins, as --redact is on. one ${other}`, shell },
      { says: `two ${other}`, shell },
    ],
    other,
    true,
    { id: 'a', label: other, note: other, state: 'working' },
    other,
    other,
    { kind: 'fixable', what: other, next: [], requestId: other, remedies: [{ action: 'retry', label: other }] },
    other,
    'back',
    [other],
  ]);
});

test('the last page has stand-ins in its commands and in what stands out, and none of its links', async () => {
  const shown: ClosingPage[] = [];
  const { closing } = redacted({}, { closing: async (page) => void shown.push(page) });
  await closing({
    title: 'Done',
    lines: [account],
    commands: [account],
    emphasis: new Map([[account, 'keep']]),
    links: new Map([['record.md', 'file://host/home/me/record.md']]),
    actions: [
      { key: 'r', does: 'open', act: () => ({ title: account, lines: [account] }) },
      { key: 'c', does: 'copy', act: () => account },
    ],
  });
  assert.ok(shown[0]);
  const { actions, ...rest } = shown[0];
  assert.deepEqual(rest, { title: 'Done', lines: [other], commands: [other], emphasis: new Map([[other, 'keep']]) });
  assert.deepEqual(actions?.[0]?.act(), { title: other, lines: [other] });
  assert.equal(actions?.[1]?.act(), other);
});
