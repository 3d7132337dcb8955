import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClosingPage } from '../../source/ceremony/conclusion.ts';
import { makeRedaction } from '../../source/terminal/redaction.ts';
import { redactScreen } from '../../source/ui/redacted.ts';
import { fakeCeremony, fakeServices } from './fake-ceremony.ts';
import { ScreenSession } from './screen-session.ts';

const arn = 'arn:aws:kms:us-east-1:123456789012:key/8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa';
const page: ClosingPage = {
  title: 'Done',
  lines: ['alias/pay is Enabled.', '', arn],
  actions: [
    { key: 'r', does: 'open record', act: () => ({ title: 'record.md', lines: ['# alias/pay', arn] }) },
    { key: 's', does: 'save as script', act: () => `Saved: the runbook of ${arn}.` },
  ],
};

/** What was sent to the clipboard, as the terminal understood it. */
function copies(session: ScreenSession): readonly string[] {
  const copied: string[] = [];
  session.output.terminal.parser.registerOscHandler(52, (data) => {
    copied.push(Buffer.from(data.replace(/^c;/, ''), 'base64').toString());
    return true;
  });
  return copied;
}

test('the last page saves, shows the record and copies the ARN, and leaves with Enter', async () => {
  const session = await ScreenSession.open();
  const copied = copies(session);
  const closed = session.screen.closing(page);
  await session.until('r open record · s save as script · y copy ARN · enter leave');
  session.type('s');
  await session.until('Saved: the runbook');
  session.type('r');
  await session.until('# alias/pay');
  session.type('\u001B[27u');
  await session.until('alias/pay is Enabled.');
  session.type('y');
  await session.until('Sent to the clipboard, if this terminal allows it.');
  assert.deepEqual(copied, [arn]);
  session.type('\r');
  await closed;
  await session.screen.close();
});

test('with stand-ins on the screen, everything that is shown has them', async () => {
  const session = await ScreenSession.open();
  const screen = redactScreen(session.screen, makeRedaction({ home: '/home/me', user: 'me', host: 'h' }));
  const closed = screen.closing(page);
  await session.until('save as script');
  session.type('s');
  await session.until('Saved: the runbook');
  session.type('r');
  await session.until('record.md');
  session.type('\u001B[27u');
  await session.until('alias/alias-1 is Enabled.');
  session.type('\r');
  await closed;
  await screen.close(['alias/pay', arn]);
  const transcript = await session.transcript();
  assert.match(transcript, /alias\/alias-1\narn:aws:kms:us-east-1:111111111111:key\/00000000-/);
  assert.doesNotMatch(transcript, /123456789012|8f3c2a10|6e2b90aa|alias\/pay/);
});

test('what came of an action on the last page makes room for what comes of the next', async () => {
  const session = await ScreenSession.open();
  const actions = ['a', 'b'].map((key) => ({ key, does: `do ${key}`, act: () => `Done: ${key}.` }));
  const closed = session.screen.closing({ ...page, actions });
  await session.until('a do a');
  session.type('a');
  assert.match(await session.until('Done: a.'), /Done: a\.[\s\S]*alias\/pay is Enabled\./);
  session.type('b');
  assert.doesNotMatch(await session.until('Done: b.'), /Done: a\./);
  session.type('\r');
  await closed;
  await session.screen.close();
});

test('with stand-ins on the screen, the place where an empty list looked has them', async (t) => {
  const { screen } = await ScreenSession.open();
  const { mock } = t.mock.method(screen.interviewer, 'acting', () => {});
  const shown = redactScreen(screen, makeRedaction({ home: '/home/me', user: 'me', host: 'h' }));
  const [first] = fakeCeremony.steps;
  assert.ok(first);
  const base = { id: 'files', ask: 'Which files?', label: 'Files', form: 'paths' } as const;
  const question = { ...base, kind: 'many', options: [], looksIn: 'the folder /home/me/keys', least: 0 } as const;
  const context = { facts: {}, answers: {}, services: fakeServices() };
  shown.interviewer.acting({ ...first, questions: () => [question] }, context);
  const asked = mock.calls[0]?.arguments[0]?.questions(context)[0];
  assert.ok(asked?.kind === 'many');
  assert.equal(asked.looksIn, 'the folder ~/keys');
  await screen.close();
});

test('what was said of a copy is gone with the next screen', async () => {
  const session = await ScreenSession.open();
  const copied = copies(session);
  const question = (ask: string, help: string) =>
    ({ kind: 'choice', id: 'a', ask, label: 'A', form: 'a', options: [{ value: 'a', label: 'One' }], help }) as const;
  const first = session.screen.ask(question('First?', `The key:\n${arn}`));
  await session.until('y copy');
  session.type('y');
  await session.until('Sent to the clipboard');
  session.type('\r');
  await first;
  const second = session.screen.ask(question('Second?', 'No identifier here.'));
  const shown = await session.until('Second?');
  assert.doesNotMatch(shown, /Sent to the clipboard|y copy/);
  assert.deepEqual(copied, [arn]);
  session.type('\r');
  await second;
  await session.screen.close();
});

test('with stand-ins on the screen, what the ceremony tells between two questions has them', async (t) => {
  const { screen } = await ScreenSession.open();
  const { mock } = t.mock.method(screen.interviewer, 'noticed');
  const shown = redactScreen(screen, makeRedaction({ home: '/home/me', user: 'me', host: 'h' }));
  shown.interviewer.noticed(`The key is there already: ${arn}`);
  const told = mock.calls.flatMap((call) => call.arguments);
  assert.equal(told.length, 1);
  assert.doesNotMatch(told.join(), /123456789012|8f3c2a10/);
  await screen.close();
});

test('where the screen has no room for the last page, ? shows all of it', async () => {
  const session = await ScreenSession.open({ size: { columns: 60, rows: 20 } });
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
  const closed = session.screen.closing({ title: 'Done', lines });
  await session.until('(? shows all)');
  session.type('?');
  await session.until('line 1');
  session.type('\u001B[F');
  await session.until('line 30');
  session.type('\u001B[27u');
  await session.until('(? shows all)');
  session.type('\r');
  await closed;
  await session.screen.close();
});
