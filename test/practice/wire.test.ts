import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Practice, practise, refused, tryOnce } from './practising.ts';
import { presigned, send, signedChunks, signedHeaders, type Wanted } from './signed-request.ts';

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

test('a signature of another form, and its date in another form, are malformed', async (t) => {
  const { server } = await practise(t);
  const wanted = { service: 'kms', method: 'POST', headers: { 'x-amz-target': 'TrentService.ListKeys' }, body: '{}' };
  const { authorization = '', 'x-amz-date': date = '', ...others } = signedHeaders(server, wanted);
  const ask = async (after: Readonly<Record<string, string>>) =>
    (await send(server, { ...wanted, after: { ...others, authorization, 'x-amz-date': date, ...after } })).text;
  assert.match(await ask({}), /"Keys"/);
  const malformed = /IncompleteSignatureException/;
  for (const value of [new Date().toISOString(), `${date}x`, `1${date}`, date.slice(0, -1), ''])
    assert.match(await ask({ 'x-amz-date': value }), malformed, value);
  for (const value of [
    `x${authorization}`,
    `${authorization}0`,
    `${authorization}, More=x`,
    authorization.replace('aws4_request', 'aws4'),
    authorization.replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA512'),
    authorization.replace(/SignedHeaders=[^,]+, /, ''),
  ])
    assert.match(await ask({ authorization: value }), malformed, value);
  assert.match(await ask({ authorization: ` ${authorization.replaceAll(', ', ',')} ` }), /"Keys"/);
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

test('a body of KMS is one JSON object, with members of the right kind, and each wrong member is told', async (t) => {
  const { server } = await practise(t);
  const ask = async (operation: string, body: string) => {
    const headers = { 'x-amz-target': operation };
    const { status, headers: told, text } = await send(server, { service: 'kms', method: 'POST', headers, body });
    assert.equal(told['content-type'], 'application/x-amz-json-1.1');
    const { __type: type, message } = JSON.parse(text) as { __type?: string; message?: string };
    return [status, type, message];
  };
  for (const body of ['[]', 'null', '"text"', '7'])
    assert.deepEqual((await ask('TrentService.ListKeys', body)).slice(0, 2), [400, 'SerializationException'], body);
  assert.deepEqual(await ask('TrentService.ListKeys', ''), [200, undefined, undefined]);
  assert.deepEqual((await ask('TrentService.ListKeys', '{"Recipient":null,"Other":1}'))[0], 200);
  const two =
    "2 validation errors detected: Value 'x' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]; Value null at 'keyId' failed to satisfy constraint: Member must not be null";
  const [, code, text = ''] = await ask('TrentService.GenerateDataKey', '{"KeySpec":"x"}');
  const sorted = (words: unknown) =>
    String(words)
      .split(/: (?=Value)|; /)
      .sort();
  assert.deepEqual([code, sorted(text)], ['ValidationException', sorted(two)]);
  for (const member of [
    '"MultiRegion":"yes"',
    '"Description":7',
    '"Tags":{}',
    '"Tags":["a"]',
    '"Tags":[{"TagKey":"a","TagValue":7}]',
    '"Origin":["EXTERNAL"]',
  ])
    assert.equal((await ask('TrentService.CreateKey', `{${member}}`))[1], 'SerializationException', member);
  const tag = await ask('TrentService.CreateKey', '{"Tags":[{"TagKey":"a"}]}');
  assert.match(
    String(tag[2]),
    /Value null at 'tags\.1\.member\.tagValue' failed to satisfy constraint: Member must not be null$/,
  );
  for (const member of [
    '"EncryptionContext":{"a":1}',
    '"EncryptionContext":["a"]',
    '"GrantTokens":"a"',
    '"Plaintext":1',
  ])
    assert.equal((await ask('TrentService.Encrypt', `{"KeyId":"k",${member}}`))[1], 'SerializationException', member);
});

test('a request that is signed in its query holds for its time and its secret alone', async (t) => {
  const { server, s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  await s3().send(new PutObjectCommand({ Bucket: 'a-bucket', Key: 'k', Body: 'text' }));
  const path = '/a-bucket/k';
  const read = async (url: string, init: RequestInit = {}) => {
    const answer = await fetch(`${server.endpoint}${url}`, init);
    const told = await answer.text();
    return `${answer.status} ${/<Code>(\w+)</.exec(told)?.[1] ?? told}`;
  };
  assert.equal(await read(presigned(server, { path }, 60)), '200 text');
  const { sessionToken: _, ...withoutToken } = server.credentials;
  assert.equal(await read(presigned({ ...server, credentials: withoutToken }, { path }, 60)), '200 text');
  assert.equal(await read(presigned(server, { path, method: 'PUT' }, 60), { method: 'PUT', body: 'more' }), '200 ');
  assert.equal(await read(presigned(server, { path }, 60)), '200 more');
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1000);
  // Longer than a request in headers may be on its way.
  assert.equal(await read(presigned(server, { path, at: ago(3000) }, 3600)), '200 more');
  assert.equal(await read(presigned(server, { path, at: ago(62) }, 60)), '403 AccessDenied');
  assert.equal(await read(presigned(server, { path, at: ago(0) }, 604_801)), '400 AuthorizationQueryParametersError');
  assert.equal(await read(presigned(server, { path, at: ago(0) }, 604_800)), '200 more');
  const url = presigned(server, { path }, 60);
  assert.equal(await read(url.replace('a-bucket/k', 'a-bucket/l')), '403 SignatureDoesNotMatch');
  assert.equal(await read(url.replace('Expires=60', 'Expires=90')), '403 SignatureDoesNotMatch');
  assert.equal(await read(`${url}&x-amz-acl=public-read`), '403 SignatureDoesNotMatch');
  assert.equal(await read(url.replace(/Security-Token=\w+/, 'Security-Token=another')), '400 InvalidToken');
  const bare = await send(server, { service: 's3', path, after: { 'x-amz-content-sha256': undefined } });
  assert.match(`${bare.status} ${bare.text}`, /^400 .*Missing required header for this request: x-amz-content-sha256/s);
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
  ])
    await refused(put(body), 'IncompleteBody');
  await put('3\r\nabc\r\n0\r\n\r\n');
});

test('a client that waits for "100 Continue" is refused before it sends its body', async (t) => {
  const { s3, server } = await practise(t);
  const Body = Buffer.alloc(3 * 1024 * 1024);
  await refused(s3().send(new PutObjectCommand({ Bucket: 'no-such-bucket', Key: 'k', Body })), 'NoSuchBucket');
  // What comes next on this connection could be the body or another request.
  const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
  socket.write('PUT /b/k HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\nexpect: 100-continue\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  assert.match(answer.toString(), /^HTTP\/1\.1 403 .*^connection: close\r$/ims);
  for (const name of ['content-type: application/xml', 'x-amz-request-id: [0-9A-F]{16}', 'server: keyferry-practice'])
    assert.match(answer.toString(), new RegExp(`^${name}\r$`, 'im'));
});

test('an answer says how long its body is, and an empty one says zero, as those of S3 do', async (t) => {
  const { server, s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const lengthOf = async (method: string, path: string, body = '') => {
    const { status, headers, text } = await send(server, { service: 's3', method, path, body });
    return [status, headers['content-length'], String(text.length)];
  };
  assert.deepEqual(await lengthOf('PUT', '/a-bucket/x', 'five!'), [200, '0', '0']);
  const [listed, told, read] = await lengthOf('GET', '/a-bucket');
  assert.deepEqual([listed, told], [200, read]);
  assert.deepEqual(await lengthOf('HEAD', '/a-bucket/x'), [200, '5', '0']);
  assert.deepEqual(await lengthOf('DELETE', '/a-bucket/x'), [204, undefined, '0']);
});

test('what is not HTTP closes its own connection only', async (t) => {
  const { kms, server } = await practise(t);
  const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('\u0016\u0003\u0001 this is no HTTP\r\n\r\n');
  assert.match(await text(socket), /^HTTP\/1\.1 400/);
  await kms().send(new ListKeysCommand({}));
});

test('headers and bodies that are too large get an answer', async (t) => {
  const { server } = await practise(t);
  const headers = await send(server, { service: 's3', headers: { 'x-amz-meta-a': 'x'.repeat(40_000) } });
  assert.match(`${headers.status} ${headers.text}`, /^400 [\s\S]*<Code>RequestHeaderSectionTooLarge</);
  const target = { 'x-amz-target': 'TrentService.ListKeys' };
  const body = Buffer.alloc(5 * 1024 * 1024, ' ');
  const large = await send(server, { service: 'kms', method: 'POST', headers: target, body });
  assert.match(`${large.status} ${large.text}`, /^413 .*RequestEntityTooLarge/);
  assert.equal((await send(server, { service: 's3' })).status, 200);
});

test('what is wrong with a signature is told by each service in its own way', async (t) => {
  const { server } = await practise(t);
  const day = 24 * 60 * 60_000;
  const rows: ReadonlyArray<readonly [change: Partial<Wanted>, kms: RegExp, s3: RegExp]> = [
    [
      { after: { authorization: undefined } },
      /^400 .*MissingAuthenticationTokenException/,
      /^403 .*<Code>AccessDenied</,
    ],
    [
      { after: { authorization: 'AWS4-HMAC-SHA256 nonsense' } },
      /^400 .*IncompleteSignatureException/,
      /^400 .*<Code>AuthorizationHeaderMalformed</,
    ],
    [
      { service: 'ec2' },
      /^400 .*InvalidSignatureException.*Credential should be scoped to correct service: 'kms'\./,
      /^400 .*<Code>AuthorizationHeaderMalformed<.*incorrect service .*ec2/,
    ],
    [
      { region: 'nowhere' },
      /^400 .*InvalidSignatureException.*valid region/,
      /^400 .*<Code>AuthorizationHeaderMalformed<.*nowhere/,
    ],
    [
      { at: new Date(Date.now() - day) },
      /^400 .*InvalidSignatureException.*Signature expired: \d{8}T\d{6}Z is now earlier than/,
      /^403 .*<Code>RequestTimeTooSkewed</,
    ],
    [
      { at: new Date(Date.now() + day) },
      /^400 .*InvalidSignatureException.*Signature not yet current/,
      /^403 .*<Code>RequestTimeTooSkewed</,
    ],
    [
      { after: { 'x-amz-date': '20200101T000000Z' } },
      /^400 .*InvalidSignatureException.*Date in Credential scope does not match/,
      /^400 .*<Code>AuthorizationHeaderMalformed<.*Invalid credential date/,
    ],
    [
      { headers: { 'x-amz-security-token': 'another' } },
      /^400 .*UnrecognizedClientException/,
      /^400 .*<Code>InvalidToken</,
    ],
    [{ after: { host: 'localhost:1' } }, /^400 .*InvalidSignatureException/, /^403 .*<Code>SignatureDoesNotMatch</],
  ];
  for (const [change, kms, s3] of rows) {
    const target = { 'x-amz-target': 'TrentService.ListKeys' };
    const headers = { ...target, ...change.headers };
    const toKms = await send(server, { service: 'kms', method: 'POST', body: '{}', ...change, headers });
    assert.match(`${toKms.status} ${toKms.text}`, kms);
    const toS3 = await send(server, { service: 's3', ...change });
    assert.match(`${toS3.status} ${toS3.text}`.replaceAll('\n', ' '), s3);
  }
});

test('KMS tells by how much a clock is off, and which date the scope should have', async (t) => {
  const { server } = await practise(t);
  const quarter = 15 * 60_000;
  const ask = async (more: Partial<Wanted>) => {
    const headers = { 'x-amz-target': 'TrentService.ListKeys' };
    const { text } = await send(server, { service: 'kms', method: 'POST', body: '{}', headers, ...more });
    return (JSON.parse(text) as { message: string }).message;
  };
  const timeOf = (moment = '') => Date.parse(moment.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  for (const [off, form, bound] of [
    [-4, /^Signature expired: (\S+) is now earlier than (\S+) \((\S+) - 15 min\.\)$/, -quarter],
    [4, /^Signature not yet current: (\S+) is still later than (\S+) \((\S+) \+ 15 min\.\)$/, quarter],
  ] as const) {
    const at = new Date(Math.floor(Date.now() / 1000) * 1000 + off * quarter);
    const message = await ask({ at });
    const [signed, limit = 0, now = 0] = (form.exec(message) ?? []).slice(1).map(timeOf);
    assert.deepEqual([signed, limit - now], [at.getTime(), bound], message);
    assert.ok(Math.abs(Date.now() - now) < 60_000, message);
  }
  const words = await ask({ at: new Date(Date.UTC(2026, 0, 2)), after: { 'x-amz-date': '20251231T010203Z' } });
  const start = 'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP:';
  assert.equal(words, `${start} '20260102' != '20251231', from '20251231T010203Z'.`);
});

test('a signature holds with spaces in a header, and with signs and repeated names in a query', async (t) => {
  const { server, s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  const headers = { 'x-amz-meta-a': '  two  or   three spaces ' };
  const put = { service: 's3', method: 'PUT', path: '/a-bucket/k', body: 'text' };
  assert.equal((await send(server, { ...put, headers })).status, 200);
  const look = async (query: string) => (await send(server, { service: 's3', path: '/a-bucket', query })).status;
  for (const query of [
    'list-type=2&prefix=a%21%27%28%29%2A~b%20c%2Bd',
    'list-type=2&prefix=b&prefix=a&prefix=B',
    'prefix=%C3%A9&list-type=2&delimiter=%2F&start-after=a%3Db',
    'list-type=2&a-b=1&a=2&prefix=x%3D',
    'list-type=2&prefix=',
  ])
    assert.equal(await look(query), 200, query);
  const { endpoint, credentials } = server;
  const forged = { ...server, endpoint, credentials: { ...credentials, secretAccessKey: 'a'.repeat(40) } };
  assert.equal((await send(forged, put)).status, 403);
});

test('signed chunks are held against their signatures, and so are signed trailers', async (t) => {
  const { server, s3 } = await practise(t);
  await s3().send(new CreateBucketCommand({ Bucket: 'practice-bucket' }));
  const [Bucket, Key] = ['practice-bucket', 'k'];
  const put = async (spoil: (body: string) => string, trailer: boolean) => {
    const kind = `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer ? '-TRAILER' : ''}`;
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': kind,
      'x-amz-decoded-content-length': '8',
      ...(trailer ? { 'x-amz-trailer': 'x-amz-checksum-crc32' } : {}),
    };
    const pieces = ['the ', 'text', ''];
    // The length is not signed: what it will be is known only once the chunks are.
    const wanted = { service: 's3', method: 'PUT', path: `/${Bucket}/${Key}`, headers, at: new Date() };
    const signed = signedHeaders(server, { ...wanted, body: '' }, ['content-length']);
    const body = spoil(signedChunks(server, signed, pieces, trailer ? 'x-amz-checksum-crc32:dlaLtw==\n' : undefined));
    return send(server, { ...wanted, body, after: { ...signed, 'content-length': String(body.length) } });
  };
  for (const trailer of [false, true]) {
    const good = await put((body) => body, trailer);
    assert.equal(good.status, 200, good.text);
    const { Body } = await s3().send(new GetObjectCommand({ Bucket, Key }));
    assert.equal(await Body?.transformToString(), 'the text');
    for (const spoil of [
      (body: string) => body.replace('the ', 'THE '),
      (body: string) => body.replace('text', 'TEXT'),
      (body: string) => body.replaceAll(/;chunk-signature=[0-9a-f]+/g, ''),
    ]) {
      const answer = await put(spoil, trailer);
      assert.match(`${answer.status} ${answer.text}`, /^403 [\s\S]*<Code>SignatureDoesNotMatch</);
    }
  }
  const forged = await put((body) => body.replace(/(trailer-signature:)[0-9a-f]{8}/, '$100000000'), true);
  assert.match(`${forged.status} ${forged.text}`, /^403 [\s\S]*<Code>SignatureDoesNotMatch</);
});

async function viaKms({ server }: Practice, change: Partial<Raw>): Promise<unknown> {
  const client = new KMSClient(tryOnce(server));
  alter(client, change);
  return client.send(new ListKeysCommand({}));
}

async function viaS3({ server }: Practice, change: Partial<Raw>): Promise<unknown> {
  const client = new S3Client(tryOnce(server));
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
