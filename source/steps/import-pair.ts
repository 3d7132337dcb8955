import { readImportParameters } from '../aws/kms.ts';
import { ProblemError, type Remedy, type Renewal } from '../ceremony/problem.ts';
import { WrappingPublicKey } from '../material/wrap.ts';
import type { WrappingAlgorithm, WrappingKeySpec } from '../material/wrapping-algorithms.ts';
import { backTo } from './past.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

/** A wrapping public key and the import token that belongs to it, both checked. */
export type ImportPair = {
  readonly wrappingKey: WrappingPublicKey;
  readonly importToken: Buffer;
  readonly validTo: Date;
};

/** The remedy that leads back to the step that fetches a pair. */
export const fetchAgain = backTo('wrapping-key', 'Fetch a new wrapping key and token');

/** The step that fetches a pair, and what its problem says when the pair cannot be used. */
type FetchingStep = {
  readonly step: StepId;
  /** A sentence that says what has changed and what has not. */
  readonly state: string;
  /** Remedies besides fetching another pair. */
  readonly remedies?: readonly Remedy[];
};

/**
 * Fetches a wrapping public key and an import token, and checks them before anything is kept or wrapped.
 * @throws ProblemError when they are unfit, with the renewal that fetches another pair; else the error with which KMS
 * answered.
 */
export async function fetchPair(
  { session }: Services,
  keyId: string,
  wanted: { algorithm: WrappingAlgorithm; keySpec: WrappingKeySpec },
  fetchingStep: FetchingStep,
): Promise<ImportPair> {
  const { keyArn, publicKey, importToken, validTo } = await readImportParameters(session.clients.kms, keyId, wanted);
  if (keyArn !== undefined && !keyArn.endsWith(keyId))
    throw unfitError(`one of another key, ${keyArn}`, wanted.keySpec, fetchingStep);
  if (publicKey === undefined) throw unfitError('nothing that can be read', wanted.keySpec, fetchingStep);
  const check = WrappingPublicKey.check(publicKey, wanted.keySpec);
  if (!check.fits) throw unfitError(check.received, wanted.keySpec, fetchingStep);
  if (importToken === undefined || importToken.length === 0)
    throw unfitError('it without an import token', wanted.keySpec, fetchingStep);
  if (validTo === undefined) throw unfitError('it without its time of expiry', wanted.keySpec, fetchingStep);
  return { wrappingKey: check.key, importToken, validTo };
}

/** Says what was requested from KMS and what KMS sent instead, as a sentence without its full stop. */
export function unfitWords(keySpec: WrappingKeySpec, received: string): string {
  return `KMS was asked for an ${keySpec} wrapping key, and sent ${received}`;
}

/** Makes the error for a pair that cannot be used. @param received what KMS sent: the end of {@link unfitWords}. */
function unfitError(
  received: string,
  keySpec: WrappingKeySpec,
  { step, state, remedies = [] }: FetchingStep,
): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: "Can't use the wrapping key that came.",
    why: `${unfitWords(keySpec, received)}.`,
    state: `Nothing was wrapped or sent. ${state}`,
    next: [
      'Fetch a fresh pair.',
      'If it is unfit again, find out what answers in the place of KMS: env | grep -iE "proxy|AWS_ENDPOINT"',
    ],
    remedies: [{ action: 'retry', label: 'Fetch a fresh pair' }, ...remedies],
    renewal: { step, says: `${unfitWords(keySpec, received)}: a fresh pair is fetched`, isOffered: true },
  });
}

/**
 * Makes the renewal that fetches a new wrapping key and token and wraps again. Keyferry does this without asking, because a
 * new pair changes nothing lasting. Only a person who wrapped the file by hand is asked to wrap again.
 * @param because the reason, as the beginning of a sentence.
 */
export function makePairRenewal(because: string, wrappedBy: 'keyferry' | 'you'): Renewal {
  return wrappedBy === 'you'
    ? {
        step: 'wrapping-key',
        says: `${because}: a new pair is fetched, under which you wrap your secret again`,
        ask: ['wrap'],
      }
    : { step: 'wrapping-key', says: `${because}: a new pair is fetched, and the secret is wrapped again` };
}
