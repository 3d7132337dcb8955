import type { ChecksumAlgorithm } from './checksums.ts';

/** The reflected polynomial of each CRC, and the length of the CRC in bits. Other checksums cannot be combined. */
const polynomials: Partial<Record<ChecksumAlgorithm, readonly [polynomial: bigint, bits: number]>> = {
  CRC32: [0xedb8_8320n, 32],
  CRC32C: [0x82f6_3b78n, 32],
  CRC64NVME: [0x9a6c_9329_ac4b_c9b5n, 64],
};

/** A checksum in base64, and the number of bytes that it covers. */
export type Piece = { readonly value: string; readonly size: number };

/**
 * Computes the checksum (base64) of a whole from the checksums of its pieces, without the bytes. Gives `undefined` when the
 * algorithm is not a CRC. A CRC is a polynomial whose highest bit stands for x to the power of 0. To append a piece of n
 * bytes, the CRC so far is multiplied by x to the power of 8n, and the CRC of the piece is added. Source: `crc32_combine` of
 * zlib.
 */
export function combineCrcs(algorithm: ChecksumAlgorithm, pieces: readonly Piece[]): string | undefined {
  const crcParameters = polynomials[algorithm];
  if (!crcParameters) return undefined;
  const [polynomial, bits] = crcParameters;
  /** Gives the product of two polynomials, modulo the CRC's polynomial. */
  const times = (a: bigint, b: bigint): bigint => {
    let product = 0n;
    // b times x to the power of 0, 1, 2 and so on. A shift to the right multiplies by x.
    let multiple = b;
    for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
      if ((a & bit) !== 0n) product ^= multiple;
      multiple = (multiple & 1n) === 1n ? (multiple >> 1n) ^ polynomial : multiple >> 1n;
    }
    return product;
  };
  /** Gives x to the power of n, modulo the CRC's polynomial. */
  const power = (n: bigint): bigint => {
    // 1 and x, as polynomials.
    let result = 1n << BigInt(bits - 1);
    let square = 1n << BigInt(bits - 2);
    for (let exponent = n; exponent > 0n; exponent >>= 1n) {
      if ((exponent & 1n) === 1n) result = times(square, result);
      square = times(square, square);
    }
    return result;
  };
  const joined = pieces.reduce(
    (crc, { value, size }) =>
      times(power(BigInt(size) * 8n), crc) ^ BigInt(`0x${Buffer.from(value, 'base64').toString('hex')}`),
    0n,
  );
  return Buffer.from(joined.toString(16).padStart(bits / 4, '0'), 'hex').toString('base64');
}
