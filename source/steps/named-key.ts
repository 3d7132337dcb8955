import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import type { Connection } from './facts.ts';

/** How a person names a KMS key. */
export const keyForm = 'a key id, a key ARN, or an alias such as alias/payments-2026';

/** Says what is missing where nothing is typed; looks at the text alone. */
export function keyMissing(text: string): string | undefined {
  return text.trim() === '' ? 'Type the id, the ARN or the alias of the key.' : undefined;
}

/**
 * Asks KMS for the key that a person named.
 * @returns its metadata; or why there is no such key here, in sentences.
 * @throws what KMS answers else.
 */
export async function checkNamedKey(
  kms: KMSClient,
  wanted: string,
  connection: Connection | undefined,
): Promise<KeyMetadata | string> {
  const elsewhere = connection === undefined ? undefined : placeProblem(wanted, connection);
  if (elsewhere !== undefined) return elsewhere;
  return (await describeKey(kms, wanted).catch(notThere)) ?? notFoundWords(wanted);
}

/** An ARN says where its key is; material can be imported only from there. */
function placeProblem(wanted: string, { region, accountId }: Connection): string | undefined {
  const [, place, account] = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):/.exec(wanted) ?? [];
  if (place === undefined) return undefined;
  if (place !== region) return `That key is in ${place}; you are connected to ${region}. Connect to ${place} first.`;
  return account === accountId
    ? undefined
    : `That key is in account ${account}; you are connected to ${accountId}. Only its own account imports material.`;
}

function notFoundWords(wanted: string): string {
  const isName = !/[:/]/.test(wanted) && !/^(mrk-)?[\da-f-]{32,36}$/.test(wanted);
  return `There is no key ${wanted} in this account and Region.${isName ? ` An alias is written alias/${wanted}.` : ''}`;
}

function notThere(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NotFoundException') return undefined;
  throw error;
}
