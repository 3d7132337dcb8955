import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findNamingVariable, readAwsEnvironment } from '../../source/aws/environment.ts';
import { readSharedConfig } from '../../source/aws/shared-config.ts';
import { homeOfAccount } from '../../source/disk/home.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';
import { setVariables } from './shared-config-file.ts';

/** A home with these two files, for this process. */
function homeWith(t: TestContext, config: string, credentials: string): string {
  const home = newFolder();
  mkdirSync(join(home, '.aws'));
  writeFileSync(join(home, '.aws', 'config'), config);
  writeFileSync(join(home, '.aws', 'credentials'), credentials);
  setVariables(t, { HOME: home, AWS_CONFIG_FILE: '', AWS_SHARED_CREDENTIALS_FILE: '' });
  return home;
}

test('both files of the home are read, again on each call, and that of the credentials counts more', async (t) => {
  const home = homeWith(
    t,
    '[profile ops]\nregion = eu-west-1\noutput = json\n[sso-session corp]\nsso_region = us-east-1\n[services mine]\nkms =\n  endpoint_url = https://k\n',
    '[ops]\nregion = us-west-2\n[other]\n',
  );
  const { profiles, ssoSessions, services, files } = await readSharedConfig();
  assert.deepEqual({ ...profiles.get('ops') }, { region: 'us-west-2', output: 'json' });
  assert.equal(ssoSessions.get('corp')?.sso_region, 'us-east-1');
  assert.equal(services.get('mine')?.['kms.endpoint_url'], 'https://k');
  assert.deepEqual([ssoSessions.size, services.size], [1, 1]);
  assert.deepEqual(
    files.map(({ path, kind, sections }) => [path, kind, sections]),
    [
      [join(home, '.aws', 'config'), 'config', ['profile ops', 'sso-session corp', 'services mine']],
      [join(home, '.aws', 'credentials'), 'credentials', ['ops', 'other']],
    ],
  );
  writeFileSync(join(home, '.aws', 'credentials'), '[ops]\nregion = sa-east-1\n');
  assert.equal((await readSharedConfig()).profiles.get('ops')?.region, 'sa-east-1');
});

test('files that the environment names replace those of the home, and one that cannot be read says why', async (t) => {
  const home = homeWith(t, '[profile home]\nregion = eu-west-1\n', '');
  writeFileSync(join(home, 'mine'), '[ profile mine ]\nregion = eu-west-1\nnote = see [profile other]\n');
  setVariables(t, { AWS_CONFIG_FILE: '~/mine', AWS_SHARED_CREDENTIALS_FILE: home });
  const { files } = await readSharedConfig();
  assert.deepEqual(files, [
    { kind: 'config', path: join(home, 'mine'), sections: ['profile mine'] },
    { kind: 'credentials', path: home, sections: [], errorCode: 'EISDIR' },
  ]);
});

test('without a HOME, the files are those of the account home', async (t) => {
  keepEnvironment(t);
  for (const name of ['HOME', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) delete process.env[name];
  const folder = join(homeOfAccount() ?? '', '.aws');
  const { files } = await readSharedConfig();
  assert.deepEqual(
    files.map(({ path }) => path),
    [join(folder, 'config'), join(folder, 'credentials')],
  );
});

test('the profile that the environment names comes first, else the default one', async (t) => {
  homeWith(t, '[profile a]\nregion = eu-west-1\n[profile b]\nregion = us-east-1\n[default]\noutput = json\n', '');
  const offered = async (env: Readonly<Record<string, string>>) => {
    const { profiles, region, source } = await readAwsEnvironment(env);
    return [profiles.map(({ name }) => name).join(), region, source];
  };
  assert.deepEqual(await offered({}), ['default,a,b', undefined, 'instance-role']);
  assert.deepEqual(await offered({ AWS_PROFILE: 'b', AWS_DEFAULT_REGION: 'sa-east-1' }), [
    'b,default,a',
    'sa-east-1',
    'instance-role',
  ]);
  const both = { AWS_PROFILE: 'b', AWS_DEFAULT_PROFILE: 'a', AWS_REGION: 'us-west-1', AWS_DEFAULT_REGION: 'sa-east-1' };
  assert.deepEqual(await offered(both), ['a,default,b', 'us-west-1', 'instance-role']);
  const { profiles } = await readAwsEnvironment({});
  assert.deepEqual(profiles, [
    { name: 'default' },
    { name: 'a', region: 'eu-west-1' },
    { name: 'b', region: 'us-east-1' },
  ]);
  const { whyMissing } = await readAwsEnvironment({});
  assert.match(whyMissing('environment') ?? '', /^The environment has no AWS_ACCESS_KEY_ID/);
  assert.match(whyMissing('profile:c') ?? '', /^There is no profile c\./);
  assert.deepEqual([whyMissing('profile:a'), whyMissing('instance-role')], [undefined, undefined]);
});

test('without a flag, the identity is the one that the aws command would take', async (t) => {
  const keys = 'aws_access_key_id = A\naws_secret_access_key = x\n';
  const role = 'role_arn = arn:aws:iam::111122223333:role/r\n';
  homeWith(
    t,
    `[default]\n${keys}[profile role]\n${role}source_profile = default\n[profile token]\n${role}web_identity_token_file = /t\n[profile region]\nregion = eu-west-1\n[profile half]\naws_access_key_id = A\n[profile sso]\nsso_session = corp\n`,
    '',
  );
  const key = { AWS_ACCESS_KEY_ID: 'A' };
  const token = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t' };
  const named = (AwsProfile: string) => ({ AWS_PROFILE: AwsProfile });
  for (const [env, source] of [
    [{}, 'profile:default'],
    [key, 'environment'],
    [{ ...key, ...named('role') }, 'environment'],
    // A profile that is named and not there is not passed over.
    [{ ...key, ...named('gone') }, 'profile:gone'],
    [named('role'), 'profile:role'],
    [{ ...token, ...named('role') }, 'profile:role'],
    [{ ...token, ...named('token') }, 'instance-role'],
    [named('token'), 'profile:token'],
    [token, 'instance-role'],
    [named('region'), 'instance-role'],
    // What is begun and cannot work is told with its error.
    [named('half'), 'profile:half'],
    [named('sso'), 'profile:sso'],
  ] as const)
    assert.equal((await readAwsEnvironment(env)).source, source, JSON.stringify(env));
  homeWith(t, '', '');
  for (const [env, source] of [
    [{}, 'instance-role'],
    [key, 'environment'],
    [{ ...key, ...token }, 'environment'],
  ] as const)
    assert.equal((await readAwsEnvironment(env)).source, source, JSON.stringify(env));
});

test('the variable that makes the aws command use an identity is named', () => {
  const both = { AWS_DEFAULT_PROFILE: 'a', AWS_PROFILE: 'b' };
  assert.equal(findNamingVariable('environment', both), 'AWS_ACCESS_KEY_ID');
  assert.equal(findNamingVariable('profile:a', both), 'AWS_DEFAULT_PROFILE');
  assert.equal(findNamingVariable('profile:b', { AWS_PROFILE: 'b' }), 'AWS_PROFILE');
  assert.equal(findNamingVariable('profile:default', {}), 'the default profile');
  const role = { AWS_WEB_IDENTITY_TOKEN_FILE: '/t', AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/r' };
  assert.equal(findNamingVariable('instance-role', role), 'AWS_WEB_IDENTITY_TOKEN_FILE');
  assert.equal(findNamingVariable('instance-role', {}), 'nothing');
});
