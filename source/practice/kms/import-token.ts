import { AwsError } from '../aws-error.ts';
import type { Hsm } from '../hsm.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import type { WrappingAlgorithm } from './wrapping-table.ts';

/**
 * The content of an import token: the key and the wrapping for which it is valid, and the time when it expires (milliseconds
 * since 1970). `pairId` names the wrapping key pair.
 */
export type TokenContent = {
  readonly keyArn: string;
  readonly algorithm: WrappingAlgorithm;
  readonly pairId: string;
  readonly validTo: number;
};

const label = 'import token';

/** Makes an import token. Only this HSM can read the token, and nobody can change it. It can be used more than once. */
export function sealToken(hsm: Hsm, content: TokenContent): Buffer {
  return hsm.seal(Buffer.from(JSON.stringify(content)), label);
}

/**
 * Reads a token and checks that it is for this key.
 * @throws InvalidImportTokenException when the token cannot be read or is for another key or Region, or
 * ExpiredImportTokenException. Both have no message; unverified: expired-token.
 */
export function readToken(hsm: Hsm, token: Buffer, key: KeyRecord, now: number): TokenContent {
  let content: TokenContent;
  try {
    content = JSON.parse(hsm.unseal(token, label).toString('utf8')) as TokenContent;
  } catch {
    throw new AwsError('InvalidImportTokenException');
  }
  if (content.keyArn !== arnOf(key)) throw new AwsError('InvalidImportTokenException');
  if (content.validTo <= now) throw new AwsError('ExpiredImportTokenException');
  return content;
}
