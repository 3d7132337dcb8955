import {
  constants,
  createECDH,
  createHash,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
} from 'node:crypto';

/**
 * These functions sign a digest that the caller made. Node can sign only a message that it hashes itself. Therefore the
 * padding of RSASSA-PSS and the equations of ECDSA are written out here. They leak the key by their timing: use them for
 * practice keys only.
 */

/** The order of each curve: the number of its points. The names are those of OpenSSL. Source: SEC 2, version 2.0. */
const orders: Readonly<Record<string, bigint>> = {
  prime256v1: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  secp384r1: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  secp521r1:
    0x1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
  secp256k1: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
};

/** Signs a digest with ECDSA and gives the signature in DER. The names z, r and s are those of SEC 1, section 4.1.3. */
export function signDigestWithEcdsa(key: KeyObject, digest: Buffer): Buffer {
  const { curve, order, secret } = ecdsaParameters(key);
  const z = leftmostBits(digest, order);
  for (;;) {
    const ephemeralKey = createECDH(curve);
    const point = ephemeralKey.generateKeys();
    const r = xOf(point) % order;
    const s = (inverse(numberFrom(ephemeralKey.getPrivateKey()), order) * (z + r * secret)) % order;
    if (r !== 0n && s !== 0n) return derElement(0x30, Buffer.concat([derInteger(r), derInteger(s)]));
  }
}

/**
 * True when an ECDSA signature (DER) of a digest is right (SEC 1, section 4.1.4). Takes the private key: SEC 1 adds two
 * points, which Node cannot do, and the private key turns this sum into one multiplication, which Node can do.
 */
export function verifyDigestWithEcdsa(key: KeyObject, digest: Buffer, signature: Buffer): boolean {
  const { curve, order, secret } = ecdsaParameters(key);
  const [r, s] = readIntegers(signature);
  if (r === undefined || s === undefined || r <= 0n || s <= 0n || r >= order || s >= order) return false;
  const w = inverse(s, order);
  const factor = (leftmostBits(digest, order) * w + r * w * secret) % order;
  if (factor === 0n) return false;
  const point = createECDH(curve);
  point.setPrivateKey(bytesFrom(factor, Math.ceil(order.toString(2).length / 8)));
  return xOf(point.getPublicKey()) % order === r;
}

/** Signs a digest with RSASSA-PSS (RFC 8017, section 9.1). The salt is as long as the digest. @param hash such as `sha256`. */
export function signDigestWithPss(key: KeyObject, hash: string, digest: Buffer): Buffer {
  const salt = randomBytes(digest.length);
  const h = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  // The data block: zeros, a byte 1, and the salt.
  const block = Buffer.alloc(modulusBytes(key) - h.length - 1);
  block[block.length - salt.length - 1] = 1;
  salt.copy(block, block.length - salt.length);
  const masked = xor(block, makeMask(hash, h, block.length));
  clearHighestBit(masked);
  return privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, Buffer.concat([masked, h, Buffer.of(0xbc)]));
}

/** True when a signature of a digest, made as by {@link signDigestWithPss}, is right. Takes the public key. */
export function verifyDigestWithPss(key: KeyObject, hash: string, digest: Buffer, signature: Buffer): boolean {
  let encoded: Buffer;
  try {
    encoded = publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return false;
  }
  const h = encoded.subarray(-digest.length - 1, -1);
  const masked = encoded.subarray(0, -digest.length - 1);
  const block = xor(masked, makeMask(hash, h, masked.length));
  clearHighestBit(block);
  const salt = block.subarray(-digest.length);
  const padding = block.subarray(0, -digest.length);
  const expected = createHash(hash).update(Buffer.alloc(8)).update(digest).update(salt).digest();
  return (
    encoded.at(-1) === 0xbc &&
    padding.at(-1) === 1 &&
    padding.subarray(0, -1).every((byte) => byte === 0) &&
    expected.equals(h)
  );
}

/** RSASSA-PSS encodes into one bit less than the modulus has, so that the number is below the modulus. */
function clearHighestBit(block: Buffer): void {
  block[0] = (block[0] ?? 0) & 0x7f;
}

/** Gives the curve of a private key by OpenSSL's name, the order of this curve, and the secret number of the key. */
function ecdsaParameters(key: KeyObject): { curve: string; order: bigint; secret: bigint } {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? '';
  const { d = '' } = key.export({ format: 'jwk' });
  return { curve, order: orders[curve] ?? 0n, secret: numberFrom(Buffer.from(d, 'base64url')) };
}

/** Gives the digest as a number, cut to as many bits as the order has. */
function leftmostBits(digest: Buffer, order: bigint): bigint {
  const excess = digest.length * 8 - order.toString(2).length;
  return excess > 0 ? numberFrom(digest) >> BigInt(excess) : numberFrom(digest);
}

/** Gives the x coordinate of an uncompressed point: a byte 4, then x and y in equally many bytes. */
function xOf(point: Buffer): bigint {
  return numberFrom(point.subarray(1, (point.length + 1) / 2));
}

/** Gives the inverse of a number modulo a prime p: the number to the power of p - 2, by Fermat's little theorem. */
function inverse(value: bigint, modulus: bigint): bigint {
  let [result, base, exponent] = [1n, value % modulus, modulus - 2n];
  for (; exponent > 0n; exponent >>= 1n) {
    result = (exponent & 1n) === 1n ? (result * base) % modulus : result;
    base = (base * base) % modulus;
  }
  return result;
}

/** Reads bytes as a number, the highest byte first. */
function numberFrom(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex') || '0'}`);
}

/** Writes a number into this many bytes, the highest byte first. */
function bytesFrom(value: bigint, length: number): Buffer {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');
}

/** Encodes a number that is not negative as a DER INTEGER. */
function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  // In DER, a number whose highest bit is 1 is negative. A byte 0 before it prevents that.
  return derElement(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
}

/** Builds a DER element. Its content must have fewer than 256 bytes. */
function derElement(tag: number, content: Buffer): Buffer {
  const length = content.length < 0x80 ? Buffer.of(content.length) : Buffer.of(0x81, content.length);
  return Buffer.concat([Buffer.of(tag), length, content]);
}

/** Reads the two integers of an ECDSA signature in DER. Gives an empty list when the bytes are not such a signature. */
function readIntegers(signature: Buffer): bigint[] {
  const integers: bigint[] = [];
  // The bytes 0x30 (sequence) and the length come first. From 128 on, the length has two bytes.
  let position = signature[1] === 0x81 ? 3 : 2;
  while (signature[0] === 0x30 && signature[position] === 0x02 && position < signature.length) {
    const end = position + 2 + (signature[position + 1] ?? 0);
    integers.push(numberFrom(signature.subarray(position + 2, end)));
    position = end;
  }
  // After an integer that is cut off, `position` is beyond the end.
  return position === signature.length && integers.length === 2 ? integers : [];
}

/** Gives the length of an RSA key's modulus in bytes. */
function modulusBytes(key: KeyObject): number {
  return (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
}

/** Makes the mask MGF1 of RFC 8017, appendix B.2.1, with this many bytes. */
function makeMask(hash: string, seed: Buffer, length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let counter = 0; Buffer.concat(blocks).length < length; counter += 1) {
    const counterBytes = Buffer.alloc(4);
    counterBytes.writeUInt32BE(counter);
    blocks.push(createHash(hash).update(seed).update(counterBytes).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

function xor(a: Buffer, b: Buffer): Buffer {
  return Buffer.from(a.map((byte, index) => byte ^ (b[index] ?? 0)));
}
