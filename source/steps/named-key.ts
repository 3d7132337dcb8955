import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { describeKey } from '../aws/kms.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Connection } from './facts.ts';
import { nothingSent } from './look-at-key.ts';

/** How a person names a KMS key. */
export const keyForm = 'a key id, a key ARN, or an alias such as alias/payments-2026';

/** Says what to type when nothing was typed. Does not ask KMS. */
export function keyMissing(text: string): string | undefined {
  return text.trim() === '' ? 'Type the id, the ARN or the alias of the key.' : undefined;
}

/**
 * Asks KMS for the key that a person named.
 * @param ownAccount why a key of another account will not do.
 * @returns its metadata; or the reason, in sentences, why there is no such key here.
 * @throws the error of KMS, when that is another one than NotFound.
 */
export async function checkNamedKey(
  kms: KMSClient,
  wanted: string,
  connection: Connection | undefined,
  ownAccount = 'Only its own account imports material.',
): Promise<KeyMetadata | string> {
  const wrongPlace = connection === undefined ? undefined : placeProblem(wanted, connection, ownAccount);
  if (wrongPlace !== undefined) return wrongPlace;
  return (await describeKey(kms, wanted).catch(ignoreNotFound)) ?? notFoundWords(wanted);
}

/**
 * Gives the key that a person named, as {@link checkNamedKey} finds it.
 * @throws ProblemError when there is no such key here; else what KMS answers.
 */
export async function findNamedKey(...asked: Parameters<typeof checkNamedKey>): Promise<KeyMetadata> {
  const found = await checkNamedKey(...asked);
  if (typeof found !== 'string') return found;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't find the key ${asked[1]}.`,
    why: found,
    state: nothingSent,
    next: ['Name the key by its id, its ARN or an alias.'],
  });
}

/**
 * Refuses a connection to another account or Region than that of the key on record.
 * @param what what did not happen.
 * @throws ProblemError.
 */
export function refuseOtherPlace(now: Connection, recorded: Connection | undefined, what: string): void {
  if (recorded === undefined) return;
  const words = ({ accountId, region }: Connection) => `account ${accountId}, ${region}`;
  if (words(now) === words(recorded)) return;
  throw new ProblemError({
    kind: 'fixable',
    what,
    why: `The key is in ${words(recorded)}; this connection is to ${words(now)}.`,
    state: nothingSent,
    next: [`Connect to ${words(recorded)}, for example with --profile and --region.`],
  });
}

/**
 * Says why a key ARN does not fit the connection: a key takes material only in its own Region and account. Returns undefined
 * when both fit, or when `wanted` is no ARN.
 */
function placeProblem(wanted: string, { region, accountId }: Connection, ownAccount: string): string | undefined {
  const [, place, account] = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):/.exec(wanted) ?? [];
  if (place === undefined) return undefined;
  if (place !== region) return `That key is in ${place}; you are connected to ${region}. Connect to ${place} first.`;
  return account === accountId
    ? undefined
    : `That key is in account ${account}; you are connected to ${accountId}. ${ownAccount}`;
}

function notFoundWords(wanted: string): string {
  const isName = !/[:/]/.test(wanted) && !/^(mrk-)?[\da-f-]{32,36}$/.test(wanted);
  return `There is no key ${wanted} in this account and Region.${isName ? ` An alias is written alias/${wanted}.` : ''}`;
}

/** Ignores NotFound and rethrows other errors. */
function ignoreNotFound(error: unknown): undefined {
  if (error instanceof Error && error.name === 'NotFoundException') return undefined;
  throw error;
}
