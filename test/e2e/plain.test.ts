import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { quote } from '../../source/ceremony/shell-word.ts';
import type { AgeOpener } from '../../source/material/backup.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { identity, recipient } from '../secrets/age-identity.ts';
import { answersFile, exampleWith } from './answers.ts';
import { keyInBackup } from './backup-key.ts';
import { isLocked } from './lock.ts';
import { piped } from './piped.ts';
import { keyferry, program } from './program.ts';
import { everything, howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';

type Questions = readonly (readonly [shows: string, line: string])[];

/** What is asked from the flag --practice on, and the line that answers it. */
const questionsToBackup: Questions = [
  ['In which Region?', ''],
  [howMuch, everything.line],
  ['Which secret should the key be?', ''],
  ['Where may the plain key be', ''],
  ['What should the key be called?', 'payments-2026'],
  ['What is it for?', 'Archive of payments'],
  ['Which tags should the key have?', ''],
  ['Make it a multi-Region key', ''],
  ['I understand the security', 'yes'],
];

const questionsFromPolicy: Questions = [
  ['Which kind of key policy?', ''],
  ['Who may administer the key?', ''],
  ['Administrators may also delete this key', ''],
  ['Who may use the key?', ''],
  ['Create the key with this policy?', ''],
  ['How should the secret be wrapped?', ''],
  ['Who wraps the secret?', ''],
  ['Should the material expire?', ''],
  ['Who proves that the key works?', ''],
  ['Where should the first object go?', ''],
  ['What should the new bucket be called?', ''],
  ['What should be encrypted?', ''],
];

const questions: Questions = [
  ...questionsToBackup,
  ['How should the backup be encrypted?', ''],
  ['Which passphrase should open the backup?', passphrase],
  ['Type the passphrase once more.', passphrase],
  ...questionsFromPolicy,
];

/** The same with a backup to a recipient, which takes the program no time. */
const questionsWithRecipient: Questions = [
  ...questionsToBackup,
  ['How should the backup be encrypted?', '2'],
  ['Which age recipients may open the backup?', recipient],
  ['Enter to go on with 1 chosen', ''],
  ['Which identity file opens it here, as a proof?', ''],
  ...questionsFromPolicy,
];
const lines = questions.map(([, line]) => line);
const linesWithRecipient = questionsWithRecipient.map(([, line]) => line);
const identities: AgeOpener = { by: 'identities', identities: [identity] };
const until = (shows: string) => questions.findIndex(([question]) => question.startsWith(shows));

async function assertFinished(cwd: string, seen: string, by: string | AgeOpener = passphrase): Promise<void> {
  const folder = join(cwd, 'keyferry-payments-2026');
  const record = JSON.parse(readFileSync(join(folder, 'record.json'), 'utf8'));
  assert.equal(record.key.keyState, 'Enabled');
  assert.equal(record.objects[0].verified, true);
  const key = await keyInBackup(join(folder, 'payments-2026.key.age'), by);
  for (const form of [key.toString('hex'), key.toString('base64'), passphrase])
    assert.equal(seen.includes(form), false);
}

test('on a dumb terminal the whole ceremony goes line by line, without one escape sequence', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession(['--practice'], { cwd, env: { TERM: 'dumb' } });
  t.after(() => session.kill('SIGKILL'));
  for (const [shows, line] of questionsWithRecipient) {
    await session.shows(shows);
    // The prompt is the last thing on the screen.
    await session.shows(/:\s*$/);
    session.send(`${line}\r`);
  }
  await session.shows('Number, or Enter to leave:');
  session.send('2\r');
  await session.shows('Saved: keyferry-payments-2026/runbook.md to read');
  session.send('\r');
  assert.equal(await session.ends(), 0);
  assert.equal(session.written.includes('\u001B'), false);
  assert.match(session.written, /^[\x20-\x7e\r\n]*$/);
  assert.ok(existsSync(join(cwd, 'keyferry-payments-2026', 'runbook.sh')));
  await assertFinished(cwd, session.written, identities);
});

test('answers from a pipe, in order, lead through the same ceremony', async () => {
  const cwd = newFolder();
  const { status, stdout, stderr } = await piped(['--plain', '--practice'], linesWithRecipient, cwd);
  assert.equal(status, 0, stdout);
  assert.equal(stderr, '');
  assert.equal(stdout.includes('\u001B'), false);
  assert.match(stdout, /^Step 13 of 13: Finish \(PRACTICE\)$/m);
  assert.equal(stdout.match(/alias\/payments-2026 is Enabled in us-east-1, as of 20/g)?.length, 1);
  await assertFinished(cwd, stdout, identities);
});

test('a pipe that ends before a question stops there, and another goes on', async () => {
  const cwd = newFolder();
  const at = until('How should the secret be wrapped?');
  const first = await piped(['--plain', '--practice'], lines.slice(0, at), cwd);
  assert.equal(first.status, 3, first.stdout);
  assert.match(first.stdout, /x Standard input ended before this was answered: How should the secret be wrapped\?/);
  assert.match(first.stdout, /^To continue: keyferry --plain$/m);
  const second = await piped(['--plain'], ['1', ...lines.slice(at, at + 2), passphrase, ...lines.slice(at + 2)], cwd);
  assert.equal(second.status, 0, second.stdout);
  await assertFinished(cwd, second.stdout);
});

test('an answer that cannot be taken stops a pipe that has more answers behind it', async () => {
  const { status, stdout } = await piped(
    ['--plain', '--practice'],
    ['', everything.line, '', '', 'not an alias', 'Archive of payments'],
    newFolder(),
  );
  assert.equal(status, 3);
  assert.match(stdout, /x Can't take the answer to: What should the key be called\?/);
  assert.match(stdout, /An alias has letters, digits/);
});

test('nothing is begun where a pipe says nothing', async () => {
  const cwd = newFolder();
  const { status, stdout } = await piped(['--plain', '--practice'], [], cwd);
  assert.equal(status, 3);
  assert.match(stdout, /Stopped\. Nothing was made\./);
  assert.equal(existsSync(join(cwd, 'keyferry-new')), false);
});

/** Runs a command line of a shell in a pseudo-terminal. */
function shell(t: TestContext, words: string, cwd: string): TerminalSession {
  const session = new TerminalSession([], { cwd, columns: 200, command: ['/bin/sh', '-c', words] });
  t.after(() => session.kill('SIGKILL'));
  return session;
}

const node = `${quote(process.execPath)} ${quote(program)}`;

test('without a terminal and without --plain it says so, and what can be run', async () => {
  const { status, stdout, stderr } = await keyferry(['--practice', '--workdir', 'my key'], newFolder());
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(
    stderr,
    /^keyferry: the assistant needs a terminal, and this is none: standard input, standard output\./,
  );
  assert.match(stderr, /^Line by line, also with pipes: keyferry --plain --practice --workdir 'my key'$/m);
});

for (const [half, words] of [
  ['output', `${node} --practice | tee log`],
  ['input', `echo | ${node} --practice`],
] as const) {
  test(`where only standard ${half} is no terminal, it names the command that works there`, async (t) => {
    const session = shell(t, `${words}; echo end`, newFolder());
    await session.shows('end');
    assert.match(session.transcript(), new RegExp(`this is none: standard ${half}\\. Nothing was begun\\.`));
    assert.match(session.transcript(), /^Line by line, also with pipes: keyferry --plain --practice$/m);
  });
}

test('behind | tee the whole ceremony goes line by line, and the passphrase is in no log', async (t) => {
  const cwd = newFolder();
  const session = shell(t, `${node} --plain --practice | tee log`, cwd);
  for (const [shows, line] of questions) {
    await session.shows(shows);
    await session.shows(/:\s*$/);
    session.send(`${line}\r`);
  }
  await session.shows('Number, or Enter to leave:');
  session.send('\r');
  assert.equal(await session.ends(), 0);
  await assertFinished(cwd, session.written);
  await assertFinished(cwd, readFileSync(join(cwd, 'log'), 'utf8'));
});

const lastWords = (session: TerminalSession) => session.transcript().replaceAll(/\s+/g, ' ');
const keyLost =
  /Stopped\. The folder is keyferry-payments-2026 Everything but the key itself is saved: it was in memory only/;

test('Ctrl+C stops with everything saved but the key in memory, also where nothing is echoed', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession(['--plain', '--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  const at = until('Which passphrase');
  for (const [shows, line] of questions.slice(0, at)) {
    await session.shows(shows);
    await session.shows(/:\s*$/);
    session.send(`${line}\r`);
  }
  await session.shows('Passphrase, not shown:');
  session.send('half of it');
  session.send('\u0003');
  await session.shows('Stop here? The key in memory is lost, all else is saved.');
  session.send('half of it');
  session.send('\u0003');
  assert.equal(await session.ends(), 130);
  assert.match(lastWords(session), keyLost);
  assert.equal(session.written.includes('half of it'), false);

  const again = new TerminalSession(['--plain'], { cwd });
  t.after(() => again.kill('SIGKILL'));
  await again.shows(/Continue keyferry-payments-2026 \(stopped at Backup, practice AWS,\s+\d{4}-/);
  again.send('\u0003');
  assert.equal(await again.ends(), 130);
});

test('back, lists, filters, typed values, commands and stop work from a pipe', async () => {
  const role = 'arn:aws:iam::000000000000:role/BreakGlass';
  const { status, stdout } = await piped(
    ['--plain', '--practice'],
    [
      ...['', everything.line, '', 'file', 'payments-2026', 'A description', '<', '""', '', '', 'yes', 'none'],
      ...['no backup', ''],
      ...['more', 'secops', '1 2', role, 'all', ''],
      ...['yes', '<', 'no', ''],
      ...['c', '2', ':stop'],
    ],
    newFolder(),
  );
  assert.equal(status, 130, stdout);
  assert.match(stdout, /^ {2}11\. \[ \] /m);
  assert.match(stdout, /^ {2}1\. \[ \] user secops-1$/m);
  assert.match(stdout, /^Chosen: role SecurityAdmin, user secops-1, user secops-2, role BreakGlass\.$/m);
  assert.match(stdout, /^Description \[A description\]: ""$/m);
  assert.match(stdout, /^ {2}role BreakGlass: manage, import, delete material$/m);
  assert.match(stdout, /^KEY_ARN=\$\(aws kms create-key/m);
  assert.match(stdout, /^ {2}--description '' \\$/m);
  assert.match(stdout, /^Key policy$/m);
});

/** What tells whose account this is, from the record that a run left. */
function telling(cwd: string, folder: string): readonly string[] {
  const { account, key, objects } = JSON.parse(readFileSync(join(cwd, folder, 'record.json'), 'utf8'));
  return [account.accountId, key.keyId, key.keyId.slice(-8), 'SecurityAdmin', objects[0].bucket];
}

test('--redact hides accounts, ARNs and names on the screen, and not in files', async () => {
  const cwd = newFolder();
  const { status, stdout } = await piped(
    ['--plain', '--practice', '--redact'],
    [...linesWithRecipient, '1', '2', ''],
    cwd,
  );
  assert.equal(status, 0, stdout);
  for (const real of telling(cwd, 'keyferry-payments-2026')) assert.equal(stdout.includes(real), false, real);
  // The alias is in the line that was typed, and nowhere else.
  assert.deepEqual(
    stdout.match(/.*payments-2026.*/g)?.filter((line) => !line.startsWith('Alias')),
    [],
  );
  assert.match(stdout, /account 111111111111, us-east-1, as role role-1/);
  const script = readFileSync(join(cwd, 'keyferry-payments-2026', 'runbook.sh'), 'utf8');
  for (const real of telling(cwd, 'keyferry-payments-2026').slice(0, 2)) assert.ok(script.includes(real), real);
});

test('--redact hides them in an unattended run too', async () => {
  const cwd = newFolder();
  const answers = answersFile(cwd, exampleWith());
  const args = ['run', answers, '--practice', '--redact'];
  const { status, stdout, stderr } = await keyferry(args, cwd);
  assert.equal(status, 0, stderr);
  for (const real of [...telling(cwd, 'keyferry-my-first-key'), 'my-first-key'])
    assert.equal((stdout + stderr).includes(real), false, real);
  assert.equal((await keyferry([...args, '--json'], cwd)).status, 2);
});

test('--as-in-the-video presets the choices of the article, in its order, and says what is better today', async () => {
  const cwd = newFolder();
  const given = lines
    .toSpliced(until('How should the backup'), 3, '', 'no backup')
    .toSpliced(until(howMuch), 1)
    .concat('');
  const { status, stdout } = await piped(['--plain', '--practice', '--as-in-the-video'], given, cwd);
  assert.equal(status, 0, stdout);
  const { wrapping, secret } = JSON.parse(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.json'), 'utf8'));
  assert.deepEqual([wrapping.algorithm, wrapping.keySpec], ['RSAES_OAEP_SHA_1', 'RSA_2048']);
  assert.equal(secret.file, 'plain_text_aes_key.bin');
  const order = [
    'Generate the Secret Key',
    'Enter an Alias',
    'Enter a Description',
    'Choose the set of IAM users that have permission to use the KMS APIs',
    'Choose the set of IAM users who can administer the key',
    'Verify the key policy',
    'Download the wrapping key, choose RSAES_OAEP_SHA_1\nToday: RSAES_OAEP_SHA_256 with RSA_4096',
    'Wrap the Secret Key with wrappingKey\nToday: openssl rsautl is deprecated',
    'Choose the expiry date as needed',
    'Upload an object',
  ].map((words) => stdout.indexOf(`\n${words}`));
  assert.ok(
    order.every((place, index) => place > (order[index - 1] ?? 0)),
    order.join(),
  );
});

test('SIGTERM leaves with where everything is, also where nothing is echoed', async (t) => {
  const cwd = newFolder();
  const session = new TerminalSession(['--plain', '--practice'], { cwd });
  t.after(() => session.kill('SIGKILL'));
  for (const [shows, line] of questions.slice(0, until('Which passphrase'))) {
    await session.shows(shows);
    session.send(`${line}\r`);
  }
  await session.shows('Passphrase, not shown:');
  session.kill('SIGTERM');
  assert.equal(await session.ends(), 143);
  assert.match(lastWords(session), keyLost);
  assert.equal(isLocked(join(cwd, 'keyferry-payments-2026')), false);
});

test('Ctrl+C and :stop say first that a key in memory would be lost, also while a passphrase is typed', async (t) => {
  const session = new TerminalSession(['--plain', '--practice'], { cwd: newFolder(), columns: 200 });
  t.after(() => session.kill('SIGKILL'));
  const warning = 'Stop here? The key in memory is lost, all else is saved. Do it again to stop, or answer to go on.';
  const times = () => session.transcript().split(warning).length - 1;
  for (const [shows, line] of questions) {
    await session.shows(shows);
    await session.shows(/:\s*$/);
    if (shows.startsWith('What should the key be called')) {
      session.send('\u0003');
      await session.shows(warning);
    }
    if (shows.startsWith('Which passphrase')) break;
    session.send(`${line}\r`);
  }
  assert.equal(times(), 1);
  session.send('\u0003');
  await session.shows(/Do it again.*not shown:\s*$/s);
  session.send(':stop\r');
  assert.equal(await session.ends(), 130);
  assert.match(session.transcript(), /it was in memory only, and is lost with this run/);
  assert.equal(times(), 2);
});
