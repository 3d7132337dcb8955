/** In bytes. */
export const mebibyte = 1024 * 1024;
const gibibyte = 1024 * mebibyte;

/**
 * S3 takes at most 10,000 parts of at most 5 GiB. That makes the largest object: 48.8 TiB. S3 user guide, "Amazon S3
 * multipart upload limits".
 */
const mostParts = 10_000;
const largestPart = 5 * gibibyte;
export const largestObject = mostParts * largestPart;

/**
 * A file up to this size goes in one request. S3 takes parts of 5 MiB or more, and with larger parts a file needs fewer
 * requests.
 */
const smallestPart = 8 * mebibyte;

/** Up to this size, a part is read into memory before it is sent. A larger one is sent as it is read, slice by slice. */
const largestInMemory = 32 * mebibyte;

/** How files are cut into parts. Sizes are in bytes. Tests use smaller limits, so that they can send a small file in parts. */
export type PartLimits = {
  readonly smallestPart: number;
  readonly mostParts: number;
  readonly largestInMemory: number;
  /** A larger object is read back in ranges of this size. */
  readonly rangeBytes: number;
};

export const usualLimits: PartLimits = { smallestPart, mostParts, largestInMemory, rangeBytes: 64 * mebibyte };

/**
 * Gives the size of the parts of a file, in bytes: the smallest one with which the file has at most 10,000 parts. A part that fits
 * in memory has 8, 16 or 32 MiB, so that its buffer can be used again for other files. A larger part is a whole number of MiB.
 * @returns `undefined` for a file that is too large for S3.
 */
export function partSizeOf(
  size: number,
  { smallestPart, mostParts, largestInMemory }: PartLimits = usualLimits,
): number | undefined {
  if (size > largestObject) return undefined;
  for (let partSize = smallestPart; partSize <= largestInMemory; partSize *= 2)
    if (size <= partSize * mostParts) return partSize;
  return Math.min(Math.ceil(size / mostParts / mebibyte) * mebibyte, largestPart);
}

/**
 * Gives how many requests a file takes: one, or one for each part, one to begin the upload and one to complete it. For a file that
 * is too large for S3, counts with the largest parts.
 */
export function requestsOf(size: number): number {
  const partSize = partSizeOf(size) ?? largestPart;
  return size <= partSize ? 1 : Math.ceil(size / partSize) + 2;
}
