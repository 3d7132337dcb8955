/** Facts about a key spec. Source: CreateKey and KeyMetadata, KMS API reference; recorded answers, Sep 2026. */
type KeySpecFacts = {
  readonly usages: readonly KeyUsage[];
  /** True when key material can be imported. This is so for all specs here except ML-DSA. */
  readonly isImportable: boolean;
  readonly algorithms: Partial<Record<KeyUsage, readonly string[]>>;
};

export type KeyUsage = 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT';

const rsa: KeySpecFacts = {
  usages: ['SIGN_VERIFY', 'ENCRYPT_DECRYPT'],
  isImportable: true,
  algorithms: {
    ENCRYPT_DECRYPT: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
    SIGN_VERIFY: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
};

/** The key specs of commercial Regions. */
export const keySpecs = {
  SYMMETRIC_DEFAULT: {
    usages: ['ENCRYPT_DECRYPT'],
    isImportable: true,
    algorithms: { ENCRYPT_DECRYPT: ['SYMMETRIC_DEFAULT'] },
  },
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: elliptic('ECDSA_SHA_256'),
  ECC_NIST_P384: elliptic('ECDSA_SHA_384'),
  ECC_NIST_P521: elliptic('ECDSA_SHA_512'),
  ECC_SECG_P256K1: { usages: ['SIGN_VERIFY'], isImportable: true, algorithms: { SIGN_VERIFY: ['ECDSA_SHA_256'] } },
  ECC_NIST_EDWARDS25519: {
    usages: ['SIGN_VERIFY'],
    isImportable: true,
    algorithms: { SIGN_VERIFY: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] },
  },
  HMAC_224: mac('HMAC_SHA_224'),
  HMAC_256: mac('HMAC_SHA_256'),
  HMAC_384: mac('HMAC_SHA_384'),
  HMAC_512: mac('HMAC_SHA_512'),
  ML_DSA_44: mlDsa(),
  ML_DSA_65: mlDsa(),
  ML_DSA_87: mlDsa(),
} as const satisfies Record<string, KeySpecFacts>;

export type KeySpec = keyof typeof keySpecs;

/** The name of the metadata field that lists the algorithms of a usage. */
export const algorithmsField: Record<KeyUsage, string> = {
  ENCRYPT_DECRYPT: 'EncryptionAlgorithms',
  SIGN_VERIFY: 'SigningAlgorithms',
  GENERATE_VERIFY_MAC: 'MacAlgorithms',
  KEY_AGREEMENT: 'KeyAgreementAlgorithms',
};

/** Gives the facts about one spec, with a type that is the same for all specs. */
export function factsOf(spec: KeySpec): KeySpecFacts {
  return keySpecs[spec];
}

/** Gives the facts about a key on a NIST curve, which can sign and agree on a shared secret. */
function elliptic(signingAlgorithm: string): KeySpecFacts {
  return {
    usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
    isImportable: true,
    algorithms: { SIGN_VERIFY: [signingAlgorithm], KEY_AGREEMENT: ['ECDH'] },
  };
}

/** Gives the facts about an HMAC key. */
function mac(algorithm: string): KeySpecFacts {
  return { usages: ['GENERATE_VERIFY_MAC'], isImportable: true, algorithms: { GENERATE_VERIFY_MAC: [algorithm] } };
}

/** Gives the facts about a key for ML-DSA, the signatures of FIPS 204. */
function mlDsa(): KeySpecFacts {
  return { usages: ['SIGN_VERIFY'], isImportable: false, algorithms: { SIGN_VERIFY: ['ML_DSA_SHAKE_256'] } };
}
