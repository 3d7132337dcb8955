import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Loopback, startServing } from '../loopback-server.ts';

/** What a discarding server has taken, and the size of each object, which some clients ask for afterwards. */
export type Taken = { objects: number; parts: number; bytes: number; readonly sizes: Map<string, number> };

/** A server that answers as STS, KMS and S3 do, as far as an upload asks them, and discards all bytes. */
export type Discarding = Loopback & {
  /** The only key that it knows. */
  readonly keyArn: string;
  readonly taken: Taken;
};

const account = '000000000000';
const keyId = '11111111-2222-4333-8444-555555555555';
const keyArn = `arn:aws:kms:us-east-1:${account}:key/${keyId}`;
const callerArn = `arn:aws:iam::${account}:user/bench`;

/** Starts the server on a free port of this machine. It checks nothing, so that it is as fast as Node's HTTP can be. */
export async function startDiscarding(): Promise<Discarding> {
  const taken: Taken = { objects: 0, parts: 0, bytes: 0, sizes: new Map() };
  const server = createServer((request, response) => void answer(request, response, taken));
  server.keepAliveTimeout = 60_000;
  return { ...(await startServing(server)), keyArn, taken };
}

const encrypted = { 'x-amz-server-side-encryption': 'aws:kms', 'x-amz-server-side-encryption-aws-kms-key-id': keyArn };

async function answer(request: IncomingMessage, response: ServerResponse, taken: Taken): Promise<void> {
  const { method = '', url = '', headers } = request;
  const isWrite = method === 'PUT';
  let bytes = 0;
  const pieces: Buffer[] = [];
  request.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (!isWrite) pieces.push(piece);
  });
  await once(request, 'end');
  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    send(response, 200, JSON.stringify(kmsAnswer(target)), { 'content-type': 'application/x-amz-json-1.1' });
    return;
  }
  const body = Buffer.concat(pieces).toString();
  if (method === 'POST' && body.includes('GetCallerIdentity')) {
    send(response, 200, identity);
    return;
  }
  const crc = headers['x-amz-checksum-crc32'];
  const checksum = typeof crc === 'string' ? { 'x-amz-checksum-crc32': crc, 'x-amz-checksum-type': 'FULL_OBJECT' } : {};
  if (isWrite) {
    taken.bytes += bytes;
    const [path = ''] = url.split('?');
    const before = url.includes('partNumber=') ? (taken.sizes.get(path) ?? 0) : 0;
    taken.sizes.set(path, before + bytes);
    if (url.includes('partNumber=')) taken.parts += 1;
    else taken.objects += 1;
    send(response, 200, '', { etag: '"discarded"', ...encrypted, ...checksum });
  } else if (method === 'POST' && url.includes('uploadId=')) {
    taken.objects += 1;
    const element =
      typeof crc === 'string' ? `<ChecksumCRC32>${crc}</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>` : '';
    const result = `<CompleteMultipartUploadResult><ETag>"discarded"</ETag>${element}</CompleteMultipartUploadResult>`;
    send(response, 200, result, encrypted);
  } else if (method === 'POST')
    send(
      response,
      200,
      '<InitiateMultipartUploadResult><UploadId>upload</UploadId></InitiateMultipartUploadResult>',
      encrypted,
    );
  else if (method === 'HEAD') {
    const isBucket = /^\/[^/?]+\/?(\?.*)?$/.test(url);
    const size = taken.sizes.get(url.split('?')[0] ?? '');
    if (isBucket) send(response, 200, '', { 'x-amz-bucket-region': 'us-east-1' });
    else if (size === undefined) send(response, 404, '');
    else response.writeHead(200, { 'content-length': size, etag: '"discarded"', ...encrypted }).end();
  } else if (url.includes('policy')) send(response, 404, errorOf('NoSuchBucketPolicy'));
  else if (url.includes('list-type=2'))
    send(response, 200, '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>');
  else if (url.includes('encryption')) send(response, 404, errorOf('ServerSideEncryptionConfigurationNotFoundError'));
  else if (url.includes('object-lock')) send(response, 404, errorOf('ObjectLockConfigurationNotFoundError'));
  else send(response, 200, '<VersioningConfiguration></VersioningConfiguration>');
}

function send(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-length': Buffer.byteLength(body), 'x-amzn-requestid': 'r', ...headers });
  response.end(body);
}

const errorOf = (code: string) => `<Error><Code>${code}</Code><Message>none</Message></Error>`;

const identity = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${callerArn}</Arn><UserId>u</UserId><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** Answers for the key: what a look at a key that AWS made asks. */
function kmsAnswer(target: string): object {
  if (target.endsWith('DescribeKey'))
    return {
      KeyMetadata: {
        AWSAccountId: account,
        KeyId: keyId,
        Arn: keyArn,
        CreationDate: 1_700_000_000,
        Enabled: true,
        KeyUsage: 'ENCRYPT_DECRYPT',
        KeyState: 'Enabled',
        Origin: 'AWS_KMS',
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        MultiRegion: false,
      },
    };
  if (target.endsWith('ListAliases')) return { Aliases: [], Truncated: false };
  if (target.endsWith('ListKeys')) return { Keys: [], Truncated: false };
  return {};
}
