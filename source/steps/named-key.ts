import type { KeyMetadata, KMSClient } from '@aws-sdk/client-kms';
import { isErrorNamed } from '../aws/error-name.ts';
import { describeKey } from '../aws/kms.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Connection } from './facts.ts';
import { nothingSent } from './look-at-key.ts';
import type { Services } from './services.ts';

// Pages: KMS API reference, ImportKeyMaterial, "Cross-account use".

/** The forms in which a person can name a KMS key. */
export const keyForm = 'a key id, a key ARN, or an alias such as alias/payments-2026';

/** Says what to type when the answer is empty; else `undefined`. Does not ask KMS. */
export function keyMissing(text: string): string | undefined {
  return text.trim() === '' ? 'Type the id, the ARN or the alias of the key.' : undefined;
}

/** Tells whether the folder or the command line names the key, so that nobody is asked. */
export function isKeyKnown({ recorded, preset }: Services): boolean {
  return recorded?.key !== undefined || preset.key !== undefined;
}

/**
 * Adds the remedy to choose another key to a problem with the key that a person named.
 * @param isAsked true when the question `key` of the step asks for the key. Otherwise the command line or the folder names the
 * key, and there is nothing to choose.
 */
export function offerOtherKey(problem: Problem, isAsked: boolean): Problem {
  if (!isAsked) return problem;
  const remedy = { action: 'ask-again', label: 'Choose another key', question: 'key' } as const;
  return { ...problem, remedies: [...(problem.remedies ?? []), remedy] };
}

/**
 * Asks KMS for the key that a person named.
 * @param wanted the id, the ARN or an alias of the key.
 * @param connection compared with the account and the Region of an ARN.
 * @param ownAccount a sentence that says why a key of another account cannot be used.
 * @returns the metadata of the key, or sentences that say why there is no such key here.
 * @throws the error of KMS, unless it is NotFound.
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
 * Gives the metadata of the key that a person named. The parameters are those of {@link checkNamedKey}.
 * @throws ProblemError when there is no such key here, or the error of KMS.
 */
export async function findNamedKey(...parameters: Parameters<typeof checkNamedKey>): Promise<KeyMetadata> {
  const [, wanted] = parameters;
  const metadataOrReason = await checkNamedKey(...parameters);
  if (typeof metadataOrReason !== 'string') return metadataOrReason;
  throw new ProblemError({
    kind: 'fixable',
    what: `Can't find the key ${wanted}.`,
    why: metadataOrReason,
    state: nothingSent,
    next: ['Name the key by its id, its ARN or an alias.'],
  });
}

/**
 * Refuses a connection to another account or Region than that of the recorded key.
 * @param recorded the recorded connection. Without one, every connection is accepted.
 * @param what a sentence that says what did not happen.
 * @throws ProblemError when the account or the Region differs.
 */
export function refuseOtherPlace(now: Connection, recorded: Connection | undefined, what: string): void {
  if (recorded === undefined) return;
  const placeWords = ({ accountId, region }: Connection) => `account ${accountId}, ${region}`;
  if (placeWords(now) === placeWords(recorded)) return;
  throw new ProblemError({
    kind: 'fixable',
    what,
    why: `The key is in ${placeWords(recorded)}; this connection is to ${placeWords(now)}.`,
    state: nothingSent,
    next: [`Connect to ${placeWords(recorded)}, for example with --profile and --region.`],
    repeats: true,
  });
}

/**
 * Says why a key ARN does not fit the connection: a key takes material only in its own Region and account. Returns undefined
 * when both fit, or when `wanted` is no ARN.
 */
function placeProblem(wanted: string, { region, accountId }: Connection, ownAccount: string): string | undefined {
  // The Region and the account of `arn:PARTITION:kms:REGION:ACCOUNT:...`.
  const [, keyRegion, account] = /^arn:[\w-]+:kms:([\w-]+):(\d{12}):/.exec(wanted) ?? [];
  if (keyRegion === undefined) return undefined;
  if (keyRegion !== region)
    return `That key is in ${keyRegion}; you are connected to ${region}. Connect to ${keyRegion} first.`;
  return account === accountId
    ? undefined
    : `That key is in account ${account}; you are connected to ${accountId}. ${ownAccount}`;
}

/** Says that there is no such key. For a name without `alias/`, also says how an alias is written. */
function notFoundWords(wanted: string): string {
  // A key id is hex digits and hyphens, after `mrk-` for a multi-Region key. Any other text without `:` and `/` may be an alias
  // whose `alias/` is missing.
  const isBareName = !/[:/]/.test(wanted) && !/^(mrk-)?[\da-f-]{32,36}$/.test(wanted);
  return `There is no key ${wanted} in this account and Region.${isBareName ? ` An alias is written alias/${wanted}.` : ''}`;
}

/** Ignores NotFound and rethrows other errors. */
function ignoreNotFound(error: unknown): undefined {
  if (isErrorNamed(error, 'NotFoundException')) return undefined;
  throw error;
}
