import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAccountId } from '../../source/aws/identity.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { importExisting } from '../../source/ceremonies/import-existing/import-existing.ts';
import type { ClosingPage, Conclusion } from '../../source/ceremony/conclusion.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import { conductUnattended, leadThrough, savedNow } from '../../source/commands/conduct.ts';
import { openCeremony } from '../../source/commands/open-ceremony.ts';
import { givenAlias, type PlannedRun, runGiven } from '../../source/commands/run-given.ts';
import { runUntilStopped } from '../../source/commands/until-stopped.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryCeremony, KeyferryStep, Services } from '../../source/steps/services.ts';
import { AnswersError } from '../../source/ui/unattended/given-answers.ts';
import { bareStep } from '../bare-step.ts';
import { givenAnswers } from '../given-answers.ts';
import { connectionOf, generatedSecret, keyOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { quietInterviewer } from '../ui/quiet-interviewer.ts';
import { done, isLocked, journal } from './written-journals.ts';
import { writtenTo } from './written-to.ts';

/* How a ceremony is led to its last page: one that has a single step, which does as a test says. */

const problem: Problem = { kind: 'fixable', what: 'It is Disabled.', why: 'Somebody did it.', next: ['Enable it.'] };
const fails =
  (more: Partial<Problem> = {}) =>
  async () =>
    Promise.reject(new ProblemError({ ...problem, ...more }));
const page: ClosingPage = { title: 'Done', lines: ['The record is in w.'] };
const allIsWell: Conclusion = { status: 0, page, result: { keyId: 'one' } };

type Act = KeyferryStep['act'];
type Made = {
  readonly act?: Act;
  readonly questions?: KeyferryStep['questions'];
  readonly conclude?: KeyferryCeremony['conclude'];
};

/** A step that does as the test says, and asks nothing unless it says so. */
const stepOf = (id: KeyferryStep['id'], more: Partial<KeyferryStep> = {}): KeyferryStep => ({
  ...bareStep<Facts, Services>(id),
  id,
  leadsTo: [],
  ...more,
});

/** The last step, which asks for a text. */
const asking = (question: string, more: Partial<KeyferryStep> = {}) =>
  stepOf('finish', {
    asks: [question],
    questions: () => [{ kind: 'text', id: question, ask: 'What?', label: 'What', form: 'a text' }],
    ...more,
  });

// The record of a first import would need what its steps have noted.
const { record: _record, ...withoutRecord } = firstImport;

const ceremonyOf = ({
  act = async () => ({}),
  questions = () => [],
  conclude = async () => allIsWell,
}: Made): KeyferryCeremony => ({
  ...withoutRecord,
  steps: [stepOf('finish', { act, questions })],
  conclude,
});

/** Opens the ceremony in a folder of its own. */
async function opened(made: Made) {
  const w = join(newFolder(), 'w');
  const ceremony = ceremonyOf(made);
  const open = await openCeremony(ceremony, w, { practice: true, workdir: w });
  return { w, ceremony, open, isLocked: () => isLocked(w) };
}

/** Leads somebody through it who, on the last page, chooses these actions by their letters, and then does `onPage`. */
async function led(made: Made, { chosen = '', signal = new AbortController().signal, onPage = () => {} } = {}) {
  const { w, ceremony, open, isLocked } = await opened(made);
  const pages: ClosingPage[] = [];
  const screen = {
    interviewer: quietInterviewer<Facts, Services>({ interview: async () => ({ answers: {} }) }),
    ask: async () => assert.fail('nothing is asked'),
    closing: async (shown: ClosingPage) => {
      pages.push(shown);
      for (const letter of chosen) await shown.actions?.find(({ key }) => key === letter)?.act();
      onPage();
    },
    close: async () => {},
  };
  const key = SecretBytes.takeFrom(Buffer.alloc(32, 1));
  open.services.secrets.holdKey(key);
  const leading = leadThrough(ceremony, open, screen, { continueCommand: 'keyferry --workdir w', signal });
  const last = await leading.catch((error: unknown) => ({ error }));
  assert.throws(() => key.use((bytes) => bytes.length), /destroyed/, 'the key is not kept in memory');
  assert.equal(isLocked(), false);
  return { w, last, pages };
}

test('the last page of a finished ceremony is shown, and its lines stay with its status', async () => {
  const { last, pages } = await led({ conclude: async () => ({ ...allIsWell, status: 3 }) });
  assert.deepEqual(last, { status: 3, words: page.lines });
  assert.deepEqual(pages, [page]);
});

test('a ceremony that stops at a problem shows no last page, and its words are the problem and the way on', async () => {
  const { w, last, pages } = await led({ act: fails() });
  assert.deepEqual(pages, []);
  assert.ok('words' in last);
  assert.equal(last.status, 3);
  const words = last.words.join('\n');
  assert.match(words, /It is Disabled\.\n *Somebody did it\.\n/);
  assert.ok(words.endsWith(`\nStopped. Everything so far is saved in ${w}\nTo continue: keyferry --workdir w`), words);
});

test('nobody is told to go on where the same command would end in the same problem', async () => {
  const { last } = await led({ act: fails({ endsHere: true }) });
  assert.ok('words' in last);
  assert.equal(last.words.at(-1), 'Stopped.');
});

test('a record that cannot be written leaves a problem and the way to complete it, and no last page', async () => {
  const { last, pages } = await led({ conclude: fails() });
  assert.ok('words' in last);
  assert.deepEqual([last.status, pages], [3, []]);
  assert.match(last.words.join('\n'), /It is Disabled\.[\s\S]*\nTo continue: keyferry --workdir w$/);
});

test('whoever stops during an act or on the last page gets status 130 and no problem', async () => {
  const stop = new AbortController();
  const act: Act = async () => {
    stop.abort(new Error('stopped by the person'));
    throw new ProblemError(problem);
  };
  const { last } = await led({ act }, { signal: stop.signal });
  assert.ok('words' in last);
  assert.equal(last.status, 130);
  assert.match(
    last.words.join('\n'),
    /^Stopped\. Everything so far is saved in .*\nTo continue: keyferry --workdir w$/,
  );
  // Nobody waits at the end for an answer of AWS that does not come.
  const silent = new AbortController();
  const conclude = () => {
    silent.abort(new Error('stopped by the person'));
    return new Promise<Conclusion>(() => {});
  };
  const { last: atLook } = await led({ conclude }, { signal: silent.signal });
  assert.ok('words' in atLook);
  assert.equal(atLook.status, 130);
  const late = new AbortController();
  const onPage = () => late.abort(new Error('stopped by the person'));
  const { w, last: atPage } = await led({}, { signal: late.signal, onPage });
  assert.deepEqual(atPage, { status: 130, words: [`Finished. All steps are done, and the folder is ${w}`] });
});

test('a defect at the end is not told as a problem of the person', async () => {
  const { last } = await led({ conclude: async () => Promise.reject(new TypeError('a defect')) });
  assert.ok('error' in last);
  assert.match(String(last.error), /a defect/);
});

for (const [chosen, isRemoved] of [
  ['', false],
  ['x', false],
  ['xx', true],
] as const) {
  test(`the practice account that a ceremony has used is ${isRemoved ? 'removed' : 'kept'} after "${chosen}" on its last page`, async () => {
    const act: Act = async ({ services }) => {
      await services.session.connect('practice', 'us-east-1');
      return {};
    };
    const { w, last, pages } = await led({ act }, { chosen });
    const state = join(w, 'keyferry-practice-aws');
    assert.deepEqual(
      pages[0]?.actions?.map(({ key }) => key),
      ['x'],
    );
    assert.ok('words' in last);
    assert.deepEqual([last.status, existsSync(state)], [0, !isRemoved]);
    const [first, ...others] = last.words;
    assert.equal(first, page.lines[0]);
    if (isRemoved) assert.deepEqual(others, [`Removed ${state}`]);
    else
      assert.match(
        others.join('\n'),
        /^Serve this practice account .*\nRemove it when you are done: keyferry practice-aws --forget --state /,
      );
  });
}

/** Runs it without a person. */
async function unattended(made: Made, prepare: (services: Services) => void = () => {}) {
  const { w, ceremony, open } = await opened(made);
  const said: string[] = [];
  const shown: string[] = [];
  prepare(open.services);
  const { signal } = new AbortController();
  const telling = {
    say: (line: string) => void said.push(line),
    show: (lines: readonly string[]) => void shown.push(...lines),
  };
  const outcome = await conductUnattended(ceremony, open, givenAnswers({}), { ...telling, signal })
    .catch((error: unknown) => ({ error }))
    .finally(open.close);
  return { w, outcome, said, shown };
}

test('without a person, a problem gives status 3, or 2 where somebody would have to type something', async () => {
  const { w, outcome, said } = await unattended({ act: fails() });
  assert.ok('ended' in outcome);
  const { asOf: _, problem: told, ...others } = outcome;
  assert.deepEqual(others, { ended: 'stopped', exit: 3, ceremony: 'first-import', workdir: w });
  assert.equal(told?.what, problem.what);
  assert.equal(said.at(-1), 'To continue: run the same command again');
  const withKey: Act = async ({ services }) => {
    services.journal.append(done('make-key', { key: keyOf('one') }));
    throw new ProblemError(problem);
  };
  const { outcome: ofKey } = await unattended({ act: withKey });
  assert.ok('keyArn' in ofKey);
  assert.equal(ofKey.keyArn, keyOf('one').keyArn);
  const ask = {
    kind: 'secret',
    id: 'code',
    ask: 'The code?',
    label: 'Code',
    form: 'six digits',
    keep: () => undefined,
  } as const;
  const asked = await unattended({ act: fails({ ask }) });
  assert.ok('ended' in asked.outcome);
  assert.deepEqual([asked.outcome.ended, asked.outcome.exit], ['stopped', 2]);
});

test('without a person, the last page is shown, and a problem that is left is said with its status', async () => {
  const left = await unattended({ conclude: async () => ({ ...allIsWell, status: 3, problem }) });
  assert.ok('ended' in left.outcome);
  assert.deepEqual([left.outcome.ended, left.outcome.exit], ['finished', 3]);
  assert.deepEqual(left.shown, page.lines);
  assert.match(left.said.join('\n'), /It is Disabled\./);
  const well = await unattended({});
  assert.deepEqual(well.shown, page.lines);
  assert.doesNotMatch(well.said.join('\n'), /Disabled|Stopped/);
});

test('a key that is in memory alone is said to be lost with a run that stops, also at a question that ends in a problem', async () => {
  const generated = done('secret-key', { secret: generatedSecret });
  const lost = /^Everything but the key itself is saved: it was in memory only, and is lost with this run\./m;
  const holdKey = ({ secrets }: Services) => secrets.holdKey(SecretBytes.takeFrom(Buffer.alloc(32, 1)));
  const act: Act = async ({ services }) => {
    services.journal.append(generated);
    throw new ProblemError(problem);
  };
  const stopped = await unattended({ act }, holdKey);
  assert.match(stopped.said.join('\n'), lost);
  assert.match(stopped.said.join('\n'), /^Stopped\. The folder is /m);
  const questions = () => {
    throw new ProblemError(problem);
  };
  const thrown = await unattended({ questions }, (services) => {
    services.folder.make();
    services.journal.append({ kind: 'begun', ceremony: 'first-import', id: 'x', version: '0.0.0' });
    services.journal.append(generated);
    holdKey(services);
  });
  assert.ok('error' in thrown.outcome && thrown.outcome.error instanceof ProblemError);
  const { what, state } = thrown.outcome.error.problem;
  assert.equal(what, problem.what);
  assert.match(state ?? '', lost);
  assert.deepEqual(thrown.said, []);
  const plain = await unattended({ questions });
  assert.ok('error' in plain.outcome && plain.outcome.error instanceof ProblemError);
  assert.equal(plain.outcome.error.problem, problem, 'no key was made');
  const { open } = await opened({});
  open.begin();
  holdKey(open.services);
  assert.equal(savedNow(open), 'everything');
  open.services.journal.append(generated);
  assert.equal(savedNow(open), 'all but the key');
  await open.close();
});

/** A whole run with given answers, and what it prints. */
async function ran(
  made: Made,
  {
    json = false,
    isRunbook = false,
    signal = new AbortController().signal,
    read = (planned: PlannedRun) => planned,
    onPrint = () => {},
  } = {},
) {
  const w = join(newFolder(), 'w');
  const said: string[] = [];
  const printed: string[] = [];
  const redacted: string[] = [];
  const ceremony = ceremonyOf(made);
  const running = runGiven(
    ceremony,
    () => read({ ceremony, given: givenAnswers({}), folder: w }),
    { practice: true, workdir: w },
    {
      options: { json, runbook: isRunbook },
      say: (line) => void said.push(line),
      redact: (line) => {
        redacted.push(line);
        return line.replace('record', 'stand-in');
      },
      signal,
      stdout: {
        write: (text) => {
          printed.push(text);
          onPrint();
        },
      },
    },
  );
  const status = await running.catch((error: unknown) => error);
  assert.equal(isLocked(w), false, 'the folder is free again');
  return { w, status, said, printed, redacted };
}

test('without a person, it is said how to serve and to remove the practice account that was used', async () => {
  const act: Act = async ({ services }) => {
    await services.session.connect('practice', 'us-east-1');
    return {};
  };
  const { said } = await unattended({ act });
  assert.match(said.at(-2) ?? '', /^Serve this practice account to any AWS client: /);
  assert.match(said.at(-1) ?? '', /^Remove it when you are done: /);
});

test('a run prints its last page with stand-ins, or for programs one object and no page', async () => {
  const forPeople = await ran({});
  assert.deepEqual([forPeople.status, forPeople.printed], [0, ['The stand-in is in w.\n']]);
  const conclude = async () => ({ ...allIsWell, page: { title: 'Done', lines: ['a\u202Eb'] } });
  assert.deepEqual((await ran({ conclude })).printed, ['a<U+202E>b\n']);
  const { status, printed } = await ran({}, { json: true });
  assert.equal(status, 0);
  assert.equal(printed.length, 1);
  assert.deepEqual(Object.keys(JSON.parse(printed[0] ?? '')), ['ended', 'exit', 'ceremony', 'asOf', 'keyId']);
});

test('answers that cannot be read, a problem and a defect before a run each have their status', async () => {
  const throwing = (error: unknown) => ({
    json: true,
    read: () => {
      throw error;
    },
  });
  const refused = await ran({}, throwing(new AnswersError('a.yaml', [{ line: 7, says: 'There is no step x.' }])));
  assert.equal(refused.status, 2);
  assert.match(refused.said[0] ?? '', /^keyferry: a\.yaml.*7.*There is no step x\./);
  assert.equal(refused.said[1], 'keyferry: nothing was created.');
  const { ended, problem: told } = JSON.parse(refused.printed.join(''));
  assert.deepEqual(
    [ended, told.state, told.next],
    ['cannot-start', 'Nothing was created.', ['Correct these lines, and run the same command again.']],
  );
  const ofFlags = await ran({}, throwing(new AnswersError('', [{ line: 1, says: 'No.' }])));
  assert.match(ofFlags.printed.join(''), /Correct that, and run the command again\./);
  const stopped = await ran({}, throwing(new ProblemError(problem)));
  assert.deepEqual([stopped.status, JSON.parse(stopped.printed.join('')).ended], [3, 'stopped']);
  assert.match(stopped.said.join('\n'), /It is Disabled\./);
  const failed = await ran({}, throwing(new TypeError('a defect')));
  assert.deepEqual([failed.status, JSON.parse(failed.printed.join('')).ended], [1, 'failed']);
  const questions = () => {
    throw new TypeError('a defect in a question');
  };
  const inQuestion = await ran({ questions });
  assert.equal(inQuestion.status, 1);
  assert.match(inQuestion.said.join('\n'), /a defect in a question[\s\S]*All earlier steps are saved\./);
});

test('a run that is stopped says interrupted for programs, names its folder, and throws why', async (t) => {
  const stop = new AbortController();
  const reason = new Error('stopped by the person');
  const act: Act = async () => {
    stop.abort(reason);
    throw reason;
  };
  const { w, status, printed } = await ran({ act }, { json: true, signal: stop.signal });
  assert.equal(status, reason);
  const { ended, exit, ceremony, workdir } = JSON.parse(printed.join(''));
  assert.deepEqual([ended, exit, ceremony, workdir], ['interrupted', 130, 'first-import', w]);
  const again = new AbortController();
  const makesKey: Act = async ({ services }) => {
    services.journal.append(done('make-key', { key: keyOf('one') }));
    again.abort(reason);
    return {};
  };
  const { printed: withKey } = await ran({ act: makesKey }, { json: true, signal: again.signal });
  assert.equal(JSON.parse(withKey.join('')).keyId, 'one');
  const terminated: string[] = [];
  const { result } = await writtenTo(t, process.stderr, () =>
    runUntilStopped(async (signal) => {
      const ends: Act = async () => {
        process.emit('SIGTERM');
        throw signal.reason;
      };
      terminated.push(...(await ran({ act: ends }, { json: true, signal })).printed);
      return 1;
    }),
  );
  assert.deepEqual([result, JSON.parse(terminated.join('')).exit], [143, 143]);
  // The last look at AWS belongs to the run.
  const late = new AbortController();
  const atEnd = async () => {
    late.abort(reason);
    return allIsWell;
  };
  const atLook = await ran({ conclude: atEnd }, { json: true, signal: late.signal });
  assert.deepEqual([atLook.status, JSON.parse(atLook.printed.join('')).ended], [reason, 'interrupted']);
});

test('a stop while the last page is printed changes nothing of a run that went well, and interrupts any other', async () => {
  const reason = new Error('stopped by the person');
  const stoppedAtPage = async (made: Made) => {
    const stop = new AbortController();
    const { status, printed } = await ran(made, { signal: stop.signal, onPrint: () => stop.abort(reason) });
    assert.equal(printed.length, 1);
    return status;
  };
  assert.equal(await stoppedAtPage({}), 0);
  assert.equal(await stoppedAtPage({ conclude: async () => ({ ...allIsWell, status: 3, problem }) }), reason);
});

test('a folder of another alias, or of another existing key, is refused with the line of the answer, and stays as it is', async () => {
  const ofAlias = done('describe-key', { description: { alias: 'alias/a' } } as Facts);
  const ofKey = done('existing-key', { key: keyOf('one') });
  for (const [ceremony, line, answers, says] of [
    [
      firstImport,
      ofAlias,
      { 'describe-key': { alias: 'b' } },
      /describe-key\.alias: .*w holds the ceremony of alias\/a\. Name another folder with --workdir\./,
    ],
    [firstImport, ofAlias, { 'describe-key': { alias: 'a' } }, undefined],
    [firstImport, ofAlias, {}, undefined],
    [
      importExisting,
      ofKey,
      { 'existing-key': { key: 'two' } },
      /existing-key\.key: .*w holds the import into alias\/a\. Name another folder with --workdir\./,
    ],
    [importExisting, ofKey, { 'existing-key': { key: 'one' } }, undefined],
    [importExisting, ofKey, {}, undefined],
  ] as const) {
    const w = join(newFolder(), 'w');
    journal(w, 'journal.jsonl', ceremony.id, line);
    const before = readFileSync(join(w, 'journal.jsonl'), 'utf8');
    const given = givenAnswers(answers);
    const { status, said } = await ran({}, { read: () => ({ ceremony, given, folder: w }) });
    // Answers are missing in each case.
    assert.equal(status, 2);
    if (says === undefined) assert.doesNotMatch(said.join('\n'), / holds the /);
    else assert.match(said[0] ?? '', says);
    assert.equal(readFileSync(join(w, 'journal.jsonl'), 'utf8'), before);
  }
});

test('names in the answers are hidden before any line is printed, and what they confirm counts from the beginning', async () => {
  for (const [question, isConfirmed] of [
    ['trust-endpoint', ({ trusted }: Services) => trusted.has('kms.test')],
    ['accept-object-lock', ({ acceptedLocks }: Services) => acceptedLocks.has('kms.test')],
    ['passphrase-file', ({ secrets, folder }: Services) => secrets.files.has(folder.locate('kms.test'))],
    ['other', ({ trusted, acceptedLocks }: Services) => !trusted.has('kms.test') && !acceptedLocks.has('kms.test')],
  ] as const) {
    let confirmed = false;
    const act: Act = async ({ services }) => {
      confirmed = isConfirmed(services);
      assert.deepEqual([services.preset.source, services.preset.key], ['practice', 'alias/a']);
      return {};
    };
    const ceremony = { ...ceremonyOf({}), steps: [asking(question, { act })] };
    const given = givenAnswers({ finish: { [question]: 'kms.test' } });
    const { status, redacted } = await ran(
      {},
      { read: (planned) => ({ ...planned, ceremony, given, key: 'alias/a' }) },
    );
    assert.deepEqual([status, confirmed, redacted[0]], [0, true, 'kms.test'], question);
  }
});

for (const [kind, startsFrom, isRemoved] of [
  ['later', { from: 'recorded', refuse: () => undefined }, true],
  ['first', firstImport.startsFrom, false],
] as const) {
  test(`answers of a ${kind} ceremony that are refused once it has begun ${isRemoved ? 'leave nothing of it' : 'leave its folder'}`, async () => {
    const act = async () => ({ connection: connectionOf('arn:aws:iam::000000000000:user/me') });
    const verify = async () => 'AWS does not know it';
    const question = { kind: 'text', id: 'name', ask: 'What?', label: 'What', form: 'a text', verify } as const;
    const steps = [stepOf('connect', { act }), asking('name', { questions: () => [question] })];
    const ceremony = { ...ceremonyOf({}), startsFrom, steps };
    const given = givenAnswers({ finish: { name: 'x' } });
    const { w, status, said } = await ran({}, { read: (planned) => ({ ...planned, ceremony, given }) });
    assert.equal(status, 2);
    assert.match(said.join('\n'), /AWS does not know it/);
    const journals = existsSync(w) ? readdirSync(w).filter((name) => name.endsWith('.jsonl')) : [];
    assert.equal(journals.length, isRemoved ? 0 : 1);
  });
}

test('a line of a call that is still under way when a run has ended is not printed', async () => {
  let late = () => {};
  const act: Act = async ({ report }) => {
    late = () => report({ id: 'late', label: 'A late line', state: 'working' });
    return {};
  };
  const { said } = await ran({ act });
  late();
  assert.doesNotMatch(said.join('\n'), /late/);
});

test('a later ceremony that a problem stops keeps its journal', async () => {
  const ceremony = {
    ...ceremonyOf({ act: fails() }),
    startsFrom: { from: 'recorded', refuse: () => undefined } as const,
  };
  const { w, status } = await ran({}, { read: (planned) => ({ ...planned, ceremony }) });
  assert.equal(status, 3);
  assert.equal(readdirSync(w).filter((name) => name.endsWith('.jsonl')).length, 1);
});

test('an answer to a question that no step asks is refused before anything is begun', async () => {
  const given = givenAnswers({ finish: { unknown: 'x' } });
  const { w, status, said } = await ran({}, { read: (planned) => ({ ...planned, given }) });
  assert.deepEqual([status, existsSync(w)], [2, false]);
  assert.match(said[0] ?? '', /^keyferry: answers\.yaml.*unknown/);
});

test('each name of a list is hidden and counts', async () => {
  const options = [
    { value: 'a.test', label: 'a' },
    { value: 'b.test', label: 'b' },
  ];
  const act: Act = async ({ services: { trusted } }) => {
    assert.deepEqual([trusted.has('a.test'), trusted.has('b.test')], [true, true]);
    return {};
  };
  const questions: KeyferryStep['questions'] = () => [
    { kind: 'many', id: 'trust-endpoint', ask: 'Which?', label: 'Hosts', form: 'names', options, least: 1 },
  ];
  const ceremony = { ...ceremonyOf({}), steps: [asking('trust-endpoint', { act, questions })] };
  const given = givenAnswers({ finish: { 'trust-endpoint': ['a.test', 'b.test'] } });
  const { status, said, redacted } = await ran({}, { read: (planned) => ({ ...planned, ceremony, given }) });
  assert.equal(status, 0, said.join('\n'));
  assert.deepEqual(redacted.slice(0, 2), ['a.test', 'b.test']);
});

test('a runbook is written and told once a ceremony that brought a key has finished, where somebody asked for one', async () => {
  const ofRun = async (made: Made, isRunbook: boolean, more: Partial<KeyferryCeremony> = {}) => {
    const read = (planned: PlannedRun) => ({ ...planned, ceremony: { ...planned.ceremony, ...more } });
    const { w, said } = await ran(made, { isRunbook, read });
    const names = existsSync(w) ? readdirSync(w).filter((name) => name.startsWith('runbook')) : [];
    return [names, said.filter((line) => line.startsWith('Saved: '))];
  };
  const act: Act = async ({ services }) => {
    services.journal.append(
      done('make-key', {
        connection: connectionOf('arn:aws:iam::000000000000:user/me'),
        secret: generatedSecret,
        description: { alias: 'alias/a', description: '' },
        key: keyOf('one'),
      }),
    );
    return {};
  };
  const [names, told] = await ofRun({ act }, true);
  assert.deepEqual(names?.toSorted(), ['runbook.md', 'runbook.sh']);
  assert.match(told?.join() ?? '', /^Saved: \S+\/runbook\.md to read, \S+\/runbook\.sh to run with bash\.$/);
  const none = [[], []];
  assert.deepEqual(await ofRun({ act }, false), none);
  assert.deepEqual(await ofRun({ act: fails() }, true), none);
  assert.deepEqual(await ofRun({ act }, true, { startsFrom: { from: 'recorded', refuse: () => undefined } }), none);
});

test('an alias of an answers file gets its prefix where that is missing, and what is no text is no alias', () => {
  assert.equal(givenAlias(givenAnswers({ 'describe-key': { alias: ['a'] } })), undefined);
  assert.equal(givenAlias(givenAnswers({})), undefined);
  assert.deepEqual(givenAlias(givenAnswers({ 'describe-key': { alias: 'a' } })), { alias: 'alias/a', line: 1 });
});

test('a ceremony notes what AWS was asked, and stops where its practice account cannot be kept', async () => {
  const connects: Act = async ({ services }) => {
    const { signal } = new AbortController();
    await readAccountId(await services.session.connect('practice', 'us-east-1'), signal);
    return {};
  };
  const fine = await unattended({ act: connects });
  assert.match(
    readFileSync(join(fine.w, 'journal.jsonl'), 'utf8'),
    /"kind":"call","operation":"STS\.GetCallerIdentity"/,
  );
  const { outcome } = await unattended({ act: connects }, ({ folder, practiceState }) => {
    folder.make();
    mkdirSync(practiceState);
    chmodSync(practiceState, 0o777);
    writeFileSync(join(practiceState, 'theirs'), '');
  });
  assert.ok('problem' in outcome);
  assert.match(outcome.problem?.what ?? '', /^Can't keep practice AWS in /);
});
