import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { TerminalSession } from './terminal-session.ts';

test('a note for which a small screen has no room names the key that shows all of it', async (t) => {
  const session = new TerminalSession([], { cwd: newFolder(), columns: 40, rows: 12 });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('(? shows all)');
  session.send('?');
  await session.shows('more below');
  session.send('\u001B[6~');
  await session.shows('nothing to break');
});
