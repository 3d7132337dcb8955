import { createHash } from 'node:crypto';
import { sha256Of } from '../disk/sha256.ts';

/** Hashes a file part by part, with SHA-256, in hex. */
export type FileHash = {
  /**
   * Takes the next bytes of the file, and gives the hash of these bytes alone. Nobody may change the bytes until their hash
   * has come.
   */
  part(bytes: Buffer): Promise<string>;
  /** Gives the hash of the whole file. */
  end(): Promise<string>;
};

/** Hashes a file in this thread. */
export function hashHere(): FileHash {
  const whole = createHash('sha256');
  return {
    part: async (bytes) => {
      whole.update(bytes);
      return sha256Of(bytes);
    },
    end: async () => whole.digest('hex'),
  };
}
