import assert from 'node:assert/strict';
import test from 'node:test';
import { ScreenSession } from './screen-session.ts';

const down = '\u001B[B';
const esc = '\u001B[27u';
const toAlias = '\r\rmy.key\r\r';

async function begun(options: Parameters<typeof ScreenSession.open>[0] = {}) {
  const session = await ScreenSession.open(options);
  const run = session.run();
  // A run that the test leaves half-way ends when its screen closes.
  run.catch(() => {});
  await session.until('Where should the key go?');
  return { session, run };
}

async function stopped(session: ScreenSession) {
  session.stop.abort(new Error('test over'));
  await session.screen.close();
}

test('keys of one read reach the screens they were meant for', async () => {
  const { session } = await begun();
  // Through a list, a text with edits, an act, a file and its conversion, in one read.
  session.type(`${down}${down}${down}\r\u0015eu-west-9\u007F1\rmy.key\r\rpay`);
  assert.match(await session.until('Alias: pay'), /❯ Description/);
  await stopped(session);
});

test('keys typed while an answer is checked wait for the next question', async () => {
  const { session } = await begun({ services: { verifyMs: 1000 } });
  session.type(`${toAlias}pay\r`);
  await session.until('Checking');
  session.type(' \r');
  await session.until('Who may administer the key?');
  await stopped(session);
});

test('keys pressed at a step that is at work are let go, those typed before it wait', async () => {
  const { session } = await begun({ services: { actMs: 700 } });
  session.type('\r\rmy');
  await session.until('Asking AWS who you are');
  await new Promise((resolve) => setTimeout(resolve, 400));
  session.type('x\r?');
  await session.until('Connection: why');
  session.type('?');
  await session.until('File: my▏');
  await session.settled();
  assert.match(await session.shown(), /File: my▏/);
  await stopped(session);
});

test('keys typed before a problem came do not choose a way on', async () => {
  const { session } = await begun({ services: { trouble: true, actMs: 50 } });
  session.type(`${toAlias}pay\r \r\r`);
  await session.until('Create the key with this policy?');
  session.type('\r\r\r\r');
  await session.until("x Can't create the KMS key.");
  await session.settled();
  assert.match(await session.shown(), /❯ Change the people/);
  session.type(`${down}\r`);
  await session.until('Type the last 8 characters');
  await stopped(session);
});

test('Esc goes back one question, then one step, and nothing typed is lost', async () => {
  const { session } = await begun();
  session.type(`${toAlias}pay\r`);
  await session.until('[ ] I understand');
  session.type(esc);
  await session.until('Alias: pay▏');
  session.type(`ments${esc}`);
  await session.until('Use the 32 bytes');
  session.type(esc);
  await session.until('File: my.key▏');
  session.type(esc);
  await session.until('Region: us-east-1▏');
  session.type('\r\r\r');
  await session.until('Alias: payments▏');
  await stopped(session);
});

test('the whole ceremony, and the last words stay', async () => {
  const { session, run } = await begun();
  session.type(`${toAlias}pay\r \r\r\r`);
  await session.until('Type the last 8 characters');
  // Keys do not count before the phrase can have been read, so the first one is repeated until it is there.
  while (!(await session.shown()).includes('ends in: 6')) {
    session.type('6');
    await session.settled(20);
  }
  session.type('\u00156e2b90aa\r');
  const ending = await run;
  assert.equal(ending.ended, 'finished');
  const closed = session.screen.closing({ title: 'Done', lines: ['alias/pay is Enabled.'] });
  await session.until('alias/pay is Enabled.');
  session.type('\r');
  await closed;
  const command = `keyferry encrypt FILE --key alias/pay --to s3://keyferry-${'payments-'.repeat(6)}2026 --practice`;
  await session.screen.close(['Record: keyferry-pay/record.md', `  ${command}`]);
  const transcript = await session.transcript();
  assert.match(transcript, /^✔ Connected to practice AWS.*\n✔ Secret key taken/);
  assert.match(transcript, /✔ Finished: the record is record\.md\nRecord: keyferry-pay\/record\.md\n/);
  assert.ok(transcript.endsWith(`\n  ${command}`), transcript);
  assert.equal(session.input.isRaw, false);
});

test('stopping while a step acts reaches the caller', async () => {
  const { session, run } = await begun({ services: { actMs: 2000 } });
  session.type('\r\r');
  await session.until('Asking AWS who you are');
  session.type('\u0003');
  await session.until('Stop? What AWS is doing may still finish.');
  session.type('\u0003');
  await assert.rejects(run, /stopped by the person/);
  await session.screen.close(['Stopped.']);
  assert.match(await session.shown(), /Stopped\.$/);
});

test('a question that belongs to no step', async () => {
  const session = await ScreenSession.open();
  const answer = session.screen.ask({
    kind: 'choice',
    id: 'continue',
    ask: 'Continue keyferry-payments, stopped at Import?',
    label: 'Ceremony',
    form: 'yes or no',
    options: [
      { value: 'yes', label: 'Continue there' },
      { value: 'no', label: 'Begin a new one' },
    ],
  });
  await session.until('Continue keyferry-payments');
  session.type(`${down}\r`);
  assert.equal(await answer, 'no');
  await session.screen.close();
});

test('while another program has the terminal the screen is gone, and what was typed for that program answers nothing', async () => {
  const session = await ScreenSession.open();
  const leads = { action: 'reopen', step: 'connect', label: 'Elsewhere' } as const;
  const options = [
    { value: 'one', label: 'One' },
    { value: 'else', label: 'Elsewhere', leads },
  ];
  let answer: string | undefined;
  const asked = session.screen.ask({ kind: 'choice', id: 'a', ask: 'Which?', label: 'A', form: 'a', options }, 'none');
  void asked.then((given) => {
    answer = given;
  });
  await session.until('Which?');
  const { lend } = session.screen.interviewer;
  assert.ok(lend);
  const takeBack = await lend('the program of the profile ops');
  const lent = await session.shown();
  assert.match(lent, /The program of the profile ops runs now/);
  assert.doesNotMatch(lent, /Which\?/);
  assert.equal(session.input.isRaw, false);
  const back = takeBack();
  session.type('\r');
  await back;
  await session.until('Which?');
  await session.settled();
  assert.deepEqual([answer, session.input.isRaw], [undefined, true]);
  // An option that leads out of a step has no meaning here: the question is asked again.
  session.type(`${down}\r`);
  await session.settled();
  assert.equal(answer, undefined);
  session.type('\r');
  assert.equal(await asked, 'one');
  await session.screen.close();
});

test('what a name holds cannot repaint the screen', async () => {
  const session = await ScreenSession.open();
  const options = [{ value: 'a', label: 'evil\u001B[2J\u001B[Hname' }];
  const asked = session.screen.ask({ kind: 'choice', id: 'a', ask: 'Which?', label: 'A', form: 'a', options });
  assert.match(await session.until('Which?'), /❯ evil\[2J\[Hname/);
  session.type('\r');
  await asked;
  await session.screen.close();
});

test('the terminal is raw before the first frame, and nothing listens to it or to signals once the screen is closed', async () => {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGTSTP', 'SIGCONT'];
  const listeners = () => signals.map((signal) => process.listenerCount(signal));
  // The libraries of the screen watch signals from the first screen on.
  await (await ScreenSession.open()).screen.close();
  const before = listeners();
  const session = await ScreenSession.open();
  assert.equal(session.input.isRaw, true);
  assert.notDeepEqual(listeners(), before);
  const options = [{ value: 'one', label: 'One' }];
  const question = { kind: 'choice', id: 'a', ask: 'First?', label: 'A', form: 'a', options } as const;
  const asking = session.screen.ask(question);
  await session.until('First?');
  session.type('\r');
  assert.equal(await asking, 'one');
  const leaving = session.screen.ask({ ...question, ask: 'Second?' }, 'none');
  await session.until('Second?');
  session.type(esc);
  assert.equal(await leaving, 'none');
  const closed = session.screen.close(['\u001B[2JGoodbye.']);
  session.type('too late\r');
  await closed;
  assert.deepEqual(listeners(), before);
  assert.deepEqual([session.input.isRaw, session.input.listenerCount('data')], [false, 0]);
  const shown = await session.shown();
  assert.match(shown, /^\[2JGoodbye\.$/m);
  assert.doesNotMatch(shown, /First\?|Second\?/);
});
