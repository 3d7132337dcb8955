import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { AwsClients } from '../../source/aws/clients.ts';
import { patience } from '../../source/aws/patience.ts';
import { SignInError } from '../../source/aws/sign-in-error.ts';
import { AwsSession, type PracticeAccess } from '../../source/steps/session.ts';
import { accessKeyLines, accessKeys, configFile, setNetwork } from '../aws/network-settings.ts';
import { serve } from '../loopback-server.ts';
import { typedText } from '../typed-text.ts';

const region = 'us-east-1';
const practice: PracticeAccess = {
  endpoint: 'http://127.0.0.1:9',
  credentials: { accessKeyId: 'AKIAPRACTICE', secretAccessKey: 'y', sessionToken: 'z' },
};

/** A session that is closed when the test ends. Nothing is sent by a connection with access keys. */
function sessionWith(t: TestContext, parts: Partial<ConstructorParameters<typeof AwsSession>[0]> = {}): AwsSession {
  setNetwork(t, accessKeys);
  const session = new AwsSession({ openPractice: async () => practice, onCall: () => {}, ...parts });
  t.after(() => session.close());
  return session;
}

test('a new connection ends the one before, and nothing of practice AWS is left of it', async (t) => {
  const session = sessionWith(t);
  const first = await session.connect('practice', region);
  assert.deepEqual([session.clients, session.practice], [first, practice]);
  const closed = t.mock.method(first, 'close');
  const second = await session.connect('environment', region);
  assert.equal(closed.mock.callCount(), 1);
  assert.deepEqual([session.clients, session.practice], [second, undefined]);
});

test('a session that is closed has no connection any more, and can be closed again', async (t) => {
  const session = sessionWith(t);
  assert.throws(() => session.clients, /^Error: There is no connection yet\.$/);
  const closed = t.mock.method(await session.connect('practice', region), 'close');
  assert.equal(session.isConnected, true);
  session.close();
  session.close();
  assert.equal(closed.mock.callCount(), 1);
  assert.deepEqual([session.isConnected, session.practice], [false, undefined]);
  assert.throws(() => session.clients, /^Error: There is no connection yet\.$/);
});

test('whoever looks at the clients first can stop the connection before anything is sent', async (t) => {
  const session = sessionWith(t);
  const order: string[] = [];
  const noting = (clients: AwsClients) => {
    order.push('looked at');
    t.mock.method(clients, 'signIn', async () => void order.push('signed in'));
    t.mock.method(clients, 'close', () => void order.push('closed'));
  };
  await session.connect('environment', region, noting);
  assert.deepEqual(order.splice(0), ['looked at', 'signed in']);
  const refusing = (clients: AwsClients) => {
    noting(clients);
    throw new Error('another endpoint');
  };
  await assert.rejects(session.connect('environment', region, refusing), /^Error: another endpoint$/);
  assert.deepEqual([order, session.isConnected], [['closed', 'looked at', 'closed'], false]);
});

test('a connection whose credentials fail is closed, and the session has none', async (t) => {
  const session = sessionWith(t);
  let closed = 0;
  const failing = (clients: AwsClients) => {
    t.mock.method(clients, 'signIn', async () => assert.fail('no credentials'));
    t.mock.method(clients, 'close', () => {
      closed += 1;
    });
  };
  await assert.rejects(session.connect('environment', region, failing), /no credentials/);
  assert.deepEqual([closed, session.isConnected], [1, false]);
});

test('the endpoint that replaces those of AWS does not replace that of practice AWS', async (t) => {
  const endpointUrl = 'http://127.0.0.1:7';
  const session = sessionWith(t, { endpointUrl });
  assert.equal((await session.connect('environment', region)).endpointUrl, endpointUrl);
  const { endpoints, sts } = await session.connect('practice', region);
  assert.equal(new URL(endpoints.kms.url).port, '9');
  const { accessKeyId, sessionToken } = await sts.config.credentials();
  assert.deepEqual([accessKeyId, sessionToken], ['AKIAPRACTICE', 'z']);
});

test('each call and each wait of a session is told to whoever has made it, and its limits hold', async (t) => {
  let isLong = false;
  const server = createServer((_, answer) => {
    if (isLong) answer.writeHead(200).end(' '.repeat(100));
    else answer.writeHead(500).end();
  });
  const { endpoint: endpointUrl } = await serve(t, server);
  const told: string[] = [];
  const session = sessionWith(t, {
    endpointUrl,
    onCall: ({ operation, error }) => void told.push(`${operation} ${error}`),
    pause: async () => void told.push('a wait'),
    patience: { ...patience, mostBytes: 99 },
  });
  const { sts } = await session.connect('environment', region);
  await assert.rejects(sts.send(new GetCallerIdentityCommand({})));
  assert.deepEqual([told[0], told.at(-1)?.split(' ')[0]], ['a wait', 'STS.GetCallerIdentity']);
  isLong = true;
  await assert.rejects(sts.send(new GetCallerIdentityCommand({})), { name: 'ForeignAnswerError' });
});

test('a profile gets the code, the screen and the terminal of the person', async (t) => {
  const enough = (what: string): never => {
    throw new Error(`enough: ${what}`);
  };
  const session = sessionWith(t, { expect: enough, lend: async (what) => enough(what) });
  setNetwork(
    t,
    configFile(`[profile program]
credential_process = true
[profile keys]
${accessKeyLines}[profile glass]
role_arn = arn:aws:iam::000000000000:role/BreakGlass
source_profile = keys
mfa_serial = arn:aws:iam::000000000000:mfa/secops-1
`),
  );
  await assert.rejects(session.connect('profile:program', region), /enough: the program of profile program/);
  await assert.rejects(session.connect('profile:keys', region), /enough: credentials of profile keys/);
  const asked = await session.connect('profile:glass', region).catch((error: unknown) => error);
  assert.ok(asked instanceof SignInError && asked.failure.ask?.kind === 'secret');
  asked.failure.ask.keep(typedText('123456'));
  // The next try takes the code that was given after the one before.
  await assert.rejects(session.connect('profile:glass', region), /enough: credentials of profile glass/);
});
