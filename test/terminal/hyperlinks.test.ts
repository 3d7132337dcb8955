import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { clipboardOf, copyNote, copySequence } from '../../source/terminal/clipboard.ts';
import { fileAddress, makeLinker } from '../../source/terminal/hyperlinks.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { keepEnvironment } from '../kept-environment.ts';

const links = new Map([['k/record.md', 'file://host/home/me/k/record.md']]);
const stdout = { isTTY: true } as NodeJS.WriteStream;

/** A row as a terminal with this TERM gets it, in an environment that would force links, or forbid them. */
async function rowFor(
  t: TestContext,
  term: string,
  { isTTY = true, force = '1', to = links, row = 'Record: k/record.md' } = {},
): Promise<string> {
  keepEnvironment(t);
  process.env.FORCE_HYPERLINK = force;
  const terminal = readTerminal({ env: { TERM: term }, stdin: { isTTY }, stdout: { isTTY } });
  return (await makeLinker(to, terminal, stdout))(row);
}

test('words become a link where the terminal takes links', async (t) => {
  assert.equal(
    await rowFor(t, 'xterm-256color'),
    'Record: \u001B]8;;file://host/home/me/k/record.md\u001B\\k/record.md\u001B]8;;\u001B\\',
  );
});

test('an address is in its link as it is, whatever signs it has', async (t) => {
  const to = new Map([['k/record.md', "file://host/$&/$'"]]);
  assert.match(await rowFor(t, 'xterm', { to }), /;file:\/\/host\/\$&\/\$'\u001B/);
});

test('of several links, a row gets the one whose words it has', async (t) => {
  const to = new Map([['k/backup.age', 'file://host/k/backup.age'], ...links]);
  assert.match(await rowFor(t, 'xterm', { to }), /;file:\/\/host\/home\/me\/k\/record\.md\u001B/);
});

test('where a row has the words twice, only the first ones become a link', async (t) => {
  const row = await rowFor(t, 'xterm', { row: 'k/record.md or k/record.md' });
  assert.match(row, /^\u001B\]8;;.*\u001B\\k\/record\.md\u001B\]8;;\u001B\\ or k\/record\.md$/);
});

test('a terminal that is not known to take links gets none', async (t) => {
  assert.equal(await rowFor(t, 'xterm', { force: '0' }), 'Record: k/record.md');
});

test('a dumb terminal and a pipe get no link, whatever the environment says', async (t) => {
  assert.equal(await rowFor(t, 'dumb'), 'Record: k/record.md');
  assert.equal(await rowFor(t, 'xterm', { isTTY: false }), 'Record: k/record.md');
});

test('the address of a file names its host', () => {
  assert.match(fileAddress('/home/me/a key.md'), /^file:\/\/[^/]+\/home\/me\/a%20key\.md$/);
});

for (const [env, expected] of [
  [{ TERM: 'xterm-256color' }, 'osc52'],
  [{ TERM: 'tmux-256color', TMUX: '/tmp/tmux-0/default,1,0' }, 'tmux'],
  [{ TERM: 'screen', STY: '1.pts' }, 'screen'],
  [{ TERM: 'xterm-256color', VTE_VERSION: '7600' }, 'none'],
  [{ TERM: 'xterm-256color', TERM_PROGRAM: 'Apple_Terminal' }, 'none'],
  [{ TERM: 'linux' }, 'none'],
  [{ TERM: 'dumb' }, 'none'],
  [{}, 'none'],
] as const) {
  test(`the clipboard of ${JSON.stringify(env)} is ${expected}`, () => {
    assert.equal(clipboardOf(env), expected);
  });
}

test('OSC 52 carries the text in base64, through screen in its own envelope, and not where nothing takes it', () => {
  assert.equal(copySequence('arn:é', 'osc52'), '\u001B]52;c;YXJuOsOp\u0007');
  assert.equal(copySequence('arn:é', 'screen'), '\u001BP\u001B]52;c;YXJuOsOp\u0007\u001B\\');
  assert.equal(copySequence('arn:é', 'none'), undefined);
  assert.equal(copySequence('arn:é', 'withheld'), undefined);
});

test('what is said of a copy is what is known', () => {
  assert.match(copyNote('osc52'), /if this terminal allows it/);
  assert.match(copyNote('screen'), /through screen, if the terminal allows it/);
  assert.match(copyNote('tmux'), /set -g set-clipboard on/);
  assert.match(copyNote('none'), /cannot be sent a copy/);
  assert.match(copyNote('withheld'), /--redact is on/);
});
