import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { sha256Of } from '../disk/sha256.ts';
import { testKey } from './test-keys.ts';
import { modulusBytesOf, type WrappingKeySpec } from './wrapping-algorithms.ts';

/**
 * With the exponent 1, the wrapped bytes would be the plain bytes. With a small exponent such as 3, any mistake is
 * dangerous.
 */
const requiredExponent = 65_537n;

/** The result of the check of a wrapping public key. `received` says what the bytes are instead, as the end of a sentence. */
export type WrappingKeyCheck =
  | { readonly fits: true; readonly key: WrappingPublicKey }
  | { readonly fits: false; readonly received: string };

/**
 * A wrapping public key that was checked. Only `check` and `ofTestPair` make such an object. Code that would wrap key
 * material under unchecked bytes does not compile.
 */
export class WrappingPublicKey {
  readonly #key: KeyObject;
  readonly #keySpec: WrappingKeySpec;

  private constructor(key: KeyObject, keySpec: WrappingKeySpec) {
    this.#key = key;
    this.#keySpec = keySpec;
  }

  /**
   * Checks a key before anything is wrapped under it. It must be a DER SubjectPublicKeyInfo of RSA, have the modulus size
   * that was requested and the exponent 65537, and be none of Keyferry's published test keys. KMS does not sign the key, so
   * that a key of the right form from somebody else passes too. Source: KMS API reference, GetParametersForImport; RFC 5280,
   * section 4.1.
   */
  static check(bytes: Uint8Array, keySpec: WrappingKeySpec): WrappingKeyCheck {
    const key = readPublicKey(Buffer.from(bytes));
    if (key === undefined) return { fits: false, received: describeBytes(bytes) };
    const fault = findFault(key, keySpec);
    return fault === undefined
      ? { fits: true, key: new WrappingPublicKey(key, keySpec) }
      : { fits: false, received: fault };
  }

  /** Gives the public key of Keyferry's published test pair, for samples: everybody can unwrap what is wrapped under it. */
  static ofTestPair(keySpec: WrappingKeySpec): WrappingPublicKey {
    return new WrappingPublicKey(publicTestKey(keySpec), keySpec);
  }

  /** The key in the form for `publicEncrypt`. */
  get keyObject(): KeyObject {
    return this.#key;
  }

  /** The key as DER SubjectPublicKeyInfo. */
  get der(): Buffer {
    return exportDer(this.#key);
  }

  /** The modulus, big-endian. */
  get modulus(): Buffer {
    return Buffer.from(this.#key.export({ format: 'jwk' }).n ?? '', 'base64url');
  }

  /** The length of the modulus, and of every wrapped key, in bytes: 256 for RSA_2048, 384 for RSA_3072, 512 for RSA_4096. */
  get modulusBytes(): number {
    return modulusBytesOf[this.#keySpec];
  }

  /** The SHA-256 of the DER SubjectPublicKeyInfo as lower-case hex: `sha256sum` prints the same for the file. */
  get sha256(): string {
    return sha256Of(this.der);
  }
}

/**
 * Reads bytes that are exactly the DER form of a public key; `undefined` for any others. The comparison is needed because
 * OpenSSL also reads other forms, and ignores bytes after the key.
 */
function readPublicKey(der: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return exportDer(key).equals(der) ? key : undefined;
  } catch {
    // OpenSSL's error text does not help a person.
    return undefined;
  }
}

/** Says, as the end of a sentence, what bytes are that are no public key. */
function describeBytes({ length }: Uint8Array): string {
  return length === 0 ? 'an empty one' : `${length} bytes that are not a public key in DER form`;
}

/** Says why a public key must not be used, as the end of a sentence; `undefined` when it may be used. */
function findFault(key: KeyObject, keySpec: WrappingKeySpec): string | undefined {
  if (key.asymmetricKeyType !== 'rsa') return `a key of the type ${key.asymmetricKeyType}`;
  const { modulusLength, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== modulusBytesOf[keySpec] * 8) return `an RSA key of ${modulusLength} bits`;
  if (publicExponent !== requiredExponent)
    return `an RSA key of ${modulusLength} bits with the exponent ${shortNumber(publicExponent)}`;
  if (key.equals(publicTestKey(keySpec))) return 'a published test key, under which nothing stays secret';
  return undefined;
}

/** Writes at most 20 digits of a number: an exponent may be as long as the modulus, and would fill the screen. */
function shortNumber(number: bigint): string {
  const digits = String(number);
  return digits.length > 20 ? `${digits.slice(0, 20)}...` : digits;
}

/** Gives the public key of Keyferry's test pair of a size. */
function publicTestKey(keySpec: WrappingKeySpec): KeyObject {
  return createPublicKey(createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' }));
}

/** Gives a public key as DER SubjectPublicKeyInfo. */
function exportDer(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}
