import { createHash, hash } from 'node:crypto';
import { crc32 } from './crc32.ts';

/** The checksums of a part: its CRC32, a number of 32 bits, and its SHA-256 in hex. */
export type PartChecksums = { readonly crc32: number; readonly sha256: string };

/** Hashes a file part by part. */
export type FileHash = {
  /**
   * Takes the next bytes of the file, in the order of the calls. They must stay as they are until their checksums have come.
   */
  part(bytes: Buffer): Promise<PartChecksums>;
  /** Gives the SHA-256 of the whole file, in hex. */
  end(): Promise<string>;
};

/** Gives the checksums of bytes. */
export const checksumsOfPart = (bytes: Buffer): PartChecksums => ({
  crc32: crc32(bytes),
  sha256: hash('sha256', bytes, 'hex'),
});

/** Hashes a file in this thread. */
export function hashHere(): FileHash {
  const whole = createHash('sha256');
  return {
    part: async (bytes) => {
      whole.update(bytes);
      return checksumsOfPart(bytes);
    },
    end: async () => whole.digest('hex'),
  };
}
