import { type Fact, refused } from './fact.ts';

/** Table 2.1: which wrappings a spec takes, `2` OAEP under RSA_2048, `3` under RSA_3072 and RSA_4096, `k` RSA_AES_KEY_WRAP. */
const accepted: Readonly<Record<string, readonly [usage: string, wrappings: string]>> = {
  SYMMETRIC_DEFAULT: ['ENCRYPT_DECRYPT', '23'],
  HMAC_224: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_256: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_384: ['GENERATE_VERIFY_MAC', '23'],
  HMAC_512: ['GENERATE_VERIFY_MAC', '23'],
  ECC_NIST_P256: ['SIGN_VERIFY', '23k'],
  ECC_NIST_P384: ['SIGN_VERIFY', '23k'],
  ECC_SECG_P256K1: ['SIGN_VERIFY', '23k'],
  ECC_NIST_P521: ['SIGN_VERIFY', '3k'],
  ECC_NIST_EDWARDS25519: ['SIGN_VERIFY', '3k'],
  RSA_2048: ['SIGN_VERIFY', 'k'],
  RSA_3072: ['SIGN_VERIFY', 'k'],
  RSA_4096: ['SIGN_VERIFY', 'k'],
};

/** The columns of the table, and PKCS #1 v1.5, which nothing takes. */
const columns = [
  ['2', ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'], ['RSA_2048']],
  ['3', ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'], ['RSA_3072', 'RSA_4096']],
  ['k', ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'], ['RSA_2048', 'RSA_3072', 'RSA_4096']],
  ['-', ['RSAES_PKCS1_V1_5'], ['RSA_2048', 'RSA_4096']],
] as const;

/** Section 2.1: the table of pairs. */
export const wrappingFacts: readonly Fact[] = Object.entries(accepted).flatMap(([KeySpec, [KeyUsage, wrappings]]) =>
  columns.map(
    ([letter, algorithms, wrappingSpecs]): Fact => [
      '2.1',
      `${KeySpec} ${wrappings.includes(letter) ? 'takes' : 'refuses'} ${algorithms.join(', ')} with ${wrappingSpecs.join(', ')}`,
      async (w) => {
        const { KeyId } = await w.key({ KeySpec, KeyUsage });
        for (const WrappingAlgorithm of algorithms) {
          for (const WrappingKeySpec of wrappingSpecs) {
            const asked = w.kms('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec });
            await (wrappings.includes(letter)
              ? asked
              : refused(
                  asked,
                  'ValidationException',
                  `Wrapping algorithm ${WrappingAlgorithm} and wrapping key spec ${WrappingKeySpec} cannot be used to import a ${KeySpec} key.`,
                ));
          }
        }
      },
    ],
  ),
);
