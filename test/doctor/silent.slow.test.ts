import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import type { SecretQuestion } from '../../source/ceremony/question.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import { type Check, checkIds } from '../../source/doctor/check.ts';
import { examine } from '../../source/doctor/examine.ts';
import type { Place } from '../../source/doctor/place.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { configFile, setNetwork } from '../aws/network-settings.ts';
import { identity } from '../faults/identity.ts';
import { serve } from '../loopback-server.ts';
import { newFolder } from '../new-folder.ts';
import { typedText } from '../typed-text.ts';
import { placeOf } from './place-of.ts';

const short = { answerMs: 200, assemblyMs: 200, windowMs: 200, leastBytes: 1, mostBytes: 100_000 };

/** All checks of an endpoint, with limits that a test can wait for, and what was said of waiting. */
async function examined(
  t: TestContext,
  settings: Readonly<Record<string, string>>,
  {
    source = 'environment',
    region = 'us-east-1',
    ask,
  }: Pick<Partial<Place>, 'source' | 'region'> & { readonly ask?: (question: SecretQuestion) => Promise<void> } = {},
) {
  setNetwork(t, { AWS_ACCESS_KEY_ID: 'AKIAKEYFERRYSECOPS01', AWS_SECRET_ACCESS_KEY: 'x', ...settings });
  const path = newFolder();
  const waits: string[] = [];
  const told: Check[] = [];
  let pauses = 0;
  const checks = await examine(placeOf(source, '', { region, regionFrom: '' }), {
    terminal: readTerminal({ env: {}, stdin: {}, stdout: {} }),
    folder: { path, umask: 0o022, ceremonies: { paths: [], named: undefined, journal: 'j', uid: undefined } },
    env: process.env,
    tell: (check) => told.push(check),
    ask,
    waiting: {
      pause: async () => {
        pauses += 1;
      },
      expect: (what) => {
        waits.push(what);
        return () => {};
      },
    },
    signal: new AbortController().signal,
    limits: { probeMs: 1000, patience: short },
  });
  assert.deepEqual(told, checks);
  return { checks, waits, pauses, of: (id: string) => checks.find((check) => check.id === id) };
}

test('hosts that take the connection and say nothing are given up in words, side by side', async (t) => {
  let [open, most] = [0, 0];
  const server = createHttpServer(({ method, socket }) => {
    if (method !== 'HEAD') return;
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => {
      open -= 1;
    });
  });
  const { port } = await serve(t, server);
  const { of, waits } = await examined(t, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  assert.equal(most, 4);
  for (const service of ['KMS', 'S3', 'IAM', 'STS'])
    assert.equal(
      of(`endpoint-${service.toLowerCase()}`)?.what,
      `${service} at http://127.0.0.1:${port} does not answer: no answer came within 1 s.`,
    );
  assert.equal(of('endpoint-iam')?.state, 'warning');
  assert.match(of('identity')?.why ?? '', /no answer came within 0 s/);
  assert.equal(of('clock')?.state, 'warning');
  assert.ok(waits.includes(`127.0.0.1:${port}`));
});

test('a host that speaks no TLS is given up at the connection', async (t) => {
  const mute = createServer((socket) => socket.on('error', () => {}));
  const { port } = await serve(t, mute);
  const direct = await examined(t, { AWS_ENDPOINT_URL: `https://127.0.0.1:${port}` });
  assert.match(direct.of('endpoint-kms')?.what ?? '', /no connection came about within 1 s/);
});

test('all checks are told in their order, also where the Region is wrong and no service is asked', async (t) => {
  let asked = 0;
  const { endpoint } = await serve(
    t,
    createHttpServer((_, answer) => {
      asked += 1;
      answer.end();
    }),
  );
  const { checks, of } = await examined(t, { AWS_ENDPOINT_URL: endpoint }, { region: 'us east' });
  assert.deepEqual(
    checks.map(({ id }) => id),
    checkIds,
  );
  assert.equal(asked, 0);
  assert.equal(of('folder')?.facts.umask, '0022');
  assert.deepEqual([of('endpoint-iam')?.state, of('endpoint-iam')?.what], ['warning', 'IAM was not asked.']);
  assert.deepEqual([of('clock')?.state, of('clock')?.what], ['warning', 'The clock was not compared.']);
  const { state, why } = of('identity') ?? {};
  assert.deepEqual([state, why], ['fails', 'A setting above cannot be followed.']);
});

test('the clock is compared with that of STS, and with that of KMS where STS tells no time', async (t) => {
  const serviceAhead = async (aheadMs: number | undefined) =>
    (
      await serve(
        t,
        createHttpServer((_, answer) => {
          answer.sendDate = false;
          if (aheadMs !== undefined) answer.setHeader('date', new Date(Date.now() + aheadMs).toUTCString());
          answer.end(identity('000000000000'));
        }),
      )
    ).endpoint;
  const kms = await serviceAhead(200_000);
  for (const [aheadMs, service, offset] of [
    [100_000, 'STS', -100],
    [undefined, 'KMS', -200],
  ] as const) {
    const settings = { AWS_ENDPOINT_URL: kms, AWS_ENDPOINT_URL_STS: await serviceAhead(aheadMs) };
    const { facts } = (await examined(t, settings)).of('clock') ?? {};
    assert.equal(facts?.service, service);
    assert.ok(Math.abs(Number(facts?.offsetSeconds) - offset) <= 2, `${facts?.offsetSeconds}`);
  }
});

test('a call that AWS is too busy for is made again after a pause, and no connection stays open', {
  timeout: 10_000,
}, async (t) => {
  const closed: Promise<unknown>[] = [];
  const server = createHttpServer(({ method, socket }, answer) => {
    closed.push(once(socket, 'close'));
    if (method === 'POST') answer.writeHead(503);
    answer.end();
  });
  server.keepAliveTimeout = 0;
  const { endpoint } = await serve(t, server);
  const { of, pauses } = await examined(t, { AWS_ENDPOINT_URL: endpoint });
  assert.equal(of('identity')?.state, 'fails');
  assert.notEqual(pauses, 0);
  await Promise.all(closed);
});

test('an endpoint is asked once, for nothing, and without a signature', async (t) => {
  const came: string[] = [];
  const server = createHttpServer(({ method, url, headers }, answer) => {
    came.push(`${method} ${url} ${headers.authorization === undefined ? 'unsigned' : 'signed'}`);
    answer.end(identity('000000000000'));
  });
  const { port } = await serve(t, server);
  const { of } = await examined(t, { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` });
  assert.deepEqual([of('endpoint-kms')?.state, of('identity')?.state], ['fine', 'fine']);
  // GetCallerIdentity is the one that is signed.
  assert.deepEqual(came.toSorted(), [...Array(4).fill('HEAD / unsigned'), 'POST / signed']);
});

const withMfa = `[profile ops]
aws_access_key_id = AKIAKEYFERRYSECOPS01
aws_secret_access_key = x
[profile glass]
source_profile = ops
role_arn = arn:aws:iam::000000000000:role/r
mfa_serial = arn:aws:iam::000000000000:mfa/me
`;

test('the code of an MFA device is asked for before AWS is asked anything, and for no other profile', async (t) => {
  let came = 0;
  const server = createHttpServer((_, answer) => {
    came += 1;
    answer.end(identity('000000000000'));
  });
  const settings = { ...configFile(withMfa), AWS_ENDPOINT_URL: (await serve(t, server)).endpoint };
  const asked: [string, number][] = [];
  const ask = async (question: SecretQuestion) => {
    asked.push([question.ask, came]);
    question.keep(typedText('123456'));
  };
  const glass = await examined(t, settings, { source: 'profile:glass', ask });
  assert.deepEqual(asked, [['Which code does the MFA device of profile glass show?', 0]]);
  assert.ok(came >= 4);
  assert.deepEqual(glass.checks.map(({ id }) => id).toSorted(), [...checkIds].toSorted());
  await examined(t, settings, { source: 'profile:ops', ask });
  assert.equal(asked.length, 1);
});

test('a code that was typed is overwritten also when the person stops before it is used', async (t) => {
  const held = new SecretText();
  const text = typedText('123456');
  t.mock.method(text, 'copy', () => {
    held.append('123456');
    return held;
  });
  const stopped = new Error('stopped by the person');
  const ask = async (question: SecretQuestion) => {
    question.keep(text);
    assert.equal(held.count, 6);
    throw stopped;
  };
  await assert.rejects(examined(t, configFile(withMfa), { source: 'profile:glass', ask }), stopped);
  assert.equal(held.count, 0);
});

/** An address of this machine that other machines can reach; `undefined` without a network. */
const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address;

test('plain HTTP to another machine is a setting that cannot be followed, and nothing is sent there', {
  skip: outside === undefined ? 'no network' : false,
}, async (t) => {
  let asked = 0;
  const server = createHttpServer((_, answer) => {
    asked += 1;
    answer.end();
  });
  const { port } = await serve(t, server, outside);
  const { checks, of } = await examined(t, { AWS_ENDPOINT_URL: `http://me:s3cret@${outside}:${port}` });
  assert.equal(of('settings')?.state, 'fails');
  assert.match(of('settings')?.why ?? '', /is plain HTTP to another machine/);
  assert.doesNotMatch(JSON.stringify(checks), /s3cret/);
  assert.equal(asked, 0);
});

test('a password in the URL of an endpoint is told nowhere', async (t) => {
  const { port } = await serve(
    t,
    createHttpServer((_, answer) => answer.end(identity('000000000000'))),
  );
  const { checks, of } = await examined(t, { AWS_ENDPOINT_URL: `http://me:s3cret@127.0.0.1:${port}` });
  assert.deepEqual(of('settings')?.details, [`endpoint http://127.0.0.1:${port} for KMS, S3, IAM, STS`]);
  assert.doesNotMatch(JSON.stringify(checks), /s3cret/);
});

test('switched-off checks of certificates are a setting that cannot be followed', async (t) => {
  const { of } = await examined(t, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
  assert.equal(of('settings')?.state, 'fails');
  assert.match(of('settings')?.why ?? '', /Node checks no certificate/);
});
