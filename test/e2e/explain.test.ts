import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { bareEnvironment, keyferry, program } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

/** Runs `keyferry explain` with a text on standard input. */
async function piped(input: string | Buffer, args: readonly string[] = []) {
  const folder = newFolder();
  const child = spawn(process.execPath, [program, 'explain', ...args], { cwd: folder, env: bareEnvironment(folder) });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr };
}

test('a code as an argument gets meaning, causes, a way to look and a way on', async () => {
  const { status, stdout, stderr } = await keyferry(['explain', 'InvalidCiphertextException'], newFolder());
  assert.equal(status, 0, stderr);
  for (const heading of [
    'What it means',
    'Likely causes, the first most likely',
    'How to look',
    'What to do',
    'By hand',
  ])
    assert.match(stdout, new RegExp(`^${heading}$`, 'm'));
  assert.match(stdout, /1\. Another hash\./);
  assert.match(stdout, /^ {2}\$ openssl pkeyutl .*rsa_oaep_md:sha256/m);
  const prose = stdout.split('\n').filter((line) => !line.startsWith('  $ '));
  assert.ok(prose.every((line) => line.length <= 80));
});

test('the line of aws-cli on standard input says what did not happen and what state that leaves', async () => {
  const line = '\nAn error occurred (IncorrectKeyMaterialException) when calling the ImportKeyMaterial operation: \n';
  const { status, stdout } = await piped(line);
  assert.equal(status, 0);
  assert.match(stdout, /^IncorrectKeyMaterialException, from ImportKeyMaterial\n\nThe material was not imported\.\n/);
  assert.match(stdout, /your secret is unchanged/);
  assert.doesNotMatch(stdout, /AWS says/);
});

test('the test of IAM that is printed is about the action that the text names', async () => {
  const denied = 'An error occurred (AccessDeniedException) when calling the GenerateDataKey operation: ';
  const named = await piped(`${denied}User: x is not authorized to perform: kms:GenerateDataKey on resource: y\n`);
  assert.match(named.stdout, /--action-names kms:GenerateDataKey$/m);
  const unnamed = await keyferry(['explain', 'AccessDenied'], newFolder());
  assert.match(unnamed.stdout, /--action-names ACTION$/m);
});

test('words that were not quoted are one text', async () => {
  const words =
    'An error occurred (DisabledException) when calling the Encrypt operation: --key-id x is disabled.'.split(' ');
  const { status, stdout } = await keyferry(['explain', ...words], newFolder());
  assert.equal(status, 0);
  assert.match(stdout, /^DisabledException, from Encrypt/);
});

test('what is not known is said to be so, with the nearest names, and gives status 1', async () => {
  const { status, stdout } = await keyferry(['explain', 'InvalidCyphertextException'], newFolder());
  assert.equal(status, 1);
  assert.match(
    stdout,
    /Keyferry does not know InvalidCyphertextException\.\nNearest names that it knows: InvalidCiphertextException/,
  );
  assert.equal((await piped('nothing of the kind')).status, 1);
});

test('nothing to explain is a failure to start that shows how', async () => {
  const { status, stdout, stderr } = await piped('  \n');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /^keyferry: nothing to explain\. .*keyferry explain InvalidCiphertextException\n$/);
});

test('in a terminal without an argument it does not wait for input', async (t) => {
  const session = new TerminalSession(['explain'], { cwd: newFolder() });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('nothing to explain');
  assert.equal(await session.ends(), 2);
});

test('colours are read through, and no control character comes back', async () => {
  const nasty =
    '\u001B[31mAn error occurred\u001B[0m (\u001B[1mAccessDenied\u001B[0m) when calling the PutObject operation: no \u001B]0;title\u0007way\u202E \u009B2J out\r\n';
  const { status, stdout } = await piped(nasty);
  assert.equal(status, 0);
  assert.match(stdout, /^AccessDenied, from PutObject/);
  assert.match(stdout, /AWS says: no way<U\+202E> out/);
  assert.doesNotMatch(stdout, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
  const unknown = await piped('\u001B]0;x\u0007 Blah\u0008Error');
  assert.equal(unknown.status, 1);
  assert.doesNotMatch(unknown.stdout, /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/);
});

test('a long log and bytes that are no text do no harm', async () => {
  const log = `${'line of a log\n'.repeat(400_000)}`;
  assert.equal(
    (await piped(`An error occurred (DisabledException) when calling the Encrypt operation: x\n${log}`)).status,
    0,
  );
  assert.equal((await piped(Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256)))).status, 1);
});

test('the policy for a first import is JSON on standard output alone', async () => {
  const { status, stdout, stderr } = await keyferry(['explain', 'permissions'], newFolder());
  assert.equal(status, 0);
  const { Statement } = JSON.parse(stdout);
  assert.match(stderr, /REGION, ACCOUNT and BUCKET/);
  // The words name the beginning of each Sid, and say which statements can be left out.
  for (const { Sid } of Statement) assert.match(stderr, new RegExp(`^- ${Sid.replace(/\d+$/, '')}: `, 'm'));
  assert.match(stderr, /^- KeyferryConvenience: can be left out\./m);
  assert.ok(stderr.split('\n').every((line) => line.length <= 80));
});

test('the help shows a worked example', async () => {
  const { status, stdout } = await keyferry(['explain', '--help'], newFolder());
  assert.equal(status, 0);
  assert.match(stdout, /Example:\n {2}keyferry explain InvalidCiphertextException/);
});
