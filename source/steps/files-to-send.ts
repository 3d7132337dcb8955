import { resolve } from 'node:path';
import { ProblemError, type Remedy, type Renewal } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/step.ts';
import { readPublicFile } from '../material/small-file.ts';
import { sha256Fingerprint } from '../material/wrap.ts';
import { type Facts, need } from './facts.ts';
import { chooseFile, wrapAgain } from './import-cause.ts';
import { fetchAgain, makePairRenewal } from './import-pair.ts';
import type { Services } from './services.ts';
import { lookAtWrappingKey } from './wrapping-key-file.ts';

/**
 * Reads and checks the wrapped key and the import token for one request, and returns exactly the checked bytes. The wrapped
 * key must be wrapped under the recorded wrapping key, and both files must have the recorded hashes. A wrapping key file that
 * has changed is only reported, because nothing uses the file any more.
 * @throws ProblemError when a check fails. Nothing is sent then. The problem carries the renewal that makes the file again.
 */
export function readFilesToSend(facts: Facts, { folder }: Services, report: (progress: Progress) => void) {
  const wrapping = need(facts, 'wrapping');
  const wrapped = need(facts, 'wrapped');
  if (wrapped.under !== wrapping.publicKeySha256)
    throw notSentError(`${wrapped.file} was not wrapped under the wrapping key of this token`, waysToWrap(facts));
  const EncryptedKeyMaterial = readPublicFile(resolve(folder.path, wrapped.file));
  if (typeof EncryptedKeyMaterial === 'string')
    throw notSentError(`${wrapped.file} can't be read`, waysToWrap(facts), EncryptedKeyMaterial);
  if (sha256Fingerprint(EncryptedKeyMaterial) !== wrapped.sha256)
    throw notSentError(`${wrapped.file} was changed after it was wrapped`, waysToWrap(facts));
  const ImportToken = readPublicFile(folder.file(wrapping.tokenFile));
  if (typeof ImportToken === 'string')
    throw notSentError(`The token ${wrapping.tokenFile} can't be read`, waysToFetch(facts), ImportToken);
  // Older versions did not record the hash of the token.
  if (wrapping.tokenSha256 !== undefined && sha256Fingerprint(ImportToken) !== wrapping.tokenSha256)
    throw notSentError(`The token ${wrapping.tokenFile} is no longer what KMS sent`, waysToFetch(facts));
  const key = lookAtWrappingKey(facts, folder);
  if (!key.fits) {
    // The file is unchanged and still unfit: an older version did not check what KMS sent.
    if (key.sha256 === wrapping.publicKeySha256) throw notSentError(key.fault, waysToFetch(facts));
    report({ id: 'wrapping key', label: key.fault, note: 'what is sent was wrapped before', state: 'done' });
  }
  return { EncryptedKeyMaterial, ImportToken };
}

/** How to get past a file that cannot be sent: what to say, what to offer, and the step that Keyferry can go back to by itself. */
type Ways = {
  readonly next: string;
  readonly remedies: readonly Remedy[];
  readonly renewal: (fault: string) => Renewal;
};

/**
 * Gives the ways to a good wrapped file. A person who wrapped it by hand may have replaced it with a better one, so that
 * Keyferry reads it again without asking. What Keyferry wrapped itself it wraps again, when the person agrees.
 */
function waysToWrap(facts: Facts): Ways {
  return need(facts, 'wrapped').by === 'you'
    ? {
        next: 'Give the wrapped file again. It is looked at like the first time.',
        remedies: [chooseFile, fetchAgain],
        renewal: (fault) => ({ step: 'wrap', says: `${fault}: it is looked at again` }),
      }
    : {
        next: 'Wrap again. Your secret is unchanged.',
        remedies: [wrapAgain, fetchAgain],
        renewal: (fault) => ({ step: 'wrap', says: `${fault}: the secret is wrapped again`, isOffered: true }),
      };
}

function waysToFetch(facts: Facts): Ways {
  return {
    next: 'Fetch a new pair and wrap again. Your secret is unchanged.',
    remedies: [fetchAgain],
    renewal: (fault) => ({ ...makePairRenewal(fault, need(facts, 'wrapped').by), isOffered: true }),
  };
}

function notSentError(fault: string, { next, remedies, renewal }: Ways, detail?: string): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: 'The material was not imported.',
    why: detail === undefined ? `${fault}.` : `${fault}. ${detail}`,
    state: 'Nothing was sent. The key still waits for its material.',
    next: [next],
    remedies,
    renewal: renewal(fault),
  });
}
