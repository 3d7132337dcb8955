import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import fc from 'fast-check';
import { type Practice, practise, refused } from './practising.ts';

type Raw = {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: unknown;
};

test('a stranger is refused as each service refuses one', async (t) => {
  const { kms, s3, server } = await practise(t);
  const stranger = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const invalidToken = 'The security token included in the request is invalid.';
  await refused(kms('us-east-1', stranger).send(new ListKeysCommand({})), 'UnrecognizedClientException', invalidToken);
  await refused(
    s3('us-east-1', stranger).send(new ListBucketsCommand({})),
    'InvalidAccessKeyId',
    'The AWS Access Key Id you provided does not exist in our records.',
  );
  const sts = new STSClient({ region: 'us-east-1', endpoint: server.endpoint, credentials: stranger });
  await refused(sts.send(new GetCallerIdentityCommand({})), 'InvalidClientTokenId', invalidToken);
});

test('a known access key with another secret is refused', async (t) => {
  const { kms, s3, server } = await practise(t);
  const forged = { ...server.credentials, secretAccessKey: 'x'.repeat(40) };
  await refused(kms('us-east-1', forged).send(new ListKeysCommand({})), 'InvalidSignatureException');
  await refused(s3('us-east-1', forged).send(new ListBucketsCommand({})), 'SignatureDoesNotMatch');
});

test('the session token is not demanded', async (t) => {
  const { kms, server } = await practise(t);
  const { accessKeyId, secretAccessKey } = server.credentials;
  assert.deepEqual((await kms('us-east-1', { accessKeyId, secretAccessKey }).send(new ListKeysCommand({}))).Keys, []);
});

test('a request without a signature is refused, with a request id', async (t) => {
  const { server } = await practise(t);
  const s3 = await fetch(`${server.endpoint}/bucket/key`);
  assert.equal(s3.status, 403);
  assert.match(await s3.text(), /<Code>AccessDenied<\/Code>/);
  assert.ok(s3.headers.get('x-amz-request-id') && s3.headers.get('x-amz-id-2'));
  const kms = await fetch(server.endpoint, { method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys' } });
  assert.equal(kms.status, 400);
  assert.equal(((await kms.json()) as { __type: string }).__type, 'MissingAuthenticationTokenException');
  assert.ok(kms.headers.get('x-amzn-requestid'));
});

test('unknown operations and malformed bodies get the error of the service', async (t) => {
  const practice = await practise(t);
  const kms = (headers: Record<string, string>, body: string) => viaKms(practice, { headers, body });
  await refused(kms({ 'x-amz-target': 'TrentService.MakeCoffee' }, '{}'), 'UnknownOperationException');
  await refused(kms({ 'x-amz-target': 'TrentService.toString' }, '{}'), 'UnknownOperationException');
  await refused(kms({}, '{"Limit":'), 'SerializationException');
  await refused(kms({}, '{"Limit":"ten"}'), 'SerializationException');
  await refused(kms({}, `{"Limit":${'['.repeat(100_000)}`), 'SerializationException');
  await refused(viaS3(practice, { query: { torrent: '' } }), 'NotImplemented');
  await refused(viaS3(practice, { path: '/bad%zz/key' }), 'InvalidURI');
});

test('chunk framing that is broken gets an answer, and the server goes on', async (t) => {
  const practice = await practise(t);
  await viaS3(practice, { method: 'PUT', path: '/practice-bucket' });
  const headers = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER', 'x-amz-decoded-content-length': '3' };
  const put = (body: string) => viaS3(practice, { method: 'PUT', path: '/practice-bucket/k', headers, body });
  for (const body of [
    'zz\r\nabc\r\n0\r\n\r\n',
    '3\r\nab',
    '3\r\nabcd\r\n0\r\n\r\n',
    '4\r\nabcd\r\n0\r\n\r\n',
    '',
    'a'.repeat(9000),
  ]) {
    await refused(put(body), 'IncompleteBody');
  }
  await put('3\r\nabc\r\n0\r\n\r\n');
});

test('a client that waits for "100 Continue" is refused before it sends its body', async (t) => {
  const { s3 } = await practise(t);
  const Body = Buffer.alloc(3 * 1024 * 1024);
  await refused(s3().send(new PutObjectCommand({ Bucket: 'no-such-bucket', Key: 'k', Body })), 'NoSuchBucket');
});

test('what is not HTTP closes its own connection only', async (t) => {
  const { kms, server } = await practise(t);
  const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('\u0016\u0003\u0001 this is no HTTP\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400/);
  await kms().send(new ListKeysCommand({}));
});

test('generated requests are answered with an error or a result, never with a crash', async (t) => {
  const practice = await practise(t);
  const json = fc.oneof(fc.json(), fc.string(), fc.constant('{"KeyId":{}}'), fc.constant('null'));
  const operation = fc.constantFrom(
    'CreateKey',
    'Decrypt',
    'ImportKeyMaterial',
    'TagResource',
    'PutKeyPolicy',
    'ListKeys',
  );
  const segment = fc.constantFrom('practice-bucket', 'k', '%00', '..', '%F0%9F', 'a%2Fb', '');
  const marker = fc.constantFrom('uploads', 'uploadId', 'delete', 'encryption', 'list-type', 'partNumber', 'max-keys');
  const answered = async (call: Promise<unknown>) =>
    call.catch((error: { $metadata?: { httpStatusCode?: number } }) => {
      const status = error.$metadata?.httpStatusCode;
      assert.ok(status !== undefined && (status < 500 || status === 501), String(error));
      // A signature that does not hold would be refused before anything else is looked at.
      assert.doesNotMatch(String(error), /signature/i);
    });
  await fc.assert(
    fc.asyncProperty(
      operation,
      json,
      fc.array(segment, { maxLength: 4 }),
      marker,
      fc.string(),
      async (name, body, path, query, value) => {
        await answered(viaKms(practice, { headers: { 'x-amz-target': `TrentService.${name}` }, body }));
        for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
          await answered(viaS3(practice, { method, path: `/${path.join('/')}`, query: { [query]: value }, body }));
        }
      },
    ),
    { numRuns: 60 },
  );
  assert.deepEqual((await practice.s3().send(new ListBucketsCommand({}))).$metadata.httpStatusCode, 200);
});

async function viaKms({ server }: Practice, change: Partial<Raw>): Promise<unknown> {
  const client = new KMSClient({
    region: 'us-east-1',
    endpoint: server.endpoint,
    credentials: server.credentials,
    maxAttempts: 1,
  });
  alter(client, change);
  return client.send(new ListKeysCommand({}));
}

async function viaS3({ server }: Practice, change: Partial<Raw>): Promise<unknown> {
  const client = new S3Client({
    region: 'us-east-1',
    endpoint: server.endpoint,
    credentials: server.credentials,
    maxAttempts: 1,
  });
  alter(client, change);
  return client.send(new ListBucketsCommand({}));
}

/** Changes a request just before it is signed, so that only what is wrong with it on purpose is wrong. */
function alter(client: KMSClient | S3Client, { headers, body, query, ...rest }: Partial<Raw>): void {
  const { middlewareStack } = client as KMSClient;
  middlewareStack.add(
    (next) => async (args) => {
      const request = args.request as Raw;
      Object.assign(request, rest);
      request.query = query ?? {};
      if (body !== undefined) {
        request.body = Buffer.from(String(body));
        request.headers['content-length'] = String(Buffer.byteLength(String(body)));
      }
      Object.assign(request.headers, headers);
      return next(args);
    },
    { step: 'build', priority: 'low', name: 'alter' },
  );
}
