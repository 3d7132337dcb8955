import { createCipheriv } from 'node:crypto';

const blockBytes = 16;
const zeroBlock = Buffer.alloc(blockBytes);

/**
 * Computes the AES-CMAC (16 bytes) of a message under a key of 16, 24 or 32 bytes. Source: NIST SP 800-38B, section 6; RFC
 * 4493 describes the same construction for AES-128.
 *
 * One cipher object does all steps, because it takes longer to make a cipher object than to do everything else.
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Buffer {
  const cipher = createCipheriv(`aes-${key.byteLength * 8}-cbc`, key, zeroBlock);
  // Without padding, update() gives every block at once and keeps none back.
  cipher.setAutoPadding(false);
  // CBC first XORs a block with the initialisation vector, which is zero. So this is the zero block, encrypted.
  const encryptedZero = cipher.update(zeroBlock);
  // Doubled once it is K1 of the standard, doubled twice it is K2.
  const subkey = Buffer.from(encryptedZero);
  // An empty message still has one (incomplete) block: SP 800-38B, section 6.2, step 2.
  const blockCount = Math.max(1, Math.ceil(message.byteLength / blockBytes));
  const input = Buffer.alloc(blockCount * blockBytes);
  let chain: Buffer | undefined;
  try {
    input.set(message);
    doubleBlock(subkey);
    // An incomplete last block is padded with a bit 1 and zeroes, and uses K2.
    if (message.byteLength < input.byteLength) {
      input[message.byteLength] = 0x80;
      doubleBlock(subkey);
    }
    xorInto(input.subarray(-blockBytes), subkey);
    // CBC will XOR the first block with the cipher's last output. This XOR with the same output cancels that, so that a new
    // chain begins.
    xorInto(input.subarray(0, blockBytes), encryptedZero);
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

/** Changes `block` to the XOR of both blocks. */
function xorInto(block: Buffer, other: Buffer): void {
  for (let index = 0; index < blockBytes; index++) block[index] = (block[index] ?? 0) ^ (other[index] ?? 0);
}

/**
 * Doubles a block in GF(2^128): shifts it to the left by one bit, and reduces it by R_128 = 0x87 when a bit is shifted out.
 * SP 800-38B, section 5.3.
 */
function doubleBlock(block: Buffer): void {
  const reduction = (block[0] ?? 0) & 0x80 ? 0x87 : 0;
  for (let index = 0; index < blockBytes; index++)
    block[index] = ((block[index] ?? 0) << 1) | ((block[index + 1] ?? 0) >> 7);
  block[blockBytes - 1] = (block[blockBytes - 1] ?? 0) ^ reduction;
}
