import { resolve } from 'node:path';
import { ProblemError, type Remedy, type Renewal } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/step.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readPublicFile } from '../material/small-file.ts';
import { type Facts, need } from './facts.ts';
import { chooseFile, wrapAgain } from './import-cause.ts';
import { fetchAgain, makePairRenewal } from './import-pair.ts';
import { materialState } from './material-awaited.ts';
import { keyElsewhere } from './secret-key-fact.ts';
import type { Services } from './services.ts';
import { lookAtWrappingKey } from './wrapping-key-file.ts';

/**
 * Reads and checks the wrapped key and the import token for one request. Returns exactly the checked bytes, under the names
 * that ImportKeyMaterial gives them. The key must be wrapped under the recorded wrapping key, and both files must have the
 * recorded hashes. When the file of the wrapping key has changed, this is only reported: nothing uses that file any more.
 * @throws ProblemError when a check fails, or when the wrapping key was unfit already as KMS sent it. The problem has the renewal
 * that gets a good file.
 */
export function readFilesToSend(facts: Facts, { folder }: Services, report: (progress: Progress) => void) {
  const wrapping = need(facts, 'wrapping');
  const wrapped = need(facts, 'wrapped');
  if (wrapped.under !== wrapping.publicKeySha256)
    throw notSentError(
      facts,
      `${wrapped.file} was not wrapped under the wrapping key of this token`,
      recoveryByWrapping(facts),
    );
  // When a read gives a string, it says why the file was not read.
  const EncryptedKeyMaterial = readPublicFile(resolve(folder.path, wrapped.file));
  if (typeof EncryptedKeyMaterial === 'string')
    throw notSentError(facts, `${wrapped.file} can't be read`, recoveryByWrapping(facts), EncryptedKeyMaterial);
  if (sha256Of(EncryptedKeyMaterial) !== wrapped.sha256)
    throw notSentError(facts, `${wrapped.file} was changed after it was wrapped`, recoveryByWrapping(facts));
  const ImportToken = readPublicFile(folder.file(wrapping.tokenFile));
  if (typeof ImportToken === 'string')
    throw notSentError(facts, `The token ${wrapping.tokenFile} can't be read`, recoveryByFetching(facts), ImportToken);
  // Older versions did not record the hash of the token.
  if (wrapping.tokenSha256 !== undefined && sha256Of(ImportToken) !== wrapping.tokenSha256)
    throw notSentError(facts, `The token ${wrapping.tokenFile} is no longer what KMS sent`, recoveryByFetching(facts));
  const wrappingKey = lookAtWrappingKey(facts, folder);
  if (!wrappingKey.fits) {
    // An unchanged file can be unfit, because an older version did not check what KMS sent.
    if (wrappingKey.sha256 === wrapping.publicKeySha256)
      throw notSentError(facts, wrappingKey.fault, recoveryByFetching(facts));
    report({ id: 'wrapping key', label: wrappingKey.fault, note: 'what is sent was wrapped before', state: 'done' });
  }
  return { EncryptedKeyMaterial, ImportToken };
}

/**
 * How to go on when a file cannot be sent: a sentence (`next`), remedies, and the step to which Keyferry can go back by
 * itself.
 */
type Recovery = {
  readonly next: string;
  readonly remedies: readonly Remedy[];
  readonly renewal: (fault: string) => Renewal;
};

/**
 * Says how to get a good wrapped file. A person who wrapped the file by hand may have replaced it with a better one, so
 * Keyferry reads the file again without asking. When Keyferry itself wrapped it, Keyferry wraps again if the person agrees.
 */
function recoveryByWrapping(facts: Facts): Recovery {
  return need(facts, 'wrapped').by === 'you'
    ? {
        next: 'Give the wrapped file again. It is looked at like the first time.',
        remedies: [chooseFile(keyElsewhere(facts.secret) !== undefined), fetchAgain],
        renewal: (fault) => ({ step: 'wrap', says: `${fault}: it is looked at again` }),
      }
    : {
        next: 'Wrap again. Your secret is unchanged.',
        remedies: [wrapAgain, fetchAgain],
        renewal: (fault) => ({ step: 'wrap', says: `${fault}: the secret is wrapped again`, isOffered: true }),
      };
}

/** Says how to get a good import token: only by a new pair of wrapping key and token. */
function recoveryByFetching(facts: Facts): Recovery {
  return {
    next: 'Fetch a new pair and wrap again. Your secret is unchanged.',
    remedies: [fetchAgain],
    renewal: (fault) => ({ ...makePairRenewal(fault, need(facts, 'wrapped').by), isOffered: true }),
  };
}

/**
 * Makes the error for a file that was not sent.
 * @param fault what is wrong, a sentence without its full stop.
 * @param detail a sentence that follows.
 */
function notSentError(
  facts: Facts,
  fault: string,
  { next, remedies, renewal }: Recovery,
  detail?: string,
): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: 'The material was not imported.',
    why: detail === undefined ? `${fault}.` : `${fault}. ${detail}`,
    state: `Nothing was sent. ${materialState(facts)}.`,
    next: [next],
    remedies,
    renewal: renewal(fault),
  });
}
