import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { proxyServer } from '../aws/proxy-server.ts';
import { standIn } from '../aws/stand-in.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { environmentKeys, homeWith, identityWorld, profileKeys } from './identity-world.ts';
import { bareEnvironment, keyferry, program } from './program.ts';
import { TerminalSession } from './terminal-session.ts';

const authority = makeAuthority();
const needsOpenssl = authority === undefined ? { skip: 'no openssl' } : {};
const nobody = 'http://127.0.0.1:9';

type Found = { readonly id: string; readonly state: string; readonly what: string; readonly [fact: string]: unknown };
type Summary = { readonly asOf: string; readonly ok: boolean; readonly checks: readonly Found[] };

/** What `--json` prints, and each check by its id. */
async function looked(
  args: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<{
  readonly status: number | null;
  readonly text: string;
  readonly of: (id: string) => Found;
  readonly summary: Summary;
}> {
  const { status, stdout, stderr } = await keyferry(['doctor', '--json', ...args], folder, environment);
  const summary = JSON.parse(stdout) as Summary;
  const of = (id: string) => {
    const found = summary.checks.find((check) => check.id === id);
    assert.ok(found, `${id} in ${stdout}`);
    return found;
  };
  return { status, text: stdout + stderr, of, summary };
}

test('in a bare folder without settings it says that there are no credentials, and writes nothing', async () => {
  const folder = newFolder();
  const { status, stdout, stderr } = await keyferry(['doctor', '--endpoint-url', nobody], folder);
  assert.equal(status, 1);
  assert.equal(stderr, '');
  assert.match(stdout, /^✔ Node .* is new enough for Keyferry /);
  assert.match(stdout, /^x No access keys in the environment, and no profile/m);
  assert.match(stdout, /^x No AWS credentials: Keyferry cannot sign in\.$/m);
  assert.match(stdout, /^x KMS at http:\/\/127\.0\.0\.1:9 does not answer: nothing listens there\.$/m);
  assert.match(stdout, /^! IAM at /m);
  assert.match(stdout, /^Keyferry will not work here: \d things are in the way \(x\), with 3 warnings \(!\)\.$/m);
  for (const line of stdout.split('\n')) assert.ok(line.length <= 80, line);
  assert.deepEqual(readdirSync(folder), ['.cache']);
});

test('--json prints one object with the same ids in the same order, whether it will work or not', async () => {
  const folder = newFolder();
  const [good, bad, unread] = await Promise.all([
    looked(['--practice'], folder),
    looked(['--endpoint-url', nobody], folder),
    looked([], folder, { AWS_MAX_ATTEMPTS: 'many' }),
  ]);
  assert.deepEqual([good.status, bad.status, unread.status], [0, 1, 1]);
  const ids =
    'node terminal folder ceremony-folders profile settings proxy authorities endpoint-kms endpoint-s3 endpoint-iam endpoint-sts clock identity';
  for (const { summary } of [good, bad, unread]) {
    assert.deepEqual(Object.keys(summary), ['asOf', 'ok', 'checks']);
    assert.equal(new Date(summary.asOf).toISOString(), summary.asOf);
    assert.equal(summary.checks.map(({ id }) => id).join(' '), ids);
    for (const check of summary.checks) {
      assert.match(check.state, /^(fine|warning|fails)$/);
      assert.match(check.what, /^\S.*\S$/);
    }
    assert.equal(
      summary.ok,
      summary.checks.every(({ state }) => state !== 'fails'),
    );
  }
  assert.equal(good.summary.ok, true);
  assert.match(String(unread.of('settings').why), /"many", which is no number/);
  assert.deepEqual([unread.of('endpoint-kms').state, unread.of('identity').state], ['warning', 'fails']);
  const inside = await looked(['--endpoint-url', nobody, '--profile', 'ops'], folder, { AWS_ENDPOINT_URL: 'nonsense' });
  assert.equal(inside.status, 1);
  assert.match(String(inside.of('identity').why), /The endpoint "nonsense" is no address/);
});

test('practice AWS is told as practice, and leaves nothing behind', async (t) => {
  const folder = newFolder();
  const scratch = newFolder();
  const own = await keyferry(['doctor', '--practice'], folder, { TMPDIR: scratch });
  assert.equal(own.status, 0, own.stdout);
  assert.match(
    own.stdout,
    /^✔ KMS at http:\/\/127\.0\.0\.1:\d+ answers after \d+ ms: practice AWS\.\n {4}127\.0\.0\.1; plain HTTP on this machine$/m,
  );
  assert.match(own.stdout, /^✔ Practice AWS knows you: account 000000000000\.$/m);
  assert.match(own.stdout, /^Keyferry will work here, with 1 warning \(!\)\.$/m);
  assert.deepEqual([readdirSync(folder), readdirSync(scratch)], [['.cache'], []]);

  const { endpoint } = await identityWorld(t, '');
  const served = await looked(['--endpoint-url', endpoint], folder, environmentKeys('securityAdmin'));
  assert.equal(served.status, 0, served.text);
  assert.equal(served.of('endpoint-sts').isPractice, true);
  assert.equal(served.of('identity').practice, true);
});

test(
  'behind a proxy that inspects TLS it names the proxy, the issuer and the group, and no password',
  needsOpenssl,
  async (t) => {
    assert.ok(authority);
    const front = await tlsFront(t, (await standIn(t)).endpoint, authority);
    const proxy = await proxyServer(t, { to: front, credentials: 'me:s3cret' });
    const keys = environmentKeys('securityAdmin');
    const settings = {
      ...keys,
      AWS_REGION: 'us-east-1',
      HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}`,
      AWS_CA_BUNDLE: authority.file,
    };
    const { status, stdout } = await keyferry(['doctor'], newFolder(), settings);
    assert.equal(status, 0, stdout);
    const told = stdout.replaceAll(/\n +/g, ' ');
    const hosts = [
      'kms.us-east-1.amazonaws.com',
      's3.us-east-1.amazonaws.com',
      'iam.amazonaws.com',
      'sts.us-east-1.amazonaws.com',
    ];
    assert.ok(
      told.includes(`✔ AWS is asked through a proxy. HTTPS_PROXY: 127.0.0.1:${proxy.port}, for ${hosts.join(', ')}\n`),
      told,
    );
    assert.ok(told.includes(`1 of AWS_CA_BUNDLE (${authority.file})`), told);
    assert.match(
      told,
      new RegExp(
        `✔ STS at sts\\.us-east-1\\.amazonaws\\.com through the proxy 127\\.0\\.0\\.1:${proxy.port} answers after \\d+ ms\\. TLSv1\\.3 with X25519(MLKEM768)?; certificate by Inspection\\n`,
      ),
    );
    assert.match(told, /✔ This machine's clock agrees with STS's clock\./);
    assert.match(told, /✔ AWS knows you: account 000000000000\./);
    assert.deepEqual([...new Set(proxy.asked)].toSorted(), hosts.map((host) => `CONNECT ${host}:443`).toSorted());

    const asJson = await looked([], newFolder(), settings);
    assert.deepEqual(asJson.of('endpoint-kms').addresses, []);
    assert.equal((asJson.of('endpoint-kms').tls as { issuer: string }).issuer, 'Inspection');
    const { AWS_CA_BUNDLE, ...untrusting } = settings;
    const untrusted = await looked([], newFolder(), untrusting);
    assert.equal(untrusted.status, 1);
    assert.match(untrusted.of('endpoint-kms').what, /its certificate is not trusted here/);
    assert.match(String(untrusted.of('endpoint-kms').next), /AWS_CA_BUNDLE=FILE/);
    const barred = await looked([], newFolder(), {
      ...settings,
      HTTPS_PROXY: settings.HTTPS_PROXY.replace('s3cret', 'wr0ng'),
    });
    assert.match(barred.of('endpoint-s3').what, /wants a user and password, or others than it was given \(407\)/);
    const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '' } = keys;
    for (const text of [stdout, asJson.text, untrusted.text, barred.text])
      for (const hidden of ['s3cret', 'wr0ng', id, secret]) assert.ok(!text.includes(hidden), hidden);
  },
);

test('without a proxy the addresses of an endpoint are told, and its TLS', needsOpenssl, async (t) => {
  assert.ok(authority);
  const front = await tlsFront(t, (await standIn(t)).endpoint, authority);
  const url = `https://localhost:${front}`;
  const settings = { ...environmentKeys('securityAdmin'), AWS_ENDPOINT_URL: url, NODE_EXTRA_CA_CERTS: authority.file };
  const { of, status, text } = await looked([], newFolder(), settings);
  assert.equal(status, 0, text);
  const { addresses, tls, isOverride } = of('endpoint-kms');
  assert.ok((addresses as string[]).includes('127.0.0.1'), text);
  assert.deepEqual([(tls as { protocol: string }).protocol, isOverride], ['TLSv1.3', true]);
  assert.deepEqual((of('settings').endpoints as Record<string, string>).sts, url);
});

test('a mistyped profile, authorities that cannot be read and a socks proxy are each named', async () => {
  const config = `[profile ops]\nregion = eu-west-1\nca_bundle = /nowhere/ca.pem\n${profileKeys('securityAdmin')}`;
  const folder = homeWith(config);
  const mistyped = await looked(['--profile', 'opps', '--endpoint-url', nobody], folder);
  assert.equal(mistyped.status, 1);
  assert.equal(mistyped.of('profile').what, 'Profile opps, named by --profile, cannot be used.');
  assert.match(String(mistyped.of('profile').why), /There is no profile opps\. The shared config has: ops\./);
  assert.equal(mistyped.of('authorities').state, 'fine');

  const bundle = await looked([], folder, { AWS_PROFILE: 'ops' });
  assert.equal(bundle.status, 1);
  assert.deepEqual([bundle.of('profile').state, bundle.of('profile').from], ['fine', 'AWS_PROFILE']);
  assert.deepEqual([bundle.of('settings').region, bundle.of('settings').regionFrom], ['eu-west-1', 'the profile']);
  assert.equal(bundle.of('authorities').state, 'fails');
  assert.match(bundle.text, /\/nowhere\/ca\.pem/);
  assert.match(bundle.text, /There is no such file or folder\./);

  const socks = await looked([], folder, {
    ...environmentKeys('securityAdmin'),
    https_proxy: 'socks5://me:s3cret@127.0.0.1:1080',
  });
  assert.equal(socks.status, 1);
  assert.equal(socks.of('proxy').state, 'fails');
  assert.match(String(socks.of('proxy').why), /https_proxy names a SOCKS proxy/);
  const hosts = ['kms', 's3', 'iam', 'sts'].map((service) => `${service}.us-east-1.amazonaws.com`);
  assert.deepEqual(socks.of('proxy').proxies, [{ variable: 'https_proxy', hosts, cannotBeUsed: true }]);
  assert.equal(socks.of('endpoint-kms').what, 'KMS was not asked.');
  assert.doesNotMatch(socks.text, /s3cret/);
  const region = await looked(['--region', 'us east', '--endpoint-url', nobody], folder);
  assert.equal(region.of('settings').state, 'fails');
});

test('a proxy that is not there is told as the proxy, and not as the endpoint', async () => {
  const settings = { ...environmentKeys('securityAdmin'), AWS_REGION: 'us-east-1', HTTPS_PROXY: nobody };
  const { status, of } = await looked([], newFolder(), settings);
  assert.equal(status, 1);
  assert.match(of('endpoint-kms').what, /does not answer: nothing listens at the address of the proxy\.$/);
});

test('a proxy for none of the hosts, and ALL_PROXY, are told without standing in the way', async (t) => {
  const { endpoint } = await standIn(t);
  const keys = environmentKeys('securityAdmin');
  const look = (settings: NodeJS.ProcessEnv) =>
    looked(['--endpoint-url', endpoint], newFolder(), { ...keys, ...settings });
  const unused = await look({ HTTPS_PROXY: 'http://proxy.example:3128' });
  assert.equal(unused.status, 0, unused.text);
  assert.deepEqual(unused.of('proxy').proxies, [{ variable: 'HTTPS_PROXY', hosts: [], proxy: 'proxy.example:3128' }]);
  const all = await look({ ALL_PROXY: 'socks5://me:s3cret@proxy.example:1080' });
  assert.equal(all.status, 0);
  assert.deepEqual([all.of('proxy').state, /ALL_PROXY is set/.test(String(all.of('proxy').why))], ['warning', true]);
  assert.doesNotMatch(all.text, /s3cret/);
});

for (const [aheadMs, state, status, words] of [
  [600_000, 'fails', 1, /600 s behind|599 s behind|601 s behind/],
  [-600_000, 'fails', 1, /600 s ahead|599 s ahead|601 s ahead/],
  [-120_000, 'warning', 0, /1(19|20|21) s ahead/],
] as const) {
  test(`a clock that is ${-aheadMs / 1000} s off is told: ${state}`, async (t) => {
    const { endpoint } = await standIn(t, { aheadMs });
    const found = await looked(['--endpoint-url', endpoint], newFolder(), environmentKeys('securityAdmin'));
    assert.equal(found.of('clock').state, state);
    assert.match(found.of('clock').what, words);
    assert.equal(Math.round(Number(found.of('clock').offsetSeconds) / 10), -aheadMs / 10_000);
    assert.equal(found.status, status, found.text);
  });
}

test('a ceremony that others can look into is named; where the person named its folder, it will not work', async () => {
  const folder = newFolder();
  const path = join(folder, 'keyferry-payments');
  mkdirSync(path, { mode: 0o700 });
  writeFileSync(join(path, 'journal.jsonl'), '', { mode: 0o600 });
  const look = (...args: string[]) => looked(['--practice', ...args], folder);
  assert.equal((await look()).of('ceremony-folders').state, 'fine');

  chmodSync(path, 0o755);
  const beside = await look();
  assert.deepEqual([beside.status, beside.of('ceremony-folders').state], [0, 'warning']);
  assert.match(String(beside.of('ceremony-folders').why), /keyferry-payments \(mode 0755\)/);
  assert.deepEqual(beside.of('ceremony-folders').next, [`Run: chmod 700 '${path}'`]);
  const named = await look('--workdir', 'keyferry-payments');
  assert.deepEqual([named.status, named.of('ceremony-folders').state], [1, 'fails']);

  chmodSync(path, 0o700);
  chmodSync(join(path, 'journal.jsonl'), 0o644);
  const journal = await look('--workdir', 'keyferry-payments');
  assert.deepEqual([journal.status, journal.of('ceremony-folders').state], [0, 'warning']);
  assert.match(String(journal.of('ceremony-folders').why), /journal\.jsonl \(mode 0644\)/);
});

const role = 'arn:aws:iam::000000000000:role/BreakGlass';
const withMfa = `[profile ops]\n${profileKeys('secops1')}[profile glass]\nregion = us-east-1\nsource_profile = ops\nrole_arn = ${role}\nmfa_serial = arn:aws:iam::000000000000:mfa/secops-1\n`;

test('doctor asks for the MFA code of a profile at a terminal, and says elsewhere that one is needed', async (t) => {
  const { folder, endpoint } = await identityWorld(t, withMfa);
  const environment = { AWS_ENDPOINT_URL_STS: endpoint };
  const args = ['--profile', 'glass', '--endpoint-url', endpoint];
  const piped = await looked(args, folder, environment);
  assert.equal(piped.status, 1);
  assert.match(String(piped.of('identity').why), /asks for a code of your MFA device, which cannot be asked for here/);

  const session = new TerminalSession(['doctor', ...args], { cwd: folder, env: environment, rows: 60 });
  t.after(() => session.kill('SIGKILL'));
  await session.shows('MFA code, not shown:');
  session.send('123456\r');
  assert.equal(await session.ends(), 0, session.transcript());
  assert.match(session.transcript(), /✔ Practice AWS knows you: account 000000000000\.\n.*BreakGlass/);
  assert.match(
    session.transcript(),
    /✔ The terminal shows the screen of the assistant\.\n {4}80 x 60, colour, Unicode signs/,
  );
  assert.ok(!session.written.includes('123456'));

  // A program that reads the JSON cannot answer, and the question would stand in it.
  const asked = new TerminalSession(['doctor', '--json', ...args], { cwd: folder, env: environment });
  t.after(() => asked.kill('SIGKILL'));
  assert.equal(await asked.ends(), 1, asked.transcript());
  assert.doesNotMatch(asked.transcript(), /MFA code, not shown/);

  const left = new TerminalSession(['doctor', ...args], { cwd: folder, env: environment });
  t.after(() => left.kill('SIGKILL'));
  await left.shows('MFA code, not shown:');
  left.send('\u0003');
  assert.equal(await left.ends(), 130);
});

/** A host that takes connections and says nothing. */
async function silentServer(t: TestContext): Promise<string> {
  const { endpoint } = await serve(
    t,
    createServer(() => {}),
  );
  return endpoint;
}

test('what is waited for is said after a while, and Ctrl+C ends it with status 130', async (t) => {
  const folder = newFolder();
  const endpoint = await silentServer(t);
  const child = spawn(process.execPath, [program, 'doctor', '--endpoint-url', endpoint], {
    cwd: folder,
    env: { ...bareEnvironment(folder), ...environmentKeys('securityAdmin') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => child.kill('SIGKILL'));
  let told = '';
  for await (const chunk of child.stderr.setEncoding('utf8')) {
    told += chunk;
    if (/Waiting for 127\.0\.0\.1:\d+\n$/.test(told)) child.kill('SIGINT');
  }
  if (child.exitCode === null) await once(child, 'exit');
  assert.equal(child.exitCode, 130, told);
  assert.match(told, /^ {2}Waiting for 127\.0\.0\.1:\d+\nkeyferry: stopped\. Nothing was changed\.\n$/);
});

test('a flag that does not exist is wrong usage', async () => {
  const { status, stdout, stderr } = await keyferry(['doctor', '--jsn'], newFolder());
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /unknown option '--jsn'/);
});
