/** What is asked for in every key that Keyferry makes, besides its policy, description and tags. */
export const externalKeyRequest = {
  Origin: 'EXTERNAL',
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  MultiRegion: false,
} as const;
