import { ProblemError } from '../ceremony/problem.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readPublicFile } from '../material/small-file.ts';
import { WrappingPublicKey } from '../material/wrap.ts';
import { type Facts, need } from './facts.ts';
import { fetchAgain, makePairRenewal, unfitWords } from './import-pair.ts';
import { materialState } from './material-awaited.ts';
import type { Services } from './services.ts';

/** Whether the file of the wrapping key still holds the key that KMS sent. */
type WrappingKeyFile =
  | { readonly fits: true; readonly key: WrappingPublicKey; readonly sha256: string }
  | {
      readonly fits: false;
      /** A sentence, without its full stop, that says what is wrong. `detail` is a sentence that may follow. */
      readonly fault: string;
      readonly detail?: string;
      /** Of the file, hex. Absent when the file cannot be read. */
      readonly sha256?: string;
    };

/** Checks, by the recorded SHA-256, that the file still holds the wrapping key that KMS sent, and that this key is valid. */
export function lookAtWrappingKey(facts: Facts, folder: Services['folder']): WrappingKeyFile {
  const { publicKeyFile, publicKeySha256, keySpec } = need(facts, 'wrapping');
  const bytes = readPublicFile(folder.file(publicKeyFile));
  if (typeof bytes === 'string')
    return { fits: false, fault: `The wrapping key ${publicKeyFile} can't be read`, detail: bytes };
  const sha256 = sha256Of(bytes);
  if (sha256 !== publicKeySha256)
    return {
      fits: false,
      fault: `${publicKeyFile} is no longer the wrapping key that KMS sent`,
      detail: `Its SHA-256 is ${sha256}. KMS sent ${publicKeySha256}.`,
      sha256,
    };
  const check = WrappingPublicKey.check(bytes, keySpec);
  return check.fits
    ? { fits: true, key: check.key, sha256 }
    : { fits: false, fault: unfitWords(keySpec, check.received), sha256 };
}

/**
 * Reads the wrapping key from its file, to wrap with it or to check a file that a person has wrapped.
 * @throws ProblemError when the file differs from what KMS sent or is not valid, with the renewal that fetches a new one.
 */
export function takeWrappingKey(facts: Facts, { folder }: Services, wrappedBy: 'keyferry' | 'you'): WrappingPublicKey {
  const file = lookAtWrappingKey(facts, folder);
  if (file.fits) return file.key;
  const isByYou = wrappedBy === 'you';
  throw new ProblemError({
    kind: 'fixable',
    what: isByYou
      ? "Can't take a file that was wrapped under this wrapping key."
      : "Can't wrap under this wrapping key.",
    why: file.detail === undefined ? `${file.fault}.` : `${file.fault}. ${file.detail}`,
    state: `${isByYou ? 'Nothing was sent.' : 'Nothing was wrapped or sent.'} ${materialState(facts)}.`,
    next: [
      'Fetch a new pair, and wrap under that.',
      ...(isByYou ? ['Delete what you wrapped: whoever made the other wrapping key can open it.'] : []),
    ],
    remedies: [fetchAgain],
    renewal: { ...makePairRenewal(file.fault, wrappedBy), isOffered: true },
  });
}
