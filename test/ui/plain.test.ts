import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { runCeremony } from '../../source/ceremony/ceremony.ts';
import { Journal } from '../../source/ceremony/journal.ts';
import { type Problem, problemIn } from '../../source/ceremony/problem.ts';
import type { Answer } from '../../source/ceremony/question.ts';
import { Waiting } from '../../source/ceremony/waiting.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { openPlain } from '../../source/ui/plain/open-plain.ts';
import { progressTeller } from '../../source/ui/plain/progress-teller.ts';
import { problemLines } from '../../source/ui/problem-lines.ts';
import { newFolder } from '../new-folder.ts';
import { type FakeServices, fakeCeremony, fakeServices } from './fake-ceremony.ts';

/** The fake ceremony line by line on a terminal that echoes nothing, so that what is seen is what was written. */
class PlainSession {
  readonly stdin = new PassThrough();
  written = '';
  readonly ended: Promise<unknown>;
  readonly close: (lastWords: readonly string[]) => Promise<void>;
  readonly #stdout = new PassThrough();
  #seen = 0;

  constructor(
    t: TestContext,
    changes: Partial<FakeServices> = {},
    env: Readonly<Record<string, string>> = {},
    ceremony = fakeCeremony,
    { isTTY = true } = {},
  ) {
    this.#stdout.on('data', (chunk: Buffer) => {
      this.written += chunk.toString();
    });
    const stop = new AbortController();
    const screen = openPlain<FakeServices>({
      terminal: readTerminal({
        env: { TERM: 'dumb', ...env },
        stdin: { isTTY },
        stdout: { isTTY, columns: 60 },
      }),
      stdin: this.stdin,
      stdout: this.#stdout,
      ceremony,
      practice: false,
      onHangup: () => [],
      savedNow: () => 'everything',
      onStop: () => stop.abort(new Error('stopped')),
      process,
    });
    t.after(() => screen.close());
    this.close = (words) => screen.close(words);
    this.ended = runCeremony({
      ceremony,
      journal: new Journal(`${newFolder()}/journal.jsonl`),
      services: fakeServices(changes),
      interviewer: screen.interviewer,
      begin: () => {},
      waiting: new Waiting(),
      explain: (error) => problemIn(error) ?? { kind: 'ours', what: String(error), next: [] },
      signal: stop.signal,
    }).catch((error: unknown) => error);
  }

  /** Waits for a text behind what was waited for before, and then writes a line. */
  async at(text: string, line: string): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    while (!signal.aborted) {
      const found = this.written.indexOf(text, this.#seen);
      if (found !== -1) {
        this.#seen = found + text.length;
        // The prompt follows in the same turn.
        await new Promise(setImmediate);
        this.stdin.write(`${line}\n`);
        return;
      }
      await once(this.#stdout, 'data', { signal }).catch(() => {});
    }
    assert.fail(`"${text}" did not come. Written:\n${this.written.slice(this.#seen)}`);
  }

  /** Answers up to the policy's question. */
  async toPolicy(): Promise<void> {
    await this.at('Where should the key go?', '');
    await this.at('In which Region?', '');
    await this.at('Which file', '/tmp/k.bin');
  }
}

test('a problem comes with its numbered ways on, and lines typed ahead of it are let go', async (t) => {
  const session = new PlainSession(t, { trouble: true, actMs: 20 });
  await session.toPolicy();
  for (const [question, line] of [
    ['called?', 'payments'],
    ['understand', 'yes'],
    ['administer', ''],
    ['Create the key with this policy?', '1\n1\n1'],
  ] as const)
    await session.at(question, line);
  await session.at('  1. Change the people', '9');
  await session.at('Type a number from 1 to 3.', '2');
  await session.at('Key created', '');
  assert.match(session.written, /x Can't create the KMS key\./);
  assert.match(session.written, /\[AccessDeniedException\]/);
  assert.match(session.written, /! Lines typed ahead of this were left out\./);
  assert.match(session.written, / {2}1\. Change the people\n {2}2\. Try again\n {2}3\. Stop here, progress is saved/);
});

test('where a check knows the right answer, it is chosen, and Enter takes it', async (t) => {
  const verify = async (answer: Answer) =>
    String(answer) === 'arn:wrong' ? { says: 'IAM has it as arn:right.', instead: ['arn:right'] } : undefined;
  const corrects = (step: (typeof fakeCeremony)['steps'][number]): typeof step => ({
    ...step,
    questions: (context) =>
      step.questions(context).map((question) => (question.kind === 'many' ? { ...question, verify } : question)),
  });
  const session = new PlainSession(t, {}, {}, { ...fakeCeremony, steps: fakeCeremony.steps.map(corrects) });
  await session.toPolicy();
  await session.at('called?', 'payments');
  await session.at('understand', 'yes');
  await session.at('administer', 'arn:wrong');
  await session.at('Chosen: arn:wrong.', '');
  await session.at('IAM has it as arn:right. The right one is chosen now', '');
  await session.at('Create the key with this policy?', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('what is chosen comes first in a list, and two words tick all rows and none', async (t) => {
  const options = ['one', 'two', 'three'].map((label) => ({ value: `arn:${label}`, label }));
  const listed = (step: (typeof fakeCeremony)['steps'][number]): typeof step => ({
    ...step,
    questions: (context) =>
      step.questions(context).map((question) => {
        if (question.kind !== 'many') return question;
        const gone = { value: 'arn:gone', label: 'gone', disabled: 'it is deleted' };
        return { ...question, options: [...options, gone], default: ['arn:three'] };
      }),
  });
  const session = new PlainSession(t, {}, {}, { ...fakeCeremony, steps: fakeCeremony.steps.map(listed) });
  await session.toPolicy();
  await session.at('called?', 'payments');
  await session.at('understand', 'yes');
  await session.at('1. [x] three\n  2. [ ] one\n  3. [ ] two', 'tick all');
  await session.at('Chosen: three, one, two.', 'tick none');
  await session.at('Chosen: none.', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('an empty list says where it looked, and what can be typed', async (t) => {
  const empty = (step: (typeof fakeCeremony)['steps'][number]): typeof step => ({
    ...step,
    questions: (context) =>
      step
        .questions(context)
        .map((question) =>
          question.kind === 'many' ? { ...question, options: [], looksIn: 'the folder /w' } : question,
        ),
  });
  const session = new PlainSession(t, {}, {}, { ...fakeCeremony, steps: fakeCeremony.steps.map(empty) });
  await session.toPolicy();
  await session.at('called?', 'payments');
  await session.at('understand', 'yes');
  await session.at('There is nothing to choose in the folder /w.', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('a control character, such as an arrow key, is refused and nothing typed is lost', async (t) => {
  const session = new PlainSession(t);
  await session.at('Where should the key go?', '\u001B[B');
  await session.at('x The line holds a control character', '2');
  await session.at('cannot be chosen: no', '4');
  await session.at('Nothing here is called 4', 'practice');
  await session.at('In which Region?', 'moon');
  await session.at('x A Region looks like us-east-1', '<');
  await session.at('Where should the key go?', '');
  await session.at('Region [us-east-1]:', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('no line is wider than the terminal, and everything is ASCII where it must be', async (t) => {
  const session = new PlainSession(t, {}, { LANG: 'C' });
  await session.at('Where should the key go?', '?');
  await session.at('In the video', '');
  await session.at('In which Region?', '');
  await session.at('Which file', ':stop');
  await session.ended;
  for (const line of session.written.split('\n')) assert.ok(line.length <= 60 || line.includes('://'), line);
  assert.match(session.written, /^[\x20-\x7e\n]*$/);
});

test('a list that cannot be read says so, and its values can still be typed', async (t) => {
  const session = new PlainSession(t, { listing: 'refused' });
  await session.toPolicy();
  await session.at('called?', 'payments');
  await session.at('understand', 'yes');
  await session.at('The list cannot be read: AccessDenied', ':stop');
  await session.ended;
});

test('progress tells each thing once, and bytes in quarters', () => {
  const lines: string[] = [];
  const tell = progressTeller((line) => lines.push(line));
  const upload = (done: number) =>
    tell({ id: 'a', label: 'a.tar', note: 'uploading', state: 'working', bytes: { done, total: 1000 } });
  for (let done = 0; done <= 1000; done += 10) upload(done);
  tell({ id: 'a', label: 'a.tar', note: 'read back', state: 'done' });
  tell({ id: 'b', label: 'Waiting', state: 'waiting' });
  tell({ id: 'b', label: 'Waiting', state: 'waiting' });
  tell({ id: 'b', label: 'Waiting, 5 s', state: 'waiting', tick: true });
  tell({ id: 'c', label: 'empty', note: 'uploading', state: 'working', bytes: { done: 0, total: 0 } });
  tell({ id: 'b', label: 'Waiting', state: 'waiting' });
  tell({ id: 'e', label: 'e.tar', state: 'working', bytes: { done: 400, total: 1000 } });
  tell({ id: 'e', label: 'e.tar', state: 'working', bytes: { done: 500, total: 1000 } });
  tell({ id: 'd', label: 'd.tar', note: 'read back', state: 'done', bytes: { done: 1000, total: 1000 } });
  assert.deepEqual(lines, [
    '  a.tar, uploading',
    '  a.tar: uploading, 25 %',
    '  a.tar: uploading, 50 %',
    '  a.tar: uploading, 75 %',
    '  a.tar, read back',
    '  Waiting',
    '  empty, uploading',
    '  e.tar: working, 25 %',
    '  e.tar: working, 50 %',
    '  d.tar, read back',
  ]);
});

test('each part of a problem has its sign or its indent, and the code of AWS stands behind the reason', () => {
  const parts = { why: 'B.', code: 'C', state: 'D.', requestId: 'G' };
  assert.deepEqual(problemLines({ kind: 'fixable', what: 'A.', next: ['E.', 'F.'], ...parts }), [
    'x A.',
    '  B. [C]',
    '  D.',
    '  > E.',
    '  > F.',
    '  request G',
  ]);
  assert.deepEqual(problemLines({ kind: 'fixable', what: 'A.', next: [] }), ['x A.']);
});

test('a tick is set with y as with yes', async (t) => {
  const session = new PlainSession(t);
  await session.toPolicy();
  await session.at('called?', 'payments');
  await session.at('Type yes to tick it:', 'n');
  await session.at('Nothing goes on without the tick. Type yes.', 'Y');
  await session.at('administer', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('the right text in place of a refused one is named, and Enter alone takes it', async (t) => {
  const suggests = (step: (typeof fakeCeremony)['steps'][number]): typeof step => ({
    ...step,
    questions: (context) =>
      step
        .questions(context)
        .map((question) =>
          question.id === 'region' && question.kind === 'text'
            ? { ...question, suggest: (text: string) => text.toLowerCase() }
            : question,
        ),
  });
  const session = new PlainSession(t, {}, {}, { ...fakeCeremony, steps: fakeCeremony.steps.map(suggests) });
  await session.at('Where should the key go?', '');
  await session.at('Region [us-east-1]:', ' EU-WEST-1 ');
  await session.at('be: eu-west-1\nRegion [eu-west-1]:', '');
  await session.at('Which file', ':stop');
  assert.match(String(await session.ended), /stopped/);
});

test('a pipe that is stopped at a wrong answer is told which answers come next', async (t) => {
  const session = new PlainSession(t, {}, {}, fakeCeremony, { isTTY: false });
  session.stdin.write(['', '', '/tmp/k.bin', 'payments', 'perhaps', 'more', 'lines', ''].join('\n'));
  const problem = problemIn(await session.ended);
  assert.equal(
    problem?.what,
    "Can't take the answer to: I understand the security, availability and durability implications of using an imported key.",
  );
  assert.match(
    problem?.state ?? '',
    /^Every step before this one is saved\. The further lines of standard input were not read\.$/,
  );
  assert.deepEqual(problem?.next, [
    'Correct that line, and start Keyferry again. It may ask first which ceremony to continue. Then comes the step Description again, from this question on: I understand the security, availability and durability implications of using an imported key.',
  ]);
});

test('a call that fails in a pipe is told once, with the answers that come next', async (t) => {
  const session = new PlainSession(t, { trouble: true }, {}, fakeCeremony, { isTTY: false });
  session.stdin.write(['', '', '/tmp/k.bin', 'payments', 'y', '', '1', 'more', 'lines', ''].join('\n'));
  const ending = await session.ended;
  assert.ok(ending instanceof Object && 'problem' in ending);
  await session.close([...problemLines(ending.problem as Problem), 'Stopped.']);
  assert.equal(session.written.match(/x Can't create the KMS key\./g)?.length, 1, session.written);
  assert.match(session.written, /The further lines of standard input were not read\./);
  assert.doesNotMatch(session.written, /Number:/);
  assert.match(session.written, /Then comes the step Policy and key again, from this question on: Create the key/);
  assert.match(session.written, /\nStopped\.\n$/);
});
