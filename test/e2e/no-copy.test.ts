import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { answersFile, type Changes, exampleWith, memoryAlone, withoutCopy } from './answers.ts';
import { keyferry } from './program.ts';
import { TerminalSession } from './terminal-session.ts';
import { walkTo } from './walk.ts';

const enter = '\r';
const noCopy = 'There is no copy of the key anywhere that Keyferry knows of';

test('a run whose key would have no copy is refused before anything is made, until that is said', async () => {
  const folder = newFolder();
  const run = (changes: Changes) =>
    keyferry(['run', answersFile(folder, exampleWith(changes)), '--practice', '--workdir', 'w', '--json'], folder);
  const refused = await run(memoryAlone);
  assert.equal(refused.status, 2, refused.stderr);
  assert.match(
    refused.stderr,
    /any name\.yaml:\d+: import\.without-copy is missing\. It takes true \(the line "without-copy: true" under "import:"\)/,
  );
  assert.match(refused.stderr, /nothing was created/);
  assert.equal(existsSync(join(folder, 'w')), false);

  const { status, stdout, stderr } = await run({ ...memoryAlone, ...withoutCopy });
  assert.equal(status, 0, stderr);
  const { copies, noCopyKnown } = JSON.parse(stdout);
  assert.deepEqual(copies, []);
  assert.match(noCopyKnown, new RegExp(`^${noCopy}\\. If its material expires or is deleted, everything`));
  assert.match(readFileSync(join(folder, 'w', 'record.md'), 'utf8'), new RegExp(`\\*\\*${noCopy}\\*\\*, as of 20`));
});

test('Ctrl+C while the key is in memory only says that it is lost, before and after', async (t) => {
  const session = new TerminalSession(['--practice'], { cwd: newFolder() });
  t.after(() => session.kill('SIGKILL'));
  await walkTo(session, 'How should the backup be encrypted?');
  session.send('\u0003');
  await session.shows('Stop here? The key in memory is lost, all else is saved.');
  session.send(enter);
  assert.equal(await session.ends(), 130);
  const left = session.transcript().replaceAll(/\s+/g, ' ');
  assert.match(
    left,
    /Everything but the key itself is saved: it was in memory only, and is lost with this run\. A new one is made when you go on\./,
  );
  assert.doesNotMatch(left, /Everything so far is saved|Progress is saved/);
});
