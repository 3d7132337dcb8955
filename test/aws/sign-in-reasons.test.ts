import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainMissing, explainSource, roleOfMachine, roleVariables } from '../../source/aws/machine-source.ts';
import { explainMissingProfile } from '../../source/aws/missing-profile.ts';
import { explainProfile } from '../../source/aws/profile-cause.ts';
import { explainMfa, type ResolvedProfile, resolveProfile } from '../../source/aws/profile-method.ts';
import { type ProviderFailure, reasonOf } from '../../source/aws/provider-failure.ts';
import type { ConfigFile, Settings } from '../../source/aws/shared-config.ts';
import { SignInError } from '../../source/aws/sign-in-error.ts';
import { configOf, setVariables } from './shared-config-file.ts';

/* Why nobody could be signed in, in words that lead to what helps. */

const failure = (message: string, more: object = {}) => Object.assign(new Error(message), more) as ProviderFailure;

test('the reason of a provider is told by what it knows: a path, a status, a connection, or else its own words', () => {
  for (const [error, reason] of [
    [
      failure('x', { path: '/a/token', code: 'ENOENT' }),
      /^\/a\/token cannot be read\. There is no such file or folder\.$/,
    ],
    [failure('no words', { statusCode: 500 }), /^it answered with status 500\.$/],
    [failure('Error response received: responded with status: 418'), /^it answered with status 418\.$/],
    [failure('x', { statusCode: 400, Code: 'Bad', Message: 'No' }), /^it answered with status 400 \(Bad: No\)\.$/],
    [failure('connect ECONNREFUSED 127.0.0.1:9'), /^nothing listens there\.$/],
    [failure('something else'), /^something else\.$/],
    [failure('it ended.'), /^it ended\.$/],
    [failure('self-signed certificate in certificate chain'), /certificate is not trusted here/],
    [failure('self-signed certificate'), /certificate is not trusted here/],
    [failure('unable to get local issuer certificate'), /certificate is not trusted here/],
    [failure('unable to verify the first certificate'), /certificate is not trusted here/],
    [failure('certificate has expired'), /^its certificate has expired\.$/],
    [failure('ERR_PROXY_TUNNEL: HTTP/1.1 407 No'), /^the proxy wants a user and password/],
    [failure('ERR_PROXY_TUNNEL: cut'), /^the proxy broke off before there was a way through\.$/],
  ] as const)
    assert.match(reasonOf(error), reason);
});

/** What is said of a profile `ops` whose method is this one. */
const whyNot = (method: ResolvedProfile['method'], error: ProviderFailure) =>
  explainProfile('ops', error, {
    profile: 'ops',
    method,
    settings: { sso_role_name: 'Admin', sso_account_id: '111122223333' },
  });

test('a single sign-on session that has ended leads to signing in again, in whatever words the SDK says so', (t) => {
  setVariables(t, { SSH_CONNECTION: 'x' });
  for (const message of [
    'The token has expired',
    'The SSO session is invalid',
    'Token file not found',
    'UnauthorizedException: x',
    'To refresh this SSO session run aws sso login',
    'Please reauthenticate',
    'please re-authenticate',
    'SESSION EXPIRED',
    'Failed to load token',
  ]) {
    const { why, next } = whyNot('sso', failure(message));
    assert.equal(why, 'The single sign-on session of profile ops has ended, or was never begun.', message);
    assert.equal(next[0], 'Run: aws sso login --profile ops --use-device-code');
    assert.match(whyNot('login', failure(message)).next[0] ?? '', /^Run: aws login --profile ops --remote$/);
  }
  assert.match(
    whyNot('sso', failure('Region is missing')).why,
    /^Profile ops gave no credentials: Region is missing\./,
  );
  assert.match(
    whyNot('login', failure('Region is missing')).why,
    /^Profile ops gave no credentials: Region is missing\./,
  );
  for (const message of ['ForbiddenException: x', 'No access']) {
    const { why, next } = whyNot('sso', failure(message));
    assert.match(why, /no access: role Admin in account 111122223333\./);
    assert.deepEqual(next, ['Check both in the profile, or ask the people who run IAM Identity Center.']);
  }
  delete process.env.SSH_CONNECTION;
  assert.equal(whyNot('sso', failure('it expired')).next[0], 'Run: aws sso login --profile ops');
});

test('a sign-in that could not connect is not called an ended session, and is worth another try', () => {
  const cut = failure('x has expired', { name: 'CredentialsProviderError', code: 'ECONNRESET' });
  for (const [method, why] of [
    ['sso', 'Single sign-on for profile ops cannot be reached: the connection was cut.'],
    ['login', 'The sign-in of profile ops cannot be reached: the connection was cut.'],
  ] as const) {
    const told = whyNot(method, cut);
    assert.deepEqual([told.why, told.kind], [why, 'waiting']);
    assert.match(told.next.join(), /Check the network/);
  }
  const { why } = whyNot('keys', failure('x', { code: 'ECONNRESET' }));
  assert.equal(why, 'STS, which profile ops needs, cannot be reached: the connection was cut.');
  assert.match(whyNot('sso', failure('x', { code: 'CERT_HAS_EXPIRED' })).next.join(), /AWS_CA_BUNDLE/);
});

test('of a credential_process only what it wrote is told: its command may hold a secret', () => {
  const ran = (text: string) => whyNot('process', failure(text)).why;
  assert.match(ran('Command failed: get --token s3cret\nlocked\n'), /no credentials\. It wrote: locked$/);
  assert.match(ran('Command failed: get --token s3cret\n'), /It failed and wrote nothing\.$/);
  assert.match(ran('Command failed: x\npassword=hunter2'), /It wrote: password=\(hidden\)$/);
  assert.match(ran('Profile ops credential_process did not return Version 1.'), /It did not return Version 1\.$/);
  assert.equal(ran('spawn EAGAIN'), 'Profile ops gave no credentials: spawn EAGAIN.');
  const again = 'Then try again.';
  const byHand = 'Run that program by hand: aws configure get credential_process --profile ops';
  assert.deepEqual(whyNot('process', failure('Command failed: x')).next, [byHand, again]);
  assert.deepEqual(whyNot('process', failure('x')).next, ['Look at it: aws configure list --profile ops', again]);
});

const keys = { aws_access_key_id: 'A', aws_secret_access_key: 'x' };
const role = { role_arn: 'arn:aws:iam::111122223333:role/r' };

test('a profile is followed to its credentials as the SDK follows it', () => {
  const env = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'x' };
  const found = (profiles: Readonly<Record<string, Settings>>) => {
    const { profile, method, mfa } = resolveProfile('ops', configOf(profiles), env);
    return [profile, method, ...(mfa === undefined ? [] : [mfa.profile])];
  };
  assert.deepEqual(found({ ops: keys }), ['ops', 'keys']);
  assert.deepEqual(found({ ops: { ...role, source_profile: 'a' }, a: keys }), ['a', 'keys']);
  assert.deepEqual(found({ ops: { ...keys, source_profile: 'a' }, a: keys }), ['ops', 'keys']);
  // With keys, a profile may name itself, or one before it.
  assert.deepEqual(found({ ops: { ...role, ...keys, source_profile: 'ops' } }), ['ops', 'keys']);
  assert.deepEqual(found({ ops: { ...role, credential_source: 'Environment', mfa_serial: 'm' } }), [
    'ops',
    'Environment',
    'ops',
  ]);
  assert.deepEqual(found({ ops: { ...keys, mfa_serial: 'm' } }), ['ops', 'keys']);
  // Without a role, keys come before a credential_source.
  assert.deepEqual(found({ ops: { ...keys, credential_source: 'Environment' } }), ['ops', 'keys']);
  // A code is for the role alone that is assumed: not where keys are used, and not for another method.
  assert.deepEqual(found({ ops: { ...role, source_profile: 'a' }, a: { ...role, ...keys, mfa_serial: 'm' } }), [
    'a',
    'keys',
  ]);
  assert.deepEqual(found({ ops: { ...role, web_identity_token_file: '/t', mfa_serial: 'm' } }), [
    'ops',
    'web identity',
  ]);
  assert.deepEqual(found({ ops: { credential_source: 'Environment', mfa_serial: 'm' } }), ['ops', 'Environment']);
  assert.deepEqual(found({ ops: { ...role, source_profile: 'a', mfa_serial: 'm' }, a: keys }), ['a', 'keys', 'ops']);
  assert.deepEqual(found({ ops: { login_session: 's' } }), ['ops', 'login']);
  assert.deepEqual(found({ ops: { ...role, web_identity_token_file: '/t', credential_process: 'p' } }), [
    'ops',
    'web identity',
  ]);
  assert.deepEqual(found({ ops: { ...role, ...keys, web_identity_token_file: '/t' } }), ['ops', 'keys']);
  assert.deepEqual(found({ ops: { ...role, web_identity_token_file: '/t' } }), ['ops', 'web identity']);
  assert.deepEqual(found({ ops: { web_identity_token_file: '/t', credential_process: 'p' } }), ['ops', 'process']);
});

test('a profile that leads nowhere is told by what it lacks', () => {
  const why = (profiles: Readonly<Record<string, Settings>>, sessions = {}) => {
    try {
      resolveProfile('ops', configOf(profiles, { sessions }), {});
    } catch (error) {
      if (!(error instanceof SignInError)) throw error;
      const { why: cause, next } = error.failure;
      assert.ok(next.length > 0, cause);
      return cause;
    }
    return 'nothing';
  };
  const mfa = { ...role, mfa_serial: 'm' };
  assert.match(
    why({ ops: { ...mfa, source_profile: 'b' }, b: { ...mfa, source_profile: 'c' }, c: keys }),
    /profile ops asks for a code/,
  );
  assert.match(
    why({ ops: { ...role, source_profile: 'b' }, b: { ...role, source_profile: 'ops' } }),
    /circle.*: ops, b, ops\./,
  );
  assert.match(
    why({ ops: { sso_start_url: 'https://x' } }),
    /no sso_region and no sso_account_id and no sso_role_name\./,
  );
  const session = { sso_session: 'corp', sso_account_id: '1', sso_role_name: 'r' };
  assert.equal(why({ ops: session }, { corp: { sso_start_url: 'u', sso_region: 'r' } }), 'nothing');
  const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, {}]));
  assert.match(why({ ops: session }, many), /no section \[sso-session corp\]\. It has: a, b, c, d, e\.$/);
  assert.match(why({ ops: { ...role, source_profile: 'a', credential_source: 'Environment' }, a: keys }), /names both/);
  assert.match(why({ ops: { ...role, ...keys } }), /names role_arn, and neither/);
  assert.match(
    why({ ops: { ...role, credential_source: 'Nobody', credential_process: 'p' } }),
    /credential_source Nobody, which does not exist/,
  );
  assert.equal(
    why({ ops: { region: 'eu-west-1' } }),
    'Profile ops names no way to sign in: no keys, no single sign-on, no role.',
  );
  assert.equal(
    why({ ops: { ...role, source_profile: 'b' }, b: { region: 'eu-west-1' } }),
    'Profile ops takes its credentials from profile b. Profile b names no way to sign in: no keys, no single sign-on, no role.',
  );
  assert.match(
    why({ ops: { ...role, source_profile: 'b' }, a: {} }),
    /^Profile ops takes its credentials from profile b\. There is no profile b\./,
  );
  assert.match(why({ ops: { web_identity_token_file: '/t' } }), /names no way to sign in/);
  assert.match(why({ ops: { aws_access_key_id: 'A' } }), /has aws_access_key_id and no aws_secret_access_key\.$/);
  assert.match(why({ ops: { aws_secret_access_key: 'x' } }), /has aws_secret_access_key and no aws_access_key_id\.$/);
  assert.match(
    why({ ops: { credential_source: 'Environment' } }),
    /from Environment\. The environment has no AWS_ACCESS/,
  );
});

test('what single sign-on lacks leads to the command that sets it up', () => {
  const next = (settings: Settings) => {
    const failed = () => resolveProfile('my ops', configOf({ 'my ops': settings }), {});
    let found: readonly string[] = [];
    assert.throws(failed, (error) => {
      assert.ok(error instanceof SignInError);
      found = [error.failure.why, ...error.failure.next];
      return true;
    });
    return found;
  };
  assert.deepEqual(next({ sso_start_url: 'u', sso_region: 'r', sso_account_id: '1' }), [
    'Profile my ops is set up for single sign-on and has no sso_role_name.',
    "Set it up: aws configure sso --profile 'my ops'",
    'Then try again.',
  ]);
  assert.deepEqual(next({ sso_session: 'corp' }), [
    'Profile my ops names the sso_session corp, and the config file has no section [sso-session corp]. It has: none.',
    'Correct the name in the profile, or make the section: aws configure sso-session',
    'Then try again.',
  ]);
});

test('a role that asks for a code leads to the commands with which the code is used', () => {
  const settings = { ...role, mfa_serial: 'm', source_profile: 'my base' };
  const { next } = explainMfa({ profile: 'ops', serial: 'm', settings });
  assert.match(next[1] ?? '', /--serial-number m --token-code CODE --profile 'my base'$/);
  assert.match(explainMfa({ profile: 'ops', serial: 'm', settings: role }).next[1] ?? '', /--token-code CODE$/);
});

test('a profile that is missing is told with the header that stands in its place', () => {
  const file = (kind: ConfigFile['kind'], ...sections: readonly string[]): ConfigFile => ({
    path: `/${kind}`,
    kind,
    sections,
  });
  const why = (name: string, files: readonly ConfigFile[], profiles: readonly string[] = []) =>
    explainMissingProfile(name, configOf(Object.fromEntries(profiles.map((each) => [each, {}])), { files })).why;
  assert.match(why('ops', [file('config', 'profile "ops"')]), /^Profile ops in \/config has no settings/);
  assert.match(why('ops', [file('config', 'ops')]), /^The section \[ops\] of \/config is no profile/);
  assert.match(why('ops', [file('credentials', 'profile ops')]), /^The section \[profile ops\] of \/credentials is no/);
  assert.match(why('default', [file('config', 'default')]), /^Profile default in \/config has no settings/);
  assert.match(
    why('', [], ['a', 'b', 'c', 'd', 'e']),
    /^There is no profile ""\. The shared config has: a, b, c, d, e\.$/,
  );
  assert.match(why('x', [], ['a', 'b', 'c', 'd', 'e', 'f']), /has: a, b, c, d, e and 1 more\.$/);
  const unread = { ...file('config'), errorCode: 'EACCES' };
  assert.match(why('x', [unread]), /has no profiles\. \/config cannot be read\. You are not allowed/);
  for (const readable of [{ ...unread, errorCode: 'ENOENT' }, file('config')])
    assert.match(why('x', [readable]), /has no profiles\.$/);
});

test('the role of a machine is that of a web identity, then of a container, then of the machine', () => {
  const [token = '', relative = '', full = ''] = roleVariables;
  assert.equal(roleOfMachine({ [token]: '/t', [relative]: '/r' }), 'TokenFile');
  assert.equal(roleOfMachine({ [relative]: '/r' }), 'EcsContainer');
  assert.equal(roleOfMachine({ [full]: 'http://x' }), 'EcsContainer');
  assert.equal(roleOfMachine({ [token]: '', [relative]: '', [full]: '' }), 'Ec2InstanceMetadata');
  for (const name of [relative, full]) assert.equal(explainMissing('EcsContainer', { [name]: 'x' }), undefined);
  for (const [source, env] of [
    ['EcsContainer', {}],
    ['TokenFile', { [token]: '/t' }],
    ['Environment', { AWS_ACCESS_KEY_ID: 'A' }],
    ['Environment', {}],
    ['Ec2InstanceMetadata', { AWS_EC2_METADATA_DISABLED: 'yes' }],
  ] as const)
    assert.match(
      explainMissing(source, env)?.next.join() ?? '',
      /^[A-Z].*\.,Or choose another way to connect\.$/,
      source,
    );
  assert.equal(explainMissing('TokenFile', { [token]: '/t', AWS_ROLE_ARN: 'r' }), undefined);
  for (const [env, why] of [
    [{}, 'The environment has no AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY.'],
    [{ AWS_ACCESS_KEY_ID: 'A' }, 'The environment has AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY.'],
    [{ AWS_SECRET_ACCESS_KEY: 'x' }, 'The environment has AWS_SECRET_ACCESS_KEY and no AWS_ACCESS_KEY_ID.'],
  ] as const)
    assert.equal(explainMissing('Environment', env)?.why, why);
  for (const value of ['false', ''])
    assert.equal(explainMissing('Ec2InstanceMetadata', { AWS_EC2_METADATA_DISABLED: value }), undefined);
  for (const [statusCode, why, first] of [
    [401, /wants a session token \(IMDSv2\)/, /^Raise it: aws ec2 .*--http-put-response-hop-limit 2/],
    [403, /is switched off, or forbidden/, /^Switch it on: .*--http-endpoint enabled/],
    [404, /no role is attached to the machine/, /^Attach a role/],
    [500, /gave no role: it answered with status 500\.$/, /^A machine that is not an EC2 instance/],
    [undefined, /gave no role: x\.$/, /^A machine that is not an EC2 instance/],
  ] as const) {
    const told = explainSource('Ec2InstanceMetadata', failure('x', { statusCode }));
    assert.match(told.why, why);
    assert.match(told.next[0] ?? '', first);
    assert.equal(told.next.at(-1), 'Or choose another way to connect.');
    assert.ok(told.next.length > 1);
  }
  for (const [source, why] of [
    ['EcsContainer', /^The credentials endpoint of this container gave no credentials: x\.$/],
    ['TokenFile', /^STS gave no role for the token file that AWS_WEB_IDENTITY_TOKEN_FILE names: x\.$/],
    ['Environment', /^The environment gave no credentials: x\.$/],
  ] as const) {
    const told = explainSource(source, failure('x'));
    assert.match(told.why, why);
    assert.equal(told.next.at(-1), 'Or choose another way to connect.');
  }
});
