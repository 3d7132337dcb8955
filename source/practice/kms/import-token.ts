import { AwsError } from '../aws-error.ts';
import type { Hsm } from '../hsm.ts';
import { arnOf, type KeyRecord } from './key-record.ts';
import type { WrappingAlgorithm } from './wrapping-table.ts';

/** The content of an import token: one key in one Region, one wrapping, until `validTo` (milliseconds since 1970). */
export type TokenContent = {
  readonly keyArn: string;
  readonly algorithm: WrappingAlgorithm;
  readonly pairId: string;
  readonly validTo: number;
};

const label = 'import token';

/** Makes an import token. Only this HSM can read it, and nobody can change it. It may be used any number of times. */
export function sealToken(hsm: Hsm, content: TokenContent): Buffer {
  return hsm.seal(Buffer.from(JSON.stringify(content)), label);
}

/**
 * Reads a token and checks it against the key.
 * @throws InvalidImportTokenException (garbage, another key, another Region) or ExpiredImportTokenException, both
 * without a message; unverified: expired-token.
 */
export function openToken(hsm: Hsm, token: Buffer, key: KeyRecord, now: number): TokenContent {
  let content: TokenContent;
  try {
    content = JSON.parse(hsm.open(token, label).toString('utf8')) as TokenContent;
  } catch {
    throw new AwsError('InvalidImportTokenException');
  }
  if (content.keyArn !== arnOf(key)) throw new AwsError('InvalidImportTokenException');
  if (content.validTo <= now) throw new AwsError('ExpiredImportTokenException');
  return content;
}
