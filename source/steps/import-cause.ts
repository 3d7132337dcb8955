import type { Problem } from '../ceremony/problem.ts';
import { oaepHashes } from '../material/wrapping-algorithms.ts';
import { utc } from './dates.ts';
import type { ImportEvidence } from './import-evidence.ts';
import { fetchAgain } from './import-pair.ts';
import { backTo } from './past.ts';

export const wrapAgain = backTo('wrap', 'Wrap again with the current wrapping key');

/** Gives the remedy that asks for another wrapped file. @param isElsewhere true for a key that Keyferry cannot wrap. */
export const chooseFile = (isElsewhere: boolean) =>
  backTo('wrap', isElsewhere ? 'Choose another file' : 'Choose another file, or let Keyferry wrap');

/** The parts of a problem that say its cause and what to do. */
type Cause = Required<Pick<Problem, 'why' | 'next' | 'remedies'>>;

/** Errors of ImportKeyMaterial that come from the token. */
const tokenErrors = ['InvalidImportTokenException', 'ExpiredImportTokenException'];

/**
 * Adds the likely cause to the problem of a refused import. KMS does not tell the reason, but the files on this disk often
 * show it. The remedy for the likely cause comes first. To an error that is not about the file or the token, adds only remedies.
 */
export function withLikelyCause(problem: Problem, evidence: ImportEvidence): Problem {
  const remedies = [wrapAgain, fetchAgain];
  const { code = '', why = '' } = problem;
  if (tokenErrors.includes(code)) return { ...problem, ...tokenCause(code, evidence) };
  // KMS expects a file of another length. Keyferry has compared the length with the wrapping key, so the token is not of that key.
  if (code === 'ValidationException' && /encrypted key size/i.test(why)) return { ...problem, ...pairCause(evidence) };
  if (code === 'InvalidCiphertextException') return { ...problem, ...wrappingCause(evidence) };
  return { ...problem, remedies };
}

/** Gives the likely cause when KMS refused the import token. */
function tokenCause(code: string, { tokenValidTo, now, wrappedBy }: ImportEvidence): Cause {
  const wrapAgainWords =
    wrappedBy === 'you'
      ? 'Wrap your secret again under it; nothing else changes.'
      : 'Keyferry wraps again, nothing else changes.';
  const makeCause = (why: string): Cause => ({
    why,
    next: [`Fetch a new pair. ${wrapAgainWords}`],
    remedies: [fetchAgain],
  });
  if (code === 'ExpiredImportTokenException' && now < tokenValidTo)
    return makeCause(
      `KMS says that the token has expired, while it is valid until ${utc(tokenValidTo)} by the clock here. That clock is slow: date -u`,
    );
  if (code === 'ExpiredImportTokenException') return makeCause(`The token was valid until ${utc(tokenValidTo)}.`);
  return makeCause('KMS does not take the token for this key. It belongs to another key or Region.');
}

/** Gives the likely cause when KMS refused the wrapped file. */
function wrappingCause(evidence: ImportEvidence): Cause {
  return evidence.wrappedBy === 'you' ? handWrappingCause(evidence) : pairCause(evidence);
}

/** Gives the cause when all files here fit together: the token may be of another wrapping key. */
function pairCause({ wrappedBy, isElsewhere }: ImportEvidence): Cause {
  return {
    why: 'KMS could not unwrap the material, although everything here fits together. The token may not belong to this wrapping key.',
    next: ['Fetch a new pair and wrap again.'],
    remedies: [fetchAgain, wrappedBy === 'you' ? chooseFile(isElsewhere) : wrapAgain],
  };
}

/**
 * Gives the likely cause for a file that the person wrapped. Only the private key in KMS can open the file, so this is a
 * guess: almost always the person left the choice of the OAEP hash to openssl.
 */
function handWrappingCause({ algorithm, wrappedFile: file, isElsewhere }: ImportEvidence): Cause {
  const hash = oaepHashes[algorithm];
  if (isElsewhere) return elsewhereWrappingCause(hash, file);
  const why =
    hash === 'sha256'
      ? `The length of ${file} is right, so the hash is most likely not: openssl uses SHA-1 unless told otherwise, and this token wants SHA-256.`
      : `The length of ${file} is right, so the hash is most likely not: this token wants SHA-1. Or what was wrapped is not 32 bytes.`;
  return {
    why,
    next: [`Wrap again with -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}, or let Keyferry do it.`],
    remedies: [chooseFile(false), fetchAgain],
  };
}

/** Gives the likely cause for a file that was wrapped where the key is kept: HSMs name the two hashes of OAEP one by one. */
function elsewhereWrappingCause(hash: 'sha256' | 'sha1', file: string): Cause {
  const name = hash === 'sha256' ? 'SHA-256' : 'SHA-1';
  return {
    why: `The length of ${file} is right, so a hash is most likely not: this token wants ${name}, both for OAEP and for its mask (MGF1). Or what was wrapped is not 32 bytes.`,
    next: [
      `Wrap the key again with ${name} for both, and give that file.`,
      ...(hash === 'sha256' ? ['Where the HSM has SHA-1 alone: fetch a new pair for RSAES_OAEP_SHA_1.'] : []),
    ],
    remedies: [chooseFile(true), fetchAgain],
  };
}
