import { aesCmac } from './aes-cmac.ts';
import type { SecretBytes } from './secret-bytes.ts';

const valueBytes = 5;
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

/** Tells whether bytes, used as a key, have this check value. Random other bytes have it once in 2^40 times. */
export function hasCheckValue(bytes: Uint8Array, value: string): boolean {
  return computeCheckValue(bytes) === value;
}

/** Computes the check value of a key, as 10 hex digits. */
function computeCheckValue(key: Uint8Array): string {
  return aesCmac(key, zeroBlock).toString('hex', 0, valueBytes).toUpperCase();
}
