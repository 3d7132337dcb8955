import { createHash, hash } from 'node:crypto';
import { read } from 'node:fs';
import { promisify } from 'node:util';

/** Gives the SHA-256 of bytes, or of a text in UTF-8. In hex. */
export const sha256Of = (data: Uint8Array | string): string => hash('sha256', data, 'hex');

const readInto = promisify(read);

/** Gives the SHA-256 of an open file, in hex. One buffer takes all pieces, so that a large file needs no more memory. */
export async function sha256OfFile(descriptor: number): Promise<string> {
  const whole = createHash('sha256');
  const buffer = Buffer.allocUnsafe(64 * 1024);
  for (let place = 0; ; ) {
    const { bytesRead } = await readInto(descriptor, buffer, 0, buffer.length, place);
    if (bytesRead === 0) return whole.digest('hex');
    whole.update(buffer.subarray(0, bytesRead));
    place += bytesRead;
  }
}
