import assert from 'node:assert/strict';
import test from 'node:test';
import { ScreenSession } from './screen-session.ts';

test('the screen follows the terminal from 80 columns to 40 and back', async () => {
  const session = await ScreenSession.open();
  session.run().catch(() => {});
  const wide = await session.until('Where should the key go?');
  session.resize({ columns: 40, rows: 24 });
  const narrow = await session.until('Step 1 of 7');
  assert.doesNotMatch(narrow, /Policy and key/);
  session.type('\u001B[B');
  await session.until('❯ AWS, with the role');
  session.resize({ columns: 80, rows: 24 });
  await session.until('Policy and key');
  session.type('\u001B[A');
  await session.until('❯ Practice AWS');
  await session.settled();
  assert.ok((await session.shown()).endsWith(wide.trimStart()), await session.shown());
  session.resize({ columns: 80, rows: 10 });
  await session.until('Step 1 of 7');
  await session.settled();
  assert.ok((await session.shown()).split('\n').length <= 10);
  session.resize({ columns: 200, rows: 60 });
  await session.until('Policy and key');
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});
