import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import timers from 'node:timers/promises';
import { type Ending, factsOf, nextStep, runCeremony } from '../../source/ceremony/ceremony.ts';
import type { Decision, Interview, Interviewer } from '../../source/ceremony/interviewer.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers, ProblemPhrase, Question, SecretQuestion } from '../../source/ceremony/question.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import type { ActContext, Step, StepContext } from '../../source/ceremony/step.ts';
import { type Lend, Waiting } from '../../source/ceremony/waiting.ts';
import { bareStep } from '../bare-step.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';
import { textQuestion } from '../text-question.ts';

/* A ceremony of three small steps, to see what it does between them. */

type Facts = { readonly a?: string; readonly b?: string; readonly c?: string };
type Context = ActContext<Facts, object>;
type Given = Parameters<Interviewer<Facts, object>['interview']>[2];

function stepOf(id: string, more: Partial<Step<Facts, object>> = {}): Step<Facts, object> {
  return bareStep(id, {
    asks: ['one', 'two'],
    leadsTo: ['a', 'b', 'c'],
    questions: () => [textQuestion('one'), textQuestion('two')],
    act: async ({ answers }) => ({ [id]: String(answers.one ?? 'none') }),
    ...more,
  });
}

const trouble = (more: Partial<Problem> = {}): Problem => ({ kind: 'fixable', what: 'No.', next: [], ...more });

/** Fails the first `times` times, then gives its fact. */
function failing(id: string, problem: Problem, times = 1): Step<Facts, object> {
  let left = times;
  return stepOf(id, {
    act: async () => {
      if (left-- > 0) throw new ProblemError(problem);
      return { [id]: 'done' };
    },
  });
}

/** What happens when the person is asked, in place of a reply that is known before. */
type Reaction<Reply> = () => Promise<Reply>;

type Setting = {
  readonly steps: readonly Step<Facts, object>[];
  readonly path?: string;
  readonly services?: object;
  /** What is answered at each interview, in turn; by default one answer named after the step. */
  readonly interviews?: readonly (Interview | Reaction<Interview>)[];
  /** Answers the questions that a step then has; by default they are not looked at. */
  readonly answer?: (questions: readonly Question[]) => Answers;
  readonly decisions?: readonly (Decision | Reaction<Decision>)[];
  /** Gives the terminal to another program. */
  readonly lend?: Lend;
  readonly isUnattended?: boolean;
  readonly stop?: AbortController;
  readonly waiting?: Waiting;
  readonly onActing?: (onEnough: (() => void) | undefined, context: StepContext<Facts, object>) => void;
  readonly record?: (facts: Facts, services: object, isNew: boolean) => void;
  /** Called before the run begins; when it throws, the run cannot begin. */
  readonly onBegin?: () => void;
  /** What the person answers at each interview before its result, as far as they get. */
  readonly notes?: Answers;
  /** Gets what the interviewer is told, also of a run that throws. */
  readonly log?: string[];
};

/** Runs a ceremony and notes everything that its interviewer was told. */
async function run({ steps, path, interviews = [], answer, decisions = [], isUnattended, ...rest }: Setting) {
  const { stop, onActing, record, onBegin, lend, notes, services = {}, waiting = new Waiting() } = rest;
  const journal = new Journal(path ?? join(newFolder(), 'journal.jsonl'));
  const asked: { readonly step: string; readonly given: Given; readonly facts: Facts }[] = [];
  const { log = [] } = rest;
  const answers = [...interviews];
  const decided = [...decisions];
  let begun = 0;
  const ending: Promise<Ending<Facts>> = runCeremony<Facts, object>({
    ceremony: { steps, ...(record === undefined ? {} : { record }) },
    journal,
    services,
    waiting,
    signal: (stop ?? new AbortController()).signal,
    begin: () => {
      begun += 1;
      onBegin?.();
      if (journal.state.id === undefined) journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
    },
    explain: (error) => (error instanceof ProblemError ? error.problem : trouble({ what: String(error) })),
    interviewer: {
      ...(isUnattended === undefined ? {} : { isUnattended }),
      ...(lend === undefined ? {} : { lend }),
      interview: async (step, context, { note, ...given }) => {
        if (notes !== undefined) note?.(notes);
        asked.push({ step: step.id, given, facts: context.facts });
        const questions = step.questions({ ...context, answers: given.start });
        if (answer !== undefined) return { answers: answer(questions) };
        const interview = answers.shift() ?? { answers: { one: `${step.id}1`, ...given.start } };
        return typeof interview === 'function' ? interview() : interview;
      },
      acting: ({ id }, context, onEnough) => {
        log.push(`acting ${id}`);
        onActing?.(onEnough, context);
      },
      progress: ({ id }, { label }) => void log.push(`progress ${id} ${label}`),
      noticed: (line) => void log.push(`noticed ${line}`),
      done: (step, facts) => {
        const receipt = step.receipt(facts);
        log.push(receipt === step.id ? `done ${step.id}` : `done ${step.id}, ${receipt}`);
      },
      trouble: async ({ id }, { what }) => {
        log.push(`trouble ${id} ${what}`);
        const decision = decided.shift() ?? { action: 'stop' };
        return typeof decision === 'function' ? decision() : decision;
      },
    },
  });
  const result = await ending.finally(() => journal.close());
  return { ending: result, journal, asked, log, begun };
}

const namesOf = (asked: readonly { readonly step: string }[]) => asked.map(({ step }) => step);
const [a, b, c] = [stepOf('a'), stepOf('b'), stepOf('c')];

test('steps run in their order, once, and the end is noted once', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const first = await run({ steps: [a, b, c], path });
  assert.equal(first.ending.ended, 'finished');
  assert.deepEqual(first.ending.facts, { a: 'a1', b: 'b1', c: 'c1' });
  assert.deepEqual(first.log, ['acting a', 'done a', 'acting b', 'done b', 'acting c', 'done c']);
  assert.equal(first.begun, 1);
  const again = await run({ steps: [a, b, c], path });
  assert.deepEqual(again.ending, first.ending);
  assert.deepEqual(again.log, []);
  assert.equal(again.begun, 1, 'a ceremony that goes on takes its lock before it asks');
  assert.equal(again.journal.lines.filter(({ kind }) => kind === 'finished').length, 1);
  assert.deepEqual(factsOf(again.journal), first.ending.facts);
  const changing = await run({ steps: [a, stepOf('b', { act: async () => ({ a: 'later' }) })] });
  assert.deepEqual(changing.ending.facts, { a: 'later' });
  assert.equal(nextStep({ steps: [a, stepOf('d')] }, again.journal)?.id, 'd');
});

test('nothing is written before the first step acts, and a step without answers notes none', async () => {
  const silent = stepOf('a', { questions: () => [], asks: [] });
  const path = join(newFolder(), 'journal.jsonl');
  const { journal } = await run({
    steps: [silent],
    path,
    interviews: [{ answers: {} }],
    onActing: () => assert.equal(existsSync(path), false),
  });
  assert.deepEqual(
    journal.lines.map(({ kind }) => kind),
    ['begun', 'done', 'finished'],
  );
});

test('going back leads to the last question of the step before, with the drafts, and not behind a lasting step', async () => {
  const answers: Answers = { one: '1', two: '2' };
  const { asked, journal } = await run({
    steps: [a, b, c],
    interviews: [{ answers }, 'back', { answers: { one: '1', two: 'new' } }],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'a', 'b', 'c']);
  assert.deepEqual(asked[2]?.given, { start: { one: '1' }, drafts: answers, canGoBack: false });
  const noted = journal.lines.flatMap((line) => (line.kind === 'drafted' ? [[line.step, line.answers]] : []));
  assert.deepEqual(noted, [['a', { one: '1' }]], 'a stop there would not lose it');
  assert.equal(asked[1]?.given.canGoBack, true);
  assert.deepEqual(journal.state.answers.get('a'), { one: '1', two: 'new' });
  const lasting = await run({ steps: [a, stepOf('b', { lasting: true }), c] });
  assert.deepEqual(
    lasting.asked.map(({ given }) => given.canGoBack),
    [false, true, false],
  );
});

test('the receipt of a step that is done again says so, and whether it has changed', async () => {
  const told = stepOf('a', { receipt: (facts) => `Called ${facts.a}` });
  const { log } = await run({
    steps: [told, b],
    interviews: [{ answers: { one: 'x' } }, 'back', { answers: { one: 'x' } }, 'back', { answers: { one: 'y' } }],
  });
  assert.deepEqual(
    log.filter((line) => line.startsWith('done')),
    ['done a, Called x', 'done a, Again: Called x', 'done a, Changed: Called y', 'done b'],
  );
});

test('a receipt that tells of earlier steps has changed when these have', async () => {
  const told = stepOf('b', { receipt: (facts) => `Under ${facts.a}` });
  const { log } = await run({
    steps: [a, told],
    interviews: [{ answers: { one: 'x' } }, { answers: {} }],
  });
  assert.equal(log.at(-1), 'done b, Under x');
  const again = await run({
    steps: [a, told, c],
    interviews: [
      { answers: { one: 'x' } },
      { answers: {} },
      { backTo: 'a' },
      { answers: { one: 'y' } },
      { answers: {} },
    ],
  });
  assert.ok(again.log.includes('done b, Changed: Under y'), again.log.join());
});

test('who asks to change the present step is asked it from its first question', async () => {
  const both = { answers: { one: '1', two: '2' } };
  const { asked } = await run({
    steps: [a, failing('b', trouble())],
    interviews: [both, both, { reopen: 'b' }],
    decisions: [{ action: 'retry', label: '' }],
  });
  assert.deepEqual(
    asked.slice(2).map(({ step, given }) => [step, given.start]),
    [
      ['b', both.answers],
      ['b', {}],
    ],
  );
});

test('going back passes over steps that ask nothing, to the nearest one that does', async () => {
  const silent = stepOf('c', { questions: () => [] });
  const { asked } = await run({
    steps: [a, b, silent, stepOf('d')],
    interviews: [{ answers: { one: 'x' } }, { answers: { one: 'y' } }, { answers: {} }, 'back'],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'c', 'd', 'b', 'c', 'd']);
});

test('whether a step asks something depends on its answers, also for who goes back', async () => {
  const changing = stepOf('b', { questions: ({ answers }) => (answers.one === 'x' ? [textQuestion('one')] : []) });
  const interviews: readonly Interview[] = [{ answers: { one: 'w' } }, { answers: { one: 'x' } }, 'back'];
  assert.deepEqual(namesOf((await run({ steps: [a, changing, c], interviews })).asked), ['a', 'b', 'c', 'b', 'c']);
  const silent = interviews.toSpliced(1, 1, { answers: {} });
  assert.deepEqual(namesOf((await run({ steps: [a, changing, c], interviews: silent })).asked), [
    'a',
    'b',
    'c',
    'a',
    'b',
    'c',
  ]);
});

test('whether a step asks something depends on the facts, also for who goes back', async () => {
  const changing = stepOf('b', { questions: ({ facts }) => (facts.a === 'a1' ? [textQuestion('one')] : []) });
  const ahead: readonly Interview[] = [{ answers: { one: 'a1' } }, { answers: { one: 'x' } }, 'back'];
  const { asked } = await run({ steps: [a, changing, c], interviews: ahead });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'c', 'b', 'c']);
});

test('back at the first step asks it again', async () => {
  const { asked, ending } = await run({ steps: [a], interviews: ['back'] });
  assert.deepEqual(namesOf(asked), ['a', 'a']);
  assert.equal(ending.ended, 'finished');
});

test('going back to a step forgets what it and those behind it have established, and nothing before', async () => {
  const { asked, journal, ending } = await run({
    steps: [a, b, c],
    interviews: [{ answers: { one: 'x' } }, { answers: { one: 'y' } }, { backTo: 'b' }],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'c', 'b', 'c']);
  const reopened = journal.lines.flatMap((line) => (line.kind === 'reopened' ? [[line.step, line.note]] : []));
  assert.deepEqual(reopened, [['b', undefined]]);
  assert.deepEqual(asked[3]?.given, { start: {}, drafts: { one: 'y' }, canGoBack: true });
  assert.deepEqual(ending.facts, { a: 'x', b: 'b1', c: 'c1' });
});

test('a change of an earlier step undoes that step and those behind it once it is answered, and not before', async () => {
  const before = [{ answers: { one: 'x' } }, { answers: { one: 'y' } }];
  const left = await run({ steps: [a, b, c], interviews: [...before, { reopen: 'b' }, 'back'] });
  assert.deepEqual(namesOf(left.asked), ['a', 'b', 'c', 'b', 'c']);
  assert.deepEqual(
    left.journal.lines.filter(({ kind }) => kind === 'reopened'),
    [],
  );
  assert.deepEqual(left.ending.facts, { a: 'x', b: 'y', c: 'c1' });

  const changed = await run({ steps: [a, b, c], interviews: [...before, { reopen: 'b' }, { answers: { one: 'z' } }] });
  assert.deepEqual(namesOf(changed.asked), ['a', 'b', 'c', 'b', 'b', 'c']);
  assert.deepEqual(changed.asked[3]?.given, { start: {}, drafts: { one: 'y' }, canGoBack: true });
  assert.deepEqual(changed.asked[4]?.given.start, { one: 'z' });
});

test('an earlier step that is asked again knows only what stands before it, and one that is not done is not asked', async () => {
  const { asked, journal } = await run({
    steps: [a, b, c],
    interviews: [{ answers: { one: 'x' } }, { reopen: 'c' }, { answers: { one: 'y' } }, { reopen: 'b' }, 'back'],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'b', 'c', 'b', 'c']);
  assert.deepEqual(asked[4]?.facts, { a: 'x' });
  assert.equal(journal.lines.filter(({ kind }) => kind === 'reopened').length, 0);
});

test('a later step that is asked ahead knows what the steps before it will give, and keeps its answers until its turn', async () => {
  const first = stepOf('a', { foresee: () => ({ a: 'foreseen' }) });
  const next = stepOf('b', { foresee: ({ facts, answers }) => ({ b: `${facts.a} and ${answers.one}` }) });
  const ahead: Interview = { ahead: { action: 'ask-ahead', step: 'c', question: 'one' } };
  const { asked, journal } = await run({
    steps: [first, next, c],
    interviews: [
      ahead,
      { answers: { one: 'early' } },
      { answers: { one: 'x' } },
      { answers: { one: 'y' } },
      { backTo: 'b' },
      ahead,
      { answers: { one: 'soon' } },
      ahead,
      'back',
    ],
  });
  assert.deepEqual(namesOf(asked), ['a', 'c', 'a', 'b', 'c', 'b', 'c', 'b', 'c', 'b', 'c']);
  assert.equal(journal.lines[0]?.kind, 'begun', 'answers are noted only in a ceremony that has begun');
  assert.deepEqual(asked[1]?.given.drafts, {});
  assert.deepEqual(asked[1]?.facts, { a: 'foreseen', b: 'foreseen and undefined' });
  assert.deepEqual(asked[6]?.given, { start: {}, drafts: { one: 'early' }, canGoBack: true, isAhead: true });
  assert.deepEqual(asked[6]?.facts, { a: 'x', b: 'x and y' });
  assert.deepEqual(asked[8]?.given.drafts, { one: 'soon' });
  const noted = journal.lines.flatMap((line) =>
    line.kind === 'answered' && line.step === 'c' ? [line.answers.one] : [],
  );
  assert.deepEqual(noted, ['early', 'soon', 'c1']);
  const nowhere: Interview = { ahead: { action: 'ask-ahead', step: 'gone', question: 'one' } };
  await assert.rejects(run({ steps: [a, b], interviews: [nowhere] }), /This ceremony has no step "gone"/);
});

test('who leaves the questions of a later step for an earlier one has answered nothing ahead', async () => {
  const ahead: Interview = { ahead: { action: 'ask-ahead', step: 'c', question: 'one' } };
  const { asked, journal } = await run({ steps: [a, b, c], interviews: [ahead, { backTo: 'a' }] });
  assert.deepEqual(namesOf(asked), ['a', 'c', 'a', 'b', 'c']);
  assert.deepEqual(asked[4]?.given, { start: {}, drafts: {}, canGoBack: true });
  assert.equal(journal.lines.filter(({ kind }) => kind === 'answered').length, 3);
});

test('at a problem a person may stop, try again with the same answers, ask again, or reopen a step', async () => {
  const stopped = await run({ steps: [a, failing('b', trouble())] });
  assert.deepEqual(stopped.ending, { ended: 'stopped', facts: { a: 'a1' }, problem: trouble() });
  assert.equal(stopped.journal.state.finished, false);

  const both = { answers: { one: '1', two: '2' } };
  const answersAt = async (decision: Decision) => {
    const { asked, ending } = await run({
      steps: [a, failing('b', trouble())],
      interviews: [both, both],
      decisions: [decision],
    });
    assert.equal(ending.ended, 'finished');
    return asked.slice(2).map(({ step, given }) => [step, given.start]);
  };
  assert.deepEqual(await answersAt({ action: 'retry', label: '' }), [['b', both.answers]]);
  assert.deepEqual(await answersAt({ action: 'ask-again', label: '', question: 'two' }), [['b', { one: '1' }]]);
  assert.deepEqual(await answersAt({ action: 'ask-again', label: '', question: 'one' }), [['b', {}]]);
  assert.deepEqual(await answersAt({ action: 'reopen', label: '', step: 'a' }), [
    ['a', {}],
    ['b', {}],
  ]);
});

test('a renewal goes back and comes on again by itself, once, with the answers that were given', async () => {
  const renewal = { step: 'a', says: 'The token is old' };
  const { asked, log, journal, ending } = await run({ steps: [a, b, failing('c', trouble({ renewal }))] });
  assert.equal(ending.ended, 'finished');
  assert.deepEqual(namesOf(asked), ['a', 'b', 'c', 'a', 'b', 'c']);
  assert.deepEqual(
    asked.slice(3).map(({ given }) => given.start),
    [{ one: 'a1' }, { one: 'b1' }, { one: 'c1' }],
  );
  assert.ok(log.includes('noticed The token is old'));
  const notes = journal.lines.flatMap((line) => (line.kind === 'reopened' ? [[line.step, line.note]] : []));
  assert.deepEqual(notes, [
    ['b', 'The token is old'],
    ['a', 'The token is old'],
  ]);
  const twice = await run({ steps: [a, failing('b', trouble({ renewal }), 2)] });
  assert.deepEqual(
    twice.log.filter((line) => line.startsWith('trouble')),
    ['trouble b No.'],
  );
  assert.equal(twice.ending.ended, 'stopped');
});

test('a renewal takes the answers with which a step has acted last, and none that were given before', async () => {
  const { asked } = await run({
    steps: [a, b, failing('c', trouble({ renewal: { step: 'a', says: 'Again' } }))],
    interviews: [{ answers: { one: '1', two: '2' } }, { backTo: 'a' }, { answers: { one: '3' } }],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'a', 'b', 'c', 'a', 'b', 'c']);
  assert.deepEqual(asked[5]?.given.start, { one: '3' });
});

test('a renewal keeps no answers of the steps behind the one that failed', async () => {
  let acts = 0;
  const flaky = stepOf('b', {
    act: async () => {
      acts += 1;
      if (acts === 2) throw new ProblemError(trouble({ renewal: { step: 'a', says: 'Again' } }));
      return {};
    },
  });
  const answers = { answers: { one: 'x' } };
  const { asked } = await run({
    steps: [a, flaky, c, stepOf('d')],
    interviews: [answers, answers, answers, { backTo: 'b' }, answers],
  });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'c', 'd', 'b', 'a', 'b', 'c', 'd']);
  assert.deepEqual(asked[7]?.given.start, {});
});

test('a renewal may go back to the step itself and asks again what it names', async () => {
  const renewal = { step: 'b', says: 'Again', ask: ['b'] };
  const { asked, journal } = await run({ steps: [a, failing('b', trouble({ renewal })), failing('c', trouble())] });
  assert.deepEqual(namesOf(asked), ['a', 'b', 'b', 'c']);
  assert.deepEqual(asked[2]?.given.start, {});
  const notes = journal.lines.flatMap((line) => (line.kind === 'reopened' ? [line.note] : []));
  assert.deepEqual(notes, ['Again'], 'noted though the step was not done');
});

test('a renewal is taken again once its step has been done in between', async () => {
  const fails = [true, false, true, false];
  const problem = trouble({ renewal: { step: 'a', says: 'Again' } });
  const flaky = stepOf('b', {
    act: async () => {
      if (fails.shift() === true) throw new ProblemError(problem);
      return {};
    },
  });
  const answers = { answers: { one: 'x' } };
  const { ending, log } = await run({
    steps: [a, flaky, c],
    interviews: [answers, answers, answers, answers, { backTo: 'b' }],
  });
  assert.equal(ending.ended, 'finished');
  assert.equal(log.filter((line) => line === 'noticed Again').length, 2);
});

test('the answers of a failed try are not kept where the person goes back behind it', async () => {
  const answers = { answers: { one: 'x' } };
  const { asked } = await run({
    steps: [a, failing('b', trouble())],
    interviews: [answers, answers, { backTo: 'a' }],
    decisions: [{ action: 'retry', label: '' }],
  });
  assert.deepEqual(
    asked.map(({ step, given }) => [step, given.start]),
    [
      ['a', {}],
      ['b', {}],
      ['b', answers.answers],
      ['a', {}],
      ['b', {}],
    ],
  );
});

test('each step may be renewed once, also while the renewal of another one is under way', async () => {
  const renewal = { step: 'a', says: 'Again' };
  const fails = [false, true, false];
  const flaky = stepOf('a', {
    act: async () => {
      if (fails.shift() === true) throw new ProblemError(trouble({ renewal }));
      return {};
    },
  });
  const { ending, log } = await run({ steps: [flaky, failing('b', trouble({ renewal }))] });
  assert.equal(ending.ended, 'finished');
  assert.equal(log.filter((line) => line === 'noticed Again').length, 2);
});

test('any error of an act is explained to the person at its step', async () => {
  const act = async () => Promise.reject(new Error('no such key'));
  const { ending, log } = await run({ steps: [stepOf('a', { act })] });
  assert.equal(ending.ended, 'stopped');
  assert.equal(log.at(-1), 'trouble a Error: no such key');
});

test('a renewal that is offered is shown to a person first, and taken where nobody is there', async () => {
  const problem = trouble({ renewal: { step: 'a', says: 'Again', isOffered: true } });
  const person = await run({ steps: [a, failing('b', problem)] });
  assert.equal(person.ending.ended, 'stopped');
  const nobody = await run({ steps: [a, failing('b', problem)], isUnattended: true });
  assert.equal(nobody.ending.ended, 'finished');
  assert.equal(nobody.log.filter((line) => line.startsWith('trouble')).length, 0);
});

test('what a journal cannot hold is brought back for the steps that are done, before anything is asked', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const restored: string[] = [];
  let fails = 0;
  const restoring = (id: string) =>
    stepOf(id, {
      restore: async ({ facts, answers }) => {
        restored.push(`${id} ${facts.a} ${answers.one}`);
        if (fails-- > 0) throw new ProblemError(trouble({ what: 'No connection.' }));
      },
    });
  const steps = [restoring('a'), failing('b', trouble(), 9), restoring('c')];
  await run({ steps, path });
  assert.deepEqual(restored, [], 'nothing was done before');
  await run({ steps, path });
  assert.deepEqual(restored, ['a a1 a1']);
  fails = 1;
  const again = await run({ steps, path, decisions: [{ action: 'retry', label: '' }] });
  assert.deepEqual(again.log.slice(0, 3), [
    'trouble a No connection.',
    'noticed Answers from before: one. Go back to change an answer.',
    'acting b',
  ]);
  assert.equal(restored.length, 3);
  fails = 1;
  const stopped = await run({ steps, path });
  assert.deepEqual(stopped.ending, {
    ended: 'stopped',
    facts: { a: 'a1' },
    problem: trouble({ what: 'No connection.' }),
  });
  assert.deepEqual(stopped.asked, []);
});

test('what a restoring gives replaces those facts and no others, and a finished ceremony is not noted in', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const restoring = stepOf('a', { act: async () => ({ a: 'old', c: 'kept' }), restore: async () => ({ a: 'new' }) });
  const steps = [restoring, failing('b', trouble())];
  await run({ steps, path });
  const { ending, journal } = await run({ steps, path });
  assert.deepEqual(ending, { ended: 'finished', facts: { a: 'new', c: 'kept', b: 'done' } });
  const again = await run({ steps, path });
  assert.deepEqual(again.ending, ending);
  assert.equal(again.journal.lines.length, journal.lines.length);
});

test('a step that asked nothing is restored too, and where nothing has changed, nothing is noted', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const restored: Answers[] = [];
  const silent = stepOf('a', {
    questions: () => [],
    restore: async ({ answers }) => {
      restored.push(answers);
      return undefined;
    },
  });
  const steps = [silent, failing('b', trouble(), 9)];
  await run({ steps, path, interviews: [{ answers: {} }] });
  const { journal } = await run({ steps, path });
  assert.deepEqual(restored, [{}]);
  assert.equal(journal.lines.filter((line) => line.kind === 'done' && line.step === 'a').length, 1);
});

test('a record that cannot be written is told at the last step, and the next run writes what is missing', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const tries: boolean[] = [];
  const record: NonNullable<Setting['record']> = (facts, _services, isNew) => {
    tries.push(isNew);
    assert.deepEqual(facts, { a: 'a1', b: 'b1' });
    assert.equal(new Journal(path).state.finished, true, 'the record tells of a journal that is whole');
    if (tries.length < 3) throw new ProblemError(trouble({ what: 'The disk is full.' }));
  };
  const stopped = await run({ steps: [a, b], path, record, decisions: [{ action: 'retry', label: '' }] });
  assert.equal(stopped.ending.ended, 'stopped');
  assert.deepEqual(stopped.log.slice(-2), ['trouble b The disk is full.', 'trouble b The disk is full.']);
  // A step that this ceremony did not have stays as it is.
  const again = await run({ steps: [a, b, c], path, record });
  assert.deepEqual(again.ending, { ended: 'finished', facts: { a: 'a1', b: 'b1' } });
  assert.deepEqual(again.asked, []);
  assert.deepEqual(tries, [true, true, false]);
  const back: Decision = { action: 'reopen', label: 'Back', step: 'a' };
  const full = () => {
    throw new ProblemError(trouble({ what: 'The disk is full.' }));
  };
  const { ending, asked, log } = await run({ steps: [a, b], record: full, decisions: [back] });
  assert.equal(log.filter((line) => line.startsWith('trouble')).length, 1);
  const problem = trouble({ what: 'The disk is full.' });
  assert.deepEqual(ending, { ended: 'stopped', facts: { a: 'a1', b: 'b1' }, problem });
  assert.equal(asked.length, 2, 'what is finished is not begun again');
});

test('where nobody is there, what a person typed before stays for them, and is not taken', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  journal.append({ kind: 'drafted', step: 'a', answers: { one: '1', two: '2' } });
  journal.close();
  const { asked, journal: after } = await run({ steps: [failing('a', trouble())], path, isUnattended: true });
  assert.deepEqual(asked[0]?.given.start, {});
  assert.equal(after.lines.filter(({ kind }) => kind === 'drafted').length, 1);
});

test('what is kept from before is found among the questions that the facts lead to', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble(), 9)], path, notes: { one: '1', two: '2' } });
  const questions: typeof a.questions = ({ facts }) =>
    facts.a === 'a1' ? [textQuestion('one'), textQuestion('two')] : [];
  const { asked, log } = await run({ steps: [a, stepOf('b', { questions })], path });
  assert.deepEqual(asked[0]?.given.start, { one: 'b1' });
  assert.equal(log[0], 'noticed Answers from before: one. Go back to change an answer.');
  const journal = new Journal(path);
  assert.deepEqual(journal.state.done.get('b'), { b: 'b1' }, 'each step notes the facts of its own');
});

test('what was typed last is offered, also when the step has acted with another answer before', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const journal = new Journal(path);
  journal.append({ kind: 'begun', ceremony: 'test', id: 'x', version: '1' });
  journal.append({ kind: 'answered', step: 'a', answers: { one: 'first', two: 'other' } });
  journal.append({ kind: 'drafted', step: 'a', answers: { one: 'second' } });
  journal.append({ kind: 'drafted', step: 'a', answers: {} });
  journal.close();
  const { asked } = await run({ steps: [a], path });
  assert.deepEqual(asked[0]?.given.drafts, { one: 'second', two: 'other' });
});

test('the answers of a step are those of its last act, also when it asked nothing any more', async () => {
  let questions = [textQuestion('one')];
  const silenced = stepOf('a', { questions: () => questions });
  const reopens: Decision = { action: 'reopen', label: '', step: 'a' };
  const leadsBack = failing('b', trouble({ remedies: [reopens] }));
  const { journal } = await run({
    steps: [silenced, leadsBack],
    answer: (asked) => {
      questions = [];
      return Object.fromEntries(asked.map(({ id }) => [id, 'x']));
    },
    decisions: [reopens],
  });
  assert.deepEqual(journal.state.answers.get('a'), {});
});

test('what a person has answered of a step is noted before the step has all', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble(), 9)], path });
  const { journal } = await run({ steps: [a, failing('b', trouble(), 9)], path, notes: { one: 'half' } });
  const noted = journal.lines.flatMap((line) => (line.kind === 'drafted' ? [[line.step, line.answers]] : []));
  assert.deepEqual(noted.at(-1), ['b', { one: 'half' }]);
});

test('what is asked again after a problem is found among the questions that the answers led to', async () => {
  const failed = failing('b', trouble());
  const questions: typeof failed.questions = ({ facts, answers: { one } }) => [
    textQuestion('one'),
    ...(one === 'x' && facts.a === 'a1' ? [textQuestion('two'), textQuestion('three')] : []),
  ];
  const answers = { one: 'x', two: 'y', three: 'z' };
  const { asked } = await run({
    steps: [a, { ...failed, questions }],
    interviews: [{ answers: { one: 'a1' } }, { answers }, { answers }],
    decisions: [{ action: 'ask-again', label: '', question: 'three' }],
  });
  assert.deepEqual(asked[2]?.given.start, { one: 'x', two: 'y' });
});

/** A step that waits before it asks. */
const waitingStep = (id: string, waiting: Waiting) =>
  stepOf(id, {
    questions: () => {
      void waiting.pause({ label: 'busy', next: 2, milliseconds: 0 });
      return [textQuestion('one')];
    },
  });

test('a wait while a step asks is shown as one of it', async () => {
  const waiting = new Waiting();
  const { log } = await run({ steps: [a, waitingStep('b', waiting)], waiting });
  assert.ok(log.indexOf('progress b busy') < log.indexOf('acting b') && log.includes('progress b busy'), log.join());
});

test('a wait while a question is asked ahead is shown as one of its step', async () => {
  const waiting = new Waiting();
  const ahead: Interview = { ahead: { action: 'ask-ahead', step: 'c', question: 'one' } };
  const { log } = await run({
    steps: [a, b, waitingStep('c', waiting)],
    interviews: [{ answers: {} }, ahead],
    waiting,
  });
  assert.ok(
    log.indexOf('progress c busy') !== -1 && log.indexOf('progress c busy') < log.indexOf('acting b'),
    log.join(),
  );
});

test('when the person stops, the call that is under way gets time to end, and its outcome is noted', async () => {
  const stop = new AbortController();
  const path = join(newFolder(), 'journal.jsonl');
  const person = new Error('stopped by the person');
  let told: AbortSignal | undefined;
  const slow = stepOf('a', {
    act: async ({ attempt, signal }: Context) => {
      told = signal;
      await attempt({
        name: 'make',
        act: async () => {
          stop.abort(person);
          await new Promise((resolve) => setTimeout(resolve, 50));
        },
        probe: async () => ({ found: 'unknown' }),
        refused: () => false,
      });
      return {};
    },
  });
  await assert.rejects(run({ steps: [slow, b], path, stop }), person);
  const { state } = new Journal(path);
  assert.equal(state.attempts.get('a/make')?.outcome, 'done');
  assert.equal(told?.reason, person);
  assert.equal(state.done.size, 0);
  assert.deepEqual(state.answers.get('a'), { one: 'a1' });
});

test('a stop ends the pause of an act, so that nothing keeps the process alive', async () => {
  const stop = new AbortController();
  const person = new Error('stopped by the person');
  let why: unknown;
  const busy = stepOf('a', {
    act: async ({ pause }: Context) => {
      const paused = pause({ label: 'KMS is busy', next: 2, milliseconds: 600_000 });
      await paused.catch((error: unknown) => {
        why = error;
      });
      return {};
    },
  });
  await assert.rejects(run({ steps: [busy], stop, onActing: () => setImmediate(() => stop.abort(person)) }), person);
  assert.equal(why, person);
});

test('who stops waits three seconds for a call that does not end, and no longer', async (t) => {
  const graces: number[] = [];
  replaceMembers(t, timers, { setTimeout: async (milliseconds: number) => void graces.push(milliseconds) });
  const stop = new AbortController();
  const person = new Error('stopped by the person');
  const hangs = stepOf('a', {
    act: () => {
      stop.abort(person);
      return new Promise(() => {});
    },
  });
  await assert.rejects(run({ steps: [hangs], stop }), person);
  assert.deepEqual(graces, [3000]);
});

test('an error that comes because the person stopped is no problem to decide on', async () => {
  const stop = new AbortController();
  const person = new Error('stopped by the person');
  const breaks = stepOf('a', {
    act: async () => {
      stop.abort(person);
      throw new Error('aborted');
    },
  });
  const log: string[] = [];
  await assert.rejects(run({ steps: [breaks], stop, log }), person);
  assert.deepEqual(log, ['acting a']);

  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble())], path });
  const again = new AbortController();
  const restores = stepOf('a', {
    restore: async () => {
      again.abort(person);
      throw new Error('aborted');
    },
  });
  const told: string[] = [];
  await assert.rejects(run({ steps: [restores, b], path, stop: again, log: told }), person);
  assert.deepEqual(told, []);
});

test('who has stopped before the first question is asked nothing', async () => {
  const stop = new AbortController();
  stop.abort(new Error('stopped by the person'));
  let wasAsked = false;
  const answer = () => {
    wasAsked = true;
    return {};
  };
  await assert.rejects(run({ steps: [a], stop, answer }), /stopped by the person/);
  assert.equal(wasAsked, false);
});

test('what a step waits for is shown while it acts', async () => {
  const waits = stepOf('a', {
    act: async ({ pause, report }: Context) => {
      await pause({ label: 'KMS is busy', next: 2, milliseconds: 1 });
      report({ id: 'objects', label: 'Two objects', state: 'done' });
      return {};
    },
  });
  const { log } = await run({ steps: [waits] });
  assert.ok(log.includes('progress a KMS is busy'));
  assert.ok(log.includes('progress a Two objects'));
});

/** Something that only a person can give; what was given, an act or a restoring takes. */
function wanted() {
  const held = { isGiven: false };
  const ask: SecretQuestion = {
    kind: 'secret',
    id: 'code',
    ask: 'Which code?',
    label: 'Code',
    form: 'a code',
    keep: () => {
      held.isGiven = true;
    },
  };
  const take = (): undefined => {
    if (!held.isGiven) throw new ProblemError({ ...trouble(), ask });
    held.isGiven = false;
  };
  return { ask, take };
}

/** Answers the questions of a step as an interface does; a secret is handed over and not shown. */
const giving: NonNullable<Setting['answer']> = (questions) => {
  for (const question of questions) if (question.kind === 'secret') question.keep(new SecretText());
  return Object.fromEntries(questions.map(({ id }) => [id, 'given']));
};

test('what an act lacks is asked for at its step, kept out of the journal, and the act runs again', async () => {
  const { take } = wanted();
  const acts: Answers[] = [];
  const step = stepOf('b', {
    act: async ({ answers }) => {
      acts.push(answers);
      take();
      return {};
    },
  });
  const { ending, asked, log, journal } = await run({ steps: [a, step], answer: giving });
  assert.equal(ending.ended, 'finished');
  assert.deepEqual(namesOf(asked), ['a', 'b', 'b', 'b']);
  assert.deepEqual(acts[0], acts[1]);
  assert.deepEqual(asked[2]?.facts, { a: 'given' });
  assert.deepEqual(asked[3]?.given.start, acts[0], 'its own questions are not asked again');
  assert.equal(acts.length, 2);
  assert.ok(!log.some((line) => line.startsWith('trouble')), log.join());
  assert.ok(!JSON.stringify(journal.lines).includes('code'));
});

test('what is lacking to continue a ceremony is asked for before it goes on', async () => {
  const { take } = wanted();
  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, stepOf('b', { act: async () => Promise.reject(new ProblemError(trouble())) })], path });
  let tries = 0;
  const restore = async () => {
    tries += 1;
    return take();
  };
  const { ending, asked } = await run({ steps: [stepOf('a', { restore }), b], path, answer: giving });
  assert.equal(ending.ended, 'finished');
  assert.equal(tries, 2, 'with what was given, it is restored');
  assert.deepEqual(namesOf(asked), ['a', 'b']);
});

for (const [answer, isTyped] of [
  [{ answers: { sure: 'yes' } }, true],
  [{ answers: { sure: 'no' } }, false],
  ['back', false],
  [{ backTo: 'a' }, false],
] as const)
  test(`a phrase that a problem asks for counts only where it is typed: ${JSON.stringify(answer)}`, async () => {
    let isConfirmed = false;
    const confirm = () => {
      isConfirmed = true;
    };
    const words = { ask: 'Sure?', label: 'Sure', form: 'yes', phrase: 'yes', decline: 'no' };
    const ask: ProblemPhrase = { kind: 'phrase', id: 'sure', ...words, confirm };
    let tries = 0;
    const step = stepOf('a', {
      act: async () => {
        tries += 1;
        if (!isConfirmed && tries < 3) throw new ProblemError({ ...trouble(), ask });
        return {};
      },
    });
    const { ending, asked, log } = await run({ steps: [step], interviews: [{ answers: { one: 'x' } }, answer] });
    assert.equal(isConfirmed, isTyped);
    assert.equal(ending.ended, isTyped ? 'finished' : 'stopped');
    assert.deepEqual(asked[1]?.given, { start: {}, drafts: {}, canGoBack: false, isInProblem: true });
    assert.equal(log.includes('trouble a No.'), !isTyped);
  });

test('where nobody is there to give it, the problem stops the ceremony and says what was lacking', async () => {
  const { ask, take } = wanted();
  const step = stepOf('a', { act: async () => take() ?? {} });
  const { ending } = await run({ steps: [step], isUnattended: true, answer: giving });
  assert.ok(ending.ended === 'stopped' && ending.problem.ask === ask);
});

test('a run that cannot begin is told at the step that was to act, and begins when the person tries again', async () => {
  let left = 1;
  const onBegin = () => {
    if (left-- > 0) throw new Error('The folder is full.');
  };
  const { ending, log, begun } = await run({ steps: [a, b], onBegin, decisions: [{ action: 'retry', label: '' }] });
  assert.equal(ending.ended, 'finished');
  assert.deepEqual(log.slice(0, 4), ['acting a', 'trouble a Error: The folder is full.', 'acting a', 'done a']);
  assert.equal(begun, 2);

  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble())], path });
  left = 1;
  await assert.rejects(
    run({ steps: [a, b], path, onBegin }),
    (error) => error instanceof ProblemError && error.problem.what === 'Error: The folder is full.',
  );
});

test('each part of a step gets the services of the run, wherever it is asked', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  const services = {};
  const got = new Set<string>();
  const isSame = (part: string, given: object) => {
    assert.equal(given === services, true, part);
    got.add(part);
  };
  const whole = (id: string, more: Partial<Step<Facts, object>> = {}) =>
    stepOf(id, {
      questions: (context) => {
        isSame('questions', context.services);
        return [textQuestion('one'), textQuestion('two')];
      },
      foresee: (context) => {
        isSame('foresee', context.services);
        return {};
      },
      act: async (context) => {
        isSame('act', context.services);
        return {};
      },
      restore: async (context) => {
        isSame('restore', context.services);
        return undefined;
      },
      ...more,
    });
  const steps = [whole('a'), whole('b'), whole('c', { act: async () => Promise.reject(new ProblemError(trouble())) })];
  const answers: Interview = { answers: { one: '1', two: '2' } };
  const ahead: Interview = { ahead: { action: 'ask-ahead', step: 'c', question: 'one' } };
  const askAgain: Decision = { action: 'ask-again', label: '', question: 'two' };
  const record = (_facts: Facts, given: object) => isSame('record', given);
  await run({ steps, path, services, interviews: [ahead, answers, answers, answers, answers], decisions: [askAgain] });
  await run({ steps, path, services, interviews: [{ reopen: 'a' }, answers], record });
  await run({ steps: [whole('a'), whole('b'), whole('c')], path, services, record });
  assert.deepEqual([...got].sort(), ['act', 'foresee', 'questions', 'record', 'restore']);
});

test('an act, and who shows it, gets the facts so far and the answers of its step', async () => {
  const services = { of: 'the run' };
  const told: object[] = [];
  const act: typeof a.act = async ({ facts, answers, services: given }) => {
    told.push({ facts, answers, services: given });
    return { b: 'done' };
  };
  const shown: object[] = [];
  await run({
    steps: [a, stepOf('b', { act })],
    services,
    onActing: (_onEnough, { facts, answers, services: given }) => shown.push({ facts, answers, services: given }),
  });
  const ofB = { facts: { a: 'a1' }, answers: { one: 'b1' }, services };
  assert.deepEqual(told, [ofB]);
  assert.deepEqual(shown, [{ facts: {}, answers: { one: 'a1' }, services }, ofB]);
});

test('a step does not begin without the facts that it needs', async () => {
  const needy = stepOf('b', { needs: ['a', 'c'] });
  await assert.rejects(run({ steps: [a, needy, c] }), /The step "b" needs c, which no step has provided\./);
  await assert.rejects(run({ steps: [needy] }), /The step "b" needs a, c, which no step has provided\./);
  assert.equal((await run({ steps: [a, c, needy] })).ending.ended, 'finished');
});

test('a problem that leads to a step that is not there, or that the step does not name, is a defect', async () => {
  const leads = [
    { remedies: [{ action: 'reopen', label: 'Back', step: 'gone' }] },
    { renewal: { step: 'gone', says: 'Again' } },
    { remedies: [{ action: 'reopen', label: 'Back', step: 'b' }] },
    { remedies: [{ action: 'reopen', label: 'Back', step: 'b' }], renewal: { step: 'a', says: 'Again' } },
    { remedies: [{ action: 'reopen', label: 'Back', step: 'a' }], renewal: { step: 'gone', says: 'Again' } },
  ] as const;
  for (const lead of leads) {
    const step = { ...failing('c', trouble(lead)), leadsTo: ['a', 'gone'] };
    await assert.rejects(
      run({ steps: [a, b, step], decisions: [{ action: 'stop' }] }),
      /This ceremony has no step "gone"|The step "c" leads to "b", but does not name it in leadsTo/,
    );
  }
  await assert.rejects(
    run({ steps: [{ ...a, leadsTo: [] }, b], interviews: [{ reopen: 'gone' }] }),
    /This ceremony has no step "gone"/,
  );
});

test('a step that names no step to which it leads may lead back nowhere, also not to itself', async () => {
  const leads = [
    { remedies: [{ action: 'reopen', label: 'Back', step: 'a' }] },
    { renewal: { step: 'b', says: 'Again' } },
  ] as const;
  for (const lead of leads) {
    const { leadsTo: _leadsTo, ...step } = failing('b', trouble(lead), 2);
    const target = 'renewal' in lead ? 'b' : 'a';
    for (const silent of [step, { ...step, leadsTo: [] }])
      await assert.rejects(
        run({ steps: [a, silent], decisions: [{ action: 'stop' }] }),
        new Error(`The step "b" leads to "${target}", but does not name it in leadsTo.`),
      );
  }
  const retry = trouble({ remedies: [{ action: 'retry', label: 'Again' }] });
  const { leadsTo: _leadsTo, ...step } = failing('b', retry);
  const { ending } = await run({ steps: [a, step], decisions: [{ action: 'retry', label: 'Again' }] });
  assert.equal(ending.ended, 'finished', 'to try again leads nowhere');
});

test('only an act that may end early is told that the person has enough', async () => {
  const seen: (boolean | undefined)[] = [];
  const act: typeof a.act = async ({ enough }) => {
    seen.push(enough?.aborted);
    return {};
  };
  const early = { ...a, act, mayEndEarly: true } as const;
  await run({ steps: [early, { ...b, act }], onActing: (onEnough) => onEnough?.() });
  assert.deepEqual(seen, [true, false]);
});

test('what a step waits for is shown while it is restored, and a program that runs then gets the terminal', async () => {
  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble(), 9)], path });
  const waiting = new Waiting();
  const lentTo: string[] = [];
  const lend: Lend = async (what) => {
    lentTo.push(what);
    return async () => {};
  };
  const restores = stepOf('a', {
    restore: async () => {
      await waiting.pause({ label: 'KMS is busy', next: 2, milliseconds: 0 });
      await (await waiting.lend('the sign-in'))();
      return undefined;
    },
  });
  const { log } = await run({ steps: [restores, b], path, waiting, lend });
  assert.equal(log[0], 'progress a KMS is busy');
  assert.deepEqual(lentTo, ['the sign-in']);
});

test('a stop ends the run at once, whatever the person is just asked', async () => {
  const person = new Error('stopped by the person');
  let stop = new AbortController();
  /** The person stops while they are asked, and never replies. */
  const stops = <Reply>() => {
    setImmediate(() => stop.abort(person));
    return new Promise<Reply>(() => {});
  };
  const path = join(newFolder(), 'journal.jsonl');
  await run({ steps: [a, failing('b', trouble())], path });
  const { ask } = wanted();
  const restores = stepOf('a', { restore: async () => Promise.reject(new ProblemError(trouble())) });
  const record = () => {
    throw new ProblemError(trouble());
  };
  const answers = { answers: { one: 'x' } };
  for (const [where, setting] of Object.entries<Setting>({
    'a question': { steps: [a], interviews: [stops] },
    'a question of a problem': { steps: [failing('a', trouble({ ask }))], interviews: [answers, stops] },
    'a problem of an act': { steps: [failing('a', trouble())], decisions: [stops] },
    'a problem of a restoring': { steps: [restores, b], path, decisions: [stops] },
    'a problem of the record': { steps: [a], record, decisions: [stops] },
    'an earlier question': { steps: [a, b], interviews: [answers, { reopen: 'a' }, stops] },
  })) {
    stop = new AbortController();
    const late = new Promise((resolve) => setTimeout(resolve, 2000, `${where} goes on`).unref());
    const ended = run({ ...setting, stop }).catch((error: unknown) => error);
    assert.equal(await Promise.race([ended, late]), person, where);
  }
});
