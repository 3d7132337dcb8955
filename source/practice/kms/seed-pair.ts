import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { type WrappingKeySpec, wrappingKeySpecs } from './wrapping-table.ts';

/**
 * The distances from the numbers of {@link numberFromLabel} to the primes p and q of each seed pair. Everybody can compute
 * these primes, so that the pairs protect nothing.
 */
const offsets: Record<WrappingKeySpec, readonly [p: number, q: number]> = {
  RSA_2048: [1310, 5804],
  RSA_3072: [140, 510],
  RSA_4096: [88, 352],
};

const publicExponent = 65_537n;

/**
 * Makes the RSA key pair for the first answer with this spec in a new state folder. This takes milliseconds; a new pair takes
 * seconds. The pair is the same for everybody, which is enough for practice. Later answers use new pairs.
 */
export function makeSeedPair(spec: WrappingKeySpec): KeyObject {
  const [offsetP, offsetQ] = offsets[spec];
  const bits = wrappingKeySpecs[spec] / 2;
  const p = numberFromLabel(`practice AWS ${spec} p`, bits) + BigInt(offsetP);
  const q = numberFromLabel(`practice AWS ${spec} q`, bits) + BigInt(offsetQ);
  const d = inverse(publicExponent, (p - 1n) * (q - 1n));
  const key = {
    kty: 'RSA',
    n: base64url(p * q),
    e: base64url(publicExponent),
    d: base64url(d),
    p: base64url(p),
    q: base64url(q),
    dp: base64url(d % (p - 1n)),
    dq: base64url(d % (q - 1n)),
    qi: base64url(inverse(q, p)),
  };
  return createPrivateKey({ key, format: 'jwk' });
}

/**
 * Makes an odd number of this many bits from a label: the same label always gives the same number. Its two highest bits are 1, so
 * that the product of two such numbers has exactly twice as many bits.
 */
function numberFromLabel(label: string, bits: number): bigint {
  const bytes = createHash('shake256', { outputLength: bits / 8 })
    .update(label)
    .digest();
  bytes[0] = (bytes[0] ?? 0) | 0b1100_0000;
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** Gives the inverse of a number modulo another, by the extended Euclidean algorithm. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [previous, current] = [modulus, value % modulus];
  let [previousFactor, factor] = [0n, 1n];
  while (current > 1n) {
    const quotient = previous / current;
    [previous, current] = [current, previous - quotient * current];
    [previousFactor, factor] = [factor, previousFactor - quotient * factor];
  }
  return factor < 0n ? factor + modulus : factor;
}

/** Encodes a number for a JWK: its bytes in base64url, the highest first. */
function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
