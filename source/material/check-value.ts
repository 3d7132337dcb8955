import { createCipheriv } from 'node:crypto';
import { aesCmac } from './aes-cmac.ts';
import type { SecretBytes } from './secret-bytes.ts';

const valueBytes = 5;
const zeroBlockValueBytes = 3;
const zeroBlock = new Uint8Array(16);

/**
 * A short value by which people compare keys: copies of one key have the same value, and the value does not reveal the key.
 */
export type KeyCheckValue = { readonly method: 'AES-CMAC'; readonly value: string };

/**
 * Gives the key check value of an AES key: AES-CMAC over one block of zeroes, its leftmost 5 bytes as 10 upper-case hex
 * digits.
 *
 * ANSI X9.24-1:2017 asks for CMAC with AES keys and allows at most 40 bits. The first 6 digits are what AWS Payment
 * Cryptography shows (WrappedKey.KeyCheckValueAlgorithm: CMAC over 16 zero bytes, the 3 highest-order bytes). Other
 * methods give other values for the same key: AWS CloudHSM encrypts the zero block itself, GlobalPlatform a block of 01
 * bytes.
 *
 * No equivalent command is offered: `openssl mac` takes the key only as `-macopt key:` or `hexkey:`, on the command line,
 * where other processes and the shell's history can read it.
 */
export function keyCheckValue(secret: SecretBytes): KeyCheckValue {
  return { method: 'AES-CMAC', value: secret.use(computeCheckValue) };
}

/**
 * Gives the other check value of an AES key, as HSMs print it: the zero block encrypted under the key, its leftmost 3 bytes as
 * 6 upper-case hex digits. PKCS#11 calls it CKA_CHECK_VALUE (PKCS#11 2.40, "Secret key objects"); AWS CloudHSM shows it as
 * `check-value` (CloudHSM user guide, "Check value in CloudHSM CLI").
 */
export function zeroBlockCheckValue(secret: SecretBytes): string {
  return secret.use((key) => encryptZeroBlock(key).toString('hex', 0, zeroBlockValueBytes).toUpperCase());
}

/** A check value that a person read in an HSM or another key manager, as upper-case hex digits. */
export type StatedCheckValue = { readonly method: 'AES-CMAC' | 'zero block'; readonly value: string };

/**
 * Tells whether a key has the check value that somebody stated. Managers print 3 to 8 bytes of it, so as many bytes are
 * compared as were stated.
 */
export function hasStatedCheckValue(secret: SecretBytes, { method, value }: StatedCheckValue): boolean {
  const block = secret.use((key) => (method === 'AES-CMAC' ? aesCmac(key, zeroBlock) : encryptZeroBlock(key)));
  return block.toString('hex').toUpperCase().startsWith(value);
}

/** Tells whether bytes, used as a key, have this check value. Other random bytes have it once in 2^40 times. */
export function hasCheckValue(bytes: Uint8Array, value: string): boolean {
  return computeCheckValue(bytes) === value;
}

/** Computes the check value of a key, as 10 hex digits. */
function computeCheckValue(key: Uint8Array): string {
  return aesCmac(key, zeroBlock).toString('hex', 0, valueBytes).toUpperCase();
}

/** Encrypts one block of zeroes under the key (AES in ECB mode). The whole block reveals nothing of the key. */
function encryptZeroBlock(key: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.byteLength * 8}-ecb`, key, null);
  cipher.setAutoPadding(false);
  const block = cipher.update(zeroBlock);
  // final() gives no more bytes here. It frees the cipher at once, with the key in it.
  cipher.final();
  return block;
}
