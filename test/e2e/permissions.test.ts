import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { answersFile, exampleWith, ofEnvironment } from './answers.ts';
import { keyferry } from './program.ts';
import { recordingProxy } from './recording-proxy.ts';
import { everything, howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';

const control = 'practice-control.json';

/** A folder whose practice account denies these actions to SecurityAdmin. */
function denying(actions: readonly string[]) {
  const folder = newFolder();
  const state = join(folder, 'w', 'keyferry-practice-aws');
  mkdirSync(state, { recursive: true, mode: 0o700 });
  const deny = (denied: readonly string[]) =>
    writeFileSync(join(state, control), JSON.stringify({ deny: { SecurityAdmin: denied } }));
  deny(actions);
  return { folder, w: join(folder, 'w'), deny };
}

const run = (folder: string, answers: string, more: readonly string[] = ['--practice']) =>
  keyferry(['run', answersFile(folder, answers), '--workdir', 'w', ...more], folder);

test('a missing permission is told before anything is made, with the policy that has it and the line that goes on without', async () => {
  const { folder, w, deny } = denying(['kms:CreateKey', 'kms:CreateAlias']);
  const first = await run(folder, exampleWith());
  assert.equal(first.status, 3, first.stderr);
  assert.match(
    first.stderr,
    /x The key is not made yet: permissions are missing\.\n.*role SecurityAdmin\..* may not kms:CreateKey, kms:CreateAlias: .*\n {2}Nothing was made in AWS\./,
  );
  assert.match(first.stderr, /policy\.despite-missing-permissions: true in an answers file/);
  const saved = join(w, 'needed-permissions.json');
  assert.equal(statSync(saved).mode & 0o777, 0o600);
  const { Statement } = JSON.parse(readFileSync(saved, 'utf8'));
  assert.deepEqual(
    Statement.flatMap(({ Action }: { Action: string[] }) => Action),
    ['kms:CreateKey', 'kms:CreateAlias'],
  );
  assert.equal(Statement[0].Condition.StringEquals['kms:KeyOrigin'], 'EXTERNAL');
  assert.deepEqual(
    readdirSync(w).filter((name) => /plain_text|wrapping|enc/.test(name)),
    [],
  );
  // With that line, the call itself decides.
  const despite = exampleWith({ policy: { 'despite-missing-permissions': true } });
  const second = await run(folder, despite);
  assert.equal(second.status, 3, second.stderr);
  assert.match(second.stderr, /x Can't create the KMS key\.[\s\S]*No key was made\./);
  deny([]);
  const third = await run(folder, despite);
  assert.equal(third.status, 0, third.stderr);
});

test('what is missing is told without names where they are to be hidden', async () => {
  const { folder } = denying(['kms:CreateKey']);
  const { status, stdout, stderr } = await run(folder, exampleWith(), ['--practice', '--redact']);
  assert.equal(status, 3, stderr);
  assert.match(
    stderr,
    /permissions are missing\.\n {2}You are role role-1\. By IAM's test, you may not kms:CreateKey: /,
  );
  assert.doesNotMatch(stdout + stderr, /SecurityAdmin|000000000000/);
});

test('a check that AWS does not answer is told as a problem, and nothing is made', async () => {
  const { folder, w } = denying([]);
  const state = join(w, 'keyferry-practice-aws', control);
  writeFileSync(state, JSON.stringify({ faults: [{ operation: 'kms:ListAliases', do: 'drop-before' }] }));
  const { status, stderr } = await run(folder, exampleWith());
  assert.equal(status, 3, stderr);
  assert.match(
    stderr,
    /x This cannot be checked now\.\n {2}The connection to 127\.0\.0\.1:\d+ failed: the connection was cut\.\n {2}Nothing was changed by looking\./,
  );
  assert.deepEqual(
    readdirSync(w).filter((name) => /plain_text|wrapping|enc/.test(name)),
    [],
  );
});

test('what only the upload needs is told early and stops nothing before it', async () => {
  const { folder } = denying(['s3:CreateBucket']);
  const { status, stderr } = await run(folder, exampleWith({ 'encrypt-objects': { where: 'later', what: undefined } }));
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /For the bucket s3:\/\/keyferry-my-first-key-\*, you may not s3:CreateBucket\. The upload at the end needs it/,
  );
});

test('where nothing can be tested it says so and goes on', async () => {
  const { folder } = denying(['iam:SimulatePrincipalPolicy']);
  const { status, stderr } = await run(folder, exampleWith());
  assert.equal(status, 0, stderr);
  assert.match(
    stderr,
    /Your permissions were not tested\. Your credentials may not call iam:SimulatePrincipalPolicy\./,
  );
});

test('no request of a whole ceremony turns the safety check of KMS off, and the key policy keeps the account root', async (t) => {
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  t.after(() => aws.close());
  const { endpoint, requests } = await recordingProxy(t, aws.endpoint);
  const folder = newFolder();
  const answers = answersFile(folder, exampleWith(ofEnvironment));
  const { accessKeyId, secretAccessKey, sessionToken = '' } = aws.credentials;
  const { status, stderr } = await keyferry(['run', answers, '--endpoint-url', endpoint, '--workdir', 'w'], folder, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  });
  assert.equal(status, 0, stderr);
  const targets = requests.map(({ target }) => target);
  const created = requests.filter(({ target }) => target === 'TrentService.CreateKey');
  assert.equal(created.length, 1, targets.join('\n'));
  const sent = JSON.parse(created[0]?.body ?? '{}');
  assert.match(sent.Policy, /arn:aws:iam::000000000000:root/);
  for (const { target, body } of requests) {
    if (!/CreateKey|PutKeyPolicy|ReplicateKey/.test(target)) continue;
    assert.doesNotMatch(body, /BypassPolicyLockoutSafetyCheck/, target);
  }
});

test('names with control characters reach neither the terminal nor the record as such', async () => {
  const folder = newFolder();
  const nasty = 'ledger\u001B[2J\u009B31m\u202Egpj.txt';
  writeFileSync(join(folder, nasty), 'contents\n');
  const answers = exampleWith({ 'encrypt-objects': { what: 'files', files: [nasty] } });
  const forbidden = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E]/;
  for (const more of [['--practice'], ['--practice', '--json']]) {
    const { status, stdout, stderr } = await run(folder, answers, more);
    assert.equal(status, 0, stderr);
    assert.doesNotMatch(stdout + stderr, forbidden);
    if (more.includes('--json')) assert.equal(JSON.parse(stdout).objects[0].key, nasty);
  }
  for (const name of ['record.md', 'record.json'])
    assert.doesNotMatch(readFileSync(join(folder, 'w', name), 'utf8'), forbidden, name);
  assert.equal(JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8')).objects[0].key, nasty);
  const bad = await run(newFolder(), exampleWith({ 'describe-key': { alias: 'alias/\u001B[2Jx\u009B' } }));
  assert.equal(bad.status, 2);
  assert.doesNotMatch(bad.stderr, forbidden);
});

test('on the screen the test stands beside the policy, before the key is made', async (t) => {
  const { folder } = denying(['kms:CreateKey', 's3:PutObject']);
  const session = new TerminalSession(['--practice', '--workdir', 'w', '--region', 'us-east-1'], { cwd: folder });
  t.after(() => session.kill('SIGKILL'));
  const enter = '\r';
  for (const [shows, keys] of [
    [howMuch, everything.keys],
    ['Which secret should the key be?', enter],
    ['Where may the plain key be', enter],
    ['What should the key be called?', `payments${enter}`],
    ['What is it for?', enter],
    ['Which tags should the key have?', enter],
    ['Make it a multi-Region key', enter],
    ['I understand the security', ` ${enter}`],
    ['How should the backup be encrypted?', enter],
    ['Which passphrase should open the backup?', `${passphrase}${enter}`],
    ['Type the passphrase once more.', `${passphrase}${enter}`],
    ['Which kind of key policy?', enter],
    ['Who may administer the key?', enter],
    ['Administrators may also delete this key', enter],
    ['Who may use the key?', enter],
    ['Create the key with this policy?', ''],
    ["By IAM's test, you may not kms:CreateKey: no IAM policy", enter],
    [/❯ \[ \] Try it all the same\./, enter],
    ['Have the policy in w/needed-permissions.json attached', '\u001B'],
    ['Create the key with this policy?', '\u001B[B\u001B[B'],
    [/❯ Show what you lack, as a policy/, enter],
    ['"kms:KeyOrigin": "EXTERNAL"', '\u0003'],
  ] as const) {
    await session.shows(shows);
    session.send(keys);
  }
  assert.equal(readdirSync(join(folder, 'w')).includes('needed-permissions.json'), true);
});
