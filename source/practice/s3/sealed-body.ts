import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { open } from 'node:fs/promises';

/**
 * How many bytes of plaintext a frame has. A body on the disk is a sequence of frames. Each frame is encrypted by itself with
 * AES-256-GCM. Therefore any range can be read without the bytes before it, and only one frame is in memory at a time.
 */
const frameBytes = 256 * 1024;
const tagBytes = 16;

/** One file of an object: a whole upload, or one part of a multipart upload. */
export type Segment = {
  readonly file: string;
  /** The size of the plaintext in bytes. */
  readonly size: number;
  /** The first 8 bytes (hex) of the nonce of each frame. The last 4 bytes are the number of the frame. */
  readonly noncePrefix: string;
};

/** Gives a nonce prefix for a new segment: 8 random bytes, in hex. */
export function makeNoncePrefix(): string {
  return randomBytes(8).toString('hex');
}

/**
 * Encrypts plaintext, and yields the bytes of the frames as soon as they are ready.
 * @param prefix the nonce prefix of the segment, in hex.
 */
export async function* encryptFrames(
  source: AsyncIterable<Buffer>,
  key: Buffer,
  prefix: string,
): AsyncGenerator<Buffer> {
  let number = 0;
  /** How many bytes the present frame can still take. */
  let room = frameBytes;
  let cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, number));
  for await (const chunk of source) {
    for (let taken = 0; taken < chunk.length; ) {
      const piece = chunk.subarray(taken, taken + room);
      taken += piece.length;
      room -= piece.length;
      yield cipher.update(piece);
      if (room === 0) {
        cipher.final();
        yield cipher.getAuthTag();
        number += 1;
        room = frameBytes;
        cipher = createCipheriv('aes-256-gcm', key, nonceOf(prefix, number));
      }
    }
  }
  // The last frame, which is not full.
  if (room < frameBytes) {
    cipher.final();
    yield cipher.getAuthTag();
  }
}

/**
 * Yields the plaintext of an object from `start` up to the byte before `end`. Overwrites the key with zeros at the end, also
 * after an error or when the reader leaves early.
 * @param pathOf gives the path of a segment's file.
 * @throws when a frame is damaged or missing.
 */
export async function* decryptFrames(
  pathOf: (file: string) => string,
  segments: readonly Segment[],
  key: Buffer,
  start: number,
  end: number,
): AsyncGenerator<Buffer> {
  let startOfSegment = 0;
  try {
    for (const segment of segments) {
      const from = Math.max(start - startOfSegment, 0);
      const to = Math.min(end - startOfSegment, segment.size);
      startOfSegment += segment.size;
      if (from < to) yield* decryptSegment(pathOf(segment.file), segment, key, from, to);
    }
  } finally {
    key.fill(0);
  }
}

/**
 * Yields the plaintext of one segment from `from` up to the byte before `to`.
 * @param file the path of the segment's file.
 * @throws as {@link decryptFrames} does.
 */
async function* decryptSegment(
  file: string,
  { size, noncePrefix }: Segment,
  key: Buffer,
  from: number,
  to: number,
): AsyncGenerator<Buffer> {
  const handle = await open(file);
  try {
    for (let number = Math.floor(from / frameBytes); number * frameBytes < to; number += 1) {
      const offset = number * frameBytes;
      const length = Math.min(frameBytes, size - offset) + tagBytes;
      const { bytesRead, buffer } = await handle.read(
        Buffer.allocUnsafe(length),
        0,
        length,
        number * (frameBytes + tagBytes),
      );
      if (bytesRead < length) throw new Error('a stored body is shorter than its record says');
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(noncePrefix, number)).setAuthTag(
        buffer.subarray(length - tagBytes),
      );
      const plain = decipher.update(buffer.subarray(0, length - tagBytes));
      decipher.final();
      yield plain.subarray(Math.max(from - offset, 0), Math.min(to - offset, plain.length));
    }
  } finally {
    await handle.close();
  }
}

/** Gives the nonce of a frame. @param prefix the nonce prefix of the segment, in hex. */
function nonceOf(prefix: string, frame: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.write(prefix, 'hex');
  nonce.writeUInt32BE(frame, 8);
  return nonce;
}
