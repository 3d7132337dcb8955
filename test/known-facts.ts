import type { Facts } from '../source/steps/facts.ts';

/** The connection of a caller to the account of practice AWS. @param arn of a user, or of a role itself. */
export function connectionOf(arn: string): NonNullable<Facts['connection']> {
  return {
    source: 'practice',
    region: 'us-east-1',
    accountId: '000000000000',
    partition: 'aws',
    callerArn: arn,
    principalArn: arn,
  };
}

/** A wrapping key and its token as a step has noted them, without the fingerprint of a real wrapping key. */
export const fetchedPair: NonNullable<Facts['wrapping']> = {
  algorithm: 'RSAES_OAEP_SHA_256',
  keySpec: 'RSA_4096',
  publicKeyFile: 'wrappingKey_1',
  tokenFile: 'importToken_1',
  publicKeySha256: '',
  validTo: '2026-11-25T12:00:00.000Z',
};
