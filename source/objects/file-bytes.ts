import { createHash } from 'node:crypto';
import { fstatSync } from 'node:fs';
import { type Crc64, startCrc64 } from '../aws/crc64.ts';
import type { NamedChecksum } from '../aws/object-answer.ts';
import type { OpenFile } from '../disk/open-file.ts';
import { crc32, crc32Text } from './crc32.ts';
import { mebibyte } from './part-size.ts';

/** The most bytes of one read. Node reads no more than 2 GiB at once. */
const mostAtOnce = 64 * mebibyte;
/** How many bytes are read at once when they are not kept. */
const pieceBytes = mebibyte;

/** What tells whether a file is still as it was: its size in bytes, and when it was changed last. */
export type FileVersion = { readonly size: number; readonly changedMs: number };

/** Gives the version of an opened file. Asks in one synchronous call: it takes less time than to wait for a promise. */
export function versionOf({ fd }: OpenFile): FileVersion {
  const { size, mtimeMs } = fstatSync(fd);
  return { size, changedMs: mtimeMs };
}

export const isSameVersion = (one: FileVersion, other: FileVersion): boolean =>
  one.size === other.size && one.changedMs === other.changedMs;

/** Reads a range of a file into a buffer. Gives the bytes: fewer than `length` when the file ends before. */
export async function readRange(file: OpenFile, buffer: Buffer, place: number, length: number): Promise<Buffer> {
  let filled = 0;
  while (filled < length) {
    const bytesRead = await file.read(buffer, filled, Math.min(length - filled, mostAtOnce), place + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** Yields a range of a file in pieces, each in a buffer of its own. Yields fewer bytes when the file ends before. */
export async function* piecesOf(file: OpenFile, place: number, length: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < length; ) {
    const size = Math.min(pieceBytes, length - done);
    const piece = await readRange(file, Buffer.allocUnsafe(size), place + done, size);
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}

/** Gives the CRC32 of a range of a file; of what there is when the file ends before. */
export async function crcOfRange(file: OpenFile, place: number, length: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(pieceBytes, length));
  let crc = 0;
  for (let done = 0; done < length; ) {
    const bytes = await readRange(file, buffer, place + done, Math.min(pieceBytes, length - done));
    if (bytes.length === 0) break;
    crc = crc32(bytes, crc);
    done += bytes.length;
  }
  return crc;
}

/** The checksums of a whole file: CRC32 in base64, SHA-256 in hex, and whether S3 gave the same checksum. */
export type FileChecksums = { readonly crc32: string; readonly sha256: string; readonly isSameInS3: boolean };

/**
 * Reads a whole file once and gives its checksums.
 * @param options.s3Checksum the checksum that S3 has of the object. Without it, `isSameInS3` is false.
 * @throws the reason of `signal` when it aborts.
 */
export async function checksumsOf(
  file: OpenFile,
  { s3Checksum, signal }: { readonly s3Checksum?: NamedChecksum | undefined; readonly signal: AbortSignal },
): Promise<FileChecksums> {
  const hash = createHash('sha256');
  const crc64: Crc64 | undefined = s3Checksum?.algorithm === 'CRC64NVME' ? await startCrc64() : undefined;
  const buffer = Buffer.allocUnsafe(pieceBytes);
  let crc = 0;
  for (let place = 0; ; ) {
    signal.throwIfAborted();
    const bytes = await readRange(file, buffer, place, pieceBytes);
    if (bytes.length === 0) break;
    place += bytes.length;
    crc = crc32(bytes, crc);
    hash.update(bytes);
    crc64?.update(bytes);
  }
  const digest = hash.digest();
  const own = { CRC32: crc32Text(crc), SHA256: digest.toString('base64'), CRC64NVME: await crc64?.value() };
  const isSameInS3 = s3Checksum !== undefined && own[s3Checksum.algorithm] === s3Checksum.value;
  return { crc32: own.CRC32, sha256: digest.toString('hex'), isSameInS3 };
}
