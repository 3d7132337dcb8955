import { createCipheriv } from 'node:crypto';

const blockBytes = 16;
const zeroBlock = Buffer.alloc(blockBytes);

/**
 * Computes the AES-CMAC (16 bytes) of a message under a key of 16, 24 or 32 bytes.
 * Source: NIST SP 800-38B, section 6; RFC 4493 describes the same construction for AES-128.
 *
 * One cipher object does all steps, because making a cipher object takes longer than everything else here.
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.byteLength * 8}-cbc`, key, zeroBlock);
  // Without padding, update() gives every block at once and keeps none back.
  cipher.setAutoPadding(false);
  // CBC encrypts the first block unchanged, because the initialisation vector is zero.
  const encryptedZero = cipher.update(zeroBlock);
  const subkey = Buffer.from(encryptedZero);
  // An empty message still has one (incomplete) block: SP 800-38B, section 6.2, step 2.
  const blocks = Math.max(1, Math.ceil(message.byteLength / blockBytes));
  const input = Buffer.alloc(blocks * blockBytes);
  let chain: Buffer | undefined;
  try {
    input.set(message);
    double(subkey);
    if (message.byteLength < input.byteLength) {
      input[message.byteLength] = 0x80;
      double(subkey);
    }
    addTo(input.subarray(-blockBytes), subkey);
    // The cipher XORs its last output block. A second XOR with this block cancels it, so that a new chain begins.
    addTo(input.subarray(0, blockBytes), encryptedZero);
    chain = cipher.update(input);
    // final() gives no more bytes here. It frees the cipher at once, with the key in it.
    cipher.final();
    return Buffer.from(chain.subarray(-blockBytes));
  } finally {
    encryptedZero.fill(0);
    subkey.fill(0);
    input.fill(0);
    chain?.fill(0);
  }
}

/** Adds `other` to `block` in GF(2^128), which is XOR. */
function addTo(block: Buffer, other: Buffer): void {
  for (let index = 0; index < blockBytes; index++) block[index] = (block[index] ?? 0) ^ (other[index] ?? 0);
}

/** Doubles the block in GF(2^128): a shift to the left by one bit, reduced by R_128 = 0x87. SP 800-38B, section 5.3. */
function double(block: Buffer): void {
  const reduce = (block[0] ?? 0) & 0x80 ? 0x87 : 0;
  for (let index = 0; index < blockBytes; index++)
    block[index] = ((block[index] ?? 0) << 1) | ((block[index + 1] ?? 0) >> 7);
  block[blockBytes - 1] = (block[blockBytes - 1] ?? 0) ^ reduce;
}
