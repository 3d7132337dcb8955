import assert from 'node:assert/strict';
import { Agent } from 'node:https';
import { test } from 'node:test';
import { listProxies, proxyName, readProxies } from '../../source/aws/proxy.ts';

const kms = 'https://kms.eu-west-1.amazonaws.com';
const p = 'http://p:3128';

/** What aws-cli does with each: the results of botocore's `get_environ_proxies` and `ProxyConfiguration`. */
const table: readonly [Readonly<Record<string, string>>, string, string | undefined][] = [
  [{}, kms, undefined],
  [{ HTTPS_PROXY: p }, kms, 'p:3128'],
  [{ https_proxy: p }, kms, 'p:3128'],
  [{ https_proxy: 'http://low:1', HTTPS_PROXY: p }, kms, 'low:1'],
  [{ https_proxy: '', HTTPS_PROXY: p }, kms, undefined],
  [{ HTTP_PROXY: p }, kms, undefined],
  [{ ALL_PROXY: p }, kms, undefined],
  [{ HTTP_PROXY: p, HTTPS_PROXY: 'http://q:1' }, 'http://kms.test', 'p:3128'],
  [{ HTTPS_PROXY: 'p:3128' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: '//p:3128' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: 'http://p' }, kms, 'p:80'],
  [{ HTTPS_PROXY: 'https://p' }, kms, 'p:443'],
  [{ HTTPS_PROXY: 'http://me:secret@p:3128' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: '*' }, kms, undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: 'amazonaws.com' }, kms, undefined],
  [{ HTTPS_PROXY: p, no_proxy: '.amazonaws.com' }, kms, undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: 'corp.test, kms.eu-west-1.amazonaws.com ' }, kms, undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: 'KMS.eu-west-1.AMAZONAWS.com' }, kms, undefined],
  [{ HTTPS_PROXY: p, no_proxy: 'corp.test', NO_PROXY: '*' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: 'ws.com' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: '*.amazonaws.com' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: 'corp.test,*' }, kms, 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: 'vpce.test:8443' }, 'https://vpce.test:8443', undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: 'vpce.test:8443' }, 'https://vpce.test:8444', 'p:3128'],
  [{ HTTPS_PROXY: p }, 'https://127.0.0.1.example.com', 'p:3128'],
  // A URL without a port has that of its scheme.
  [{ HTTPS_PROXY: p, NO_PROXY: 'vpce.test:443' }, 'https://vpce.test', undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: 'vpce.test:80' }, 'https://vpce.test', 'p:3128'],
  [{ HTTP_PROXY: p, NO_PROXY: 'vpce.test:80' }, 'http://vpce.test', undefined],
  [{ HTTP_PROXY: p, NO_PROXY: 'vpce.test:443' }, 'http://vpce.test', 'p:3128'],
  [{ HTTPS_PROXY: p, NO_PROXY: '10.1.2.3' }, 'https://10.1.2.3', undefined],
  [{ HTTPS_PROXY: p, NO_PROXY: '10.1.2.0/24' }, 'https://10.1.2.3', 'p:3128'],
];

/** Where aws-cli would ask the proxy, and Keyferry never does. */
const neverThrough = [
  '127.0.0.1',
  '127.0.0.2:4599',
  'localhost:1',
  '[::1]:1',
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '[fd00:ec2::254]',
  '[fd00:ec2::23]',
].flatMap((host) => [`http://${host}`, `https://${host}`]);

/** The decision of Node's own agent, by its private proxy configuration. */
function agentDecides(env: Readonly<Record<string, string>>, url: string): boolean {
  const { hostname, port, protocol } = new URL(url);
  const proxies = readProxies(env, [url]);
  const agent = new Agent({ proxyEnv: { ...proxies } });
  const [key] = Object.getOwnPropertySymbols(agent).filter((symbol) => symbol.description === 'kProxyConfig');
  const config = Reflect.get(agent, key ?? '') as { shouldUseProxy(host: string, port: number): boolean } | null;
  return config?.shouldUseProxy(hostname, Number(port || (protocol === 'https:' ? 443 : 80))) ?? false;
}

for (const [env, url, expected] of table) {
  test(`${JSON.stringify(env)}: ${new URL(url).host} is asked ${expected === undefined ? 'directly' : `through ${expected}`}`, () => {
    assert.equal(proxyName(readProxies(env, [url]), url), expected);
    if (url.startsWith('https:')) assert.equal(agentDecides(env, url), expected !== undefined);
  });
}

test('this machine and the services that give it its role are never asked through a proxy', () => {
  const env = { HTTP_PROXY: p, HTTPS_PROXY: p };
  for (const url of neverThrough) {
    assert.equal(proxyName(readProxies(env, [url]), url), undefined, url);
    if (url.startsWith('https:')) assert.equal(agentDecides(env, url), false, url);
  }
});

for (const [value, why] of [
  ['socks5://p:1080', /SOCKS proxy/],
  ['socks5h://me:secret@p:1080', /SOCKS proxy/],
  ['SOCKS4://p:1080', /SOCKS proxy/],
  ['ftp://p:21', /does not start with http/],
  ['http://me:se#cret@p:3128', /no address of a proxy/],
  ['http://', /no address of a proxy/],
] as const) {
  test(`the proxy ${value.replace('secret', '…')} is refused, with its variable and without its password`, () => {
    for (const name of ['HTTPS_PROXY', 'https_proxy']) {
      assert.throws(
        () => readProxies({ [name]: value }, [kms]),
        (error: Error) => {
          assert.match(error.message, why);
          assert.ok(error.message.startsWith(name));
          assert.doesNotMatch(JSON.stringify([error, error.message]), /secret|se#cret/);
          return true;
        },
      );
      // It would not be used.
      readProxies({ [name]: value, NO_PROXY: 'amazonaws.com' }, [kms]);
      readProxies({ [name]: value }, ['http://127.0.0.1:4599']);
    }
  });
}

test('the user and the password of a proxy are written so that Node takes them, and a line break makes no address', () => {
  const url = (HttpsProxy: string) => readProxies({ HTTPS_PROXY: HttpsProxy }, [])?.https_proxy;
  assert.equal(url('http://u%zz:p%zz@p:1'), 'http://u%25zz:p%25zz@p:1/');
  assert.equal(url('http://u%40:p%40@p:1'), 'http://u%40:p%40@p:1/');
  assert.equal(url('http://u%c3%a9:p%C3%A9@p:1'), 'http://u%C3%A9:p%C3%A9@p:1/');
  assert.throws(() => readProxies({ HTTPS_PROXY: 'http://p:1\n2' }, [kms]), { name: 'SettingsError' });
});

test('where nothing is set, there are no proxies; where some are, each is listed with the hosts that it serves', () => {
  assert.equal(readProxies({}, [kms]), undefined);
  assert.equal(readProxies({ NO_PROXY: 'corp.test' }, [kms]), undefined);
  const env = { HTTP_PROXY: 'socks5://p:1', https_proxy: 'http://me:secret@p:3128', NO_PROXY: 'corp.test' };
  const urls = [kms, 'https://corp.test', 'http://s3.test:9000', kms];
  const [plain, secure, ...more] = listProxies(env, urls);
  assert.deepEqual(more, []);
  assert.deepEqual(secure, { variable: 'https_proxy', hosts: ['kms.eu-west-1.amazonaws.com'], proxy: 'p:3128' });
  assert.ok(plain !== undefined && 'unfit' in plain);
  assert.deepEqual([plain.variable, plain.hosts], ['HTTP_PROXY', ['s3.test:9000']]);
  assert.match(plain.unfit.why, /^HTTP_PROXY names a SOCKS proxy\./);
  assert.match(plain.unfit.next.join(' '), /export HTTP_PROXY=http:\/\/HOST:PORT .*unset HTTP_PROXY/);
  assert.deepEqual(
    listProxies({ ...env, NO_PROXY: '*' }, urls).map(({ hosts }) => hosts),
    [[], []],
  );
});

test('the list for the agents of Node also has IPv6 addresses without brackets, and no star, which means any name there', () => {
  const proxies = readProxies({ http_proxy: p, no_proxy: '*.corp.test, .a.test' }, []);
  const entries = proxies?.no_proxy.split(',') ?? [];
  for (const address of ['::1', 'fd00:ec2::254', 'fd00:ec2::23']) assert.ok(entries.includes(address), address);
  assert.ok(!entries.some((entry) => entry.includes('*')));
  for (const host of ['a.localhost', 'b.a.test']) assert.equal(proxyName(proxies, `http://${host}/`), undefined, host);
  for (const host of ['b.corp.test', 'notlocalhost']) assert.ok(proxyName(proxies, `http://${host}/`), host);
});
