import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { answersFile, exampleWith } from './answers.ts';
import { identityWorld, profileKeys } from './identity-world.ts';
import { piped } from './piped.ts';
import { program } from './program.ts';
import { howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';

const code = '123456';
const role = 'arn:aws:iam::000000000000:role/BreakGlass';
const device = 'arn:aws:iam::000000000000:mfa/secops-1';
const wantsCode = `role_arn = ${role}\nmfa_serial = ${device}\n`;

const config = `
[profile ops]
${profileKeys('secops1')}
[profile glass]
region = us-east-1
source_profile = ops
${wantsCode}
[profile admin]
source_profile = ops
role_arn = ${practiceIdentities.securityAdmin.principal.arn}
mfa_serial = ${device}
[profile helper]
credential_process = sh -c "touch has-run; exit 1"
[profile behind]
source_profile = helper
${wantsCode}
[profile twice]
source_profile = glass
${wantsCode}
`;

/** A home with profiles whose role wants a code, and practice AWS, which knows the device. */
async function mfaWorld(t: TestContext) {
  const world = await identityWorld(t, config);
  const environment = { AWS_ENDPOINT_URL_STS: world.endpoint, AWS_ENDPOINT_URL: world.endpoint };
  return { ...world, environment };
}

for (const [profile, source] of [
  ['glass', 'ops'],
  ['behind', 'helper'],
  ['twice', 'glass'],
] as const) {
  test(`where nobody can type a code, profile ${profile} is refused with the commands that take one`, async (t) => {
    const { run, folder, environment, requests } = await mfaWorld(t);
    const answers = answersFile(folder, exampleWith());
    const ran = await run(['run', answers, '--profile', profile, '--workdir', 'w'], environment);
    const looked = await run(['unfinished', '--profile', profile], environment);
    for (const { status, stdout, stderr } of [ran, looked]) {
      const isRefusal = profile === 'twice';
      assert.equal(status, isRefusal ? (stderr === ran.stderr ? 3 : 1) : 2, stderr);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /The role of profile \w+ asks for a code of your MFA device, which cannot be asked for here\./,
      );
      assert.match(stderr, /aws configure export-credentials --profile \w+ --format env/);
      assert.match(
        stderr,
        new RegExp(
          `aws sts assume-role --role-arn ${role} --role-session-name keyferry --serial-number ${device} --token-code CODE --profile `,
        ),
      );
      if (!isRefusal) assert.match(stderr, new RegExp(`--token-code CODE --profile ${source}\\n`));
    }
    assert.deepEqual(requests, []);
    assert.equal(existsSync(join(folder, 'has-run')), false);
  });
}

test('the plain assistant asks for the code, and again when the ceremony is continued', async (t) => {
  const { folder, endpoint, environment, signers } = await mfaWorld(t);
  const args = ['--plain', '--profile', 'glass', '--endpoint-url', endpoint, '--workdir'];
  const mistyped = await piped([...args, 'mistyped'], ['', '12345'], folder, environment);
  assert.match(mistyped.stdout, /Which code does the MFA device of profile glass show\?/);
  assert.match(mistyped.stdout, new RegExp(`The device: ${device}`));
  assert.match(mistyped.stdout, /An MFA code has six digits\./);
  assert.deepEqual(signers(), []);

  const first = await piped([...args, 'w'], ['', code], folder, environment);
  assert.match(first.stdout, /Connected to practice AWS: account 000000000000, us-east-1, as role BreakGlass/);
  assert.ok(first.stdout.includes(howMuch));

  const second = await piped([...args, 'w'], ['', code], folder, environment);
  assert.match(second.stdout, /Which code does the MFA device of profile glass show\?/);
  assert.ok(second.stdout.includes(howMuch));
  const journal = readFileSync(join(folder, 'w', 'journal.jsonl'), 'utf8');
  assert.ok(!journal.includes(code), journal);
});

test('the screen asks for the code, tells of a wrong one, and asks again', async (t) => {
  const { folder, endpoint, environment } = await mfaWorld(t);
  const args = ['--profile', 'glass', '--endpoint-url', endpoint, '--workdir', 'w'];
  const session = new TerminalSession(args, { cwd: folder, env: environment });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('In which Region?');
  session.send('\r');
  await session.shows('Which code does the MFA device of profile glass show?');
  session.send('987654\r');
  await session.shows('STS did not take the code of the MFA device.');
  session.send('\r');
  await session.shows('Which code does the MFA device of profile glass show?');
  session.send(`${code}\r`);
  await session.shows(howMuch);
  assert.match(session.transcript(), /as role BreakGlass/);
  for (const typed of [code, '987654']) assert.ok(!session.written.includes(typed));
});

test('unfinished asks for the code at a terminal, also where its result goes elsewhere', async (t) => {
  const { folder, endpoint, environment, signers } = await mfaWorld(t);
  const look = `'${process.execPath}' '${program}' unfinished --profile admin --endpoint-url ${endpoint}`;
  const session = new TerminalSession([], {
    cwd: folder,
    env: environment,
    command: ['/bin/bash', '--norc', '-c', `${look} > found; echo "status=$?"; stty -a`],
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('Which code does the MFA device of profile admin show?');
  await session.shows('MFA code, not shown:');
  session.send('12345\r');
  await session.shows('An MFA code has six digits.');
  session.send(`${code}\r`);
  await session.shows('status=0');
  await session.shows(/[^-]icanon[\s\S]*[^-]echo /);
  assert.match(readFileSync(join(folder, 'found'), 'utf8'), /^No key of Keyferry's waits for its material/);
  assert.ok(!session.transcript().includes(code));
  const user = practiceIdentities.secops1.credentials.accessKeyId;
  assert.equal(signers().length, 2, 'the user for the role, and the role');
  assert.equal(signers()[0], user);
});

for (const [way, keys] of [
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
] as const) {
  for (const command of ['unfinished', 'status', 'audit s3://a-bucket']) {
    test(`${way} at the code of ${command} stops it, and nothing is asked of AWS`, async (t) => {
      const { folder, endpoint, environment, requests } = await mfaWorld(t);
      const args = [...command.split(' '), '--profile', 'glass', '--endpoint-url', endpoint];
      const session = new TerminalSession(args, { cwd: folder, env: environment });
      t.after(() => session.kill('SIGKILL'));
      await session.shows('MFA code, not shown:');
      session.send(keys);
      assert.equal(await session.ends(), 130);
      assert.match(session.transcript(), /keyferry: stopped\. Nothing was changed\./);
      assert.deepEqual(requests, []);
    });
  }
}
