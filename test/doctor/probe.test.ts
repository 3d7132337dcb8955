import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, Agent as HttpAgent, type RequestListener } from 'node:http';
import { Agent } from 'node:https';
import { createServer as createNetServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { probeEndpoint } from '../../source/aws/endpoint-probe.ts';
import { SlowAnswerError } from '../../source/aws/patience-errors.ts';
import { checkEndpoint } from '../../source/doctor/endpoint-check.ts';
import { clientsAt } from '../aws/clients-at.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { serve } from '../loopback-server.ts';

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

/** What is said of an endpoint behind this proxy, or behind none, whose connection ends with this error. */
async function checkAfter(t: TestContext, service: 'kms' | 'iam', code: string, proxy?: string) {
  const httpAgent = new HttpAgent();
  httpAgent.createConnection = () => {
    throw Object.assign(new Error(`${code} at the connection`), { code });
  };
  const clients = await clientsAt(t, 'http://127.0.0.1:1');
  const { endpoints, network } = clients;
  const endpoint = { ...endpoints[service], ...(proxy === undefined ? {} : { proxy }) };
  const behind = { endpoints: { ...endpoints, [service]: endpoint }, network: { ...network, agents: { httpAgent } } };
  const { signal } = new AbortController();
  return (await checkEndpoint(service, { ...clients, ...behind }, { signal, expect: () => () => {} })).check;
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
  const { state, why, facts } = await checkAfter(t, 'iam', 'EODD', 'proxy:3128');
  assert.equal(state, 'warning');
  assert.match(why ?? '', /^Users and roles are not listed then/);
  assert.deepEqual([facts.proxy, facts.reason], ['proxy:3128', 'EODD at the connection']);
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
    probeEndpoint({ url }, { agents }, { signal: new AbortController().signal, expect: () => () => {} });
  const httpsAgent = new Agent({ ca: readFileSync(authority.file) });
  const { tls, addresses } = await probe({ httpsAgent });
  assert.deepEqual([tls?.protocol, tls?.issuer], ['TLSv1.3', 'Inspection']);
  assert.ok(addresses.length > 0);
  // Without the agent of the clients, the server is a stranger.
  await assert.rejects(probe({}), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
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
