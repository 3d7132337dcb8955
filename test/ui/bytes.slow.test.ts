import assert from 'node:assert/strict';
import test from 'node:test';
import { fakeCeremony } from './fake-ceremony.ts';
import { ScreenSession } from './screen-session.ts';

/** The most bytes for a key at 80 x 24, and for one that changes every row of a list. */
const perKey = 300;
const perList = 400;

test('few bytes are written for a key, and none without one', async () => {
  const names = ['first.key', 'second.key', ...Array.from({ length: 400 }, (_, index) => `other-${index}.key`)];
  const completes: typeof fakeCeremony = {
    steps: fakeCeremony.steps.map((step) => ({
      ...step,
      questions: (context) =>
        step
          .questions(context)
          .map((question) =>
            question.kind === 'file' ? { ...question, complete: (text: string) => ({ text, names }) } : question,
          ),
    })),
  };
  const session = await ScreenSession.open({ services: { verifyMs: 0 }, ceremony: completes });
  const run = session.run();
  run.catch(() => {});
  const measure = async (name: string, key: string, most = perKey) => {
    const bytes = await session.bytesFor(key);
    assert.ok(bytes > 0 && bytes <= most, `${name}: ${bytes} bytes`);
  };
  await session.until('Where should the key go?');
  await measure('down in a list', '\u001B[B');
  await measure('up in a list', '\u001B[A');
  session.type('\r');
  await session.until('In which Region?');
  await measure('a letter', 'x');
  await measure('backspace', '\u007F');
  session.type('\r');
  await session.until('Which file');
  await measure('Tab that names files', '\t', 300);
  await measure('a letter that takes the names away', 'm', 300);
  session.type('y.ke');
  await measure('a letter that brings a notice', 'y');
  await measure('a letter that takes it away', 'x');
  session.type('\u007F\r\rpay\r');
  await session.until('[ ] I understand');
  await measure('a tick', ' ');
  session.type('\r');
  await session.until('200 so far');
  await measure('down in a long list', '\u001B[B');
  await measure('a page down', '\u001B[6~', perList);
  await measure('a letter that filters', 's', perList);
  session.type('\u007F');
  await session.settled();
  assert.equal(await session.settled(400), 0, 'idle');
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});

for (const [env, ticks] of [
  [{}, false],
  [{ KEYFERRY_REDUCED_MOTION: '0' }, true],
  [{ KEYFERRY_REDUCED_MOTION: '0', KEYFERRY_SCREEN_READER: '1' }, false],
] as const) {
  test(`while a step waits, ${ticks ? 'seconds are counted' : 'nothing moves'}: ${JSON.stringify(env)}`, async () => {
    const session = await ScreenSession.open({ services: { actMs: 3300 }, env });
    const run = session.run();
    run.catch(() => {});
    await session.until('Where should the key go?');
    session.type('\r\r');
    await session.until('Asking AWS who you are');
    if (ticks) {
      await session.until(/Asking AWS who you are +2 s/);
    } else {
      await session.settled(300);
      assert.equal(await session.settled(2500), 0);
    }
    session.stop.abort(new Error('test over'));
    await session.screen.close();
  });
}
