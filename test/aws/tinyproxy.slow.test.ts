import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { openClients } from '../../source/aws/clients.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { newFolder } from '../new-folder.ts';
import { accessKeys, setNetwork } from './network-settings.ts';
import { proxyServer } from './proxy-server.ts';
import { standIn } from './stand-in.ts';
import { makeAuthority, tlsFront } from './tls-front.ts';

const authority = makeAuthority();
const isHere = spawnSync('tinyproxy', ['-v']).error === undefined;
const needs = isHere ? (authority === undefined ? { skip: 'no openssl' } : {}) : { skip: 'no tinyproxy' };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** tinyproxy(8), whose way out is our own proxy, which leads to something in the place of AWS. Ends with the test. */
async function tinyproxy(t: TestContext, more = ''): Promise<{ port: number; asked: readonly string[] }> {
  assert.ok(authority);
  const { port: out, asked } = await proxyServer(t, { to: await tlsFront(t, (await standIn(t)).endpoint, authority) });
  const port = await freePort();
  const config = join(newFolder(), 'tinyproxy.conf');
  const lines = [
    `Port ${port}`,
    'Listen 127.0.0.1',
    'Timeout 60',
    'MaxClients 50',
    `Upstream http 127.0.0.1:${out}`,
    more,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`);
  const child = spawn('tinyproxy', ['-d', '-c', config], { stdio: 'ignore' });
  t.after(() => child.kill());
  for (let isUp = false; !isUp; await pause(20)) {
    assert.equal(child.exitCode, null, 'tinyproxy has ended');
    const socket = connect(port, '127.0.0.1');
    isUp = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
  }
  return { port, asked };
}

async function clientsOf(t: TestContext, proxy: string) {
  setNetwork(t, { ...accessKeys, AWS_CA_BUNDLE: authority?.file ?? '', HTTPS_PROXY: proxy });
  const clients = await openClients({ credentials: { from: 'environment' }, region: 'us-east-1', onCall: () => {} });
  t.after(() => clients.close());
  return clients;
}

for (const [name, line, user] of [
  ['without a password', '', ''],
  ['with a password', 'BasicAuth me s3cret', 'me:s3cret@'],
] as const) {
  test(`KMS is asked and an object goes through tinyproxy ${name}`, needs, async (t) => {
    const { port, asked } = await tinyproxy(t, line);
    const { kms, s3 } = await clientsOf(t, `http://${user}127.0.0.1:${port}`);
    await kms.send(new ListKeysCommand({}));
    await s3.send(new PutObjectCommand({ Bucket: 'b-bucket', Key: 'a', Body: Buffer.alloc(3_000_000) }));
    assert.deepEqual(asked, [
      'CONNECT kms.us-east-1.amazonaws.com:443',
      'CONNECT b-bucket.s3.us-east-1.amazonaws.com:443',
    ]);
  });
}

for (const [name, line, user, reason] of [
  ['wants a password and gets none', 'BasicAuth me s3cret', '', /the proxy wants a user and password/],
  ['gets a wrong password', 'BasicAuth me s3cret', 'me:wrong@', /the proxy wants a user and password/],
  ['lets no tunnel through', 'ConnectPort 8443', '', /the proxy does not let it through \(403\)/],
] as const) {
  test(`a tinyproxy that ${name} is told as the proxy`, needs, async (t) => {
    const { port, asked } = await tinyproxy(t, line);
    const { kms } = await clientsOf(t, `http://${user}127.0.0.1:${port}`);
    const error = await kms.send(new ListKeysCommand({})).catch((thrown: unknown) => thrown);
    const problem = explainAwsError(error, { what: 'x' });
    assert.match(problem.why ?? '', reason);
    assert.doesNotMatch(JSON.stringify(problem), /s3cret|wrong/);
    assert.deepEqual(asked, []);
  });
}
