import { readImportParameters } from '../aws/kms.ts';
import { ProblemError, type Remedy, type Renewal } from '../ceremony/problem.ts';
import { WrappingPublicKey } from '../material/wrap.ts';
import type { WrappingAlgorithm, WrappingKeySpec } from '../material/wrapping-algorithms.ts';
import { backTo } from './past.ts';
import type { Services } from './services.ts';
import type { StepId } from './step-id.ts';

/** A wrapping public key and the import token that belongs to it, both looked at. */
export type ImportPair = {
  readonly wrappingKey: WrappingPublicKey;
  readonly importToken: Buffer;
  readonly validTo: Date;
};

/** Back to the step that fetches a pair. */
export const fetchAgain = backTo('wrapping-key', 'Fetch a new wrapping key and token');

/** The step that fetches a pair. */
type Asking = {
  readonly step: StepId;
  /** What an unfit pair leaves, a sentence. */
  readonly state: string;
  /** Ways on beside fetching another. */
  readonly remedies?: readonly Remedy[];
};

/**
 * Fetches a wrapping public key and an import token, and checks them before anything is kept or wrapped.
 * @throws ProblemError when they are unfit, with the renewal that fetches others; else whatever KMS answers.
 */
export async function fetchPair(
  { session }: Services,
  keyId: string,
  wanted: { algorithm: WrappingAlgorithm; keySpec: WrappingKeySpec },
  asking: Asking,
): Promise<ImportPair> {
  const { publicKey, importToken, validTo } = await readImportParameters(session.clients.kms, keyId, wanted);
  if (publicKey === undefined) throw unfit('nothing that can be read', wanted.keySpec, asking);
  const checked = WrappingPublicKey.check(publicKey, wanted.keySpec);
  if (!checked.fits) throw unfit(checked.came, wanted.keySpec, asking);
  if (importToken === undefined || importToken.length === 0)
    throw unfit('it without an import token', wanted.keySpec, asking);
  if (validTo === undefined) throw unfit('it without its time of expiry', wanted.keySpec, asking);
  return { wrappingKey: checked.key, importToken, validTo };
}

/** Says what was requested from KMS and what KMS sent instead, as a sentence without its full stop. */
export function unfitWords(keySpec: WrappingKeySpec, came: string): string {
  return `KMS was asked for an ${keySpec} wrapping key, and sent ${came}`;
}

function unfit(came: string, keySpec: WrappingKeySpec, { step, state, remedies = [] }: Asking): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: "Can't use the wrapping key that came.",
    why: `${unfitWords(keySpec, came)}.`,
    state: `Nothing was wrapped or sent. ${state}`,
    next: [
      'Fetch a fresh pair.',
      'If it is unfit again, find out what answers in the place of KMS: env | grep -iE "proxy|AWS_ENDPOINT"',
    ],
    remedies: [{ action: 'retry', label: 'Fetch a fresh pair' }, ...remedies],
    renewal: { step, says: `${unfitWords(keySpec, came)}: a fresh pair is fetched`, isOffered: true },
  });
}

/**
 * Makes the renewal that fetches a new wrapping key and token and continues from there. Nobody must be asked, because a pair
 * is used only once; only a file that a person wrapped must be wrapped again by this person.
 * @param because why, as the beginning of a sentence.
 */
export function renewPair(because: string, wrappedBy: 'keyferry' | 'you'): Renewal {
  return wrappedBy === 'you'
    ? {
        step: 'wrapping-key',
        says: `${because}: a new pair is fetched, under which you wrap your secret again`,
        ask: ['wrap'],
      }
    : { step: 'wrapping-key', says: `${because}: a new pair is fetched, and the secret is wrapped again` };
}
