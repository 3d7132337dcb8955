/* Members that several requests have, with their limits. Source: KMS API reference. */

export const keyId = { kind: 'text', min: 1, max: 2048, required: true } as const;
export const limit = { kind: 'number', min: 1, max: 1000 } as const;
export const marker = { kind: 'text', min: 1, max: 1024, pattern: '[\\u0020-\\u00FF]*' } as const;
export const aliasName = { kind: 'text', min: 1, max: 256, pattern: '^[a-zA-Z0-9:/_-]+$', required: true } as const;
export const policy = {
  kind: 'text',
  min: 1,
  max: 131_072,
  pattern: '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+',
} as const;
export const context = { kind: 'context' } as const;
export const flag = { kind: 'flag' } as const;
export const ciphertext = { kind: 'blob', min: 1, max: 6144 } as const;
export const materialId = { kind: 'text', min: 64, max: 64, pattern: '^[a-f0-9]+$' } as const;
export const grantTokens = { kind: 'texts', max: 10 } as const;
export const encryptionAlgorithm = {
  kind: 'choice',
  values: ['SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE'],
} as const;
