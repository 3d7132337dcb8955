import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ListRegionsCommand } from '@aws-sdk/client-account';
import { ListRolesCommand } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  ImportKeyMaterialCommand,
  ListKeysCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { CreateBucketCommand, CreateMultipartUploadCommand, ListBucketsCommand } from '@aws-sdk/client-s3';
import { openClients } from '../../source/aws/clients.ts';
import { isRefusal } from '../../source/aws/eventual-consistency.ts';
import { readAccountId, readCaller } from '../../source/aws/identity.ts';
import type { ObservedCall } from '../../source/aws/note-calls.ts';
import { findUnreachable, suggestHowToReach, vpcEndpointName } from '../../source/aws/reachability.ts';
import { findOwner } from '../../source/aws/s3.ts';
import { identity } from '../faults/identity.ts';
import { serve } from '../loopback-server.ts';
import { bucket } from './an-object.ts';
import { clientsAt } from './clients-at.ts';
import { failureOf, served } from './impatient-clients.ts';
import { accessKeyLines, configFile, setNetwork } from './network-settings.ts';

test('close ends the connections of all clients at once, also of those that were opened later', async (t) => {
  const server = createServer((request, answer) => {
    request.resume().on('end', () => answer.end(request.url === '/' ? identity('000000000000') : '{"Regions":[]}'));
  });
  // Otherwise the server itself would end them soon.
  server.keepAliveTimeout = 60_000;
  const open = new Set<Promise<unknown>>();
  server.on('connection', (socket: Socket) => open.add(once(socket, 'close')));
  const { endpoint } = await serve(t, server);
  const clients = await clientsAt(t, endpoint, { pause: async () => {} });
  await readCaller(clients);
  const account = await clients.openAccount();
  await account.send(new ListRegionsCommand({}));
  for (const kms of [clients.kms, clients.kmsIn('eu-west-1'), clients.openLookingKms()])
    await kms.send(new ListKeysCommand({})).catch(() => {});
  assert.equal(open.size, 5);
  const begun = performance.now();
  clients.close();
  await Promise.all(open);
  // An agent alone would keep them for six seconds.
  assert.ok(performance.now() - begun < 3000);
});

test('calls of a client for a look are not told, a Region has one client, and no endpoint shows its password', async (t) => {
  const calls: ObservedCall[] = [];
  const { clients } = await served(t, (_, answer) => answer.end('{"Keys":[]}'));
  const endpoint = clients.endpoints.kms.url;
  const told = await clientsAt(t, endpoint.replace('//', '//me:s3cret@'), { onCall: (call) => calls.push(call) });
  assert.equal(told.endpointUrl, endpoint);
  await told.openLookingKms().send(new ListKeysCommand({}));
  assert.deepEqual(calls, []);
  assert.equal(told.kmsIn('us-east-1'), told.kms);
  await told.kmsIn('eu-west-1').send(new ListKeysCommand({}));
  assert.deepEqual(calls, [{ operation: 'KMS.ListKeys' }]);
  assert.equal(await told.kmsIn('eu-west-1').config.region(), 'eu-west-1');
});

test('the SDK gives up a connection that does not open, and no limit of its own ends a call after that', async (t) => {
  const { clients } = await served(t, (_, answer) => answer.end('{"Keys":[]}'));
  await clients.kms.send(new ListKeysCommand({}));
  const { requestHandler } = clients.kms.config;
  assert.ok('httpHandlerConfigs' in requestHandler && typeof requestHandler.httpHandlerConfigs === 'function');
  const { connectionTimeout, requestTimeout, socketTimeout, ...agents } = requestHandler.httpHandlerConfigs();
  assert.deepEqual([connectionTimeout, requestTimeout, socketTimeout], [5000, 0, 0]);
  // An agent also ends a silent connection, but with a less clear message: therefore its limit is the longer one.
  for (const agent of [agents.httpAgent, agents.httpsAgent]) assert.ok(agent.options.timeout > 5000);
});

test('an import over plain HTTP is noted as one without encryption; of other calls the encryption is not noted', async (t) => {
  const calls: ObservedCall[] = [];
  const { clients } = await served(t, (_, answer) => answer.end('{"Keys":[]}'));
  const { kms } = await clientsAt(t, clients.endpoints.kms.url, { onCall: (call) => calls.push(call) });
  const material = { EncryptedKeyMaterial: new Uint8Array(1), ImportToken: new Uint8Array(1) };
  await kms.send(new ImportKeyMaterialCommand({ KeyId: 'k', ...material }));
  await kms.send(new ListKeysCommand({}));
  assert.deepEqual(calls, [{ operation: 'KMS.ImportKeyMaterial', tls: 'none' }, { operation: 'KMS.ListKeys' }]);
});

test('a request that makes something is sent once where its answer is lost, and a request that reads is sent again', async (t) => {
  let asked = 0;
  const { clients } = await served(t, ({ socket }, answer) => {
    asked += 1;
    // The first answer shows that somebody is there.
    if (asked === 1) return void answer.end('{"Keys":[]}');
    socket.destroy();
  });
  const { kms, s3 } = clients;
  await kms.send(new ListKeysCommand({}));
  await s3.send(new ListBucketsCommand({})).catch(() => {});
  const alias = { AliasName: 'alias/a', TargetKeyId: 'k' };
  const bytes = new Uint8Array(1);
  const object = { Bucket: 'a-bucket', Key: 'k' };
  for (const [name, send] of [
    ['CreateKey', () => kms.send(new CreateKeyCommand({}))],
    ['CreateAlias', () => kms.send(new CreateAliasCommand(alias))],
    ['UpdateAlias', () => kms.send(new UpdateAliasCommand(alias))],
    [
      'ImportKeyMaterial',
      () => kms.send(new ImportKeyMaterialCommand({ KeyId: 'k', ImportToken: bytes, EncryptedKeyMaterial: bytes })),
    ],
    ['CreateBucket', () => s3.send(new CreateBucketCommand({ Bucket: 'a-bucket' }))],
    ['CreateMultipartUpload', () => s3.send(new CreateMultipartUploadCommand(object))],
  ] as const) {
    asked = 1;
    await failureOf(send());
    assert.equal(asked, 2, name);
  }
  asked = 1;
  await failureOf(kms.send(new DescribeKeyCommand({ KeyId: 'k' })));
  assert.equal(asked, 7);
});

test('while a sign-in lasts the person is told so, and a program has the terminal for itself', async (t) => {
  const printed = JSON.stringify({ Version: 1, AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', SecretAccessKey: 'x' });
  setNetwork(
    t,
    configFile(`[profile program]
credential_process = printf %s '${printed}'
[profile keys]
${accessKeyLines}`),
  );
  const told: string[] = [];
  for (const profile of ['program', 'keys']) {
    const clients = await openClients({
      credentials: { from: 'profile', profile },
      region: 'us-east-1',
      onCall: () => {},
      expect: (what) => {
        told.push(`waits for ${what}`);
        return () => told.push('waits no more');
      },
      lend: async (what) => {
        told.push(`lends to ${what}`);
        return async () => void told.push('has it back');
      },
    });
    t.after(() => clients.close());
    await clients.signIn();
    assert.equal(clients.profile, profile);
  }
  assert.deepEqual(told, [
    'lends to the program of profile program',
    'has it back',
    'waits for credentials of profile keys',
    'waits no more',
  ]);
});

test('a service that has answered once is no service that cannot be reached', async (t) => {
  let isCut = false;
  const { clients } = await served(t, ({ socket }, answer) => {
    if (isCut) return void socket.destroy();
    answer.end('{"Keys":[]}');
  });
  const { signal } = new AbortController();
  await clients.kms.send(new ListKeysCommand({}));
  isCut = true;
  const found = await findUnreachable(clients, { signal });
  assert.deepEqual(
    found.map(({ service, reason }) => [service, reason]),
    [['S3', 'the connection was cut']],
  );
  await assert.rejects(findUnreachable(clients, { signal: AbortSignal.abort(new Error('stopped')) }), /stopped/);
});

test('services that say nothing are asked something small, and are given up after the limit or with the person', async (t) => {
  const late = new AbortController();
  const timeout = t.mock.method(AbortSignal, 'timeout', () => late.signal);
  const asked: string[] = [];
  let onBoth = () => {};
  const { clients } = await served(t, async (request) => {
    asked.push(`${request.url} ${await text(request)}`.trim());
    if (asked.length === 2) onBoth();
  });
  const { signal } = new AbortController();
  onBoth = () => late.abort();
  const found = await findUnreachable(clients, { signal, timeoutMs: 1234 });
  assert.deepEqual(
    found.map(({ service, reason }) => [service, reason]),
    [
      ['KMS', 'no answer came in time'],
      ['S3', 'no answer came in time'],
    ],
  );
  assert.deepEqual(asked.toSorted(), ['/ {"Limit":1}', '/?max-buckets=1&x-id=ListBuckets']);
  assert.deepEqual(
    timeout.mock.calls.map(({ arguments: given }) => given),
    [[1234]],
  );
  timeout.mock.restore();
  asked.length = 0;
  const stop = new AbortController();
  onBoth = () => stop.abort(new Error('stopped'));
  await assert.rejects(findUnreachable(clients, { signal: stop.signal }), /stopped/);
});

test('IAM has no VPC endpoint in most Regions, and what a failure itself advises comes alone', async (t) => {
  const clients = await openClients({
    credentials: { from: 'fixed', accessKeyId: 'a', secretAccessKey: 'b' },
    region: 'eu-west-1',
    onCall: () => {},
  });
  t.after(() => clients.close());
  assert.equal(vpcEndpointName(clients, 'iam'), undefined);
  const of = (vpcEndpoint: string) => ({ vpcEndpoint });
  assert.match(suggestHowToReach([of('a'), of('b')])[0] ?? '', /check the VPC endpoint a and b\.$/);
  assert.deepEqual(suggestHowToReach([of('a'), { vpcEndpoint: 'b', help: () => ['do this'] }]), ['do this']);
  assert.equal(suggestHowToReach([{ vpcEndpoint: undefined }]).length, 1);
});

test('an answer with status 403 and no words is a refusal, of S3 as of IAM', async (t) => {
  const { clients } = await served(t, (_, answer) => answer.writeHead(403).end());
  assert.equal(await findOwner(clients.s3, bucket), 'unknown');
  await assert.rejects(clients.iam.send(new ListRolesCommand({})), isRefusal);
});

test('what does not say who the caller is, is not AWS, and a stop ends the question', async (t) => {
  const whole = (account: string) =>
    `<GetCallerIdentityResponse><GetCallerIdentityResult>${account}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
  let body: string | undefined = whole('<Account>111122223333</Account>');
  let onCame = () => {};
  const { clients } = await served(t, (_, answer) => {
    if (body !== undefined) answer.end(body);
    onCame();
  });
  assert.equal(await readAccountId(clients), '111122223333');
  const arn = 'arn:aws-cn:iam::111122223333:user/alice';
  body = whole(`<Account>111122223333</Account><Arn>${arn}</Arn>`);
  assert.deepEqual(await readCaller(clients), { accountId: '111122223333', partition: 'aws-cn', arn });
  body = whole('<Account>111122223333</Account>');
  const foreign = async (call: Promise<unknown>) => {
    const { kind, what, why = '', state, next } = (await failureOf(call)).problem;
    // Waiting does not help, but the settings can be mended.
    assert.deepEqual([kind, what, state], ['fixable', "Can't connect to AWS.", 'Nothing was made or changed.']);
    assert.match(why, /does not say who you are. It is not AWS:/);
    assert.match(next.join(), /^Check the proxy settings and the endpoint: env/);
  };
  await foreign(readCaller(clients));
  body = whole('<Arn>arn:aws:iam::111122223333:user/alice</Arn>');
  await foreign(readCaller(clients));
  body = whole('');
  await foreign(readAccountId(clients));
  body = undefined;
  for (const ask of [readCaller, readAccountId]) {
    const stop = new AbortController();
    onCame = () => stop.abort();
    await assert.rejects(ask(clients, stop.signal), { name: 'AbortError' });
  }
});
