import { quote } from '../ceremony/shell-word.ts';

/** The wrapping algorithms that KMS accepts for a SYMMETRIC_DEFAULT key, by AWS's names. */
export type WrappingAlgorithm = 'RSAES_OAEP_SHA_256' | 'RSAES_OAEP_SHA_1';

export type WrappingKeySpec = 'RSA_4096' | 'RSA_3072' | 'RSA_2048';

/** Algorithms that this kind of key cannot use. A person may meet their names in the API, in older pages or in the video. */
export type RejectedAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256' | 'RSA_AES_KEY_WRAP_SHA_1' | 'RSAES_PKCS1_V1_5';

/** A wrapping algorithm with a wrapping key spec, and whether KMS accepts the pair for a SYMMETRIC_DEFAULT key. */
export type WrappingPair =
  | {
      readonly allowed: true;
      readonly algorithm: WrappingAlgorithm;
      readonly keySpec: WrappingKeySpec;
      /** The most bytes that can be wrapped. */
      readonly maximumBytes: number;
    }
  | {
      readonly allowed: false;
      readonly algorithm: RejectedAlgorithm;
      readonly keySpec: WrappingKeySpec;
      /** Why KMS rejects the pair, in a few words. */
      readonly reason: string;
    };

/** The hash of each algorithm, under the name that OpenSSL and Node use. OAEP and MGF1 use the same hash. */
export const oaepHashes = { RSAES_OAEP_SHA_256: 'sha256', RSAES_OAEP_SHA_1: 'sha1' } as const satisfies Record<
  WrappingAlgorithm,
  string
>;

/** The length of the modulus in bytes. */
export const modulusBytesOf = { RSA_4096: 512, RSA_3072: 384, RSA_2048: 256 } as const satisfies Record<
  WrappingKeySpec,
  number
>;

/** The length of each hash in bytes. */
const hashBytes = { sha256: 32, sha1: 20 } as const;

const rejections: Readonly<Record<RejectedAlgorithm, string>> = {
  RSA_AES_KEY_WRAP_SHA_256: 'not for 256-bit keys',
  RSA_AES_KEY_WRAP_SHA_1: 'not for 256-bit keys',
  RSAES_PKCS1_V1_5: 'ended in October 2023',
};

const algorithms = Object.keys(oaepHashes) as WrappingAlgorithm[];
const keySpecs = Object.keys(modulusBytesOf) as WrappingKeySpec[];
const rejectedAlgorithms = Object.keys(rejections) as RejectedAlgorithm[];

/**
 * Every pair of algorithm and key spec. Accepted pairs are first, with the recommended one on top. KMS answers a rejected
 * pair with a ValidationException. Source: KMS GetParametersForImport and recorded answers; lengths by RFC 8017, section
 * 7.1.1.
 */
export const wrappingPairs: readonly WrappingPair[] = [
  ...algorithms.flatMap((algorithm) =>
    keySpecs.map((keySpec) => ({
      allowed: true as const,
      algorithm,
      keySpec,
      maximumBytes: computeMaximumBytes(algorithm, keySpec),
    })),
  ),
  ...rejectedAlgorithms.flatMap((algorithm) =>
    keySpecs.map((keySpec) => ({ allowed: false as const, algorithm, keySpec, reason: rejections[algorithm] })),
  ),
];

/** The pair that AWS recommends in its console. */
export const recommendedPair = { algorithm: 'RSAES_OAEP_SHA_256', keySpec: 'RSA_4096' } as const;

/** The pair that the article and the video choose. */
export const videoPair = { algorithm: 'RSAES_OAEP_SHA_1', keySpec: 'RSA_2048' } as const;

/**
 * Gives the openssl command that wraps a key as Keyferry does, on one line, for OpenSSL 1.1.1 and 3. A person can run it as
 * printed. The command names both hashes, because openssl's default is SHA-1. It names the padding mode first, because openssl
 * refuses the hash options before that (openssl-pkeyutl(1), "RSA ALGORITHM").
 */
export function opensslWrapCommand(wrapping: {
  algorithm: WrappingAlgorithm;
  keyFile: string;
  wrappingKeyFile: string;
  outFile: string;
}): string {
  const hash = oaepHashes[wrapping.algorithm];
  return [
    'openssl pkeyutl -encrypt',
    `-in ${quote(wrapping.keyFile)}`,
    `-out ${quote(wrapping.outFile)}`,
    `-inkey ${quote(wrapping.wrappingKeyFile)} -keyform DER -pubin`,
    `-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`,
  ].join(' ');
}

/** Computes how many bytes OAEP can wrap at most: RFC 8017, section 7.1.1. */
function computeMaximumBytes(algorithm: WrappingAlgorithm, keySpec: WrappingKeySpec): number {
  return modulusBytesOf[keySpec] - 2 * hashBytes[oaepHashes[algorithm]] - 2;
}
