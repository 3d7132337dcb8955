import { createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import { type WrappingKeySpec, wrappingKeySpecs } from './wrapping-table.ts';

/**
 * The difference between each prime of a seed pair and the number that SHAKE256 makes from its label. Everyone can recompute
 * the primes, so these pairs protect nothing.
 */
const offsets: Record<WrappingKeySpec, readonly [p: number, q: number]> = {
  RSA_2048: [1310, 5804],
  RSA_3072: [140, 510],
  RSA_4096: [88, 352],
};

const publicExponent = 65_537n;

/**
 * Gives the wrapping pair with which a fresh state folder gives its first answer in a few milliseconds. It is the same for
 * everyone, as a practice key may be; the answers after it use pairs of the folder's own.
 */
export function seedPair(spec: WrappingKeySpec): KeyObject {
  const [offsetP, offsetQ] = offsets[spec];
  const bits = wrappingKeySpecs[spec] / 2;
  const p = labelled(`practice AWS ${spec} p`, bits) + BigInt(offsetP);
  const q = labelled(`practice AWS ${spec} q`, bits) + BigInt(offsetQ);
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

function labelled(label: string, bits: number): bigint {
  const bytes = createHash('shake256', { outputLength: bits / 8 })
    .update(label)
    .digest();
  bytes[0] = (bytes[0] ?? 0) | 0b1100_0000;
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 1;
  return BigInt(`0x${bytes.toString('hex')}`);
}

/** The extended Euclidean algorithm. */
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

function base64url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}
