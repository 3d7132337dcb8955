import { ProblemError } from '../ceremony/problem.ts';
import { readPublicFile } from '../material/small-file.ts';
import { sha256Fingerprint, WrappingPublicKey } from '../material/wrap.ts';
import { type Facts, need } from './facts.ts';
import { fetchAgain, renewPair, unfitWords } from './import-pair.ts';
import type { Services } from './services.ts';

/** The wrapping key file as the disk has it now. */
type WrappingKeyFile =
  | { readonly fits: true; readonly key: WrappingPublicKey; readonly sha256: string }
  | {
      readonly fits: false;
      /** What is wrong, as a sentence without its full stop; `detail` is one that may follow. */
      readonly fault: string;
      readonly detail?: string;
      /** Of the file, where it could be read. */
      readonly sha256?: string;
    };

/** Looks whether the file still is the wrapping key that was recorded when it was fetched, and may be used. */
export function lookAtWrappingKey(facts: Facts, folder: Services['folder']): WrappingKeyFile {
  const { publicKeyFile, publicKeySha256, keySpec } = need(facts, 'wrapping');
  const bytes = readPublicFile(folder.file(publicKeyFile));
  if (typeof bytes === 'string')
    return { fits: false, fault: `The wrapping key ${publicKeyFile} can't be read`, detail: bytes };
  const sha256 = sha256Fingerprint(bytes);
  if (sha256 !== publicKeySha256)
    return {
      fits: false,
      fault: `${publicKeyFile} is no longer the wrapping key that KMS sent`,
      detail: `Its SHA-256 is ${sha256}. KMS sent ${publicKeySha256}.`,
      sha256,
    };
  const checked = WrappingPublicKey.check(bytes, keySpec);
  return checked.fits
    ? { fits: true, key: checked.key, sha256 }
    : { fits: false, fault: unfitWords(keySpec, checked.came), sha256 };
}

/**
 * Reads and checks the file of the wrapping key, for wrapping or for checking a file that a person has wrapped.
 * @throws ProblemError when the file differs from what KMS sent or is not valid, with the renewal that fetches a new one.
 */
export function takeWrappingKey(facts: Facts, { folder }: Services, wrappedBy: 'keyferry' | 'you'): WrappingPublicKey {
  const file = lookAtWrappingKey(facts, folder);
  if (file.fits) return file.key;
  const byYou = wrappedBy === 'you';
  throw new ProblemError({
    kind: 'fixable',
    what: byYou ? "Can't take a file that was wrapped under this wrapping key." : "Can't wrap under this wrapping key.",
    why: file.detail === undefined ? `${file.fault}.` : `${file.fault}. ${file.detail}`,
    state: `${byYou ? 'Nothing was sent.' : 'Nothing was wrapped or sent.'} The KMS key still waits for its material.`,
    next: [
      'Fetch a new pair, and wrap under that.',
      ...(byYou ? ['Delete what you wrapped: whoever made the other wrapping key can open it.'] : []),
    ],
    remedies: [fetchAgain],
    renewal: { ...renewPair(file.fault, wrappedBy), isOffered: true },
  });
}
