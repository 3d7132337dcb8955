import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { unverifiedText } from '../unverified.ts';
import { crc32c, crc64nvme, type RunningChecksum } from './crc.ts';

/** The checksum algorithms that practice AWS supports. It does not support the newer xxHash family. */
export const checksumAlgorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'MD5'] as const;
export type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

/** A checksum as S3 stores it: in base64, with `-N` at the end when it is the checksum of the checksums of N parts. */
export type Checksum = { readonly algorithm: ChecksumAlgorithm; readonly value: string; readonly type: ChecksumType };
/** `FULL_OBJECT`: a checksum of the bytes. `COMPOSITE`: a checksum of the checksums of the parts. */
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

/** Starts to compute a checksum. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'CRC32': {
      let crc = 0;
      return {
        update: (bytes) => {
          crc = crc32(bytes, crc);
        },
        digest: () => {
          const value = Buffer.alloc(4);
          value.writeUInt32BE(crc);
          return value;
        },
      };
    }
    case 'CRC32C': {
      return crc32c();
    }
    case 'CRC64NVME': {
      return crc64nvme();
    }
    default: {
      return createHash(algorithm.toLowerCase());
    }
  }
}

/** Gives the name of the header, in requests and answers, that contains a checksum of this algorithm. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** Gives the name of the XML element that contains a checksum of this algorithm. */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/**
 * Reads from the headers which checksum a request has. `value` is absent when the checksum comes in a trailing header, or when
 * the request only names the algorithm. Gives `undefined` when the request has no checksum.
 * @throws InvalidRequest for a value that cannot be a checksum, NotImplemented (501) for an unsupported algorithm.
 */
export function readChecksum(exchange: Exchange): { algorithm: ChecksumAlgorithm; value?: string } | undefined {
  const trailer = header(exchange, 'x-amz-trailer')?.trim().toLowerCase();
  for (const algorithm of checksumAlgorithms) {
    const name = checksumHeader(algorithm);
    const value = header(exchange, name);
    if (value !== undefined) {
      if (Buffer.from(value, 'base64').length !== startChecksum(algorithm).digest().length)
        throw new AwsError('InvalidRequest', unverifiedText('checksum-value', { header: name }));
      return { algorithm, value };
    }
    if (trailer === name) return { algorithm };
  }
  const algorithmName =
    header(exchange, 'x-amz-sdk-checksum-algorithm') ?? header(exchange, 'x-amz-checksum-algorithm');
  return algorithmName === undefined ? undefined : { algorithm: knownAlgorithm(algorithmName) };
}

/**
 * Gives the algorithm of that name, in any letter case.
 * @throws NotImplemented (501) for an algorithm that practice AWS does not support.
 */
export function knownAlgorithm(name: string): ChecksumAlgorithm {
  const algorithm = checksumAlgorithms.find((supported) => supported === name.toUpperCase());
  if (!algorithm)
    throw new AwsError('NotImplemented', `Practice AWS does not compute ${name} checksums.`, { status: 501 });
  return algorithm;
}

/** Gives the headers of an answer that contain a stored checksum. */
export function checksumHeaders({ algorithm, value, type }: Checksum): Record<string, string> {
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': type };
}
