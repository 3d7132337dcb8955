import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { goOnWithDrafts, keptDrafts, noteDrafts, takeKeptDrafts } from '../../source/ceremony/drafts.ts';
import type { Interviewer } from '../../source/ceremony/interviewer.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answer, Answers, Question } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import { takeAnswers, withReason } from '../../source/ceremony/take-answers.ts';
import { bareStep } from '../bare-step.ts';
import { watchDisk } from '../disk-log.ts';
import { newFolder } from '../new-folder.ts';
import { textQuestion } from '../text-question.ts';

const text = (id: string, more: Partial<Question> = {}) => ({ ...textQuestion(id), ...more }) as Question;
const secret = (id: string) =>
  ({ kind: 'secret', id, ask: 'Which?', label: id, form: 'text', keep: () => {} }) as Question;
const phrase = (id: string) =>
  ({ kind: 'phrase', id, ask: 'Type it.', label: id, form: 'text', phrase: 'yes', decline: 'no' }) as Question;

const step: Step<object, object> = bareStep('a');

test('drafts are kept up to the first question without an answer', () => {
  const questions = () => [text('one'), text('two'), text('three')];
  assert.deepEqual(keptDrafts(questions, {}), {});
  assert.deepEqual(keptDrafts(questions, { one: '1', three: '3' }), { one: '1' });
});

test('what belongs to another answer is not kept', () => {
  const questions = ({ one }: Answers) => [text('one'), ...(one === 'a' ? [text('of-a')] : [text('of-b')])];
  assert.deepEqual(keptDrafts(questions, { one: 'b', 'of-a': 'x' }), { one: 'b' });
  const shortened = ({ two }: Answers) => [...(two === undefined ? [text('one')] : []), text('two'), text('three')];
  assert.deepEqual(keptDrafts(shortened, { two: '2' }), {}, 'a draft behind an open question decides nothing');
});

test('secrets, phrases and the last answer of all are asked again', () => {
  const drafts = { one: '1', two: 'given', three: '3' };
  assert.deepEqual(
    keptDrafts(() => [text('one'), secret('two'), text('three')], drafts),
    { one: '1' },
  );
  assert.deepEqual(
    keptDrafts(() => [text('one'), phrase('two'), text('three')], { ...drafts, two: 'yes' }),
    { one: '1' },
  );
  assert.deepEqual(
    keptDrafts(() => [text('one'), text('three')], drafts),
    { one: '1' },
  );
});

test('a draft that cannot be taken any more is asked again, and those behind it', async () => {
  const goesOnWith = (more: Partial<Question>) => {
    return takeKeptDrafts(
      { ...step, questions: () => [text('one'), text('two', more), text('three')] },
      { facts: {}, services: {} },
      { one: '1', two: '2' },
    );
  };
  assert.deepEqual(await goesOnWith({}), { one: '1', two: '2' });
  assert.deepEqual(await goesOnWith({ check: () => 'It is gone.' } as Partial<Question>), { one: '1' });
  assert.deepEqual(await goesOnWith({ verify: async () => 'It is taken.' }), { one: '1' });
  const fails = async () => {
    throw new ProblemError({ kind: 'waiting', what: 'No connection.', next: [] });
  };
  assert.deepEqual(await goesOnWith({ verify: fails }), { one: '1' });
  const breaks = async () => {
    throw new Error('a defect');
  };
  await assert.rejects(goesOnWith({ verify: breaks }), /^Error: a defect$/);
});

test('answers are taken until a question has none or its answer is refused, and why it is refused is told whole', async () => {
  const take = (answers: Answers, more: Partial<Question> = {}) =>
    takeAnswers(
      { ...step, questions: () => [text('one'), text('two', more), text('three')] },
      { facts: {}, services: {} },
      {},
      ({ id }) => answers[id],
    );
  assert.deepEqual(await take({ one: ' 1 ', two: '2', three: '3' }), { taken: { one: '1', two: '2', three: '3' } });
  const check = (answer: string) => (/^\d$/.test(answer) ? undefined : 'No digit.');
  const verified: Answer[] = [];
  const noting = async (answer: Answer) => void verified.push(answer);
  const asksDigit = { check, verify: noting } as Partial<Question>;
  assert.equal((await take({ one: '1', two: ' 2 ' }, asksDigit)).refused, undefined);
  const wrong = await take({ one: '1', two: 'x' }, asksDigit);
  assert.deepEqual([wrong.refused?.why, wrong.question?.id], ['No digit.', 'two']);
  assert.deepEqual(verified, ['2'], 'AWS is asked only about an answer that could be right');
  const { taken, question, refused } = await take({ one: '1', three: '3' });
  assert.deepEqual([taken, question?.id, refused], [{ one: '1' }, 'two', undefined]);
  const whyWith = async (problem: object) => {
    const verify = async () => {
      throw new ProblemError({ kind: 'waiting', what: 'No connection.', next: [], ...problem });
    };
    return (await take({ one: '1', two: '2' }, { verify })).refused;
  };
  assert.deepEqual(await whyWith({}), { id: 'two', why: 'No connection.' });
  assert.deepEqual(await whyWith({ why: 'It ended.' }), { id: 'two', why: 'No connection. It ended.' });
  const verify = async () => ({ says: 'Two of them.', instead: ['1'] });
  assert.deepEqual((await take({ one: '1', two: '2' }, { verify })).refused, { id: 'two', why: 'Two of them.' });
  const asked = text('one');
  assert.deepEqual(withReason(asked, 'It is gone.'), { ...asked, help: 'It is gone.' });
  assert.equal(withReason({ ...asked, help: 'Any.' }, 'It is gone.').help, 'It is gone.\nAny.');
});

test('which question comes next is decided by the answers that were taken before', async () => {
  const questions = ({ answers: { one } }: { answers: Answers }) => [text('one'), text(one === 'a' ? 'of-a' : 'of-b')];
  const answers: Answers = { one: 'a', 'of-a': '1', 'of-b': '2' };
  const { taken } = await takeAnswers({ ...step, questions }, { facts: {}, services: {} }, {}, ({ id }) => answers[id]);
  assert.deepEqual(taken, { one: 'a', 'of-a': '1' });
});

test('a journal has the drafts of a step until it is done or reopened, and every answer as an offer', () => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  noteDrafts(journal, 'a', { one: 'too early' });
  assert.equal(journal.lines.length, 0, 'nothing is written before a ceremony has begun');
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  noteDrafts(journal, 'a', {});
  noteDrafts(journal, 'a', { one: 'mistyped' });
  noteDrafts(journal, 'a', { one: '1' });
  noteDrafts(journal, 'a', { one: '1' });
  noteDrafts(journal, 'a', { one: '1', two: '2' });
  noteDrafts(journal, 'a', { one: '1' });
  journal.close();
  const again = new Journal(path);
  assert.deepEqual(
    again.lines.map(({ kind }) => kind),
    ['begun', 'drafted', 'drafted', 'drafted', 'drafted'],
  );
  assert.deepEqual(again.state.drafts.get('a'), { one: '1' });
  assert.deepEqual(again.state.offers.get('a'), { one: '1', two: '2' });
  assert.equal(again.state.answers.get('a'), undefined);
  again.append({ kind: 'reopened', step: 'a' });
  assert.equal(again.state.drafts.get('a'), undefined);
  noteDrafts(again, 'a', { one: '1', two: '2' });
  assert.deepEqual(again.state.drafts.get('a'), { one: '1', two: '2' }, 'also where they are as before the reopening');
  again.append({ kind: 'answered', step: 'a', answers: { one: '3' } });
  assert.deepEqual(again.state.drafts.get('a'), { one: '3' });
  again.append({ kind: 'done', step: 'a', facts: {} });
  assert.equal(again.state.drafts.get('a'), undefined);
  assert.deepEqual(again.state.offers.get('a'), { one: '3', two: '2' });
});

test('a draft that the disk does not take holds no person up, and a defect is not passed over', () => {
  const folder = newFolder();
  const journal = new Journal(join(folder, 'journal.jsonl'));
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  rmSync(folder, { recursive: true });
  noteDrafts(journal, 'a', { one: '1' });
  assert.equal(journal.state.drafts.get('a'), undefined);
  journal.close();
  assert.throws(() => noteDrafts(journal, 'a', { one: '1' }), /The journal is closed/);
});

test('answers from before are named to the person where there are any', async () => {
  const journal = new Journal(join(newFolder(), 'journal.jsonl'));
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  const lines: string[] = [];
  const interviewer = { noticed: (line: string) => void lines.push(line) } as Interviewer<object, object>;
  const questions = ({ answers: { one } }: { answers: Answers }) =>
    [text('one'), ...(one === undefined ? [] : [text('two')]), text('three')] as const;
  const asking = { ...step, questions };
  const goOn = () => goOnWithDrafts(asking, {}, { journal, services: {}, interviewer });
  assert.deepEqual(await goOn(), {});
  noteDrafts(journal, 'a', { two: '2' });
  assert.deepEqual(await goOn(), {});
  assert.deepEqual(lines, []);
  noteDrafts(journal, 'a', { one: '1', two: '2' });
  assert.deepEqual(await goOn(), { one: '1', two: '2' });
  assert.deepEqual(lines, ['Answers from before: one, two. Go back to change an answer.']);
  // The answers of an act that was undone are no drafts: each of them is asked again.
  journal.append({ kind: 'answered', step: 'a', answers: { one: '1', two: '2', three: '3' } });
  journal.append({ kind: 'done', step: 'a', facts: {} });
  journal.append({ kind: 'reopened', step: 'a' });
  assert.deepEqual(await goOn(), {});
  assert.equal(lines.length, 1);
  noteDrafts(journal, 'a', { one: '4' });
  journal.append({ kind: 'done', step: 'b', facts: {} });
  assert.deepEqual(await goOn(), { one: '4' }, 'another step that is done takes no drafts of this one');
});

test('a draft or a call does not wait for the disk, and the next line brings it there', (t) => {
  const journal = new Journal(join(newFolder(), 'journal.jsonl'));
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  const events = watchDisk(t);
  noteDrafts(journal, 'a', { one: '1' });
  noteDrafts(journal, 'a', { one: '1', two: '2' });
  journal.append({ kind: 'call', operation: 'KMS.DescribeKey' });
  journal.append({ kind: 'answered', step: 'a', answers: { one: '1', two: '2' } });
  assert.deepEqual(
    events.map(({ does }) => does),
    ['write', 'write', 'write', 'write', 'flush'],
  );
});
