import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { proxyServer } from '../aws/proxy-server.ts';
import { standIn } from '../aws/stand-in.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { newFolder } from '../new-folder.ts';
import { answersFile, exampleWith } from './answers.ts';
import { environmentKeys, homeWith, identityWorld, profileKeys } from './identity-world.ts';
import { keyferry } from './program.ts';

const authority = makeAuthority();
const needsOpenssl = authority === undefined ? { skip: 'no openssl' } : {};

for (const [way, flags, changes] of [
  ['--profile', ['--profile', 'ops'], {}],
  ['the answers file', [], { connect: { source: 'profile:ops' } }],
] as const) {
  test(`a profile by ${way} brings its endpoint, which stands in the journal and the record`, async (t) => {
    const { endpoint, requests } = await identityWorld(t, '');
    const config = (url: string) =>
      `[profile ops]\nregion = us-east-1\nendpoint_url = ${url}\n${profileKeys('securityAdmin')}`;
    const elsewhere = '[profile elsewhere]\nendpoint_url = http://127.0.0.1:9\n';
    const folder = homeWith(`${config(endpoint)}${elsewhere}`);
    const answers = answersFile(folder, exampleWith(changes));
    const environment = { AWS_PROFILE: 'elsewhere' };
    const { status, stderr } = await keyferry(
      ['run', answers, ...flags, '--workdir', 'w', '--json'],
      folder,
      environment,
    );
    assert.equal(status, 0, stderr);
    assert.ok(requests.some(({ target }) => target === 'TrentService.ImportKeyMaterial'));
    const { account } = JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8'));
    assert.equal(account.endpoint, endpoint);
    assert.match(
      readFileSync(join(folder, 'w', 'record.md'), 'utf8'),
      new RegExp(`\\| Endpoint \\| \`${endpoint}\` \\|`),
    );
    assert.match(readFileSync(join(folder, 'w', 'journal.jsonl'), 'utf8'), new RegExp(`"endpoint":"${endpoint}"`));
  });
}

const look = (environment: Readonly<Record<string, string>>) =>
  keyferry(['unfinished', '--region', 'us-east-1'], newFolder(), {
    ...environmentKeys('securityAdmin'),
    ...environment,
  });

test(
  'where a proxy that inspects TLS is the only way out, the proxy and AWS_CA_BUNDLE are enough',
  needsOpenssl,
  async (t) => {
    assert.ok(authority);
    const proxy = await proxyServer(t, {
      to: await tlsFront(t, (await standIn(t)).endpoint, authority),
      credentials: 'me:s3cret',
    });
    const settings = { HTTPS_PROXY: `http://me:s3cret@127.0.0.1:${proxy.port}`, AWS_CA_BUNDLE: authority.file };
    const { status, stdout, stderr } = await look(settings);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^No key of Keyferry's waits/);
    assert.deepEqual(proxy.asked, ['CONNECT kms.us-east-1.amazonaws.com:443']);

    const untrusted = await look({ HTTPS_PROXY: settings.HTTPS_PROXY });
    assert.equal(untrusted.status, 1);
    assert.match(untrusted.stderr, /certificate is not trusted here[\s\S]*AWS_CA_BUNDLE[\s\S]*NODE_USE_SYSTEM_CA=1/);
    const barred = await look({ ...settings, HTTPS_PROXY: settings.HTTPS_PROXY.replace('s3cret', 'wr0ng') });
    assert.match(barred.stderr, /the proxy wants a user and password, or others than it was given \(407\)/);
    assert.doesNotMatch(`${untrusted.stderr}${barred.stderr}`, /s3cret|wr0ng/);
  },
);

test('a bundle that is not there and a socks proxy are refused before anything is sent', async () => {
  const bundle = await look({ AWS_CA_BUNDLE: '/nowhere/ca.pem' });
  assert.equal(bundle.status, 1);
  assert.match(bundle.stderr, /AWS_CA_BUNDLE names \/nowhere\/ca\.pem [\s\S]*There is no such file or folder\./);
  const socks = await look({ https_proxy: 'socks5://me:s3cret@127.0.0.1:1080' });
  assert.equal(socks.status, 1);
  assert.match(socks.stderr, /https_proxy names a SOCKS proxy/);
  assert.doesNotMatch(socks.stderr, /s3cret/);
});
