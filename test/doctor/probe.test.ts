import assert from 'node:assert/strict';
import dns from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, Agent as HttpAgent, type RequestListener } from 'node:http';
import { Agent } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { probeEndpoint } from '../../source/aws/endpoint-probe.ts';
import { SlowAnswerError } from '../../source/aws/patience-errors.ts';
import { checkEndpoint } from '../../source/doctor/endpoint-check.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { serve } from '../loopback-server.ts';
import { replaceMembers } from '../replace-members.ts';

/** A look at a server that answers so, what was said of waiting, and the headers that came. */
async function probed(t: TestContext, listener: RequestListener, { host = '127.0.0.1', proxy = '' } = {}) {
  const server = createServer(listener);
  const { port, endpoint } = await serve(t, server, host);
  const waits: string[] = [];
  const stop = new AbortController();
  const probe = probeEndpoint(
    { url: endpoint, ...(proxy === '' ? {} : { proxy }) },
    { agents: {} },
    {
      signal: stop.signal,
      expect: (what) => {
        waits.push(`${what} begins`);
        return () => waits.push(`${what} ends`);
      },
    },
  );
  return { probe, waits, stop, server, place: `${host}:${port}` };
}

/** A look that nobody stops, and that tells nobody of waiting. */
const unwatched = { signal: new AbortController().signal, expect: () => () => {} };

/** Every name has these addresses, until the test ends. */
function resolveTo(t: TestContext, addresses: readonly string[]): void {
  replaceMembers(t, dns, { lookup: async () => addresses.map((address) => ({ address, family: 4 })) });
}

/** What is said of an endpoint behind this proxy, or behind none, whose connection ends with this error. */
async function checkAfter(t: TestContext, service: 'kms' | 's3' | 'iam', code: string, proxy?: string) {
  const httpAgent = new HttpAgent();
  httpAgent.createConnection = () => {
    throw Object.assign(new Error(`${code} at the connection\nand more`), { code });
  };
  const clients = await clientsAt(t, 'http://127.0.0.1:1');
  const { endpoints, network } = clients;
  const endpoint = { ...endpoints[service], ...(proxy === undefined ? {} : { proxy }) };
  const behind = { endpoints: { ...endpoints, [service]: endpoint }, network: { ...network, agents: { httpAgent } } };
  return (await checkEndpoint(service, { ...clients, ...behind }, unwatched)).check;
}

test('a proxy that cannot be reached is told as the proxy, and without a proxy the endpoint is', async (t) => {
  for (const [code, behindProxy, direct] of [
    ['ENOTFOUND', /: the name of the proxy is not known here \(DNS\)\.$/, /the name of the endpoint is not known/],
    ['EAI_AGAIN', /: the name of the proxy is not known here \(DNS\)\.$/, /does not answer: (?!.*proxy)./],
    ['ECONNREFUSED', /: nothing listens at the address of the proxy\.$/, /: nothing listens there\.$/],
    ['ECONNRESET', /does not answer: (?!.*the proxy\.)./, /does not answer: ./],
    ['EODD', /: EODD at the connection\.$/, /: EODD at the connection\.$/],
  ] as const) {
    const proxied = await checkAfter(t, 'kms', code, 'proxy:3128');
    assert.equal(proxied.state, 'fails');
    assert.match(proxied.what, behindProxy, code);
    assert.match((await checkAfter(t, 'kms', code)).what, direct, code);
  }
  const s3 = await checkAfter(t, 's3', 'EODD');
  assert.deepEqual([s3.id, s3.state], ['endpoint-s3', 'fails']);
  assert.deepEqual(s3.next, ['Check the Region, the firewall and the proxy settings, then try again.']);
  const { state, why, facts } = await checkAfter(t, 'iam', 'EODD', 'proxy:3128');
  assert.equal(state, 'warning');
  assert.match(why ?? '', /^Users and roles are not listed then/);
  assert.deepEqual([facts.proxy, facts.reason], ['proxy:3128', 'EODD at the connection']);
});

test('an endpoint that answers is told with its first addresses, and practice AWS as what it is', async (t) => {
  let server = 'AmazonS3';
  const { endpoint } = await serve(
    t,
    createServer((_, answer) => answer.writeHead(200, { server }).end()),
  );
  const clients = await clientsAt(t, endpoint);
  const plain = 'plain HTTP on this machine';
  for (const [addresses, line] of [
    [[], plain],
    [['10.0.0.1'], `10.0.0.1; ${plain}`],
    [['10.0.0.1', '10.0.0.2'], `10.0.0.1, 10.0.0.2; ${plain}`],
    [['10.0.0.1', '10.0.0.2', '10.0.0.3'], `10.0.0.1, 10.0.0.2 and 1 more; ${plain}`],
  ] as const) {
    resolveTo(t, addresses);
    const { check, probe } = await checkEndpoint('s3', clients, unwatched);
    assert.deepEqual(check, {
      id: 'endpoint-s3',
      state: 'fine',
      what: `S3 at ${endpoint} answers after ${probe?.connectMs} ms.`,
      details: [line],
      facts: { url: endpoint, isOverride: true, addresses, connectMs: probe?.connectMs, isPractice: false },
    });
    assert.ok(probe?.aheadMs !== undefined);
  }
  server = 'keyferry-practice';
  assert.match((await checkEndpoint('kms', clients, unwatched)).check.what, /^KMS at .* ms: practice AWS\.$/);
});

test('whoever stops the look at an endpoint gets no check that failed', async (t) => {
  const stop = new AbortController();
  const reason = new Error('stopped');
  const { endpoint } = await serve(
    t,
    createServer(() => stop.abort(reason)),
  );
  const clients = await clientsAt(t, endpoint);
  await assert.rejects(checkEndpoint('kms', clients, { ...unwatched, signal: stop.signal }), reason);
});

test('an endpoint of AWS that does not answer is told with the VPC endpoint that a private subnet needs', async (t) => {
  const httpsAgent = new Agent();
  httpsAgent.createConnection = () => {
    throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  };
  resolveTo(t, []);
  const clients = await clientsAt(t, undefined);
  const network = { ...clients.network, agents: { httpsAgent } };
  const { check } = await checkEndpoint('kms', { ...clients, network }, unwatched);
  assert.equal(check.what, 'KMS at kms.us-east-1.amazonaws.com does not answer: nothing listens there.');
  assert.match(check.next?.[0] ?? '', /check the VPC endpoint com\.amazonaws\.us-east-1\.kms\.$/);
});

test('an endpoint is asked once, over a connection of its own that ends, and its clock is compared', async (t) => {
  let connection: string | undefined;
  let clock = 0;
  t.mock.method(performance, 'now', () => {
    clock += 7;
    return clock;
  });
  const { probe, waits, server, place } = await probed(t, ({ headers }, answer) => {
    ({ connection } = headers);
    answer.setHeader('date', new Date(Date.now() + 100_000).toUTCString());
    answer.writeHead(403, { server: 'keyferry-practice' }).end();
  });
  const closed = once(server, 'connection').then(([socket]) => once(socket, 'close'));
  const { addresses, isPractice, aheadMs = 0, connectMs, tls } = await probe;
  await closed;
  assert.deepEqual([addresses, isPractice, tls, connection], [['127.0.0.1'], true, undefined, 'close']);
  assert.ok(Math.abs(aheadMs - 100_000) <= 1500, `${aheadMs}`);
  assert.ok(connectMs >= 7 && connectMs <= clock);
  assert.deepEqual(waits, [`${place} begins`, `${place} ends`]);
});

test('behind a proxy no name is looked up, and an answer without a date tells no time', async (t) => {
  const answer: RequestListener = (_, response) => {
    response.sendDate = false;
    response.end();
  };
  const { probe } = await probed(t, answer, { proxy: 'proxy:3128' });
  const { addresses, isPractice, aheadMs } = await probe;
  assert.deepEqual([addresses, isPractice, aheadMs], [[], false, undefined]);
});

const hasIpv6 = Object.values(networkInterfaces()).some((each) => each?.some(({ address }) => address === '::1'));

test('an address of IPv6 is looked up without its brackets', { skip: hasIpv6 ? false : 'no IPv6' }, async (t) => {
  const { probe } = await probed(t, (_, answer) => answer.end(), { host: '::1' });
  assert.deepEqual((await probe).addresses, ['::1']);
});

test('whoever stops while an endpoint is silent is told of the stop, and waits no more', async (t) => {
  const { probe, waits, stop } = await probed(t, () => stop.abort(new Error('stopped')));
  await assert.rejects(probe, /stopped/);
  assert.equal(waits.length, 2);
});

const authority = makeAuthority();
const skip = authority === undefined ? 'no openssl' : false;

test('over TLS, it is told how the connection is encrypted and who vouches for the server', { skip }, async (t) => {
  assert.ok(authority !== undefined);
  const { endpoint } = await serve(
    t,
    createServer((_, answer) => answer.end()),
  );
  const url = `https://localhost:${await tlsFront(t, endpoint, authority)}`;
  const probe = async (agents: Parameters<typeof probeEndpoint>[1]['agents']) =>
    probeEndpoint({ url }, { agents }, unwatched);
  const httpsAgent = new Agent({ ca: readFileSync(authority.file) });
  const { tls, addresses } = await probe({ httpsAgent });
  assert.deepEqual([tls?.protocol, tls?.issuer], ['TLSv1.3', 'Inspection']);
  assert.ok(addresses.length > 0);
  // Without the agent of the clients, the server is a stranger.
  await assert.rejects(probe({}), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  const clients = await clientsAt(t, url);
  const look = async (...found: readonly string[]) => {
    resolveTo(t, found);
    // With a new agent, no connection takes up an earlier one, in which no certificate comes.
    const agents = { httpsAgent: new Agent({ ca: readFileSync(authority.file) }) };
    const network = { ...clients.network, agents };
    return (await checkEndpoint('kms', { ...clients, network }, unwatched)).check.details;
  };
  const known = `TLSv1.3 with ${tls?.group}; certificate by Inspection`;
  assert.deepEqual([await look(), await look('10.0.0.1')], [[known], ['10.0.0.1', known]]);
  t.mock.method(TLSSocket.prototype, 'getEphemeralKeyInfo', () => ({}));
  const { getPeerCertificate } = TLSSocket.prototype;
  t.mock.method(TLSSocket.prototype, 'getPeerCertificate', function (this: TLSSocket) {
    return { ...getPeerCertificate.call(this), issuer: {} };
  });
  assert.deepEqual(await look(), [
    'TLSv1.3 with a key exchange that this Node does not name; certificate by an authority without a name',
  ]);
});

for (const [what, scheme, missing] of [
  ['takes the connection and does not answer', 'http', 'no answer came'],
  ['takes the connection and speaks no TLS', 'https', 'no connection came about'],
] as const)
  test(`an endpoint that ${what} within the limit is told so`, async (t) => {
    const late = new AbortController();
    t.mock.method(AbortSignal, 'timeout', () => late.signal);
    const server = createNetServer((socket) => socket.once('data', () => late.abort()));
    const place = `127.0.0.1:${(await serve(t, server)).port}`;
    const waits: string[] = [];
    const expect = (host: string) => {
      waits.push(host);
      return () => waits.push('ends');
    };
    const { signal } = new AbortController();
    await assert.rejects(
      probeEndpoint({ url: `${scheme}://${place}` }, { agents: {} }, { signal, expect }),
      (error) => {
        assert.ok(error instanceof SlowAnswerError);
        assert.deepEqual([error.host, error.reason, error.isConnected], [place, `${missing} within 10 s`, false]);
        return true;
      },
    );
    assert.deepEqual(waits, [place, 'ends']);
  });
