import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { quote } from '../../source/ceremony/shell-word.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { identityWorld } from './identity-world.ts';
import { program as builtProgram } from './program.ts';
import { howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';

const { accessKeyId, secretAccessKey } = practiceIdentities.secops1.credentials;

/** Asks on the terminal as programs for security keys do, reads late, and leaves its cursor in the middle of a line. */
const asksForPin = `
echo 'to standard error' >&2
printf '\\033[31mPIN of the security key: ' > /dev/tty
until [ -e reads ]; do sleep 0.05; done
read -r pin < /dev/tty
printf '%s' "$pin" > typed
printf 'Touch the key ...' > /dev/tty
cat credentials.json
`;

type Opening = { readonly args?: readonly string[]; readonly inShell?: boolean };

/** The assistant in a terminal, or in the shell of one, with a profile whose program is this shell script. */
async function opened(t: TestContext, program: string, { args = [], inShell = false }: Opening = {}) {
  const world = await identityWorld(t, '[profile touch]\nregion = us-east-1\ncredential_process = sh program.sh\n');
  const { folder, endpoint } = world;
  writeFileSync(join(folder, 'program.sh'), program);
  const keys = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey };
  writeFileSync(join(folder, 'credentials.json'), JSON.stringify(keys));
  const command = ['--profile', 'touch', '--endpoint-url', endpoint, '--workdir', 'w', ...args];
  const session = new TerminalSession(command, {
    cwd: folder,
    env: { AWS_ENDPOINT_URL: endpoint, PS1: 'shell> ' },
    ...(inShell ? { command: ['/bin/bash', '--norc', '--noediting', '-i'] } : {}),
  });
  t.after(() => session.kill('SIGKILL'));
  if (inShell) {
    await session.shows('shell>');
    session.send(`clear; ${[process.execPath, builtProgram, ...command].map(quote).join(' ')}\r`);
  }
  await session.shows('In which Region?');
  session.send('\r');
  return {
    ...world,
    session,
    reads: () => writeFileSync(join(folder, 'reads'), ''),
    typed: () => readFileSync(join(folder, 'typed'), 'utf8'),
  };
}

test('a program of the profile has the terminal while it runs, and the screen is drawn anew behind it', async (t) => {
  const { session, reads, typed, signers } = await opened(t, asksForPin);
  await session.shows('PIN of the security key:');
  assert.match(session.transcript().replaceAll(/\s+/g, ' '), /The program of profile touch runs now, and may ask you/);
  assert.doesNotMatch(session.screen().join('\n'), /Step 1|In which Region/, 'the screen is down');
  // What stands behind the line that the program reads is nobody's, and must not become an answer.
  session.send('4711\r?\r');
  await session.shows('4711');
  reads();
  await session.shows(howMuch);
  assert.equal(typed(), '4711');
  assert.deepEqual(signers(), [accessKeyId]);
  const quiet = await opened(t, 'cat credentials.json\n');
  await quiet.session.shows(howMuch);
  assert.deepEqual(session.screen(), quiet.session.screen());
  assert.match(session.transcript(), /^Touch the key \.\.\. *\n✔ Connected to practice AWS/m);
  assert.doesNotMatch(session.transcript(), /to standard error/);
  // Keys are the screen's again.
  session.send('?');
  await session.shows('What can go wrong');
});

for (const [way, args, again] of [
  ['on the screen', [], '\r'],
  ['line by line', ['--plain'], '1\r'],
] as const) {
  test(`Ctrl+C at a program of the profile ends it, and Keyferry asks how to go on, ${way}`, async (t) => {
    const program = 'printf "PIN: " > /dev/tty; read -r pin < /dev/tty; cat credentials.json\n';
    const { session } = await opened(t, program, { args });
    await session.shows('PIN:');
    session.send('\u0003');
    await session.shows('It failed and wrote nothing.');
    await session.shows('Try again');
    session.send(again);
    await session.shows(/PIN: *$/m);
    session.send('1\r');
    await session.shows(howMuch);
  });
}

test('a program that takes no Ctrl+C is left with a second one', async (t) => {
  const { session } = await opened(t, 'trap "" INT; printf "PIN: " > /dev/tty; read -r pin < /dev/tty\n');
  await session.shows('PIN:');
  session.send('\u0003');
  await session.shows('PIN: ^C');
  // Signals that come too fast after each other arrive as one.
  let status: number | undefined;
  for (let presses = 0; status === undefined && presses < 10; presses += 1) {
    session.send('\u0003');
    status = await session.ends(2).catch(() => undefined);
  }
  assert.equal(status, 130);
  assert.match(session.transcript(), /To continue:\nkeyferry/);
});

test('line by line, an answer to a program of the profile is no line of Keyferry', async (t) => {
  const { session, reads, typed } = await opened(t, asksForPin, { args: ['--plain'] });
  await session.shows('PIN of the security key:');
  session.send('4711\r');
  await session.shows('4711');
  reads();
  await session.shows(howMuch);
  assert.equal(typed(), '4711');
  assert.doesNotMatch(session.transcript(), /typed ahead|Waiting for/);
});

test('Ctrl+Z at a program of the profile stops both, and fg lets both go on', async (t) => {
  const { session, reads, typed } = await opened(t, asksForPin, { inShell: true });
  await session.shows('PIN of the security key:');
  // The program does not read yet: a read that waits when the stop comes may still take what is typed for the shell.
  session.send('\u001A');
  await session.shows(/Stopped[\s\S]*^shell> *$/m);
  session.send('fg\r');
  await session.shows(/^shell> fg$/m);
  reads();
  session.send('4711\r');
  await session.shows(howMuch);
  assert.equal(typed(), '4711');
});
