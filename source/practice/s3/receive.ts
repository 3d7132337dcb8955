import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { type Call, type Exchange, header } from '../exchange.ts';
import { type ChunkCheck, makeChunkCheck, readSignature } from '../sigv4.ts';
import { unverifiedText } from '../unverified.ts';
import { removeChunkFraming } from './aws-chunked.ts';
import { keepBody } from './body-folder.ts';
import { type ChecksumAlgorithm, checksumHeader, readChecksum, startChecksum } from './checksums.ts';
import type { RunningChecksum } from './crc.ts';
import { encryptFrames, makeNoncePrefix, type Segment } from './sealed-body.ts';

/** The largest size, in bytes, of one upload, one part or one copy. */
export const maxObjectBytes = 5 * 1024 ** 3;

/** A body that has arrived completely, was checked, and is encrypted on the disk. */
export type Received = {
  readonly segment: Segment;
  /** The MD5 of the plaintext in hex, or a random value when the encryption of the object makes another ETag. */
  readonly etag: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
};

/** How a body is encrypted, and what is computed from it. */
export type BodyOptions = {
  readonly dataKey: Buffer;
  /** True when the ETag is the MD5 of the bytes, as with SSE-S3. With SSE-KMS it is not. */
  readonly isEtagMd5: boolean;
  /** The checksum to compute when the request has none. The default is CRC64NVME. */
  readonly defaultAlgorithm?: ChecksumAlgorithm;
};

/**
 * Encrypts the body of an upload with a data key and writes it to the disk. Checks all that the request says about the body:
 * its length, Content-MD5, a checksum in a header or trailer, and the SHA-256 of the signature. When the request has no
 * checksum, computes one with `defaultAlgorithm`.
 * @throws IncompleteBody, BadDigest, InvalidDigest, XAmzContentSHA256Mismatch, MalformedTrailerError, EntityTooLarge,
 * MissingContentLength (411); or as {@link readChecksum} and {@link removeChunkFraming} do.
 */
export async function receiveBody(
  call: Call,
  exchange: Exchange,
  { dataKey, isEtagMd5, defaultAlgorithm = 'CRC64NVME' }: BodyOptions,
): Promise<Received> {
  const contentHash = header(exchange, 'x-amz-content-sha256') ?? '';
  const announced = readChecksum(exchange);
  const algorithm = announced?.algorithm ?? defaultAlgorithm;
  /** The checksum that the client has computed. It can also come in a trailing header. */
  let expectedChecksum = announced?.value;
  const size = readDeclaredSize(exchange);

  const claimedMd5 = header(exchange, 'content-md5');
  const md5 = isEtagMd5 || claimedMd5 !== undefined ? createHash('md5') : undefined;
  // The header contains a hash, and not a word such as `UNSIGNED-PAYLOAD`.
  const sha256 = /^[0-9a-f]{64}$/.test(contentHash) ? createHash('sha256') : undefined;
  const checksum = startChecksum(algorithm);
  const running: RunningChecksum[] = [checksum, ...[md5, sha256].filter((hash) => hash !== undefined)];

  let source = exchange.body();
  // The header `content-encoding: aws-chunked` alone does not mean that the body has frames (ceph/s3-tests,
  // test_object_content_encoding_aws_chunked).
  if (contentHash.startsWith('STREAMING-')) {
    const onTrailer = (name: string, value: string) => {
      expectedChecksum = name === checksumHeader(algorithm) ? value : expectedChecksum;
    };
    source = removeChunkFraming(source, onTrailer, chunkCheckOf(call, exchange, contentHash));
  }
  const noncePrefix = makeNoncePrefix();
  let computedMd5: Buffer | undefined;
  let checksumValue = '';
  const frames = encryptFrames(feedChecksums(source, running, size), dataKey, noncePrefix);
  // The checks run after the last byte, when all checksums are complete.
  const file = await keepBody(call.store.folder, frames, () => {
    if (sha256 && sha256.digest('hex') !== contentHash) {
      throw new AwsError(
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    }
    checksumValue = checksum.digest().toString('base64');
    checkChecksum(exchange, algorithm, expectedChecksum, checksumValue);
    computedMd5 = md5?.digest();
    checkMd5(claimedMd5, computedMd5);
  });
  const etag = isEtagMd5 && computedMd5 ? computedMd5.toString('hex') : randomBytes(16).toString('hex');
  return { segment: { file, size, noncePrefix }, etag, checksum: { algorithm, value: checksumValue } };
}

/**
 * Checks the checksum of a body.
 * @param expected the checksum from a header or a trailing header; `undefined` when none has come.
 * @throws MalformedTrailerError when a header names a trailing header that has not come, BadDigest for another checksum.
 */
function checkChecksum(
  exchange: Exchange,
  algorithm: ChecksumAlgorithm,
  expected: string | undefined,
  computed: string,
): void {
  if (expected === undefined && header(exchange, 'x-amz-trailer') !== undefined)
    throw new AwsError('MalformedTrailerError', unverifiedText('trailer-missing'));
  if (expected !== undefined && expected !== computed)
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** Gives the check of the chunks' signatures when each chunk of the body is signed; else `undefined`. */
function chunkCheckOf(call: Call, exchange: Exchange, contentHash: string): ChunkCheck | undefined {
  const signature = contentHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') ? readSignature(exchange) : undefined;
  return signature === undefined || signature === 'malformed'
    ? undefined
    : makeChunkCheck(signature, call.credentials.secretOf(signature.accessKeyId));
}

/**
 * Reads from the headers the size of the content, without the framing of chunks.
 * @throws MissingContentLength (411), or EntityTooLarge.
 */
function readDeclaredSize(exchange: Exchange): number {
  const declared = header(exchange, 'x-amz-decoded-content-length') ?? header(exchange, 'content-length');
  if (declared === undefined || !/^\d+$/.test(declared))
    throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', { status: 411 });
  if (Number(declared) > maxObjectBytes) {
    throw new AwsError('EntityTooLarge', unverifiedText('put-too-large'), {
      details: { ProposedSize: declared, MaxSizeAllowed: String(maxObjectBytes) },
    });
  }
  return Number(declared);
}

/**
 * Yields the chunks of a body unchanged, and feeds them to the checksums.
 * @throws IncompleteBody when the body does not have this size.
 */
async function* feedChecksums(
  source: AsyncIterable<Buffer>,
  running: RunningChecksum[],
  size: number,
): AsyncGenerator<Buffer> {
  let received = 0;
  for await (const chunk of source) {
    received += chunk.length;
    if (received > size) break;
    for (const checksum of running) checksum.update(chunk);
    yield chunk;
  }
  if (received !== size) throw new AwsError('IncompleteBody', 'The request body terminated unexpectedly');
}

/** @throws InvalidDigest or BadDigest when the header Content-MD5 is no MD5 or not that of the body. */
function checkMd5(headerValue: string | undefined, computed: Buffer | undefined): void {
  if (headerValue === undefined || computed === undefined) return;
  const claimed = Buffer.from(headerValue, 'base64');
  if (claimed.length !== computed.length)
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  if (!claimed.equals(computed))
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
}
