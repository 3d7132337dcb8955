import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { HttpResponse } from '@smithy/core/protocols';
import fc from 'fast-check';
import { putObject } from '../../source/aws/object-write.ts';
import { allowQuickPuts } from '../../source/aws/quick-put.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { crc32, crc32Text } from '../../source/objects/crc32.ts';
import { anyCharacter } from '../any-character.ts';
import { s3Error } from '../faults/between.ts';
import { isLong, seed } from '../seed.ts';
import { keyArn } from './an-object.ts';
import { anybody } from './clients-at.ts';

/* Requests that are made from an earlier one, beside those of the SDK, for every kind of bucket, key and credentials. */

type Sent = {
  readonly hostname: string;
  readonly path: string;
  readonly query: object;
  readonly headers: Readonly<Record<string, string>>;
};
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: string };

/** A client whose requests go nowhere: `sent` has them, and each is answered as one that S3 took, or as `answerTo` says. */
function clientOf(config: S3ClientConfig = {}, answerTo: (number: number) => Answer | undefined = () => undefined) {
  const sent: Sent[] = [];
  const handle = async (request: Sent, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) => {
    if (abortSignal?.aborted) throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    sent.push(request);
    const { status: statusCode = 200, headers = {}, body = '' } = answerTo(sent.length) ?? {};
    const all = { 'content-length': String(body.length), etag: `"${sent.length}"`, ...headers };
    return { response: new HttpResponse({ statusCode, headers: all, body: Readable.from([Buffer.from(body)]) }) };
  };
  const requestHandler = {
    handle,
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
  };
  const s3 = new S3Client({
    region: 'us-east-1',
    credentials: anybody,
    requestHandler: requestHandler as never,
    ...config,
  });
  return { s3, sent };
}

/** The same client, for which requests are made from earlier ones. */
function quickClientOf(...given: Parameters<typeof clientOf>) {
  const client = clientOf(...given);
  allowQuickPuts(client.s3, { onCall: () => {}, onServer: () => {} });
  return client;
}

type Given = {
  readonly bucket?: string;
  readonly signal?: AbortSignal;
  readonly owner?: string;
  readonly keyArn?: string;
};

const put = (
  s3: S3Client,
  key: string,
  { bucket = 'a-bucket', signal = new AbortController().signal, ...other }: Given = {},
) => {
  const bytes = Buffer.from(`bytes of ${key}`);
  const sums = { crc32: crc32Text(crc32(bytes)), sha256: sha256Of(bytes) };
  const object = { bucket, owner: '111122223333', keyArn, key, contentType: undefined, ...other };
  return putObject(s3, object, { bytes, ...sums, condition: 'absent' }, signal);
};

const isQuick = ({ headers }: Sent) => headers['amz-sdk-request'] === undefined;

/** What belongs to the moment of a request, and to its tries, is not compared. */
const ofMoment = ['x-amz-date', 'authorization', 'amz-sdk-invocation-id', 'amz-sdk-request'];
const compared = ({ hostname, path, query, headers }: Sent) => ({
  hostname,
  path,
  query,
  headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !ofMoment.includes(name.toLowerCase()))),
});

/** The scope and the signed headers of a request: all of its signature that does not belong to the moment. */
const scopeOf = ({ headers }: Sent) => headers.authorization?.replace(/\/\d{8}\//, '/').replace(/, Signature=.*/, '');

const places: Readonly<Record<string, { readonly bucket?: string; readonly config?: S3ClientConfig }>> = {
  'named in the host': {},
  'with dots': { bucket: 'a.bucket.of.old' },
  'in another Region': { config: { region: 'eu-central-1' } },
  'in China': { config: { region: 'cn-north-1' } },
  'of an endpoint with a path': { config: { endpoint: 'http://127.0.0.1:1/s3/', forcePathStyle: true } },
  'behind FIPS': { config: { useFipsEndpoint: true } },
  'behind both stacks': { config: { useDualstackEndpoint: true } },
  'of an access point': { bucket: 'arn:aws:s3:us-east-1:111122223333:accesspoint/point' },
  'of S3 Express': { bucket: 'a-bucket--use1-az4--x-s3', config: { disableS3ExpressSessionAuth: true } },
  'with a session token': { config: { credentials: { ...anybody, sessionToken: 'token' } } },
};

for (const [name, { bucket, config }] of Object.entries(places))
  test(`a request for a bucket ${name} is the one that the SDK would send`, async () => {
    const [own, plain] = [quickClientOf(config), clientOf(config)];
    for (const { s3 } of [own, plain])
      for (const key of ['model', 'a b/c']) await put(s3, key, bucket === undefined ? {} : { bucket });
    assert.deepEqual(own.sent.map(compared), plain.sent.map(compared));
    assert.deepEqual(own.sent.map(isQuick), [false, true]);
    for (const [index, sent] of own.sent.entries()) {
      const signed = scopeOf(plain.sent[index] as Sent);
      // The SDK signs the headers about its tries too, which a first try does not need.
      assert.equal(
        scopeOf(sent),
        isQuick(sent) ? signed?.replace('amz-sdk-invocation-id;amz-sdk-request;', '') : signed,
      );
    }
  });

test('one client sends each object to its own bucket, to its own owner and under its own key', async () => {
  const [own, plain] = [quickClientOf(), clientOf()];
  const differing = [{}, { bucket: 'another-bucket' }, { owner: '444455556666' }, { keyArn: `${keyArn}0` }];
  for (const { s3 } of [own, plain]) for (const place of [...differing, ...differing]) await put(s3, 'a', place);
  assert.deepEqual(own.sent.map(compared), plain.sent.map(compared));
  assert.deepEqual(own.sent.map(isQuick), [false, false, false, false, true, true, true, true]);
});

test('what is signed in another way is left to the SDK: S3 Express with its sessions', async () => {
  const ends = new Date(Date.now() + 300_000).toISOString();
  const session = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'].map((name) => `<${name}>x</${name}>`).join('');
  const body = `<R><Credentials>${session}<Expiration>${ends}</Expiration></Credentials></R>`;
  const { s3, sent } = quickClientOf({}, (number) => (number === 1 ? { body } : undefined));
  for (const key of ['model', 'next']) await put(s3, key, { bucket: 'a-bucket--use1-az4--x-s3' });
  assert.deepEqual(
    sent.map((one) => [one.path, isQuick(one), one.headers['x-amz-s3session-token']]),
    [
      ['/', false, undefined],
      ['/model', false, 'x'],
      ['/next', false, 'x'],
    ],
  );
});

/** Asserts that the same path is sent for a key, as the model and made from another. */
async function assertSamePath(key: string) {
  const [asModel, asNext, plain] = [quickClientOf(), quickClientOf(), clientOf()];
  await put(plain.s3, key);
  const [{ path }] = plain.sent as [Sent];
  for (const each of [key, 'next']) await put(asModel.s3, each);
  for (const each of ['model', key]) await put(asNext.s3, each);
  const paths = [asModel, asNext].map(({ sent }) => sent.map((one) => one.path));
  assert.deepEqual(paths, [
    [path, '/next'],
    ['/model', path],
  ]);
  assert.ok(isQuick(asNext.sent[1] as Sent));
}

for (const key of [
  ...['..', '.', '../../etc/passwd', 'a/../b', './a', '/abs', '//', 'a//b', 'a/', '?a=b&c', '#x', '%', '%2F', '%zz'],
  ...[
    'a\\b',
    'a+b',
    'a b',
    ' ',
    '\t',
    'a\rb\nc',
    '\u0001',
    'ü',
    'e\u0301',
    '😀',
    '\u202egpj',
    "!'()*~",
    'x-id=Put',
    'next',
  ],
  'é'.repeat(512),
])
  test(`the key ${JSON.stringify(key).slice(0, 40)} is written as the SDK writes it`, () => assertSamePath(key));

test('random keys are written as the SDK writes them', async () => {
  const anyKey = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 60 });
  await fc.assert(fc.asyncProperty(anyKey, assertSamePath), { seed, numRuns: isLong ? 2000 : 40 });
});

test('a key that is no Unicode is refused as the SDK refuses it, and nothing is sent', async () => {
  const { s3, sent } = quickClientOf();
  await put(s3, 'model');
  await assert.rejects(put(s3, '\ud800'), URIError);
  assert.equal(sent.length, 1);
});

test('credentials that are renewed sign the next request, and those of before are gone', async () => {
  let number = 0;
  const credentials = async () => {
    number += 1;
    return { ...anybody, accessKeyId: `AKIA${number}`, sessionToken: `token-${number}`, expiration: new Date() };
  };
  const { s3, sent } = quickClientOf({ credentials });
  for (const key of ['model', 'a', 'b']) await put(s3, key);
  assert.deepEqual(sent.map(isQuick), [false, true, true]);
  for (const { headers } of sent) {
    const [, token] = /^token-(\d+)$/.exec(headers['x-amz-security-token'] ?? '') ?? [];
    assert.match(headers.authorization ?? '', new RegExp(`Credential=AKIA${token}/.*x-amz-security-token`));
  }
  assert.equal(new Set(sent.map(({ headers }) => headers['x-amz-security-token'])).size, 3);
});

const dateOf = ({ headers }: Sent) =>
  Date.parse((headers['x-amz-date'] ?? '').replace(/(....)(..)(..T..)(..)(..Z)/, '$1-$2-$3:$4:$5'));

test('a clock that S3 finds wrong is set right for the next try and for what follows', async () => {
  const ahead = 3_600_000;
  const skewed = s3Error('RequestTimeTooSkewed');
  const { s3, sent } = quickClientOf({}, (number) => {
    const date = new Date(Date.now() + ahead).toUTCString();
    return { ...(number === 2 ? skewed : {}), headers: number === 1 ? {} : { date } };
  });
  for (const key of ['model', 'a', 'b']) await put(s3, key);
  const offsets = sent.map((one) => Math.round(Math.abs(dateOf(one) - Date.now()) / ahead));
  assert.deepEqual(offsets, [0, 0, 1, 1]);
  assert.deepEqual(sent.map(isQuick), [false, true, false, true]);
});

for (const [status, code] of [
  [301, 'PermanentRedirect'],
  [307, 'TemporaryRedirect'],
  [400, 'ExpiredToken'],
  [400, 'KMS.DisabledException'],
  [403, 'AccessDenied'],
  [403, 'SignatureDoesNotMatch'],
  [404, 'NoSuchBucket'],
] as const)
  test(`the refusal ${code} (${status}) is the error that the SDK makes of it, and nobody goes elsewhere`, async () => {
    const refusal = { ...s3Error(code, status), headers: { location: 'https://elsewhere.example/' } };
    const told = [];
    for (const client of [
      quickClientOf({}, (number) => (number === 2 ? refusal : undefined)),
      clientOf({}, () => refusal),
    ]) {
      if (told.length === 0) await put(client.s3, 'model');
      told.push(await put(client.s3, 'a').catch(({ name, message, $metadata }) => ({ name, message, $metadata })));
      assert.ok(client.sent.every(({ hostname }) => hostname.startsWith('a-bucket.s3.')));
      assert.equal(client.sent.filter(({ path }) => path === '/a').length, 1);
    }
    assert.deepEqual(told[0], told[1]);
  });

test('whoever stops before a request sends none, and no second try follows a stop', async () => {
  const stop = new AbortController();
  const { s3, sent } = quickClientOf({}, (number) => {
    if (number === 2) stop.abort();
    return number === 2 ? { status: 500 } : undefined;
  });
  await put(s3, 'model');
  await assert.rejects(put(s3, 'a', { signal: stop.signal }), { name: 'AbortError' });
  assert.equal(sent.length, 2);
  await assert.rejects(put(s3, 'b', { signal: AbortSignal.abort() }), { name: 'AbortError' });
  assert.equal(sent.length, 2);
});
