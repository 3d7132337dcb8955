import { createCipheriv } from 'node:crypto';

const blockBytes = 16;

/**
 * AES-CMAC of a message, 16 bytes, under a key of 16, 24 or 32 bytes.
 * Source: NIST SP 800-38B, section 6; RFC 4493 describes the same construction for AES-128.
 */
export function aesCmac(key: Uint8Array, message: Uint8Array): Buffer {
  const subkey = encryptBlocks(key, Buffer.alloc(blockBytes));
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
    const last = input.subarray(-blockBytes);
    for (const [index, byte] of subkey.entries()) last[index] = (last[index] ?? 0) ^ byte;
    chain = encryptBlocks(key, input, 'cbc');
    return Buffer.from(chain.subarray(-blockBytes));
  } finally {
    subkey.fill(0);
    input.fill(0);
    chain?.fill(0);
  }
}

function encryptBlocks(key: Uint8Array, blocks: Uint8Array, mode: 'ecb' | 'cbc' = 'ecb'): Buffer {
  const cipher = createCipheriv(
    `aes-${key.byteLength * 8}-${mode}`,
    key,
    mode === 'cbc' ? Buffer.alloc(blockBytes) : null,
  );
  cipher.setAutoPadding(false);
  // Nothing is held back without padding, so update() gives all blocks and final() gives none.
  const encrypted = cipher.update(blocks);
  cipher.final();
  return encrypted;
}

/** Doubles in GF(2^128): a shift to the left by one bit, reduced by R_128 = 0x87. SP 800-38B, section 5.3. */
function double(block: Buffer): void {
  const reduce = (block[0] ?? 0) & 0x80 ? 0x87 : 0;
  for (let index = 0; index < blockBytes; index++) {
    block[index] = ((block[index] ?? 0) << 1) | ((block[index + 1] ?? 0) >> 7);
  }
  block[blockBytes - 1] = (block[blockBytes - 1] ?? 0) ^ reduce;
}
