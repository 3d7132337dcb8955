/** The encryption of an object as an answer of S3 names it: such as `aws:kms`, and the ARN of the key; else `none`. */
export type NamedEncryption = { readonly sseAlgorithm: string; readonly kmsKeyArn: string };

/** A checksum of all bytes of an object, as S3 names it: the algorithm, and the value in base64. */
export type NamedChecksum = { readonly algorithm: ComparableAlgorithm; readonly value: string };

/** The algorithms of which Keyferry can compute the checksum of a file. */
export type ComparableAlgorithm = 'CRC32' | 'CRC64NVME' | 'SHA256';

/** What an answer of S3 tells about an object that was written or looked at. */
export type ObjectAnswer = NamedEncryption & {
  /** A text that changes when the object is replaced. For objects under KMS, it is not a checksum. Empty when S3 names none. */
  readonly etag: string;
  /** Whether the object is encrypted with the bucket's own key of KMS (S3 Bucket Key). S3 says this only when it is. */
  readonly bucketKey: boolean;
  /** Absent when S3 named no checksum, or one that is not of all bytes together. */
  readonly checksum?: NamedChecksum;
  readonly requestId?: string;
};

/** The members of an answer of S3 that name an encryption. */
type EncryptionAnswer = {
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
};

/** The members of an answer of S3 that this program reads. */
type S3Answer = EncryptionAnswer & {
  readonly ETag?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly ChecksumType?: string | undefined;
  readonly ChecksumCRC32?: string | undefined;
  readonly ChecksumCRC64NVME?: string | undefined;
  readonly ChecksumSHA256?: string | undefined;
  readonly $metadata: { readonly requestId?: string | undefined };
};

/** Takes the encryption from an answer of S3. */
export function encryptionIn({ ServerSideEncryption, SSEKMSKeyId }: EncryptionAnswer): NamedEncryption {
  return { sseAlgorithm: ServerSideEncryption ?? 'none', kmsKeyArn: SSEKMSKeyId ?? 'none' };
}

/** Takes what an answer of S3 tells about an object. */
export function objectIn(answer: S3Answer): ObjectAnswer {
  const checksum = checksumIn(answer);
  const { requestId } = answer.$metadata;
  return {
    etag: answer.ETag ?? '',
    ...encryptionIn(answer),
    bucketKey: answer.BucketKeyEnabled === true,
    ...(checksum === undefined ? {} : { checksum }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/**
 * Takes the first checksum of all bytes from an answer of S3; `undefined` when there is none. A composite one, with `-N` for N
 * parts, is a checksum of checksums and does not count. S3 user guide, "Checking object integrity in Amazon S3".
 */
function checksumIn(answer: S3Answer): NamedChecksum | undefined {
  if (answer.ChecksumType === 'COMPOSITE') return undefined;
  const values = { CRC32: answer.ChecksumCRC32, CRC64NVME: answer.ChecksumCRC64NVME, SHA256: answer.ChecksumSHA256 };
  for (const algorithm of ['CRC32', 'CRC64NVME', 'SHA256'] as const) {
    const value = values[algorithm];
    if (value !== undefined && !value.includes('-')) return { algorithm, value };
  }
  return undefined;
}
