import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCeremony } from '../../source/ceremony/ceremony.ts';
import type { Interviewer } from '../../source/ceremony/interviewer.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { type Problem, ProblemError, problemIn } from '../../source/ceremony/problem.ts';
import { type Answer, type Answers, given, type Lead, type Question } from '../../source/ceremony/question.ts';
import type { Step, StepContext } from '../../source/ceremony/step.ts';
import { Waiting } from '../../source/ceremony/waiting.ts';
import { interviewStep } from '../../source/ui/interviewing.ts';
import { recommendedFirst } from '../../source/ui/recommended-first.ts';
import type { Reply } from '../../source/ui/reply.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { newFolder } from '../new-folder.ts';
import { textQuestion, wordsOf } from '../text-question.ts';
import { quietInterviewer } from './quiet-interviewer.ts';

/* A small ceremony with every kind of question that the recommended set-up treats in its own way. */

type Facts = { chosen?: true; acts?: readonly string[] };
type AnyStep = Step<Facts, World>;
type World = {
  /** The steps that have acted, with their answers. */
  readonly acted: [string, Answers][];
  /** Whether a backup that is made may stay, as in the real step: then that is asked in place of how to make it. */
  readonly mayKeepBackup: boolean;
  /** Says why a value cannot be taken now. */
  readonly refuse: (value: Answer) => string | undefined;
  /** Problems of the steps to come, by the id of the step. */
  readonly problems: Record<string, Problem[]>;
};

const list = (id: string, values: readonly string[], more: object = {}): Question =>
  ({
    kind: 'choice',
    ...wordsOf(id),
    options: values.map((value) => ({ value, label: value })),
    default: values[0],
    ...more,
  }) as Question;

const step = (
  id: string,
  questions: (context: StepContext<Facts, World>) => readonly Question[],
  more: Partial<AnyStep> = {},
): AnyStep =>
  bareStep(id, {
    questions,
    async act({ answers, services }) {
      const problem = services.problems[id]?.shift();
      if (problem !== undefined) throw new ProblemError(problem);
      services.acted.push([id, answers]);
      return {};
    },
    ...more,
  });

const change: Lead = { action: 'reopen', label: 'Change the users', step: 'people', question: 'users' };
const ahead: Lead = { action: 'ask-ahead', step: 'import', question: 'expiry' };
const again: Lead = { action: 'reopen', label: 'Change the name', step: 'name' };

const newBackup: readonly Question[] = [
  list('how', ['passphrase', 'none']),
  { kind: 'secret', ...wordsOf('passphrase'), keep: () => {} },
  { kind: 'secret', ...wordsOf('again'), repeats: 'passphrase', keep: () => {} },
];

const steps: readonly AnyStep[] = [
  step('set-up', () => [list('kind', ['recommended', 'everything'])]),
  step(
    'secret',
    ({ answers }) => [
      list('origin', ['made', 'file']),
      ...(answers.origin === 'file' ? [textQuestion('path'), list('sure', ['yes'])] : []),
    ],
    { lasting: true, setsAside: true },
  ),
  step('name', ({ services }) => [
    textQuestion('alias', { verify: async (answer: Answer) => services.refuse(answer) }),
    textQuestion('about', { default: '' }),
  ]),
  step(
    'backup',
    ({ answers, services: { acted, mayKeepBackup } }) => {
      const isMade = mayKeepBackup && acted.some(([id]) => id === 'backup');
      const kept = isMade ? [list('kept', ['keep', 'another'])] : [];
      return isMade && answers.kept !== 'another' ? kept : [...kept, ...newBackup];
    },
    { lasting: true, setsAside: true },
  ),
  step('people', ({ services }) => [
    textQuestion('users', { default: 'me', verify: async (answer: Answer) => services.refuse(answer) }),
    textQuestion('helpers', { default: 'nobody' }),
  ]),
  step(
    'policy',
    ({ answers }) => [
      list('proceed', ['create', 'look'], { asked: 'always' }),
      ...(answers.proceed === 'look'
        ? [textQuestion('bucket'), list('go-on', ['yes'], { tick: { ask: 'I understand.', before: 'yes' } })]
        : []),
    ],
    { lasting: true },
  ),
  step(
    'import',
    ({ answers }) => [
      list('expiry', ['never', 'date']),
      ...(answers.expiry === 'date' ? [textQuestion('date')] : []),
      list('copy', ['none'], { asked: 'always' }),
    ],
    { lasting: true },
  ),
  step(
    'objects',
    () => [list('where', ['new', 'later'], { asked: 'always' }), textQuestion('bucket', { default: 'b' })],
    {
      lasting: true,
    },
  ),
];

/** What the person does at a question: an answer, `back`, or an option that leads elsewhere. */
type Does = readonly [asked: string, does: Answer | { readonly back: true } | { readonly lead: Lead }];

const back = { back: true } as const;

/**
 * A person walks through the ceremony. Each question that comes is the next of the script; what was asked, with the draft that
 * was offered, is noted.
 */
async function walk(
  script: readonly Does[],
  {
    folder = newFolder(),
    mayKeepBackup = false,
    refuse = () => undefined,
    problems = {},
    decide = () => ({ action: 'retry', label: 'Try again' }),
  }: Partial<World> & {
    readonly folder?: string;
    readonly decide?: (
      problem: Problem,
    ) => ReturnType<Interviewer<Facts, World>['trouble']> extends Promise<infer Of> ? Of : never;
  } = {},
) {
  const toCome = [...script];
  const offered: Record<string, Answer | undefined> = {};
  const helps: Record<string, string | undefined> = {};
  const couldGoBack: Record<string, boolean> = {};
  const wasAhead: Record<string, boolean> = {};
  const typed = new Map<string, Answer>();
  const world: World = { acted: [], mayKeepBackup, refuse, problems };
  class OutOfScript extends Error {}
  const person = quietInterviewer<Facts, World>({
    interview: (asked, context, start) =>
      interviewStep({
        step: asked,
        context,
        given: start,
        typed,
        async ask({ question, draft, back: canGoBack }): Promise<Reply> {
          const [next, does] = toCome.shift() ?? ['nothing', back];
          if (next === 'stop') throw new OutOfScript();
          assert.equal(`${asked.id}/${question.id}`, next, `asked after ${script.length - toCome.length - 1} answers`);
          offered[next] = draft ?? ('default' in question ? question.default : undefined);
          helps[next] = question.help;
          couldGoBack[next] = canGoBack !== undefined;
          wasAhead[next] = start.isAhead === true;
          if (typeof does !== 'object' || Array.isArray(does))
            return { kind: 'answer', answer: question.kind === 'secret' ? given : (does as Answer) };
          if ('back' in does) {
            assert.ok(canGoBack, `nothing is before ${next}`);
            return { kind: 'back', typed: draft ?? '' };
          }
          if ('lead' in does && does.lead.action !== 'panel') return { kind: 'lead', lead: does.lead };
          throw new Error('A page gives no reply.');
        },
      }),
    trouble: async (_step, problem) => decide(problem),
  });
  const journal = new Journal(join(folder, 'journal.jsonl'));
  const run = runCeremony<Facts, World>({
    ceremony: { steps: steps.map((each) => (each.id === 'set-up' ? withFact(each) : each)) },
    journal,
    services: world,
    interviewer: recommendedFirst(person, { steps }, ({ chosen }) => chosen === true),
    begin: () => {
      if (journal.state.id === undefined) journal.append({ kind: 'begun', ceremony: 'c', id: 'i', version: '0' });
    },
    waiting: new Waiting(),
    explain: (error) => problemIn(error) ?? { kind: 'ours', what: String(error), next: [] },
    signal: new AbortController().signal,
  });
  await run.catch((error: unknown) => {
    if (!(error instanceof OutOfScript)) throw error;
  });
  journal.close();
  assert.deepEqual(toCome, [], 'everything in the script was asked');
  return { acted: world.acted, offered, helps, couldGoBack, wasAhead, folder };
}

/** The first step gives the fact by which the set-up is known. */
const withFact = (each: AnyStep): AnyStep => ({
  ...each,
  act: async ({ answers }) => (answers.kind === 'recommended' ? { chosen: true } : {}),
});

const toPlan: readonly Does[] = [
  ['set-up/kind', 'recommended'],
  ['name/alias', 'photos'],
  ['backup/passphrase', given],
  ['backup/again', given],
];
const afterPlan: readonly Does[] = [
  ['policy/proceed', 'create'],
  ['import/copy', 'none'],
  ['objects/where', 'new'],
];

/** The answers with which a step acted last. */
const last = (acted: readonly [string, Answers][], id: string) => acted.findLast(([name]) => name === id)?.[1];
const times = (acted: readonly [string, Answers][], id: string) => acted.filter(([name]) => name === id).length;

test('only what has no default, is always asked or is secret is asked, and the rest gets its default', async () => {
  const { acted } = await walk([...toPlan, ...afterPlan]);
  assert.deepEqual(acted, [
    ['secret', { origin: 'made' }],
    ['name', { alias: 'photos', about: '' }],
    ['backup', { how: 'passphrase', passphrase: given, again: given }],
    ['people', { users: 'me', helpers: 'nobody' }],
    ['policy', { proceed: 'create' }],
    ['import', { expiry: 'never', copy: 'none' }],
    ['objects', { where: 'new', bucket: 'b' }],
  ]);
});

test('in any other set-up everything is asked', async () => {
  await walk([
    ['set-up/kind', 'everything'],
    ['secret/origin', 'made'],
    ['name/alias', 'photos'],
    ['name/about', ''],
    ['backup/how', back],
    ['name/about', ''],
    ['backup/how', { lead: again }],
    ['name/alias', 'albums'],
    ['name/about', ''],
    ['backup/how', 'passphrase'],
    ['backup/passphrase', given],
    ['stop', back],
  ]);
});

test('a row that leads to its own step opens every question of it', async () => {
  await walk([
    ['set-up/kind', 'recommended'],
    ['name/alias', { lead: again }],
    ['name/alias', 'albums'],
    ['name/about', 'pictures'],
    ['backup/passphrase', given],
    ['stop', back],
  ]);
});

test('of the questions behind an answer, those that the defaults lead to stay unasked, and others are asked', async () => {
  const tick = { ask: 'I understand.', before: 'x' };
  const ticks: AnyStep = bareStep('s', {
    questions: ({ answers }) => [
      // A sentence to tick is asked, though its answer has a default.
      list('a', ['x', 'other'], { tick }),
      ...(answers.a === 'x' ? [textQuestion('b', { default: 'y' })] : []),
      ...(answers.a === 'other' ? [textQuestion('c', { default: 'z' })] : []),
    ],
  });
  const open: AnyStep = bareStep('open', {
    questions: ({ answers }) => [
      textQuestion('a'),
      list('b', ['x', 'other']),
      // The question before it depends on a text that has no default.
      ...(answers.b === 'x' ? [textQuestion('c', { default: 'z' })] : []),
    ],
  });
  for (const [asks, answer, wanted] of [
    [ticks, 'x', ['a']],
    [ticks, 'other', ['a', 'c']],
    [open, 'x', ['a', 'c']],
  ] as const) {
    const asked: string[] = [];
    const inner = quietInterviewer<Facts, World>({
      interview: async (step, context) => {
        const [question] = step.questions({ ...context, answers: {} });
        assert.ok(question);
        asked.push(question.id);
        return { answers: { [question.id]: question.id === 'a' ? answer : 'mine' } };
      },
    });
    const context = { facts: {}, services: {} as World };
    await recommendedFirst(inner, { steps: [asks] }, () => true).interview(asks, context, nothingGiven);
    assert.deepEqual(asked, wanted);
  }
});

test('the end of a step is told', () => {
  const told: unknown[] = [];
  const inner = quietInterviewer<Facts, World>({ done: (step, facts) => told.push(step.id, facts) });
  const [first] = steps;
  assert.ok(first);
  recommendedFirst(inner, { steps }, () => true).done(first, { chosen: true });
  assert.deepEqual(told, ['set-up', { chosen: true }]);
});

test('from a question that is asked ahead one can always go back, also where what was done cannot be', async () => {
  const objectsAhead: Lead = { action: 'ask-ahead', step: 'objects', question: 'where' };
  const { couldGoBack, wasAhead } = await walk([
    ...toPlan,
    ['policy/proceed', 'create'],
    ['import/copy', { lead: objectsAhead }],
    ['objects/where', back],
    ['import/copy', 'none'],
    ['stop', back],
  ]);
  assert.equal(couldGoBack['objects/where'], true);
  assert.deepEqual([wasAhead['objects/where'], wasAhead['import/copy']], [true, false]);
});

test('going back from the plan leads over silent steps to the last question, then to the ones before, and on again', async () => {
  const { acted, offered, couldGoBack } = await walk([
    ...toPlan,
    ['policy/proceed', back],
    ['backup/passphrase', back],
    ['name/alias', back],
    ['set-up/kind', 'recommended'],
    ['name/alias', 'photos-2'],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
  assert.equal(offered['name/alias'], 'photos');
  assert.deepEqual(last(acted, 'name'), { alias: 'photos-2', about: '' });
  assert.equal(couldGoBack['policy/proceed'], true);
  // The key is made by then.
  assert.equal(couldGoBack['objects/where'], false);
});

test('going back from the plan leads to the question that has taken the place of the last one', async () => {
  const { acted } = await walk(
    [
      ...toPlan,
      ['policy/proceed', back],
      ['backup/kept', back],
      ['name/alias', 'photos'],
      ['backup/kept', 'another'],
      ['backup/how', 'passphrase'],
      ...toPlan.slice(2),
      ['policy/proceed', back],
      ['backup/passphrase', back],
      ['backup/how', back],
      ['backup/kept', 'keep'],
      ...afterPlan,
    ],
    { mayKeepBackup: true },
  );
  assert.equal(times(acted, 'backup'), 3);
  assert.deepEqual(last(acted, 'backup'), { kept: 'keep' });
});

test('going back within a step leads to the question before', async () => {
  await walk([...toPlan.slice(0, 3), ['backup/again', back], ...toPlan.slice(2), ...afterPlan]);
});

test('an option that leads to an earlier question of its step keeps the answers before it', async () => {
  const other: Lead = { action: 'reopen', label: 'Another secret', step: 'secret', question: 'origin' };
  const { acted } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: other }],
    ['secret/origin', 'file'],
    ['secret/path', 'a.bin'],
    ['secret/sure', { lead: { action: 'ask-again', label: 'Another file', question: 'path' } }],
    ['secret/path', 'b.bin'],
    ['secret/sure', 'yes'],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
  assert.deepEqual(last(acted, 'secret'), { origin: 'file', path: 'b.bin', sure: 'yes' });
});

test('a row opens its question alone, with what was chosen, and then the plan comes again', async () => {
  const { acted, offered } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: change }],
    ['people/users', 'them'],
    ['policy/proceed', { lead: change }],
    ['people/users', 'us'],
    ...afterPlan,
  ]);
  assert.equal(offered['people/users'], 'them');
  assert.deepEqual(last(acted, 'people'), { users: 'us', helpers: 'nobody' });
  assert.deepEqual([times(acted, 'backup'), times(acted, 'people')], [1, 3]);
});

test('going back from a row leaves what was chosen, and the plan comes again', async () => {
  const { acted } = await walk([...toPlan, ['policy/proceed', { lead: change }], ['people/users', back], ...afterPlan]);
  assert.deepEqual(last(acted, 'people'), { users: 'me', helpers: 'nobody' });
});

test('going back after a row was changed leads from step to step in their order, and each time to another question', async () => {
  const origin: Lead = { action: 'reopen', label: 'Another secret', step: 'secret', question: 'origin' };
  const { acted, offered } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: origin }],
    ['secret/origin', 'file'],
    ['secret/path', 'a.bin'],
    ['secret/sure', 'yes'],
    ['backup/passphrase', back],
    ['name/alias', back],
    ['secret/sure', back],
    ['secret/path', back],
    ['secret/origin', back],
    ['set-up/kind', 'recommended'],
    ['secret/origin', 'file'],
    ['secret/path', 'b.bin'],
    ['secret/sure', 'yes'],
    ['name/alias', 'albums'],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
  assert.equal(offered['name/alias'], 'photos');
  assert.deepEqual(last(acted, 'secret'), { origin: 'file', path: 'b.bin', sure: 'yes' });
});

test('after a row has opened a step, the way back still leads through the later steps', async () => {
  await walk([
    ...toPlan,
    ['policy/proceed', { lead: change }],
    ['people/users', 'them'],
    ['policy/proceed', { lead: again }],
    ['name/alias', 'albums'],
    ['name/about', 'pictures'],
    ...toPlan.slice(2),
    ['policy/proceed', back],
    ['people/users', 'us'],
    ...afterPlan,
  ]);
});

test('after a change to this set-up, the way back leads to the last question of a step that asked everything', async () => {
  const setUp: Lead = { action: 'reopen', label: 'Another set-up', step: 'set-up' };
  await walk([
    ['set-up/kind', 'everything'],
    ['secret/origin', 'made'],
    ['name/alias', 'photos'],
    ['name/about', 'pictures'],
    ['backup/how', { lead: setUp }],
    ['set-up/kind', 'recommended'],
    ['backup/passphrase', back],
    ['name/about', 'pictures'],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
});

test('a row that names no question opens every one of its step', async () => {
  const { acted } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: again }],
    ['name/alias', 'albums'],
    ['name/about', 'pictures'],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
  assert.deepEqual(last(acted, 'name'), { alias: 'albums', about: 'pictures' });
});

test('a question of a later step is asked ahead, with what its answer leads to, and counts when the step comes', async () => {
  const { acted, offered } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', back],
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', 'date'],
    ['import/date', '2027'],
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', 'date'],
    ['import/date', back],
    ['import/expiry', 'date'],
    ['import/date', '2028'],
    ...afterPlan,
  ]);
  assert.deepEqual(last(acted, 'import'), { expiry: 'date', date: '2028', copy: 'none' });
  assert.equal(offered['import/expiry'], 'date');
});

test('what was asked ahead is not asked again, although the person goes back from the plan', async () => {
  const { acted } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', 'date'],
    ['import/date', '2027'],
    ['policy/proceed', back],
    ...toPlan.slice(2),
    ...afterPlan,
  ]);
  assert.deepEqual(last(acted, 'import'), { expiry: 'date', date: '2027', copy: 'none' });
});

test('going back from what is asked ahead answers nothing', async () => {
  const { folder } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', back],
    ['policy/proceed', { lead: change }],
    ['stop', back],
  ]);
  assert.equal(new Journal(join(folder, 'journal.jsonl')).state.answers.has('import'), false);
});

test('what was asked ahead counts after a stop too, and the plan is asked again', async () => {
  const { folder } = await walk([
    ...toPlan,
    ['policy/proceed', { lead: ahead }],
    ['import/expiry', 'date'],
    ['import/date', '2027'],
    ['stop', back],
  ]);
  const { acted } = await walk(afterPlan, { folder });
  assert.deepEqual(last(acted, 'import'), { expiry: 'date', date: '2027', copy: 'none' });
});

test('a step that failed goes on after a stop with the answers that were given, but for what is always asked', async () => {
  const problems = { policy: [{ kind: 'refused', what: 'No.', next: [] } as const] };
  const { folder } = await walk([...toPlan, ['policy/proceed', 'create']], {
    problems,
    decide: () => ({ action: 'stop' }),
  });
  const { acted } = await walk(afterPlan, { folder });
  assert.deepEqual(
    acted.map(([id]) => id),
    ['policy', 'import', 'objects'],
  );
});

test('a default that is refused is asked for, with the reason', async () => {
  const refuse = (value: Answer) => (value === 'me' ? 'Not you.' : undefined);
  const { acted, helps } = await walk([...toPlan, ['people/users', 'them'], ...afterPlan], { refuse });
  assert.equal(helps['people/users'], 'Not you.');
  assert.deepEqual(last(acted, 'people'), { users: 'them', helpers: 'nobody' });
});

test('an earlier answer that is refused now is asked for, with the reason', async () => {
  const problems = { people: [{ kind: 'waiting', what: 'No answer.', next: [] } as const] };
  const { folder } = await walk(toPlan, { problems, decide: () => ({ action: 'stop' }) });
  const refuse = (value: Answer) => (value === 'me' ? 'Gone.' : undefined);
  const { acted, helps } = await walk([['people/users', 'us'], ...afterPlan], { folder, refuse });
  assert.equal(helps['people/users'], 'Gone.');
  assert.deepEqual(last(acted, 'people'), { users: 'us', helpers: 'nobody' });
});

test('a problem that leads back to a step opens its questions', async () => {
  const problems = { policy: [{ kind: 'fixable', what: 'The alias is taken.', next: [] } as const] };
  const { acted } = await walk(
    [
      ...toPlan,
      ['policy/proceed', 'create'],
      ['name/alias', 'albums'],
      ['name/about', ''],
      ...toPlan.slice(2),
      ...afterPlan,
    ],
    { problems, decide: () => ({ action: 'reopen', label: 'Choose another alias', step: 'name' }) },
  );
  assert.deepEqual(last(acted, 'name'), { alias: 'albums', about: '' });
});

test('a problem that leads back to one question opens only that one', async () => {
  const problems = { policy: [{ kind: 'fixable', what: 'The text is too long.', next: [] } as const] };
  const { acted } = await walk(
    [...toPlan, ['policy/proceed', 'create'], ['name/about', 'short'], ...toPlan.slice(2), ...afterPlan],
    { problems, decide: () => ({ action: 'reopen', label: 'Write another text', step: 'name', question: 'about' }) },
  );
  assert.deepEqual(last(acted, 'name'), { alias: 'photos', about: 'short' });
});

test('a question that a problem leads back to is asked behind one that is always asked', async () => {
  const problems = { objects: [{ kind: 'fixable', what: 'There is a b.', next: [] } as const] };
  const { acted } = await walk([...toPlan, ...afterPlan, ['objects/where', 'new'], ['objects/bucket', 'c']], {
    problems,
    decide: () => ({ action: 'reopen', label: 'Choose another bucket', step: 'objects', question: 'bucket' }),
  });
  assert.deepEqual(last(acted, 'objects'), { where: 'new', bucket: 'c' });
});

test('a question that a problem leads back to stays unasked where an answer leaves it out, or its step asks nothing', async () => {
  const asked: string[] = [];
  const asks: AnyStep = bareStep('s', {
    questions: ({ answers }) => [
      list('first', ['x', 'other'], { asked: 'always' }),
      ...(answers.first === 'x' ? [textQuestion('second', { default: 'y' })] : []),
    ],
  });
  const silent: AnyStep = bareStep('silent', { questions: () => [] });
  let to = asks;
  const wrapped = recommendedFirst(
    quietInterviewer<Facts, World>({
      interview: async (step, context) => {
        const [question] = step.questions({ ...context, answers: {} });
        asked.push(question?.id ?? 'nothing');
        return { answers: { [question?.id ?? '']: 'other' } };
      },
      trouble: async () => ({ action: 'reopen', label: 'Change it', step: to.id, question: 'second' }),
    }),
    { steps: [asks, silent] },
    () => true,
  );
  const context = { facts: {}, services: {} as World };
  for (const [step, answers] of [
    [asks, { first: 'other' }],
    [silent, {}],
  ] as const) {
    to = step;
    await wrapped.trouble(asks, { kind: 'fixable', what: 'No.', next: [] });
    assert.deepEqual(await wrapped.interview(step, context, nothingGiven), { answers });
  }
  assert.deepEqual(asked, ['first']);
  // Another step than the one that was opened asks only what it must.
  to = asks;
  await wrapped.trouble(asks, { kind: 'fixable', what: 'No.', next: [] });
  const other: AnyStep = bareStep('other', { questions: () => [textQuestion('second', { default: 'y' })] });
  assert.deepEqual(await wrapped.interview(other, context, nothingGiven), { answers: { second: 'y' } });
  assert.deepEqual(asked, ['first']);
});

test('a problem that asks a question again asks it, though it has an answer', async () => {
  const problems = { import: [{ kind: 'fixable', what: 'No.', next: [] } as const] };
  const { acted } = await walk(
    [
      ...toPlan,
      ['policy/proceed', 'create'],
      ['import/copy', 'none'],
      ['import/expiry', 'date'],
      ['import/date', '2027'],
      ['import/copy', 'none'],
      ['objects/where', 'new'],
    ],
    {
      problems,
      decide: () => ({ action: 'ask-again', label: 'Choose another expiry', question: 'expiry' }),
    },
  );
  assert.deepEqual(last(acted, 'import'), { expiry: 'date', date: '2027', copy: 'none' });
});

test('going back from what a problem has opened leads to what was asked before that', async () => {
  const problems = { policy: [{ kind: 'fixable', what: 'The alias is taken.', next: [] } as const] };
  await walk(
    [
      ...toPlan,
      ['policy/proceed', 'create'],
      ['name/alias', back],
      ['set-up/kind', 'recommended'],
      ['name/alias', 'albums'],
      ...toPlan.slice(2),
      ...afterPlan,
    ],
    { problems, decide: () => ({ action: 'reopen', label: 'Choose another alias', step: 'name' }) },
  );
});

test('what comes behind the step that a problem has opened is no longer on the way back', async () => {
  const problems = { policy: [{ kind: 'fixable', what: 'The alias is taken.', next: [] } as const] };
  await walk(
    [
      ...toPlan,
      ['policy/proceed', { lead: change }],
      ['people/users', 'them'],
      ['policy/proceed', 'create'],
      ['name/alias', 'albums'],
      ['name/about', ''],
      ...toPlan.slice(2),
      ['policy/proceed', back],
      ...toPlan.slice(2),
      ...afterPlan,
    ],
    { problems, decide: () => ({ action: 'reopen', label: 'Choose another alias', step: 'name' }) },
  );
});

test('what a problem asks leads nowhere back, and going back later does not lead there', async () => {
  const ask = {
    kind: 'phrase',
    ...wordsOf('consent'),
    phrase: 'go on',
    decline: 'no',
    confirm: () => {},
  } as const;
  const { couldGoBack } = await walk(
    [
      ...toPlan,
      ['people/consent', 'go on'],
      ['policy/proceed', back],
      ['backup/passphrase', given],
      ['backup/again', given],
      ...afterPlan,
    ],
    { problems: { people: [{ kind: 'fixable', what: 'No.', next: [], ask }] } },
  );
  assert.equal(couldGoBack['people/consent'], false);
});

test('going back from a question that a problem asks again leads to the question before', async () => {
  const problems = { policy: [{ kind: 'fixable', what: 'No.', next: [] } as const] };
  await walk([...toPlan, ['policy/proceed', 'create'], ['policy/proceed', back], ...toPlan.slice(2), ...afterPlan], {
    problems,
    decide: () => ({ action: 'ask-again', label: 'Look again', question: 'proceed' }),
  });
});

test('what must be ticked is asked after a stop too, and going back from there leads to the plan', async () => {
  const { folder } = await walk([...toPlan, ['policy/proceed', 'look'], ['policy/bucket', 'b'], ['stop', back]]);
  const { acted, offered } = await walk(
    [
      ['policy/go-on', back],
      ['policy/bucket', back],
      ['policy/proceed', 'look'],
      ['policy/bucket', 'c'],
      ['policy/go-on', 'yes'],
      ...afterPlan.slice(1),
    ],
    { folder },
  );
  assert.deepEqual(last(acted, 'policy'), { proceed: 'look', bucket: 'c', 'go-on': 'yes' });
  assert.equal(offered['policy/bucket'], 'b');
});

test('a passphrase that a stop has cost leads back to what is kept of its step', async () => {
  const { folder } = await walk([...toPlan.slice(0, 3), ['stop', back]]);
  const { couldGoBack } = await walk(
    [['backup/passphrase', back], ['backup/how', 'passphrase'], ...toPlan.slice(2), ['stop', back]],
    { folder },
  );
  assert.equal(couldGoBack['backup/passphrase'], true);
});

test('a stop after going back within a step goes on at the question to which the person went back', async () => {
  const { folder } = await walk([...toPlan, ['policy/proceed', 'look'], ['policy/bucket', back], ['stop', back]]);
  await walk(afterPlan, { folder });
});

test('nothing is before the first question that is asked after a stop, also when the person comes back to it', async () => {
  const { folder } = await walk([...toPlan, ['stop', back]]);
  const { couldGoBack } = await walk(
    [
      ['policy/proceed', 'look'],
      ['policy/bucket', back],
      ['policy/proceed', 'create'],
      ['stop', back],
    ],
    { folder },
  );
  assert.equal(couldGoBack['policy/proceed'], false);
});

test('a stop after a row led to an earlier question of its step goes on at that question', async () => {
  const lookAgain: Lead = { action: 'ask-again', label: 'Look again', question: 'proceed' };
  const { folder } = await walk([
    ...toPlan,
    ['policy/proceed', 'look'],
    ['policy/bucket', { lead: lookAgain }],
    ['stop', back],
  ]);
  await walk(afterPlan, { folder });
});

test('each question gets what was taken before it: for its commands, its notes, and the way back', async () => {
  const help = 'Help.';
  const step: AnyStep = bareStep('s', {
    asks: ['a', 'b', 'c'],
    questions: () => [
      textQuestion('a', { default: 'default' }),
      textQuestion('b', { help }),
      textQuestion('c', { help }),
    ],
    commands: ({ facts, answers }) => [{ says: 'all', shell: JSON.stringify({ ...facts, ...answers }) }],
  });
  const told: unknown[] = [];
  const inner = quietInterviewer<Facts, World>({
    interview: async (asked, context, from) => {
      const [question] = asked.questions({ ...context, answers: {} });
      const answers = { [question?.id ?? '']: 'typed' };
      const [command] = asked.commands({ ...context, answers });
      told.push([question?.id, question?.help, from.canGoBack, from.isBegun, command?.shell]);
      from.note?.(answers);
      return { answers };
    },
    trouble: () => assert.fail(),
  });
  const noted: Answers[] = [];
  const wrapped = recommendedFirst(inner, { steps: [step] }, () => true);
  const from = { ...nothingGiven, note: (answers: Answers) => noted.push(answers) };
  await wrapped.interview(step, { facts: { chosen: true }, services: {} as World }, from);
  assert.deepEqual(told, [
    ['b', help, false, false, '{"chosen":true,"a":"default","b":"typed"}'],
    ['c', help, true, true, '{"chosen":true,"a":"default","b":"typed","c":"typed"}'],
  ]);
  assert.deepEqual(noted, [
    { a: 'default', b: 'typed' },
    { a: 'default', b: 'typed', c: 'typed' },
  ]);
});
