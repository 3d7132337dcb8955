import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import fc from 'fast-check';
import { operations } from '../../source/practice/kms/operations.ts';
import { anyCharacter } from '../any-character.ts';
import { newFolder } from '../new-folder.ts';
import { isLong, seed } from '../seed.ts';
import { type Served, serve } from './served.ts';
import { send, type Wanted } from './signed-request.ts';

const count = isLong ? 20_000 : 1000;

/** What goes over the wire: a request that is signed, perhaps with something changed afterwards, or bytes as they are. */
type Shot = { readonly signed: Wanted } | { readonly raw: string; readonly cut: number };

const oneOf = (...values: readonly string[]) => fc.constantFrom(...values);
const junk = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  oneOf('', '0', '-1'),
);

/** JSON of the right form with wrong values, JSON of any form, JSON that breaks off, and what is none. */
const members = oneOf(
  ...'KeyId Limit Marker Policy Tags AliasName TargetKeyId Plaintext CiphertextBlob EncryptionContext ImportToken'.split(
    ' ',
  ),
  ...'EncryptedKeyMaterial ValidTo ExpirationModel ImportType KeyMaterialId WrappingAlgorithm WrappingKeySpec'.split(
    ' ',
  ),
  ...'KeySpec KeyUsage Origin MultiRegion ReplicaRegion Message Mac Signature PublicKey Operations GrantTokens'.split(
    ' ',
  ),
  '__proto__',
  'constructor',
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>('alias/x', 'EXTERNAL', 'RSA_2048', 'AAAA', 1e300, -1, [], {}, [[]], [null], { a: null }),
  fc.constant('x'.repeat(10_000)),
);
/** Members of the right type, so that a request gets past its shape and to the key. */
const blob = fc.base64String({ minLength: 4, maxLength: 80 });
const typed = fc.record(
  {
    KeyId: oneOf('alias/fuzz', 'alias/none', '00000000-0000-4000-8000-000000000000', 'arn:aws:kms:::key/', ''),
    CiphertextBlob: blob,
    Plaintext: blob,
    Message: blob,
    ImportToken: blob,
    EncryptedKeyMaterial: blob,
    Policy: fc.oneof(
      fc.json({ maxDepth: 2 }),
      oneOf('{}', '[]', '{"Statement":{}}', '{"Statement":[{"Effect":"Allow","Principal":{"AWS":[]}}]}'),
    ),
    EncryptionContext: fc.dictionary(junk, fc.string({ maxLength: 20 }), { maxKeys: 3 }),
    Tags: fc.array(fc.record({ TagKey: junk, TagValue: junk }), { maxLength: 3 }),
    KeySpec: oneOf('AES_256', 'ECC_NIST_P256', 'SYMMETRIC_DEFAULT', 'HMAC_256', 'SM2', 'x'),
    KeyUsage: oneOf('ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'x'),
    Origin: oneOf('EXTERNAL', 'AWS_KMS', 'AWS_CLOUDHSM'),
    MultiRegion: fc.boolean(),
    ReplicaRegion: oneOf('eu-west-1', 'us-east-1', 'x'),
    PrimaryRegion: oneOf('eu-west-1', 'us-east-1', 'x'),
    ValidTo: fc.double(),
    Limit: fc.integer({ min: -2, max: 2000 }),
    Marker: fc.oneof(junk, blob),
    AliasName: oneOf('alias/fuzz', 'alias/a', 'alias/aws/s3', 'a'),
    TargetKeyId: oneOf('alias/fuzz', 'x'),
    Description: junk,
    Operations: fc.array(oneOf('Decrypt', 'x'), { maxLength: 3 }),
    GranteePrincipal: junk,
    WrappingAlgorithm: oneOf('RSAES_OAEP_SHA_256', 'RSAES_PKCS1_V1_5', 'x'),
    WrappingKeySpec: oneOf('RSA_2048', 'SM2'),
    SigningAlgorithm: oneOf('ECDSA_SHA_256', 'x'),
    MacAlgorithm: oneOf('HMAC_SHA_256'),
    PendingWindowInDays: fc.integer({ min: -1, max: 40 }),
    DryRun: fc.boolean(),
  },
  { requiredKeys: ['KeyId'] },
);
const json: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: typed.map((record) => JSON.stringify(record)) },

  fc.dictionary(members, value, { maxKeys: 6 }).map((record) => JSON.stringify(record)),
  fc
    .tuple(fc.dictionary(members, value, { maxKeys: 6 }), fc.nat(200))
    .map(([record, length]) => JSON.stringify(record).slice(0, length)),
  fc.json(),
  fc.string({ unit: anyCharacter, maxLength: 100 }),
  fc.constantFrom(
    '[',
    '{"KeyId":"k","Limit":1e400}',
    '{"KeyId":',
    '{"KeyId":{"KeyId":{}}}',
    '[[[[',
    'null',
    '\u0000',
    `${'['.repeat(50_000)}`,
  ),
);

/** XML that S3 takes, with elements left out, doubled, misnamed or cut. */
const roots = oneOf(
  ...'Delete CompleteMultipartUpload ServerSideEncryptionConfiguration ObjectEncryption CreateBucketConfiguration'.split(
    ' ',
  ),
  'x',
);
const names = oneOf(
  ...'Object Key Quiet Part PartNumber ETag Rule ApplyServerSideEncryptionByDefault SSEAlgorithm KMSMasterKeyID'.split(
    ' ',
  ),
  ...'BlockedEncryptionTypes EncryptionType SSE-KMS KMSKeyArn BucketKeyEnabled LocationConstraint a'.split(' '),
);
const tree: fc.Memo<string> = fc.memo((depth) =>
  depth <= 1
    ? fc.oneof(fc.nat().map(String), fc.constantFrom('true', 'aws:kms', '&amp;', '&#0;', '&undefined;', ']]>', ''))
    : fc
        .array(fc.tuple(names, tree(depth - 1)), { maxLength: 3 })
        .map((children) => children.map(([name, inner]) => `<${name}>${inner}</${name}>`).join('')),
);
const xml = fc.oneof(
  fc.tuple(roots, tree(4)).map(([root, inner]) => `<${root}>${inner}</${root}>`),
  fc.tuple(roots, tree(3), fc.nat(80)).map(([root, inner, length]) => `<${root}>${inner}</${root}>`.slice(0, length)),
  fc.constantFrom(
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><Delete><Object><Key>&b;</Key></Object></Delete>',
    '<?xml version="1.0" encoding="UTF-16"?><Delete/>',
    `<Delete>${'<a>'.repeat(20_000)}`,
    `<Delete>${'<Object><Key>k</Key></Object>'.repeat(1001)}</Delete>`,
    '<Delete xmlns="http://example.org/"><Object/></Delete>',
    '\uFEFF<Delete></Delete>',
  ),
  fc.string({ unit: anyCharacter, maxLength: 60 }),
);

/** Chunk framing that is right, and wrong in size, end, signature or trailer. */
const chunks = fc
  .array(
    fc.oneof(
      fc.nat(40).map((size) => `${size.toString(16)}\r\n${'a'.repeat(size)}\r\n`),
      fc.nat(40).map((size) => `${(size + 1).toString(16)}\r\n${'a'.repeat(size)}\r\n`),
      fc.constantFrom(
        '0\r\n\r\n',
        '0\r\n',
        '\r\n',
        'ffffffffffff\r\n',
        '-1\r\n',
        'zz\r\n',
        '3;chunk-signature=00\r\nabc\r\n',
      ),
      fc.constantFrom(
        '0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
        '0\r\nx-amz-checksum-crc32\r\n\r\n',
        `${'a'.repeat(9000)}`,
      ),
    ),
    { maxLength: 5 },
  )
  .map((parts) => parts.join(''));
const framing = fc.record({
  'x-amz-content-sha256': oneOf(
    'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'UNSIGNED-PAYLOAD',
  ),
  'x-amz-decoded-content-length': fc.oneof(fc.nat(100).map(String), oneOf('', '-1', 'x', '99999999999999')),
  'x-amz-trailer': oneOf('x-amz-checksum-crc32', 'x-amz-checksum-crc64nvme', 'x-amz-checksum-nothing', ''),
});

/** Headers that S3 and KMS look at, with values that they do not expect; some are larger than any server takes. */
const header = oneOf(
  ...'range if-match if-modified-since content-md5 x-amz-copy-source x-amz-copy-source-range x-amz-checksum-crc32'.split(
    ' ',
  ),
  ...'x-amz-checksum-sha256 x-amz-sdk-checksum-algorithm x-amz-checksum-mode x-amz-metadata-directive x-amz-tagging'.split(
    ' ',
  ),
  ...'x-amz-server-side-encryption x-amz-server-side-encryption-aws-kms-key-id content-encoding content-type'.split(
    ' ',
  ),
  ...'x-amz-server-side-encryption-context x-amz-server-side-encryption-customer-algorithm x-amz-meta-a'.split(' '),
  ...'x-amz-server-side-encryption-customer-key x-amz-server-side-encryption-customer-key-md5 x-amz-storage-class'.split(
    ' ',
  ),
);
const ascii = fc.string({ unit: fc.constantFrom(...' !"#%&*+,-./09:;=?@AZ[\\]_az{|}~'), maxLength: 60 });
const headerValue = fc.oneof(
  ascii,
  oneOf('bytes=0-', 'bytes=9-1', 'bytes=-', 'aws:kms', 'AES256', '*', '"', 'practice-bucket/k', '/', '%zz', 'CRC32'),
  fc.nat(20_000).map((size) => 'x'.repeat(size)),
);
const headers = fc.oneof(fc.constant({}), fc.dictionary(header, headerValue, { maxKeys: 4 }));

const segment = oneOf('practice-bucket', 'k', 'a b', '%00', '..', '%F0%9F', 'a%2Fb', '%zz', '', 'x'.repeat(1100));
const place = fc.oneof(
  oneOf('/practice-bucket', '/practice-bucket/k', '/practice-bucket/missing', '/new-bucket', '/'),
  fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join('/').replaceAll(' ', '%20')}`),
);
const marker = oneOf(
  ...'uploads uploadId delete encryption list-type partNumber max-keys versioning location acl tagging'.split(' '),
  ...'continuation-token prefix delimiter encoding-type max-buckets part-number-marker max-parts torrent'.split(' '),
);
const query = fc.oneof(
  oneOf('', 'uploads=', 'delete=', 'encryption=', 'list-type=2', 'uploadId=x&partNumber=1'),
  fc
    .array(fc.tuple(marker, junk), { maxLength: 3 })
    .map((pairs) => pairs.map(([name, given]) => `${name}=${encoded(given)}`).join('&')),
);

const operation = fc.oneof(
  { weight: 12, arbitrary: oneOf(...Object.keys(operations)) },
  { weight: 1, arbitrary: oneOf('Nothing', 'toString', '') },
);
const kms = fc.record({
  service: fc.constant('kms'),
  method: fc.constant('POST'),
  headers: fc
    .tuple(operation, fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, headers))
    .map(([name, more]) => ({ ...more, 'x-amz-target': `TrentService.${name}` })),
  body: json,
});
const s3 = fc.record({
  service: fc.constant('s3'),
  method: oneOf('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS'),
  path: place,
  query,
  headers,
  body: fc.oneof(xml, fc.string({ maxLength: 40 })),
});
const framed = fc
  .tuple(s3, framing, chunks)
  .map(([request, more, body]) => ({ ...request, method: 'PUT', headers: { ...request.headers, ...more }, body }));
const queried = fc.record({
  service: oneOf('sts', 'iam'),
  method: fc.constant('POST'),
  headers: fc.constant({ 'content-type': 'application/x-www-form-urlencoded' }),
  body: fc
    .tuple(oneOf('GetCallerIdentity', 'ListUsers', 'ListRoles', 'GetRole', 'x'), junk, junk)
    .map(
      ([action, one, other]) => `Action=${action}&Version=2010-05-08&MaxItems=${encoded(one)}&Marker=${encoded(other)}`,
    ),
});

/** What is done to a signature once it is made, or to where and when it says that it was. */
const spoiled = fc.oneof(
  { weight: 9, arbitrary: fc.constant({}) },
  fc.constantFrom<Partial<Wanted>>(
    { after: { authorization: undefined } },
    { after: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=0' } },
    { after: { authorization: 'AWS x:y' } },
    { after: { 'x-amz-date': '20200101T000000Z' } },
    { after: { 'x-amz-date': 'yesterday' } },
    { after: { 'x-amz-security-token': 'another' } },
    { after: { host: 'example.org' } },
    { at: new Date(0) },
    { region: 'nowhere' },
    { service: 'ec2' },
  ),
);
const signed = fc
  .oneof(
    { weight: 5, arbitrary: kms },
    { weight: 5, arbitrary: s3 },
    { weight: 3, arbitrary: framed },
    { weight: 1, arbitrary: queried },
  )
  .chain((request) => spoiled.map((spoil): Shot => ({ signed: { ...request, ...spoil } as Wanted })));

/** What is no HTTP, is too large for a header, or breaks off. */
const raw = fc
  .tuple(
    fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 60 }),
      fc.constantFrom(
        'GET / HTTP/1.1\r\n\r\n',
        'GET / HTTP/9.9\r\nhost: a\r\n\r\n',
        `GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`,
        'PUT /practice-bucket/k HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
        'PUT /practice-bucket/k HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
        'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n',
        'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n',
        'GET / HTTP/1.1\r\nhost: a\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
        'GET http://[::/ HTTP/1.1\r\nhost: a\r\n\r\n',
      ),
    ),
    fc.nat(200),
  )
  .map(([bytes, cut]): Shot => ({ raw: bytes, cut }));

const shot = fc.oneof({ weight: 19, arbitrary: signed }, { weight: 1, arbitrary: raw });

test(`${count} malformed requests leave practice AWS answering`, { timeout: 600_000 }, async () => {
  const server = await serve(join(newFolder(), 'state'));
  const statuses = new Map<number, number>();
  const seen = (status: number) => statuses.set(status, (statuses.get(status) ?? 0) + 1);
  try {
    seen((await send(server, { service: 's3', method: 'PUT', path: '/practice-bucket' })).status);
    seen((await send(server, { service: 's3', method: 'PUT', path: '/practice-bucket/k', body: 'text' })).status);
    const create = { service: 'kms', method: 'POST', headers: { 'x-amz-target': 'TrentService.CreateKey' } };
    const { text: made } = await send(server, { ...create, body: '{"Origin":"EXTERNAL"}' });
    const { KeyMetadata } = JSON.parse(made) as { KeyMetadata: { KeyId: string } };
    const body = JSON.stringify({ AliasName: 'alias/fuzz', TargetKeyId: KeyMetadata.KeyId });
    seen((await send(server, { ...create, headers: { 'x-amz-target': 'TrentService.CreateAlias' }, body })).status);
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (const one of fc.sample(shot, { numRuns: Math.ceil(count / 4), seed: seed + lane }))
        seen(await fire(server, one));
    });
    await Promise.all(lanes);
    const { status, text: listed } = await send(server, {
      service: 'kms',
      method: 'POST',
      headers: { 'x-amz-target': 'TrentService.ListKeys' },
      body: '{}',
    });
    assert.equal(status, 200, listed);
    assert.equal(server.child.exitCode, null);
    assert.doesNotMatch(server.said(), /failed inside/);
  } finally {
    assert.equal(await server.stop(), 0);
  }
  // Each was answered or closed, and not all at the same door.
  const sent = 3 + 4 * Math.ceil(count / 4);
  assert.equal(
    [...statuses.values()].reduce((sum, times) => sum + times, 0),
    sent,
  );
  for (const status of [200, 400, 403, 404, 501]) assert.ok(statuses.has(status), `${status} among ${[...statuses]}`);
  assert.ok((statuses.get(400) ?? 0) > sent / 4, `400 ${statuses.get(400)} times`);
});

/** Sends one and gives the status, 0 where the connection was closed; anything that is not an answer of AWS fails. */
async function fire(server: Served, one: Shot): Promise<number> {
  if ('raw' in one) {
    const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.end(one.raw.slice(0, Math.max(one.cut, one.raw.length - one.cut)), 'latin1');
    const answer = await text(socket).catch(() => '');
    return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
  }
  const { status, text: body } = await send(server, one.signed);
  const told = `SEED=${seed}: ${status} to ${JSON.stringify(one.signed).slice(0, 2000)}\n${body.slice(0, 500)}`;
  assert.ok(status < 500 || status === 501, told);
  if (status >= 400 && one.signed.method !== 'HEAD') assert.match(body, /^\{"__type":"\w|<Code>\w/, told);
  return status;
}

/** As AWS wants a query to be encoded. */
function encoded(given: string): string {
  return encodeURIComponent(given).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}
