import { crc32 as crcOf } from 'node:zlib';

/**
 * The CRC32 that zip and S3 use: the polynomial of IEEE 802.3, with its bits in reverse order. It is a number of 32 bits, and
 * that of no bytes is 0.
 */
const polynomial = 0xedb88320;

/** Gives the CRC32 of bytes. @param before the CRC32 of earlier bytes: then gives the CRC32 of the earlier bytes and these. */
export const crc32 = (bytes: Uint8Array, before = 0): number => crcOf(bytes, before);

/** Writes a CRC32 as S3 does: four bytes, the highest first, in base64. */
export function crc32Text(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc >>> 0);
  return bytes.toString('base64');
}

/** Reads a CRC32 from base64; `undefined` when the text does not have 4 bytes. */
export function readCrc32(text: string): number | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 4 ? bytes.readUInt32BE() : undefined;
}

/**
 * Gives the CRC32 of two pieces of bytes, one after the other, from the CRC32 of each. First the function carries the first CRC
 * over the length of the second piece, as if that many zero bytes followed. Then it XORs the second CRC to the result: a CRC is
 * linear. A matrix over GF(2) carries a CRC over some zero bits, and the square of the matrix carries it over twice as many.
 * zlib's crc32_combine does the same.
 * @param length the length of the second piece, in bytes.
 */
export function combineCrc32(first: number, second: number, length: number): number {
  if (length === 0) return first >>> 0;
  /** The matrix that carries a CRC over one zero bit. */
  let carry: number[] = [polynomial];
  for (let bit = 0; bit < 31; bit += 1) carry.push(2 ** bit);
  // Squared three times, the matrix carries a CRC over 8 zero bits: one byte.
  for (let squares = 0; squares < 3; squares += 1) carry = square(carry);
  let crc = first;
  // Each turn looks at one bit of the length, from the lowest on, and uses the matrix when the bit is 1. From turn to turn, the
  // matrix is for twice as many bytes.
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = times(carry, crc);
    if (rest > 1) carry = square(carry);
  }
  return (crc ^ second) >>> 0;
}

const square = (matrix: readonly number[]): number[] => matrix.map((column) => times(matrix, column));

/** Multiplies a matrix, a list of its columns, with a vector of bits. */
function times(matrix: readonly number[], vector: number): number {
  let product = 0;
  for (let bit = 0, rest = vector >>> 0; rest !== 0; bit += 1, rest >>>= 1)
    if (rest % 2 === 1) product ^= matrix[bit] ?? 0;
  return product >>> 0;
}
