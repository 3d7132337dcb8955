/** Computes the CRC64NVME of bytes, which S3 keeps for an object whose client named no checksum. */
export type Crc64 = { update(bytes: Uint8Array): void; value(): Promise<string> };

/** Begins a CRC64NVME. `value` gives the CRC in base64, as S3 writes it. The library of the SDK is loaded only here. */
export async function startCrc64(): Promise<Crc64> {
  const { Crc64Nvme } = await import('@aws-sdk/checksums/crc');
  const crc = new Crc64Nvme();
  return {
    update: (bytes) => crc.update(bytes),
    value: async () => Buffer.from(await crc.digest()).toString('base64'),
  };
}
