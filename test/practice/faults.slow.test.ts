import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateKeyCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetParametersForImportCommand,
  KMSClient,
  ListAliasesCommand,
  ListKeyRotationsCommand,
  ListKeysCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { openClock } from '../../source/practice/clock.ts';
import type { Settings } from '../../source/practice/control-settings.ts';
import { readFault, readSettings } from '../../source/practice/control-settings.ts';
import { requestQuotas } from '../../source/practice/request-quotas.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { openStore } from '../../source/practice/store.ts';
import { passTime } from './key-makers.ts';
import { externalKey, importMaterial, must, type Practice, practise, refused, tryOnce } from './practising.ts';

const hour = 3600_000;

/** Clients that do not try again. */
async function once(t: TestContext, settings: Settings): Promise<Practice & { one: KMSClient; bucket: S3Client }> {
  const practice = await practise(t, { settings });
  const config = tryOnce(practice.server);
  return { ...practice, one: new KMSClient(config), bucket: new S3Client(config) };
}

test('GetParametersForImport takes one request a second where real limits hold', async (t) => {
  const { one, clock, kms } = await once(t, { realLimits: true });
  const KeyId = await externalKey(one);
  const ask = async (client = one) =>
    client.send(
      new GetParametersForImportCommand({
        KeyId,
        WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        WrappingKeySpec: 'RSA_2048',
      }),
    );
  await ask();
  await refused(ask(), 'ThrottlingException', 'Rate exceeded');
  passTime({ clock }, 1001);
  await ask();
  passTime({ clock }, 1001);
  // The quota is each Region's own.
  await refused(ask(kms('eu-west-1')), 'NotFoundException');
  await ask();
});

test('a fault hits the operations it names, as often as it says, and each service answers in its own way', async (t) => {
  const { one, bucket } = await once(t, {
    faults: [
      { operation: 'kms:ListKeys', do: 'fail', times: 1 },
      { operation: 'kms:ListKeys', do: 'throttle', after: 2, times: 1 },
      { operation: 's3', do: 'throttle', times: 1 },
    ],
  });
  const list = async () => one.send(new ListKeysCommand({}));
  await refused(list(), 'KMSInternalException');
  await list();
  await refused(list(), 'ThrottlingException', 'Rate exceeded');
  await list();
  await one.send(new ListAliasesCommand({}));
  await refused(bucket.send(new ListBucketsCommand({})), 'SlowDown');
  await bucket.send(new ListBucketsCommand({}));
});

test('the same seed hits the same requests, another seed others', async (t) => {
  const run = async (seed: number) => {
    const { one } = await once(t, { seed, faults: [{ operation: 'kms:*', do: 'fail', chance: 0.5 }] });
    let pattern = '';
    for (let index = 0; index < 24; index += 1) {
      pattern += await one.send(new ListKeysCommand({})).then(
        () => '.',
        () => 'x',
      );
    }
    return pattern;
  };
  const [first, again, other] = [await run(1), await run(1), await run(2)];
  assert.equal(first, again);
  assert.notEqual(first, other);
  assert.match(first, /x.*\.|\..*x/);
});

test('a connection that is cut before or after the work shows the same to the client, and differs in what is there', async (t) => {
  const { one } = await once(t, {
    faults: [
      { operation: 'kms:CreateKey', do: 'drop-before', times: 1 },
      { operation: 'kms:CreateKey', do: 'drop-after', after: 1, times: 1 },
    ],
  });
  const count = async () => (await one.send(new ListKeysCommand({}))).Keys?.length;
  await assert.rejects(externalKey(one));
  assert.equal(await count(), 0);
  await assert.rejects(externalKey(one));
  assert.equal(await count(), 1);
});

test('a new key and a new principal take a while to be seen', async (t) => {
  const arn = 'arn:aws:iam::000000000000:user/alice';
  const { one, server } = await once(t, { newKeyTries: 2, newPrincipals: [arn] });
  const KeyId = await externalKey(one);
  const missing = `Key 'arn:aws:kms:us-east-1:${server.accountId}:key/${KeyId}' does not exist`;
  for (let tries = 0; tries < 2; tries += 1)
    await refused(one.send(new DescribeKeyCommand({ KeyId })), 'NotFoundException', missing);
  await one.send(new DescribeKeyCommand({ KeyId }));
  const Statement = [
    { Effect: 'Allow', Principal: { AWS: [arn, 'arn:aws:iam::000000000000:root'] }, Action: 'kms:*', Resource: '*' },
  ];
  const create = async () => one.send(new CreateKeyCommand({ Policy: JSON.stringify({ Statement }) }));
  await refused(create(), 'MalformedPolicyDocumentException');
  await refused(create(), 'MalformedPolicyDocumentException');
  await create();
});

test('a client that tries again gets through what passes: a 500, a throttle and a cut connection', async (t) => {
  const { kms } = await once(t, {
    faults: [
      { operation: 'kms:ListKeys', do: 'fail', times: 1 },
      { operation: 'kms:ListAliases', do: 'throttle', times: 1 },
      { operation: 'kms:CreateKey', do: 'drop-before', times: 1 },
    ],
  });
  for (const [command, attempts] of [
    [new ListKeysCommand({}), 2],
    [new ListAliasesCommand({}), 2],
    [new CreateKeyCommand({}), 2],
    [new ListKeysCommand({}), 1],
  ] as const) {
    const { $metadata } = await kms().send(command as ListKeysCommand);
    assert.equal($metadata.attempts, attempts, command.constructor.name);
  }
});

test('a slow answer comes late, and the request has been acted on', async (t) => {
  const { one } = await once(t, { faults: [{ operation: 'kms:CreateKey', do: 'slow', milliseconds: 300, times: 1 }] });
  const began = performance.now();
  await externalKey(one);
  assert.ok(performance.now() - began >= 299);
  assert.equal((await one.send(new ListKeysCommand({}))).Keys?.length, 1);
});

test('S3 is slowed, broken and cut as KMS is: an upload that was cut after its end is there', async (t) => {
  const Bucket = 'practice-bucket';
  const { bucket } = await once(t, {
    faults: [
      { operation: 's3:PutObject', do: 'fail', times: 1 },
      { operation: 's3:PutObject', do: 'drop-before', after: 1, times: 1 },
      { operation: 's3:PutObject', do: 'drop-after', after: 2, times: 1 },
    ],
  });
  await bucket.send(new CreateBucketCommand({ Bucket }));
  const put = async () => bucket.send(new PutObjectCommand({ Bucket, Key: 'k', Body: Buffer.from('text') }));
  const isThere = async () =>
    bucket.send(new HeadObjectCommand({ Bucket, Key: 'k' })).then(
      () => true,
      () => false,
    );
  await refused(put(), 'InternalError');
  await assert.rejects(put());
  assert.equal(await isThere(), false);
  await assert.rejects(put());
  assert.equal(await isThere(), true);
  await put();
});

test('a key whose material was just imported is not usable for a while', async (t) => {
  const { one } = await once(t, { newMaterialTries: 2 });
  const KeyId = await externalKey(one);
  await importMaterial(one, KeyId, Buffer.alloc(32, 1));
  const use = async () => one.send(new EncryptCommand({ KeyId, Plaintext: Buffer.of(1) }));
  await refused(use(), 'KMSInvalidStateException');
  await refused(use(), 'KMSInvalidStateException');
  await use();
});

test('the control file switches faults on and off while practice AWS runs', async (t) => {
  const { one, folder } = await once(t, {});
  const control = (text: string) => writeFileSync(join(folder, 'practice-control.json'), text);
  await one.send(new ListKeysCommand({}));
  control('{"faults":[{"operation":"kms:ListKeys","do":"throttle"}],"deny":{"SecurityAdmin":["kms:ListA*"]}}');
  await refused(one.send(new ListKeysCommand({})), 'ThrottlingException');
  await refused(
    one.send(new ListAliasesCommand({})),
    'AccessDeniedException',
    'User: arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you is not authorized to perform: kms:ListAliases on resource: * because no identity-based policy allows the kms:ListAliases action',
  );
  control('{ this is no JSON');
  await refused(one.send(new ListKeysCommand({})), 'ThrottlingException');
  control('{}');
  await one.send(new ListKeysCommand({}));
});

test('settings and faults that cannot be read are refused with the reason', () => {
  assert.deepEqual(readFault('kms:CreateKey=slow,milliseconds=20,chance=0.5'), {
    operation: 'kms:CreateKey',
    do: 'slow',
    milliseconds: 20,
    chance: 0.5,
  });
  for (const text of [
    '',
    'kms:CreateKey',
    'ec2:Run=fail',
    'kms:CreateKey=explode',
    'kms:X=fail,odds=1',
    'kms:X=fail,chance=x',
  ])
    assert.throws(() => readFault(text), /is no fault/, text);
  for (const text of ['[', '[]', '{"faults":[{}]}', '{"speed":1}', '{"clockSpeed":"fast"}'])
    assert.throws(() => readSettings(text), Error, text);
});

test('a fast clock expires material, stays ahead after a restart, and slows down again', async (t) => {
  const { folder, server, kms } = await practise(t);
  const KeyId = await externalKey(kms());
  await server.close();
  const settings = { clockSpeed: 100_000 };
  const fast = await startPracticeAws({ stateFolder: folder, settings });
  const client = (endpoint: string) => new KMSClient({ region: 'us-east-1', endpoint, credentials: fast.credentials });
  const { KeyMetadata: made } = await client(fast.endpoint).send(new CreateKeyCommand({}));
  assert.ok(must(made?.CreationDate).getTime() > Date.now() + 1000, 'the clock runs ahead');
  // A day is less than a second of this clock.
  await importMaterial(client(fast.endpoint), KeyId, Buffer.alloc(32), {
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo: new Date(must(made?.CreationDate).getTime() + 24 * hour),
  });
  const state = async () => (await client(fast.endpoint).send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.KeyState;
  while ((await state()) !== 'PendingImport') {
    // Each question takes minutes of this clock.
  }
  await fast.close();
  const after = await startPracticeAws({ stateFolder: folder });
  t.after(async () => after.close());
  const { KeyMetadata } = await client(after.endpoint).send(new CreateKeyCommand({}));
  assert.ok(must(KeyMetadata?.CreationDate).getTime() >= must(made?.CreationDate).getTime(), 'it never goes back');
});

test('a fast clock that nobody renews any longer goes on at the speed of the wall', async (t) => {
  const { folder, server } = await practise(t);
  await server.close();
  const store = openStore(folder);
  // What a process that was killed has left behind, ten seconds ago.
  const [wall, practice, speed] = [Date.now() - 10_000, Date.now(), 1000];
  store.run('INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)', wall, practice, speed);
  const ahead = openClock(store).now().getTime() - Date.now();
  store.close();
  assert.ok(ahead > hour / 2 && ahead < hour, `${ahead} ms ahead instead of 3 seconds at ${speed} times the speed`);
});

test('a service can be silent, and end a session in the middle of something', async (t) => {
  const expired = 'The security token included in the request is expired';
  const { one, bucket } = await once(t, {
    faults: [
      { operation: 'kms:ListAliases', do: 'silent' },
      { operation: 'kms:ListKeys', do: 'expire', after: 1, times: 1 },
      { operation: 's3', do: 'expire' },
    ],
  });
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  one.middlewareStack.add(
    (next) => async (args) => {
      resolve();
      return next(args);
    },
    { step: 'deserialize' },
  );
  const stop = new AbortController();
  const silent = one.send(new ListAliasesCommand({}), { abortSignal: stop.signal });
  await asked;
  await one.send(new ListKeysCommand({}));
  await refused(one.send(new ListKeysCommand({})), 'ExpiredTokenException', expired);
  await one.send(new ListKeysCommand({}));
  await refused(bucket.send(new ListBucketsCommand({})), 'ExpiredToken', 'The provided token has expired.');
  stop.abort();
  await refused(silent, 'AbortError');
});

test('the quotas of what a ceremony asks most often hold as well', async (t) => {
  const { one, clock, server } = await once(t, { realLimits: true });
  const iam = new IAMClient(tryOnce(server));
  const simulate = () =>
    iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: 'arn:aws:iam::000000000000:role/SecurityAdmin',
        ActionNames: ['kms:CreateKey'],
      }),
    );
  const KeyId = await externalKey(one);
  const asking: ReadonlyArray<readonly [quota: number, ask: () => Promise<unknown>, code: string]> = [
    [5, simulate, 'Throttling'],
    [100, () => one.send(new ListKeyRotationsCommand({ KeyId })), 'ThrottlingException'],
  ];
  for (const [quota, ask, code] of asking) {
    for (let number = 0; number < quota; number += 1) await ask();
    await refused(ask(), code, 'Rate exceeded');
    passTime({ clock }, 1001);
    await ask();
  }
  // Only the table shows quotas that nobody at a keyboard reaches.
  const large = ['DescribeKey', 'ListAliases', 'ListResourceTags'].map((name) => requestQuotas[`kms:${name}`]);
  assert.deepEqual(large, [2000, 500, 2000]);
});
