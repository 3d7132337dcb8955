import assert from 'node:assert/strict';
import test from 'node:test';
import { cells, clip, padTo, wrap } from '../../source/terminal/cells.ts';
import { settleEnvironment } from '../../source/terminal/colour.ts';
import { hangingLines } from '../../source/terminal/hanging-lines.ts';
import { hasControls, printable, printableJson } from '../../source/terminal/printable.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { wrapForCopying } from '../../source/terminal/wrap-for-copying.ts';

const utf8 = { LANG: 'en_GB.UTF-8', TERM: 'xterm-256color' };
const facts = (env: Record<string, string>, flags = {}) =>
  readTerminal({ env, stdin: { isTTY: true }, stdout: { isTTY: true, columns: 0, rows: 0 } }, flags);

test('colour', async (t) => {
  const cases: readonly [env: Record<string, string>, flags: { colour?: boolean }, colour: boolean][] = [
    [utf8, {}, true],
    [{ ...utf8, NO_COLOR: '1' }, {}, false],
    [{ ...utf8, NO_COLOR: '' }, {}, true],
    [{ ...utf8, NO_COLOR: '1', FORCE_COLOR: '1' }, {}, true],
    [{ ...utf8, FORCE_COLOR: '0' }, {}, false],
    [{ ...utf8, NO_COLOR: '1', FORCE_COLOR: '' }, {}, true],
    [{ ...utf8, FORCE_COLOR: 'false' }, {}, false],
    [{ ...utf8, CI: 'true' }, {}, true],
    [{ ...utf8, CI: 'false' }, {}, true],
    [{ ...utf8, TERM: 'dumb' }, {}, false],
    [utf8, { colour: false }, false],
  ];
  for (const [env, flags, colour] of cases)
    await t.test(JSON.stringify({ ...env, ...flags }), () => assert.equal(facts(env, flags).colour, colour));
});

test('Unicode', async (t) => {
  const cases: readonly [env: Record<string, string>, unicode: boolean][] = [
    [utf8, true],
    [{ ...utf8, LC_ALL: 'C' }, false],
    [{ LANG: 'C.utf8', TERM: 'xterm' }, true],
    [{ LANG: 'C', TERM: 'xterm' }, false],
    [{ TERM: 'xterm' }, false],
    [{ TERM: 'xterm', WT_SESSION: '1' }, true],
    [{ TERM: 'xterm', TERM_PROGRAM: 'Apple_Terminal' }, true],
    [{ ...utf8, TERM: 'linux' }, false],
    [{ ...utf8, TERM: 'dumb' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'UTF-8', TERM: 'xterm' }, true],
    [{ LC_ALL: 'C', LC_CTYPE: 'UTF-8', TERM: 'xterm' }, false],
    [{ LC_CTYPE: 'C', LANG: 'C.UTF-8', TERM: 'xterm' }, false],
  ];
  for (const [env, unicode] of cases)
    await t.test(JSON.stringify(env), () => assert.equal(facts(env).unicode, unicode));
});

test('a person can read and type only where both input and output are terminals', () => {
  for (const [stdin, stdout, isTty] of [
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ] as const)
    assert.equal(readTerminal({ env: utf8, stdin: { isTTY: stdin }, stdout: { isTTY: stdout } }).isTty, isTty);
});

test('a screen reader is told by either variable, and nothing moves for it, nor where nothing should', () => {
  for (const [env, screenReader, motion] of [
    [{}, false, true],
    [{ INK_SCREEN_READER: '1' }, true, false],
    [{ KEYFERRY_SCREEN_READER: 'yes' }, true, false],
    [{ KEYFERRY_SCREEN_READER: 'false', INK_SCREEN_READER: '0' }, false, true],
    [{ KEYFERRY_REDUCED_MOTION: '1' }, false, false],
    [{ KEYFERRY_REDUCED_MOTION: '' }, false, true],
    [{ TERM: 'dumb' }, false, false],
  ] as const) {
    const terminal = facts({ ...utf8, ...env });
    assert.deepEqual([terminal.screenReader, terminal.motion], [screenReader, motion], JSON.stringify(env));
  }
});

test('a terminal without a size counts as 80 x 24, and any other has its own size', () => {
  const { columns, rows } = facts(utf8);
  assert.deepEqual([columns(), rows()], [80, 24]);
  const stdout = { isTTY: true, columns: 132, rows: 43 };
  const sized = readTerminal({ env: utf8, stdin: { isTTY: true }, stdout });
  assert.deepEqual([sized.columns(), sized.rows()], [132, 43]);
  stdout.rows = 50;
  assert.equal(sized.rows(), 50);
});

test('colour is decided for the libraries, and DEV taken from them', () => {
  const env: Record<string, string> = { ...utf8, NO_COLOR: '1', DEV: 'true' };
  settleEnvironment(env, facts(env));
  assert.equal(env.FORCE_COLOR, '0');
  assert.equal('DEV' in env, false);
});

test('cells count what a terminal draws', () => {
  for (const [text, width] of [
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['鍵', 2],
    ['🔑', 2],
    ['✔', 1],
    ['', 0],
  ] as const)
    assert.equal(cells(text), width, text);
});

test('text is wrapped between words, and ARNs behind their separators', () => {
  assert.deepEqual(wrap('one two three', 8), ['one two', 'three']);
  assert.deepEqual(wrap('arn:aws:kms:us-east-1:000000000000:key/8f3c2a10', 40), [
    'arn:aws:kms:us-east-1:000000000000:key/',
    '8f3c2a10',
  ]);
  assert.deepEqual(wrapForCopying('arn:aws:kms:us-east-1:000000000000:key/8f3c2a10', 20), [
    'arn:aws:kms:us-east-1:000000000000:key/8f3c2a10',
  ]);
  assert.deepEqual(wrapForCopying('saved. To continue: keyferry', 22), ['saved. To continue:', 'keyferry']);
  assert.deepEqual(wrap('a\n\nb', 5), ['a', '', 'b']);
  for (const line of wrap('鍵'.repeat(9), 5)) assert.ok(cells(line) <= 5);
  assert.equal(clip('abcdef', 4, '…'), 'abc…');
});

test('a command to copy stays in one row, which the terminal breaks, and begins a row where it does not fit', () => {
  const check = 'keyferry check-backup --workdir keyferry-payments-2026';
  for (const line of [check, `  ${check}`, `- ${check}`]) assert.deepEqual(wrapForCopying(line, 30), [line]);
  const start = 'npm start --silent -- --workdir keyferry-payments-2026';
  assert.deepEqual(wrapForCopying(`Everything is saved. To continue: ${start}`, 30), [
    'Everything is saved. To',
    'continue:',
    start,
  ]);
  for (const shell of [
    "chmod 600 '/srv/keys/my key.bin'",
    "mv '/srv/keys/a.bin' '/srv/keys/b.bin'",
    'aws kms list-keys --output text',
    'npx keyferry status --workdir keyferry-payments-2026',
    'openssl dgst -sha256 payments-2026.bin',
    'bash keyferry-payments-2026/runbook.sh',
    "chown 1000 '/srv/keys/my key.bin'",
    "ls -l '/srv/keys/my other key.bin'",
    'sudo timedatectl set-ntp true',
    'keyferry status --workdir ../keys/.',
    'keyferry status --json --workdir .',
  ])
    assert.deepEqual(wrapForCopying(`Then: ${shell}`, 30), ['Then:', shell]);
  const fits = 'To continue: keyferry --practice';
  assert.deepEqual(wrapForCopying(fits, 32), [fits]);
  assert.deepEqual(wrapForCopying('The command keyferry doctor looks at the machine', 30), [
    'The command keyferry doctor',
    'looks at the machine',
  ]);
  assert.deepEqual(wrapForCopying('Today: openssl rsautl is deprecated.', 20), [
    'Today: openssl',
    'rsautl is',
    'deprecated.',
  ]);
  assert.deepEqual(wrapForCopying('openssl finds no file of this name.', 20), [
    'openssl finds no',
    'file of this name.',
  ]);
});

test('a text that fits exactly is left as it is, and one that is wider than its place breaks nothing', () => {
  assert.deepEqual(wrap('one two three', 7), ['one two', 'three']);
  assert.equal(clip('abcd', 4, '…'), 'abcd');
  assert.equal(padTo('abcdef', 4), 'abcdef');
  assert.equal(wrap('鍵', 1)[0], '鍵');
  assert.deepEqual(wrap('a', 0), ['a']);
  // A separator near the beginning of a row would leave most of the row empty.
  assert.deepEqual(wrap(`a:${'b'.repeat(10)}`, 8), ['a:bbbbbb', 'bbbb']);
  assert.deepEqual(wrap('ab:cdefgh', 6), ['ab:cde', 'fgh']);
  assert.deepEqual(wrap('aaaaaaaa/b', 6), ['aaaaaa', 'aa/b']);
  assert.deepEqual(wrap('aa one/two', 7), ['aa', 'one/two']);
  assert.deepEqual(wrap('abcd efgh  ', 4), ['abcd', 'efgh']);
  assert.deepEqual(wrap('one two ', 5), ['one', 'two']);
  assert.deepEqual(wrapForCopying('a bb cccc', 4), ['a bb', 'cccc']);
  assert.deepEqual(wrap('--description=payments', 18), ['--description=', 'payments']);
  assert.deepEqual(wrapForCopying('a 鍵鍵鍵', 5), ['a 鍵鍵鍵']);
});

test('the lines below the first one begin under its text, on any width', () => {
  const at = (columns: number, text: string, env: Record<string, string> = utf8) =>
    hangingLines('  > ', text, readTerminal({ env, stdin: { isTTY: true }, stdout: { isTTY: true, columns } }));
  const words = 'word '.repeat(40).trim();
  const rows = at(200, words);
  assert.match(rows[0] ?? '', /^ {2}> word/);
  for (const row of rows.slice(1)) assert.match(row, /^ {4}word/);
  assert.equal(Math.max(...rows.map((row) => row.length)), 78);
  assert.equal(Math.max(...at(10, words).map((row) => row.length)), 23);
  assert.deepEqual(at(80, 'a\u001B[2Jb …', { TERM: 'xterm' }), ['  > a[2Jb ...']);
});

test('a terminal without Unicode gets every sign in ASCII, and one with Unicode gets the usual signs', () => {
  for (const [name, sign] of Object.entries(symbolsFor({ unicode: false }))) assert.match(sign, /^[ -~]+$/, name);
  const { todo, yes, no } = symbolsFor({ unicode: false });
  assert.deepEqual([todo, yes, no], ['-', 'y', '-']);
  const { done, current, ellipsis } = symbolsFor({ unicode: true });
  assert.deepEqual([done, current, ellipsis], ['✔', '❯', '…']);
});

test('what comes from outside cannot steer the terminal', () => {
  assert.equal(printable('a\u001B[2Jb\u0007\u009B', { unicode: true }), 'a[2Jb');
  assert.equal(printable('user\u202Egnp.exe', { unicode: true }), 'user<U+202E>gnp.exe');
  assert.equal(printable('naïve · …', { unicode: false }), 'na?ve | ...');
  const marks = '\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069';
  for (const mark of marks) {
    const code = mark.charCodeAt(0).toString(16).padStart(4, '0');
    assert.equal(printable(`user${mark}gnp.exe`, { unicode: true }), `user<U+${code.toUpperCase()}>gnp.exe`, code);
    assert.equal(hasControls(mark), true, code);
    assert.equal(printableJson(JSON.stringify({ name: mark })), `{"name":"\\u${code}"}`);
  }
  assert.equal(hasControls('a\nb'), true);
  assert.equal(hasControls('naïve'), false);
});
