import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import type { Identity, Recipient, Stanza } from 'age-encryption';

/** The text that the age format puts before the salt. */
const label = Buffer.from('age-encryption.org/v1/scrypt');
const saltBytes = 16;
const tagBytes = 16;
const fileKeyBytes = 16;
/** The nonce may be constant, because each key encrypts only one file key. */
const zeroNonce = Buffer.alloc(12);

/** The log2(N) of scrypt that the age command uses. One guess takes about a second and 256 MiB of memory. */
export const standardWorkFactor = 18;

/** A file with a larger log2(N) would need more than 1 GiB of memory. It is refused, as in other age programs. */
const largestWorkFactor = 20;

/**
 * Makes a recipient that encrypts a file key to a passphrase: C2SP, age.md, "scrypt recipient stanza". The recipient of the
 * library is not used: it takes the passphrase as a string, which nobody can overwrite, and computes scrypt in JavaScript,
 * which stops everything else for a second.
 */
export function passphraseRecipient(
  { passphrase, workFactor }: { passphrase: Uint8Array; workFactor: number },
  StanzaClass: typeof Stanza,
): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(saltBytes);
      const key = await deriveKey(passphrase, salt, workFactor);
      const cipher = createCipheriv('chacha20-poly1305', key, zeroNonce, { authTagLength: tagBytes });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      key.fill(0);
      return [new StanzaClass(['scrypt', encodeBase64(salt), String(workFactor)], body)];
    },
  };
}

/**
 * Makes an identity that decrypts a file key with a passphrase. Its `unwrapFileKey` gives null for a wrong passphrase, and for a
 * file without a scrypt stanza. It throws for a scrypt stanza that age would not write.
 */
export function passphraseIdentity(passphrase: Uint8Array): Identity {
  return {
    async unwrapFileKey(stanzas) {
      const stanza = stanzas.find(({ args }) => args[0] === 'scrypt');
      if (stanza === undefined) return null;
      const { salt, workFactor } = readArguments(stanza.args);
      if (stanza.body.length !== fileKeyBytes + tagBytes) throw invalid();
      const key = await deriveKey(passphrase, salt, workFactor);
      const decipher = createDecipheriv('chacha20-poly1305', key, zeroNonce, { authTagLength: tagBytes });
      decipher.setAuthTag(stanza.body.subarray(-tagBytes));
      const fileKey = decipher.update(stanza.body.subarray(0, -tagBytes));
      try {
        decipher.final();
        return fileKey;
      } catch {
        fileKey.fill(0);
        return null;
      } finally {
        key.fill(0);
      }
    },
  };
}

/**
 * Gives the salt and the work factor of a scrypt stanza. The arguments must have exactly the form that age writes, because age
 * opens no file with another form.
 * @throws Error when the arguments have another form, or a number is out of its limits.
 */
function readArguments([, saltText = '', factorText = '', ...more]: readonly string[]): {
  salt: Buffer;
  workFactor: number;
} {
  const salt = Buffer.from(saltText, 'base64');
  const workFactor = Number(factorText);
  const isAsAgeWrites = encodeBase64(salt) === saltText && String(workFactor) === factorText && more.length === 0;
  const isInLimits = salt.length === saltBytes && workFactor >= 1 && workFactor <= largestWorkFactor;
  if (!isAsAgeWrites || !isInLimits || !Number.isInteger(workFactor)) throw invalid();
  return { salt, workFactor };
}

const invalid = () => new Error('invalid scrypt stanza');

const scryptAsync = promisify<Uint8Array, Uint8Array, number, object, Buffer>(scrypt);

/** Derives 32 key bytes with scrypt: RFC 7914 with r = 8 and p = 1. Needs 128 * r * N bytes of memory. */
function deriveKey(passphrase: Uint8Array, salt: Buffer, workFactor: number): Promise<Buffer> {
  const N = 2 ** workFactor;
  // With r = 8, 128 * r is 1024. A MiB more is for the rest.
  const maxmem = 1024 * N + 2 ** 20;
  return scryptAsync(passphrase, Buffer.concat([label, salt]), 32, { N, r: 8, p: 1, maxmem });
}

/** Encodes as base64 without padding, as age writes it: RFC 4648, section 4. */
const encodeBase64 = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '');
