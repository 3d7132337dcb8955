import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { openPlain } from '../../source/ui/plain/open-plain.ts';
import { StoppedByPerson } from '../../source/ui/reply.ts';
import type { Saved } from '../../source/ui/stop-words.ts';
import { nothingGiven } from '../bare-step.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { connectionOf } from '../known-facts.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { textStream } from '../text-stream.ts';
import { type FakeServices, fakeCeremony, fakeServices } from './fake-ceremony.ts';

/** The plain interface at a terminal or at a pipe, in a process whose signals and end are only noted. */
function open(t: TestContext, { saved = 'everything' as Saved, isTTY = true, practice = false } = {}) {
  const stdin = new FakeInput();
  const log: string[] = [];
  const process = Object.assign(new EventEmitter(), { exit: (status: number) => void log.push(`exit ${status}`) });
  const session = { written: '' };
  let toType: readonly (readonly [shows: string, act: string | (() => void)])[] = [];
  let since = '';
  const stdout = textStream((text) => {
    session.written += text;
    since += text;
    const [shows, act] = toType[0] ?? [];
    if (shows === undefined || act === undefined || !since.includes(shows)) return;
    since = '';
    toType = toType.slice(1);
    setImmediate(() => (typeof act === 'string' ? stdin.write(act) : act()));
  });
  const screen = openPlain<FakeServices>({
    terminal: readTerminal({ env: { LANG: 'C.UTF-8' }, stdin: { isTTY }, stdout: { isTTY, columns: 40 } }),
    stdin,
    stdout,
    ceremony: fakeCeremony,
    practice,
    onHangup: () => ['All is saved.'],
    savedNow: () => saved,
    onStop: () => void log.push('stop'),
    process,
  });
  t.after(() => screen.close());
  return Object.assign(session, {
    stdin,
    stdout,
    screen,
    process,
    log,
    /** Types a line, or acts, as soon as each of these words is written. */
    type: (...lines: typeof toType) => {
      toType = lines;
    },
  });
}

const base = { id: 'a', ask: 'Which one?', label: 'Thing', form: 'a thing' } as const;
const choice = { ...base, kind: 'choice', options: [{ value: 'one', label: 'One' }] } as const;
const [connect, , describe] = fakeCeremony.steps;
assert.ok(connect && describe);
const context = { facts: {}, services: fakeServices() };

test('it begins with what it is, whether it is practice, and what one can write at any question', (t) => {
  for (const [practice, name] of [
    [false, ''],
    [true, ' (PRACTICE)'],
  ] as const) {
    const { written } = open(t, { practice });
    const words = `Keyferry, line by line${name}. Enter ends each answer.`;
    assert.ok(written.replaceAll('\n', ' ').startsWith(`${words} At any question you can write`), written);
    assert.match(written, /\n {2}\? {10}why, .*[\s\S]*\n {2}:stop {6}stop here/);
    for (const line of [':commands', '<', ':again', '""']) assert.ok(written.includes(`\n  ${line} `), line);
  }
});

test('an option that leads out of a step has no meaning outside of one, and is asked again', async (t) => {
  const session = open(t);
  const leads = { action: 'reopen', step: 'connect', label: 'Elsewhere' } as const;
  const options = [...choice.options, { value: 'else', label: 'Elsewhere', leads }];
  session.type(['Enter for 1:', '2\n'], ['Enter for 1:', '1\n']);
  assert.equal(await session.screen.ask({ ...choice, options }, 'none'), 'one');
});

test('a question that belongs to no step gives its option, or what going back means', async (t) => {
  const session = open(t);
  session.type(['Enter for 1:', '?\n'], ['nothing more to say', ':commands\n'], ['nothing more to say', '<\n']);
  assert.equal(await session.screen.ask(choice, 'none'), 'none');
  session.type(['Enter for 1:', '<\n'], ['There is nothing before this', '\n']);
  assert.equal(await session.screen.ask(choice), 'one');
});

test('Ctrl+C stops the question that is asked', async (t) => {
  const session = open(t);
  session.type(['Enter for 1:', () => session.process.emit('SIGINT')]);
  await assert.rejects(session.screen.ask(choice), StoppedByPerson);
  assert.deepEqual(session.log, ['stop']);
});

test('at a terminal, Ctrl+C and :stop say first that a key would be lost; another question asks anew', async (t) => {
  const session = open(t, { saved: 'all but the key' });
  const interrupt = () => session.process.emit('SIGINT');
  session.type(
    ['Region [us-east-1]:', interrupt],
    ['Do it again to stop', '\n'],
    // The answer was the next question's beginning.
    ['Alias, such as', ':stop\n'],
    ['Do it again to stop', ':stop\n'],
  );
  const start = { source: 'practice' };
  assert.deepEqual(await session.screen.interviewer.interview(connect, context, { ...nothingGiven, start }), {
    answers: { source: 'practice', region: 'us-east-1' },
  });
  await assert.rejects(session.screen.interviewer.interview(describe, context, nothingGiven), StoppedByPerson);
  assert.deepEqual(session.log, ['stop']);
  assert.equal(session.written.match(/! Stop here\? The key in memory is lost/g)?.length, 2);
  const outside = open(t, { saved: 'all but the key' });
  outside.type(['Enter for 1:', () => outside.process.emit('SIGINT')], ['Do it again to stop', '1\n']);
  assert.equal(await outside.screen.ask(choice), 'one');
});

test('at a pipe, where nobody reads a warning, Ctrl+C stops at once', async (t) => {
  const session = open(t, { saved: 'all but the key', isTTY: false });
  session.type(['Enter for 1:', () => session.process.emit('SIGINT')]);
  await assert.rejects(session.screen.ask(choice), StoppedByPerson);
  assert.deepEqual(session.log, ['stop']);
});

for (const [signal, status] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  test(`${signal} says what is saved, lets the terminal echo again and ends the program`, async (t) => {
    const session = open(t);
    const question = { ...base, kind: 'secret', keep: () => {} } as const;
    const step = { ...connect, questions: () => [question] };
    let wasRaw: boolean | undefined;
    session.type([
      'not shown:',
      () => {
        wasRaw = session.stdin.isRaw;
        session.process.emit(signal, signal);
      },
    ]);
    session.screen.interviewer.interview(step, context, nothingGiven).catch(() => {});
    while (session.log.length === 0) await new Promise(setImmediate);
    assert.deepEqual([wasRaw, session.stdin.isRaw, session.log], [true, false, [`exit ${status}`]]);
    assert.match(session.written, /\nAll is saved\.\n$/);
    session.stdin.write('\u0003');
  });

test('an output that nobody reads any more stops the run', async (t) => {
  const session = open(t);
  session.type(['Enter for 1:', () => session.stdout.emit('error', new Error('EPIPE'))]);
  await assert.rejects(session.screen.ask(choice), StoppedByPerson);
  assert.deepEqual(session.log, ['stop']);
});

test('while a program has the terminal, it gets what is typed and the first Ctrl+C', async (t) => {
  const session = open(t);
  const { lend } = session.screen.interviewer;
  assert.ok(lend);
  const takeBack = await lend('the program of the profile ops');
  assert.match(session.written, /The program of the profile ops runs now/);
  assert.equal(session.stdin.isPaused(), true);
  session.process.emit('SIGINT');
  assert.deepEqual(session.log, []);
  session.process.emit('SIGINT');
  assert.deepEqual(session.log, ['stop']);
  await takeBack();
  assert.equal(session.stdin.isPaused(), false);
  session.process.emit('SIGINT');
  assert.deepEqual(session.log, ['stop', 'stop']);
  await (await lend('ssh'))();
  session.process.emit('SIGINT');
  assert.deepEqual(session.log, ['stop', 'stop', 'stop'], 'a program that was never interrupted has ended');
  assert.equal(open(t, { isTTY: false }).screen.interviewer.lend, undefined);
});

test('the last page is acted on by numbers until Enter, with its commands in whole lines', async (t) => {
  const session = open(t);
  const command = `echo ${'x'.repeat(30)} | sort > k.txt`;
  session.type(
    ['Number, or Enter to leave:', '3\n'],
    ['Type a number from 1 to 2.', ' 1 \n'],
    ['Saved it.', '2\n'],
    [command, ' \n'],
  );
  await session.screen.closing({
    title: 'Done',
    lines: ['All is well.', 'This line is longer than the terminal is wide.', command],
    commands: [command],
    actions: [
      { key: 's', does: 'save it', act: () => 'Saved it.' },
      { key: 'r', does: 'open record', act: () => ({ title: 'record.md', lines: [command] }) },
    ],
  });
  assert.match(
    session.written,
    /\nDone\nAll is well\.\nThis line is longer than the terminal is\nwide\.\necho x{30} \| sort > k\.txt\n\n {2}1\. Save it\n {2}2\. Open record\n/,
  );
  assert.match(session.written, /\nrecord\.md\n\necho x{30} \| sort > k\.txt\n\n/);
  await session.screen.close(['All is well.', 'Goodbye.']);
  assert.match(session.written, /leave: \nGoodbye\.\n$/);
  assert.equal(session.written.split('All is well.').length, 2);
});

test('a last page without actions asks nothing, and its file is a link where the terminal takes links', async (t) => {
  keepEnvironment(t);
  process.env.FORCE_HYPERLINK = '1';
  const session = open(t);
  const links = new Map([['k/record.md', 'file://host/k/record.md']]);
  await session.screen.closing({ title: 'Done', lines: ['Record: k/record.md'], links });
  assert.match(session.written, /\nDone\nRecord: \u001B\]8;;file:\/\/host\/k\/record\.md\u001B\\k\/record\.md/);
  assert.doesNotMatch(session.written, /Number, or/);
});

test('the end of the input leaves the last page, and is no error there', async (t) => {
  for (const ends of [true, false]) {
    const session = open(t);
    if (ends) {
      session.stdin.end();
      while (!session.stdin.readableEnded) await new Promise(setImmediate);
    } else session.type(['Number, or', () => session.stdin.end()]);
    await session.screen.closing({ title: 'Done', lines: [], actions: [{ key: 's', does: 'save', act: () => '' }] });
    assert.equal(session.written.includes('Number, or'), !ends);
  }
});

test('once it is closed, it reads nothing more and no signal is its business', async (t) => {
  const session = open(t);
  await session.screen.close(['Goodbye.']);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) assert.equal(session.process.listenerCount(signal), 0, signal);
  assert.deepEqual([session.stdin.listenerCount('data'), session.stdin.isPaused()], [0, true]);
  assert.match(session.written, /\nGoodbye\.\n$/);
});

test('a step has one heading, which says where it is, whether it is practice and when it is asked ahead', async (t) => {
  const session = open(t);
  const connection = connectionOf('arn:aws:iam::000000000000:user/you');
  const facts = { connection, setUp: { kind: 'video' } } as const;
  session.type(['Alias, such as', 'pay\n'], ['Type yes to tick it:', 'yes\n']);
  await session.screen.interviewer.interview(describe, { ...context, facts }, { ...nothingGiven, isAhead: true });
  const answers = { alias: 'pay', acknowledge: true };
  session.screen.interviewer.acting(describe, { ...context, facts, answers });
  const heading = /Step 3 of 7: Description, asked now\salready \(PRACTICE\)\nVideo: After the policy was verified\./g;
  assert.equal(session.written.match(heading)?.length, 1, session.written);
  assert.equal(session.written.match(/Step 3 of 7/g)?.length, 1, session.written);
  session.screen.interviewer.done(describe, facts);
  session.screen.interviewer.acting(describe, { ...context, facts: {}, answers });
  assert.match(session.written, /\nStep 3 of 7: Description\nA KMS key/);
  session.screen.interviewer.done(describe, facts);
  const real = { connection: { ...connection, source: 'environment' as const } };
  session.screen.interviewer.acting(describe, { ...context, facts: real, answers });
  assert.equal(session.written.match(/\nStep 3 of 7: Description\n/g)?.length, 2);
  const practice = open(t, { practice: true });
  practice.screen.interviewer.acting(describe, { ...context, facts: {}, answers });
  assert.match(practice.written, /\nStep 3 of 7: Description \(PRACTICE\)\n/);
});

test('what is under way is told', (t) => {
  const session = open(t);
  session.screen.interviewer.progress(describe, { id: 'a', label: 'Waiting for KMS', state: 'waiting' });
  assert.match(session.written, /\n {2}Waiting for KMS\n$/);
});

test('each answer is noted as soon as it is given, and a step without commands says so', async (t) => {
  const session = open(t);
  const noted: Answers[] = [];
  session.type(
    ['Alias, such as', ':commands\n'],
    ['There is no command for this.', 'pay\n'],
    ['Type yes to tick it:', '<\n'],
    ['Alias [pay]:', 'bills\n'],
    ['Type yes to tick it:', 'yes\n'],
  );
  await session.screen.interviewer.interview(describe, context, {
    ...nothingGiven,
    note: (answers) => noted.push(answers),
  });
  assert.deepEqual(noted, [{ alias: 'pay' }, {}, { alias: 'bills' }, { alias: 'bills', acknowledge: true }]);
});

test('? says why, what can go wrong, what the tutorial has and what one can write; :commands are in whole lines', async (t) => {
  const session = open(t);
  const shell = `echo ${'x'.repeat(40)} | sort`;
  const commands = () => [{ says: 'By hand', shell }];
  session.type(['Alias, such as', '?\n'], ['Alias, such as', ':commands\n'], ['# By hand', () => session.stdin.end()]);
  const lesson = { article: 'Section 8', video: 'V.', showed: 'S.', shows: 'N.' };
  const step = { ...describe, why: 'It is the why.', goesWrong: ['It breaks.'], commands, lesson };
  await assert.rejects(session.screen.interviewer.interview(step, context, nothingGiven), ({ problem }) => {
    assert.match(problem.next.join(), /Then comes the step Description again, from this question on:/);
    return true;
  });
  const page =
    /Alias, such as .*\nIt is the why\.\n\nWhat can go wrong\n- It breaks\.\n\nIn the article\n[\s\S]*\nAt any question you can write\n/;
  assert.match(session.written, page);
  assert.ok(session.written.includes(`\n# By hand\n${shell}\n`), session.written);
});

test('where the input ends below a problem of a step that has all its answers, no question is named', async (t) => {
  const session = open(t);
  const step = { ...connect, questions: () => [] };
  await session.screen.interviewer.interview(step, context, nothingGiven);
  session.type(['Number:', () => session.stdin.end()]);
  const problem = { kind: 'waiting', what: 'It did not work.', next: [] } as const;
  await assert.rejects(session.screen.interviewer.trouble(step, problem), ({ problem: told }) => {
    assert.match(told.next.join(), /Then comes the step \w+ again\.$/);
    return true;
  });
});

test('a problem at which the run goes on is told again at its end, one at which it stops is not', async (t) => {
  const problem = { kind: 'waiting', what: 'It did not work.', next: [] } as const;
  for (const [row, count] of [
    [' 1 ', 2],
    ['2', 1],
  ] as const) {
    const session = open(t);
    session.type(['Number:', `${row}\n`]);
    await session.screen.interviewer.trouble(connect, problem);
    await session.screen.close(['x It did not work.']);
    assert.equal(session.written.match(/It did not work/g)?.length, count, row);
  }
});

test('below a problem, :stop is its last row', async (t) => {
  const session = open(t);
  session.type(['1. Try again', ':stop\n']);
  const problem = { kind: 'waiting', what: 'It did not work.', next: [] } as const;
  assert.deepEqual(await session.screen.interviewer.trouble(connect, problem), { action: 'stop' });
});

test('where the input ends before anything is saved, it says so', async (t) => {
  const session = open(t, { saved: 'nothing' });
  session.type(['Alias, such as', () => session.stdin.end()]);
  await assert.rejects(session.screen.interviewer.interview(describe, context, nothingGiven), ({ problem }) => {
    assert.equal(problem.state, 'Nothing is saved yet.');
    assert.deepEqual(problem.next, ['Start Keyferry again. It then asks everything again.']);
    return true;
  });
});
