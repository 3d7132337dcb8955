import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { rootCertificates } from 'node:tls';
import type { ClientOptions } from '../../source/aws/clients.ts';
import { checkAuthorities } from '../../source/doctor/authorities-check.ts';
import { checkCeremonyFolders } from '../../source/doctor/ceremony-folders-check.ts';
import type { Check } from '../../source/doctor/check.ts';
import { checkClock } from '../../source/doctor/clock-check.ts';
import { checkFolder } from '../../source/doctor/folder-check.ts';
import { checkIdentity } from '../../source/doctor/identity-check.ts';
import { checkNode } from '../../source/doctor/node-check.ts';
import { makeCheckFormatter, verdict } from '../../source/doctor/page.ts';
import type { Place } from '../../source/doctor/place.ts';
import { checkProfile } from '../../source/doctor/profile-check.ts';
import { checkProxy } from '../../source/doctor/proxy-check.ts';
import { checkSettings } from '../../source/doctor/settings-check.ts';
import { summaryOf } from '../../source/doctor/summary.ts';
import { checkTerminal } from '../../source/doctor/terminal-check.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { setNetwork } from '../aws/network-settings.ts';
import { configOf } from '../aws/shared-config-file.ts';
import { identity } from '../faults/identity.ts';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { assertStored } from '../stored-text.ts';
import { placeOf } from './place-of.ts';

/*
 * What each check says and what it gives to programs, whole: test/doctor/results has each as it should be.
 * `node --test --test-update-snapshots` writes them anew, and the difference is to be read.
 */

const folder = newFolder();
const { version, engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const practice = { endpoint: 'http://127.0.0.1:1', credentials: { accessKeyId: 'A', secretAccessKey: 'S' } };

/** Compares results, each below its name, with those of a file. */
function assertAs(t: TestContext, file: string, results: Readonly<Record<string, unknown>>): void {
  const text = Object.entries(results).map(([name, result]) => `${name}\n${JSON.stringify(result, undefined, 2)}\n`);
  assertStored(t, text.join('\n').replaceAll(folder, '/here'), new URL(`results/${file}.txt`, import.meta.url));
}

const config = configOf(
  {
    ops: { aws_access_key_id: 'A', aws_secret_access_key: 'S', region: 'eu-west-1', use_fips_endpoint: 'true' },
    glass: { source_profile: 'ops', role_arn: 'arn:aws:iam::1:role/r', mfa_serial: 'arn:aws:iam::1:mfa/m' },
  },
  {
    files: [
      { path: '/home/me/.aws/config', kind: 'config', sections: ['profile ops'] },
      { path: '/home/me/.aws/credentials', kind: 'credentials', sections: [], errorCode: 'ENOENT' },
    ],
  },
);
const keys = { AWS_ACCESS_KEY_ID: 'A', AWS_SECRET_ACCESS_KEY: 'S' };

test('where credentials come from is told, and what is missing for them', (t) => {
  const check = (source: Place['source'], from: string, env = {}) =>
    checkProfile(placeOf(source, from), { config, env });
  assertAs(t, 'profile', {
    practice: check(practice, '--practice'),
    'keys of the environment': check('environment', 'AWS_ACCESS_KEY_ID', keys),
    'half a pair of keys': check('environment', 'AWS_ACCESS_KEY_ID', { AWS_ACCESS_KEY_ID: 'A' }),
    'nothing at all': check('instance-role', 'nothing names any', {}),
    'a role of a pod': check('instance-role', 'AWS_WEB_IDENTITY_TOKEN_FILE', {
      AWS_WEB_IDENTITY_TOKEN_FILE: '/t',
      AWS_ROLE_ARN: 'r',
    }),
    'half a role of a pod': check('instance-role', 'AWS_WEB_IDENTITY_TOKEN_FILE', {
      AWS_WEB_IDENTITY_TOKEN_FILE: '/t',
    }),
    'a profile by a flag': check('profile:ops', '--profile'),
    'a profile by a variable': check('profile:ops', 'AWS_PROFILE'),
    'a profile by default': check('profile:ops', 'the shared config'),
    'a profile with MFA': check('profile:glass', '--profile'),
    'no such profile': check('profile:opps', '--profile'),
  });
});

test('the Region and the settings of connections are told, and what cannot be followed', (t) => {
  const check = (place: Partial<Place>, env = {}, source: Place['source'] = 'environment') => {
    const { check: result, settings } = checkSettings(placeOf(source, '', place), { config, env });
    return { result, kms: result.state === 'fine' ? settings.endpointOf('KMS') : settings.maxAttempts };
  };
  const url = 'https://me:s3cret@vpce.test/';
  assertAs(t, 'settings', {
    usual: check({}),
    'not a Region': check({ region: 'us east' }, { AWS_MAX_ATTEMPTS: '7' }),
    'from the profile': check({}, {}, 'profile:ops'),
    'from the environment': check({}, { AWS_USE_DUALSTACK_ENDPOINT: 'true', AWS_MAX_ATTEMPTS: '7' }),
    'one endpoint of its own': check({}, { AWS_ENDPOINT_URL_KMS: `${url}path` }),
    'one endpoint for all': check({}, { AWS_ENDPOINT_URL: url }),
    'the endpoint of the flag': check({ endpointUrl: 'https://flag.test' }, { AWS_ENDPOINT_URL: url }),
    'attempts that are no number': check({}, { AWS_MAX_ATTEMPTS: 'many' }),
    'no check of certificates': check({}, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }),
    'practice, which reads no settings': check(
      {},
      { AWS_ENDPOINT_URL: url, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      practice,
    ),
  });
});

test('proxies are told with the hosts that are reached through them, and without their passwords', (t) => {
  const urls = ['https://kms.us-east-1.amazonaws.com', 'https://s3.us-east-1.amazonaws.com'];
  const check = (env: Readonly<Record<string, string>>) => checkProxy(env, urls);
  assertAs(t, 'proxy', {
    none: check({}),
    'for all hosts': check({ HTTPS_PROXY: 'http://me:s3cret@proxy.test:3128' }),
    'for one host': check({ HTTPS_PROXY: 'http://proxy.test:3128', NO_PROXY: 'kms.us-east-1.amazonaws.com' }),
    'for no host': check({ HTTP_PROXY: 'http://proxy.test:3128' }),
    'of another kind': check({ HTTPS_PROXY: 'socks5://me:s3cret@proxy.test' }),
    'of another kind, for no host': check({ HTTPS_PROXY: 'socks5://me:s3cret@proxy.test', NO_PROXY: '*' }),
    'by ALL_PROXY alone': check({ ALL_PROXY: 'http://proxy.test:3128' }),
    'by all_proxy alone': check({ all_proxy: 'http://proxy.test:3128' }),
    'by ALL_PROXY beside another': check({ ALL_PROXY: 'http://a.test', HTTPS_PROXY: 'http://b.test' }),
  });
});

test('the sources of trusted authorities are told, and which of them gives none', (t) => {
  const file = join(folder, 'authorities.pem');
  writeFileSync(file, rootCertificates.slice(0, 2).join('\n'));
  const none = '/nowhere/ca.pem';
  const bundle = (path: string) => ({ caBundle: { path, from: 'AWS_CA_BUNDLE' } });
  const own = checkAuthorities({}, {}).facts.sources as { certificates: number }[];
  const count = own[0]?.certificates ?? 0;
  const check = (env: Readonly<Record<string, string>>, settings = {}) =>
    JSON.parse(
      JSON.stringify(checkAuthorities(env, settings))
        // Its name has the number of this process, whose digits may be those of the count.
        .replaceAll(folder, '/here')
        .replaceAll(String(count), 'N')
        .replaceAll(String(count + 4), 'N+4')
        .replaceAll(/:N\b/g, ':"N"'),
    );
  assertAs(t, 'authorities', {
    usual: check({}),
    'two files more': check({ NODE_EXTRA_CA_CERTS: file }, bundle(file)),
    'a file that Node ignores': check({ NODE_EXTRA_CA_CERTS: none }, bundle(file)),
    'a bundle that is not there': check({}, bundle(none)),
    'neither is there': check({ NODE_EXTRA_CA_CERTS: none }, bundle(none)),
  });
});

test('folders are told with what is wrong with each', (t) => {
  const [open, closed, file] = ['open', 'closed', 'file'].map((name) => join(folder, name));
  assert.ok(open !== undefined && closed !== undefined && file !== undefined);
  for (const path of [open, closed]) {
    mkdirSync(path);
    writeFileSync(join(path, 'j'), '');
    chmodSync(join(path, 'j'), path === open ? 0o640 : 0o600);
    chmodSync(path, path === open ? 0o755 : 0o700);
  }
  writeFileSync(file, '');
  chmodSync(file, 0o600);
  const uid = process.getuid?.() ?? 0;
  const check = (paths: readonly string[], named?: string, user = uid) =>
    JSON.parse(
      JSON.stringify(checkCeremonyFolders({ paths, named, journal: 'j', uid: user })).replaceAll(`(${uid})`, '(me)'),
    );
  assertAs(t, 'folders', {
    none: check([]),
    'all closed': check([closed]),
    'an open one beside': check([closed, open]),
    'the named one is open': check([open], open),
    'of another user': check([closed], undefined, 99_999),
    'a file': check([file], file),
    'to work in': checkFolder(folder, 0o027),
    'to be made': checkFolder(join(folder, 'a/b'), 0o077),
    'below a file': checkFolder(join(file, 'a'), 0o077),
    'with an unfit umask': checkFolder(folder, 0o177),
  });
});

test('how far the clock is off is told from a minute on, and fails where AWS would refuse', (t) => {
  const probe = { addresses: [], connectMs: 1, isPractice: false };
  const check = (aheadMs: number) => checkClock([['STS', { ...probe, aheadMs }]]);
  assertAs(t, 'clock', {
    'no time': checkClock([
      ['STS', probe],
      ['KMS', undefined],
    ]),
    'both tell it': checkClock([
      ['STS', { ...probe, aheadMs: 0 }],
      ['KMS', { ...probe, aheadMs: 90_000 }],
    ]),
    'a second': check(1400),
    'two seconds': check(-2000),
    '59 seconds': check(59_000),
    'a minute': check(60_000),
    'five minutes': check(-300_000),
    'more than five minutes': check(301_000),
  });
});

test('what a terminal lacks for the screen is told, with what to do instead', (t) => {
  const check = (columns: number, rows: number, env: Readonly<Record<string, string>> = {}) =>
    checkTerminal(
      readTerminal({
        env: { LANG: 'C.UTF-8', ...env },
        stdin: { isTTY: true },
        stdout: { isTTY: true, columns, rows },
      }),
      env,
    );
  assertAs(t, 'terminal', {
    'as small as it can be': check(40, 12, { TERM: 'xterm-256color' }),
    'too narrow': check(39, 12, { TERM: 'xterm', NO_COLOR: '1' }),
    'too low': check(40, 11, { LANG: 'C' }),
    dumb: check(80, 24, { TERM: 'dumb' }),
    'read aloud': check(80, 24, { INK_SCREEN_READER: '1' }),
    none: checkTerminal(readTerminal({ env: {}, stdin: {}, stdout: {} }), {}),
  });
});

/** What is said of the person where AWS answers so. */
async function identityBy(
  t: TestContext,
  listener: RequestListener,
  { stop = new AbortController(), ...options }: Partial<ClientOptions> & { readonly stop?: AbortController } = {},
): Promise<Check> {
  setNetwork(t, {});
  const { endpoint } = await serve(t, createServer(listener));
  // No call is tried again: the server may be closed by then.
  const pause = () => new Promise<never>(() => {});
  const clients = await clientsAt(t, endpoint, { pause, ...options });
  return checkIdentity(clients, stop.signal);
}

/** What is said of the person where STS answers so. */
const identityOf = (t: TestContext, status: number, answer: string) =>
  identityBy(t, (_, response) => {
    response.writeHead(status, { 'x-amzn-requestid': 'r-7' });
    response.end(answer);
  });

test('who the person is for AWS is told, and why that is not known', async (t) => {
  const user = identity('111122223333');
  const federated = user.replace('iam::111122223333:user/', 'sts::111122223333:federated-user/');
  const error =
    '<ErrorResponse><Error><Type>Sender</Type><Code>ExpiredToken</Code><Message>Old.</Message></Error><RequestId>r-7</RequestId></ErrorResponse>';
  assertAs(t, 'identity', {
    'a user': await identityOf(t, 200, user),
    'a federated user': await identityOf(t, 200, federated),
    'expired credentials': await identityOf(t, 403, error),
  });
});

test('whoever stops the question who they are gets no check that failed, and waits for nobody', {
  timeout: 5000,
}, async (t) => {
  const session = identity('111122223333').replace('iam::111122223333:user/', 'sts::111122223333:assumed-role/a/');
  const reason = new Error('stopped');
  for (const silent of [1, 2]) {
    const stop = new AbortController();
    let came = 0;
    const check = identityBy(
      t,
      (_, response) => {
        came += 1;
        if (came === silent) stop.abort(reason);
        else response.end(session);
      },
      { stop },
    );
    await assert.rejects(check, reason);
    assert.equal(came, silent);
  }
});

test('without credentials nobody is asked, and the name of the error is not told', async (t) => {
  let came = 0;
  const listener: RequestListener = (_, response) => {
    came += 1;
    response.end();
  };
  const { state, what, why } = await identityBy(t, listener, { credentials: { from: 'environment' } });
  assert.deepEqual([state, what, came], ['fails', 'No AWS credentials: Keyferry cannot sign in.', 0]);
  assert.match(why ?? '', /\w/);
  assert.doesNotMatch(why ?? '', /\[|CredentialsProviderError/);
});

test('STS has fifteen seconds to say who the person is', async (t) => {
  const limits: number[] = [];
  t.mock.method(AbortSignal, 'timeout', (ms: number) => {
    limits.push(ms);
    return AbortSignal.abort(new DOMException('The time is up.', 'TimeoutError'));
  });
  const { state, why } = await identityBy(t, () => {});
  assert.deepEqual([state, why, limits], ['fails', 'The connection to AWS failed: no answer came in time.', [15_000]]);
});

test('the last line counts what is in the way and the warnings, and the lines of a check stand in their order', (t) => {
  const check = (state: Check['state'], id: Check['id'] = 'node'): Check => ({
    id,
    state,
    what: 'What.',
    facts: { n: 1 },
  });
  const [fine, warning, fails] = [check('fine'), check('warning', 'clock'), check('fails', 'proxy')];
  const terminal = readTerminal({
    env: { LANG: 'C.UTF-8' },
    stdin: {},
    stdout: { isTTY: true, columns: 80, rows: 24 },
  });
  const whole = { ...warning, why: 'Why.', details: ['One.', 'Two.'], next: ['Do.', 'Or.'] };
  const summary = summaryOf([fails, whole, fine], new Date('2026-11-26T14:02:00Z'));
  assert.equal(summaryOf([fine, warning], new Date()).ok, true);
  const node = checkNode({ ...process.versions, node: '24.5.0', openssl: '3.0.1' });
  assertAs(t, 'page', {
    verdicts: [
      [fine],
      [fine, warning],
      [warning, warning],
      [fails],
      [fails, fails, warning],
      [fails, warning, warning],
    ].map(verdict),
    lines: [fine, whole, fails].map(makeCheckFormatter(terminal)),
    summary,
    node: node.what.replace(version, 'VERSION'),
  });
  assert.deepEqual(node.facts, {
    version,
    node: '24.5.0',
    needed: engines.node,
    openssl: '3.0.1',
    platform: `${process.platform}-${process.arch}`,
  });
});
