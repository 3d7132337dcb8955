/** A checksum or hash that is computed piece by piece. `digest` gives its value after the last piece. */
export type RunningChecksum = { update(bytes: Buffer): unknown; digest(): Buffer };

/**
 * Computes CRC-32C (Castagnoli), with the reflected polynomial 0x82F63B78, as in RFC 3720. The value has 4 bytes, the highest
 * first.
 */
export function crc32c(): RunningChecksum {
  let crc = 0xffff_ffff;
  return {
    update(bytes) {
      // Shifts the value by one byte to the right, and adds the table entry for the byte that is shifted out.
      for (let index = 0; index < bytes.length; index += 1)
        crc = (crc >>> 8) ^ (castagnoli[(crc ^ (bytes[index] ?? 0)) & 0xff] ?? 0);
    },
    digest() {
      const value = Buffer.alloc(4);
      value.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0);
      return value;
    },
  };
}

/**
 * Computes CRC-64/NVME, with the reflected polynomial 0x9A6C9329AC4BC9B5. The value has 8 bytes, the highest first. It is
 * kept as two 32-bit numbers, because arithmetic with 64-bit integers is many times slower in JavaScript.
 */
export function crc64nvme(): RunningChecksum {
  let high = 0xffff_ffff;
  let low = 0xffff_ffff;
  return {
    update(bytes) {
      for (let index = 0; index < bytes.length; index += 1) {
        // Shifts the 64-bit value by one byte to the right, and adds the table entry for the byte that is shifted out.
        const entry = (low ^ (bytes[index] ?? 0)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (nvmeLow[entry] ?? 0);
        high = (high >>> 8) ^ (nvmeHigh[entry] ?? 0);
      }
    },
    digest() {
      const value = Buffer.alloc(8);
      value.writeUInt32BE((high ^ 0xffff_ffff) >>> 0);
      value.writeUInt32BE((low ^ 0xffff_ffff) >>> 0, 4);
      return value;
    },
  };
}

/** For each byte its CRC, which `update` uses to take a whole byte at a time. `| 0` makes a signed 32-bit number. */
const castagnoli = Int32Array.from({ length: 256 }, (_, byte) => Number(tableEntry(byte, 0x82f6_3b78n)) | 0);
const nvmeEntries = Array.from({ length: 256 }, (_, byte) => tableEntry(byte, 0x9a6c_9329_ac4b_c9b5n));
const nvmeHigh = Int32Array.from(nvmeEntries, (entry) => Number(entry >> 32n) | 0);
const nvmeLow = Int32Array.from(nvmeEntries, (entry) => Number(entry & 0xffff_ffffn) | 0);

/** Gives the CRC of one byte, bit by bit, for the tables. */
function tableEntry(byte: number, polynomial: bigint): bigint {
  let entry = BigInt(byte);
  for (let bit = 0; bit < 8; bit += 1) entry = (entry & 1n) === 1n ? (entry >> 1n) ^ polynomial : entry >> 1n;
  return entry;
}
