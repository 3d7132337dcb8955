import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { answersFile, exampleWith, memoryAlone } from './answers.ts';
import { environmentKeys, identityWorld, profileKeys } from './identity-world.ts';
import { TerminalSession } from './terminal-session.ts';

const hiddenArgument = 'correct-horse-battery';
const hiddenToken = 'Zm9vYmFyMTIzNDU2Nzg5MEFCQ0RFRkdISUpLTE1O';

/** Fails as a program that a profile names does: it says why, in colour, and more than it should. */
const helper = `echo x >> runs; printf '\\033[31mvault: sealed\\033[0m since 09:15\\nsession ${hiddenToken}\\n' >&2; exit 3\n`;

const config = `
[profile good]
${profileKeys('secops1')}
[profile corp]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[sso-session corp]
sso_start_url = https://example.com/start
sso_region = eu-west-1
[profile older]
sso_start_url = https://example.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Admin
[profile mistyped]
sso_session = copr
sso_account_id = 111122223333
sso_role_name = Admin
[profile procbad]
credential_process = sh helper.sh --password ${hiddenArgument}
[profile silent]
credential_process = false
[profile garbled]
credential_process = echo no json
[profile behind]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = procbad
[profile lost]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = gone
[profile ring]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = ring-2
[profile ring-2]
role_arn = arn:aws:iam::111122223333:role/y
source_profile = ring
[profile sourceless]
role_arn = arn:aws:iam::111122223333:role/x
${profileKeys('securityAdmin')}
[profile two-sources]
role_arn = arn:aws:iam::111122223333:role/x
source_profile = good
credential_source = Ec2InstanceMetadata
${profileKeys('securityAdmin')}
[profile odd-source]
role_arn = arn:aws:iam::111122223333:role/x
credential_source = Metadata
[profile half]
aws_access_key_id = AKIAKEYFERRYSECOPS01
[profile bare]
region = eu-west-1
[profile empty]
[profile console]
login_session = arn:aws:iam::111122223333:user/x
[profile web]
role_arn = arn:aws:iam::111122223333:role/x
web_identity_token_file = no-such-token
[unprefixed]
region = eu-west-1
`;

/** Each profile that gives no credentials, what a person is told of it, and what to do. */
const cases: readonly (readonly [profile: string, why: RegExp, next: RegExp])[] = [
  [
    'nope',
    /There is no profile nope\. The shared config has: good, corp, older, mistyped, procbad and \d+ more\. \[/,
    /Check the name/,
  ],
  ['unprefixed', /section \[unprefixed\] of \S+config is no profile/, /Write \[profile unprefixed\]/],
  ['empty', /Profile empty in \S+config has no settings/, /Set it up/],
  ['bare', /Profile bare names no way to sign in/, /aws configure --profile bare/],
  ['half', /Profile half has aws_access_key_id and no aws_secret_access_key/, /Add it/],
  [
    'procbad',
    /The credential_process of profile procbad gave no credentials\. It wrote: vault: sealed since 09:15 session \(hidden\) \[/,
    /Run that program by hand/,
  ],
  [
    'silent',
    /profile silent gave no credentials\. It failed and wrote nothing\./,
    /get credential_process --profile silent/,
  ],
  ['garbled', /profile garbled gave no credentials\. It returned invalid JSON\./, /Run that program by hand/],
  [
    'behind',
    /Profile behind takes its credentials from profile procbad\. The credential_process of profile procbad gave .* vault: sealed/,
    /--profile procbad/,
  ],
  ['lost', /Profile lost takes its credentials from profile gone\. There is no profile gone\./, /Check the name/],
  ['ring', /go in a circle by source_profile: ring, ring-2, ring\./, /credentials of its own/],
  ['sourceless', /Profile sourceless names role_arn, and neither source_profile nor credential_source/, /Add the one/],
  ['two-sources', /Profile two-sources names both source_profile and credential_source/, /Take one of them out/],
  ['odd-source', /credential_source Metadata, which does not exist/, /Environment, Ec2InstanceMetadata, EcsContainer/],
  [
    'corp',
    /The single sign-on session of profile corp has ended, or was never begun/,
    /Run: aws sso login --profile corp/,
  ],
  [
    'older',
    /The single sign-on session of profile older has ended, or was never begun/,
    /aws sso login --profile older/,
  ],
  ['mistyped', /Profile mistyped names the sso_session copr, and .* It has: corp\./, /Correct the name/],
  ['console', /The sign-in of profile console has ended, or was never begun/, /aws login --profile console/],
  [
    'web',
    /Profile web gave no credentials: no-such-token cannot be read\. There is no such file or folder\./,
    /aws configure list --profile web/,
  ],
];

test('a profile that gives no credentials stops with its cause, and nobody else is asked or used', async (t) => {
  const world = await identityWorld(t, config);
  const { folder, machine } = world;
  writeFileSync(join(folder, 'helper.sh'), helper);
  const answers = answersFile(folder, exampleWith());
  for (const [profile, why, next] of cases) {
    // The machine's role, another profile and access keys are all at hand; each of them may do everything.
    const others = { ...machine.instance, ...environmentKeys('securityAdmin'), AWS_PROFILE: 'good' };
    await t.test(profile, async () => {
      const { status, stderr } = await world.run(['run', answers, '--profile', profile, '--workdir', 'w'], others);
      assert.equal(status, 3, stderr);
      assert.match(stderr, /x Can't connect to AWS\./);
      assert.match(stderr, why);
      assert.match(stderr, next);
      assert.match(stderr, /\[CredentialsProviderError\]\n {2}Nothing was made or changed\./);
      for (const secret of [hiddenArgument, hiddenToken, '\u001B']) assert.ok(!stderr.includes(secret), stderr);
      assert.doesNotMatch(stderr, /\n\s+at |undefined|(?:AWS|The SDK) says/);
      assert.deepEqual([machine.asked, world.requests], [[], []]);
    });
  }
  // The program ran once for each of the two profiles that lead to it.
  assert.equal(readFileSync(join(folder, 'runs'), 'utf8'), 'x\nx\n');
  const journal = readFileSync(join(folder, 'w', 'journal.jsonl'), 'utf8');
  for (const secret of [hiddenArgument, hiddenToken]) assert.ok(!journal.includes(secret));
});

test('unfinished stops with the cause as well, in a container that has a role', async (t) => {
  const { run, machine, requests, folder } = await identityWorld(t, config);
  writeFileSync(join(folder, 'helper.sh'), helper);
  for (const [profile, why, next] of cases.slice(0, 6)) {
    const { status, stdout, stderr } = await run(['unfinished', '--profile', profile], {
      ...machine.container,
      ...environmentKeys('securityAdmin'),
    });
    assert.deepEqual([status, stdout], [1, ''], profile);
    assert.match(stderr, /^x Can't look for unfinished keys\.\n/);
    assert.match(stderr, why);
    assert.match(stderr, next);
    assert.doesNotMatch(stderr, /The SDK says/);
  }
  assert.deepEqual([machine.asked, requests], [[], []]);
});

test('over SSH, where no browser opens, the commands for signing in need none', async (t) => {
  const { run } = await identityWorld(t, config);
  const ssh = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' };
  for (const [profile, command] of [
    ['corp', 'aws sso login --profile corp --use-device-code'],
    ['console', 'aws login --profile console --remote'],
  ] as const) {
    const { stderr } = await run(['unfinished', '--profile', profile], ssh);
    assert.match(stderr, new RegExp(`Run: ${command}\\n`));
    const here = await run(['unfinished', '--profile', profile]);
    assert.match(here.stderr, new RegExp(`Run: ${command.replace(/ --[a-z-]+$/, '')}\\n`));
  }
});

test('a source of the answers that is not there is told by its cause, before anything is made', async (t) => {
  const { run, machine, requests, folder } = await identityWorld(t, config);
  for (const [source, environment, says] of [
    [
      'profile:nope',
      environmentKeys('securityAdmin'),
      /connect\.source: There is no profile nope\. The shared config has: good/,
    ],
    ['profile:unprefixed', {}, /section \[unprefixed\] of \S+config is no profile/],
    ['environment', {}, /The environment has no AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY\./],
    [
      'environment',
      { AWS_ACCESS_KEY_ID: 'AKIAKEYFERRYSECOPS01' },
      /has AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY\./,
    ],
    [
      'environment',
      { AWS_PROFILE: 'good', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
      /has no AWS_ACCESS_KEY_ID/,
    ],
  ] as const) {
    const answers = answersFile(folder, exampleWith({ connect: { source } }));
    const { status, stderr } = await run(['run', answers, '--workdir', 'w'], { ...machine.instance, ...environment });
    assert.equal(status, 2, stderr);
    assert.match(stderr, says);
    assert.match(stderr, /nothing was created/);
  }
  assert.deepEqual([machine.asked, requests], [[], []]);
});

test('a ceremony whose profile gives nothing any more is not continued or checked as somebody else', async (t) => {
  const world = await identityWorld(t, `[profile ops]\n${profileKeys('securityAdmin')}`);
  const { run, machine, requests, folder, writeConfig } = world;
  const { recipient, identityFile } = ageIdentity(folder);
  const source = { connect: { source: 'profile:ops' } };
  const answers = answersFile(folder, exampleWith(source, backedUp(recipient, identityFile), memoryAlone));
  const made = await run(['run', answers, '--workdir', 'w']);
  assert.equal(made.status, 0, made.stderr);
  const half = exampleWith(source, {
    'describe-key': { alias: 'alias/half' },
    wrap: { by: 'me', file: 'absent.bin' },
  });
  const halfAnswers = answersFile(folder, half);
  assert.equal((await run(['run', halfAnswers, '--workdir', 'half'])).status, 3);

  writeFileSync(join(folder, 'absent.bin'), Buffer.alloc(256));
  requests.length = 0;
  writeConfig('[profile ops]\ncredential_process = sh helper.sh\n');
  writeFileSync(join(folder, 'helper.sh'), helper);
  const others = { ...machine.instance, ...environmentKeys('securityAdmin') };
  const check = ['check-backup', '--workdir', 'w', '--identity', identityFile, '--yes'];
  const cause = /The credential_process of profile ops gave no credentials\. It wrote: vault: sealed/;
  for (const [args, what, why] of [
    [check, "Can't connect to AWS.", cause],
    [
      [...check, '--profile', 'nope'],
      "Can't connect to AWS.",
      /There is no profile nope\. The shared config has: ops\./,
    ],
    [['run', halfAnswers, '--workdir', 'half'], "Can't connect to AWS again.", cause],
  ] as const) {
    const { status, stderr } = await run(args, others);
    assert.equal(status, 3, stderr);
    assert.ok(stderr.includes(`x ${what}\n`), stderr);
    assert.match(stderr, why);
  }
  assert.deepEqual([machine.asked, requests], [[], []]);
});

test('on the screen each cause is shown, and once the profile is mended trying again goes on', async (t) => {
  const { machine, requests, folder, endpoint, signers, writeConfig } = await identityWorld(t, '');
  writeFileSync(join(folder, 'helper.sh'), helper);
  const session = new TerminalSession(['--profile', 'ops', '--region', 'us-east-1', '--endpoint-url', endpoint], {
    cwd: folder,
    env: { ...machine.instance, ...environmentKeys('securityAdmin') },
  });
  t.after(() => session.kill('SIGKILL'));
  await session.shows("Can't connect to AWS.");
  await session.shows('There is no profile ops.');
  await session.shows(/❯ Try again/);
  writeConfig('[profile ops]\ncredential_process = sh helper.sh\n');
  session.send('\r');
  await session.shows('vault: sealed since 09:15');
  assert.deepEqual([machine.asked, requests], [[], []]);
  writeConfig(`[profile ops]\n${profileKeys('secops1')}`);
  session.send('\r');
  await session.shows('user/secops-1');
  assert.deepEqual(machine.asked, []);
  assert.deepEqual(signers(), [practiceIdentities.secops1.credentials.accessKeyId]);
});

test('credentials that cannot be renewed stop a ceremony where it is, with the cause', async (t) => {
  const { run, machine, signers, folder } = await identityWorld(
    t,
    '[profile short]\ncredential_process = sh renew.sh\n',
  );
  const { accessKeyId, secretAccessKey } = practiceIdentities.secops1.credentials;
  const soon = new Date(Date.now() + 120_000).toISOString();
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, Expiration: soon };
  writeFileSync(join(folder, 'soon.json'), JSON.stringify({ Version: 1, ...keys }));
  writeFileSync(join(folder, 'helper.sh'), helper);
  // What runs out within minutes is renewed before each call; the tenth time the program gives nothing any more.
  const renew = 'echo x >> renewals; if [ $(wc -l < renewals) -lt 10 ]; then cat soon.json; else sh helper.sh; fi\n';
  writeFileSync(join(folder, 'renew.sh'), renew);
  const answers = answersFile(folder, exampleWith());
  const others = { ...machine.instance, ...environmentKeys('securityAdmin') };
  const { status, stderr } = await run(['run', answers, '--profile', 'short', '--workdir', 'w'], others);
  assert.equal(status, 3, stderr);
  assert.match(stderr, /\+ Connected to practice AWS: .* as user secops-1\n/);
  assert.match(
    stderr,
    /The credential_process of profile short gave no credentials\. It wrote: vault: sealed since 09:15/,
  );
  assert.deepEqual(machine.asked, []);
  assert.deepEqual(signers(), [accessKeyId]);
});
