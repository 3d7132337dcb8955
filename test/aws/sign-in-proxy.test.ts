import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { roleService } from '../e2e/role-service.ts';
import { newFolder } from '../new-folder.ts';
import { practiceIdentities } from '../practice/fixed-identities.ts';
import { accessKeyLines, configFile, setNetwork } from './network-settings.ts';
import { proxyServer } from './proxy-server.ts';
import { sessionProfile, signOn, ssoProfile } from './signed-on.ts';
import { makeAuthority, tlsFront } from './tls-front.ts';

/*
 * Where a proxy that inspects TLS is the only way out, what signs in goes through it too, as with aws-cli: HTTPS_PROXY and
 * AWS_CA_BUNDLE are enough.
 */

const authority = makeAuthority();
const needsOpenssl = authority === undefined ? { skip: 'no openssl' } : {};

const { accessKeyId } = practiceIdentities.securityAdmin.credentials;
const role = 'role_arn = arn:aws:iam::000000000000:role/Admin';
const loginSession = 'arn:aws:iam::000000000000:user/alice';
const token = join(newFolder(), 'token');
writeFileSync(token, 'a.web.identity');

const config = `${ssoProfile}${sessionProfile}
[profile keys]
${accessKeyLines}[profile role]
${role}
source_profile = keys
[profile role-of-sso]
${role}
source_profile = sso
[profile apart]
${role}
source_profile = sso
services = apart
[services apart]
sts =
  endpoint_url = https://sts.us-east-1.amazonaws.com
[profile web]
${role}
web_identity_token_file = ${token}
[profile login]
login_session = ${loginSession}
region = us-east-1
`;

const minuteAgo = () => new Date(Date.now() - 60_000).toISOString();

/** What `aws sso login` leaves for the sso-session corp; its token has ended and can be had anew. */
function signOnToSession(t: TestContext): void {
  const registration = {
    clientId: 'c',
    clientSecret: 's',
    refreshToken: 'r',
    registrationExpiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  signOn(t, 'corp', { ...registration, expiresAt: minuteAgo() });
}

/** What `aws login` leaves; its credentials have ended and can be had anew. */
function logIn(t: TestContext): void {
  const cache = join(signOn(t), '.aws', 'login', 'cache');
  mkdirSync(cache, { recursive: true });
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const accessToken = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'x',
    sessionToken: 'x',
    accountId: '000000000000',
    expiresAt: minuteAgo(),
  };
  const dpopKey = privateKey.export({ type: 'sec1', format: 'pem' });
  const file = `${createHash('sha256').update(loginSession).digest('hex')}.json`;
  writeFileSync(join(cache, file), JSON.stringify({ accessToken, clientId: 'c', refreshToken: 'r', dpopKey }));
}

const portal = 'CONNECT portal.sso.us-east-1.amazonaws.com:443';
const oidc = 'CONNECT oidc.us-east-1.amazonaws.com:443';
const sts = 'CONNECT sts.us-east-1.amazonaws.com:443';

for (const [profile, prepare, passed, asked] of [
  ['sso', signOn, [portal], [/^GET \/federation\/credentials/]],
  ['session', signOnToSession, [oidc, portal], [/^POST \/token$/, /^GET \/federation\/credentials/]],
  ['role', signOn, [sts], [/^AssumeRole$/]],
  ['role-of-sso', signOn, [portal, sts], [/^GET \/federation\/credentials/, /^AssumeRole$/]],
  // One configuration of the SDK is for both services, and their endpoints differ.
  ['apart', signOn, [portal, sts], [/^GET \/federation\/credentials/, /^AssumeRole$/]],
  ['web', signOn, [sts], [/^AssumeRoleWithWebIdentity$/]],
  ['login', logIn, ['CONNECT us-east-1.signin.aws.amazon.com:443'], [/^POST \/v1\/token$/]],
] as const) {
  test(`the profile ${profile} signs in through the proxy`, needsOpenssl, async (t) => {
    assert.ok(authority);
    const service = await roleService(t, practiceIdentities.securityAdmin);
    const proxy = await proxyServer(t, { to: await tlsFront(t, service.environment.AWS_ENDPOINT_URL_STS, authority) });
    const network = { AWS_CA_BUNDLE: authority.file, HTTPS_PROXY: `127.0.0.1:${proxy.port}` };
    setNetwork(t, { ...configFile(config), ...network });
    prepare(t);
    const credentials = { from: 'profile', profile } as const;
    const clients = await openClients({ credentials, region: 'us-east-1', onCall: () => {}, pause: async () => {} });
    t.after(() => clients.close());
    await clients.signIn();
    assert.deepEqual(proxy.asked, passed);
    assert.equal(service.asked.length, asked.length);
    service.asked.forEach(({ action }, index) => {
      assert.match(action, asked[index] ?? /nothing/);
    });
    assert.equal((await clients.kms.config.credentials()).accessKeyId, accessKeyId);
  });
}
