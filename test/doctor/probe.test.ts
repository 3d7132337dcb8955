import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { probeEndpoint } from '../../source/aws/endpoint-probe.ts';
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

test('an endpoint is asked once, over a connection of its own that ends, and its clock is compared', async (t) => {
  let connection: string | undefined;
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
  assert.ok(connectMs >= 0 && connectMs < 10_000);
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
