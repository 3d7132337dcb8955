import { splitAfterHeader } from './age-file.ts';
import { passphraseIdentity, passphraseRecipient } from './age-passphrase.ts';
import { SecretBytes } from './secret-bytes.ts';

/**
 * How a file is locked: by a passphrase in UTF-8, with `workFactor`, which is log2(N) of scrypt; or by recipients (`age1…`),
 * each of whom can open it.
 */
export type AgeLock =
  | { readonly by: 'passphrase'; readonly passphrase: Uint8Array; readonly workFactor: number }
  | { readonly by: 'recipients'; readonly recipients: readonly string[] };

/** How a file is opened: by a passphrase in UTF-8, or by identities (`AGE-SECRET-KEY-1…`). */
export type AgeOpener =
  | { readonly by: 'passphrase'; readonly passphrase: Uint8Array }
  | { readonly by: 'identities'; readonly identities: readonly string[] };

/**
 * Makes the header of an age file, and the file key under which its payload is to be encrypted. The caller must destroy the
 * file key.
 *
 * The age library makes only headers here. It sees the file key, and leaves copies of it to the garbage collector, but it
 * never sees the key that is backed up. Format: C2SP, age.md.
 * @throws Error when a recipient is not valid.
 */
export async function makeAgeHeader(lock: AgeLock): Promise<{ header: Buffer; fileKey: SecretBytes }> {
  const { Encrypter, Stanza } = await import('age-encryption');
  const encrypter = new Encrypter();
  let fileKey = new Uint8Array();
  // This recipient adds nothing to the header. It is only a way to get the file key from the library.
  encrypter.addRecipient({
    wrapFileKey(madeKey) {
      fileKey = madeKey as Uint8Array<ArrayBuffer>;
      return [];
    },
  });
  if (lock.by === 'passphrase') encrypter.addRecipient(passphraseRecipient(lock, Stanza));
  else for (const recipient of lock.recipients) encrypter.addRecipient(recipient);
  const emptyFile = Buffer.from(await encrypter.encrypt(new Uint8Array()));
  const { header } = splitAfterHeader(emptyFile) ?? {};
  if (header === undefined) throw new Error('The age library made a file without a header.');
  return { header, fileKey: SecretBytes.takeFrom(fileKey) };
}

/**
 * Decrypts the file key in a header. The caller must destroy the file key.
 * @returns `no match` when the file is not encrypted to this passphrase or these identities; `damaged` after any other error, and
 * when a scrypt stanza is not the only stanza.
 */
export async function openAgeHeader(header: Buffer, opener: AgeOpener): Promise<SecretBytes | 'no match' | 'damaged'> {
  const stanzas = ageStanzas(header);
  // A header with a scrypt stanza has no other stanza: C2SP, age.md.
  if (stanzas.includes('scrypt') && stanzas.length !== 1) return 'damaged';
  const { Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  try {
    if (opener.by === 'passphrase') decrypter.addIdentity(passphraseIdentity(opener.passphrase));
    else for (const identity of opener.identities) decrypter.addIdentity(identity);
    return SecretBytes.takeFrom(await decrypter.decryptHeader(header));
  } catch (error) {
    // The library's errors differ only in their messages.
    return error instanceof Error && error.message.startsWith('no identity matched') ? 'no match' : 'damaged';
  }
}

/** Tells whether the library accepts a text as a recipient: `age1…`, also post-quantum and hardware recipients. */
export async function isAgeRecipient(text: string): Promise<boolean> {
  const { Encrypter } = await import('age-encryption');
  try {
    new Encrypter().addRecipient(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Gives the types of the stanzas in a header, such as `scrypt` and `X25519`. A stanza holds the file key, encrypted to one
 * passphrase or recipient.
 */
export function ageStanzas(header: Buffer): readonly string[] {
  return [...header.toString('latin1').matchAll(/^-> (\S+)/gm)].map(([, type]) => type ?? '');
}
