import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { testKey } from './test-keys.ts';
import { modulusBytesOf, type WrappingKeySpec } from './wrapping-algorithms.ts';

/** What is wrapped with the exponent 1 anybody can read, and small ones such as 3 forgive no mistake. */
const requiredExponent = 65_537n;

/** What the check of a wrapping public key found. `came` says what the bytes are instead, as the end of a sentence. */
export type WrappingKeyCheck =
  | { readonly fits: true; readonly key: WrappingPublicKey }
  | { readonly fits: false; readonly came: string };

/**
 * A wrapping public key that may be used. `check` and `ofTestPair` are the only ways to one, so that code which wraps key
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
   * Checks a key before anything is wrapped under it: a DER SubjectPublicKeyInfo of RSA, of the modulus size that was asked
   * for, with the exponent 65537, and none of Keyferry's published test keys. KMS signs nothing, so that a key of the right
   * form which somebody else made passes. Source: KMS API reference, GetParametersForImport; RFC 5280, section 4.1.
   */
  static check(bytes: Uint8Array, keySpec: WrappingKeySpec): WrappingKeyCheck {
    const key = readPublicKey(Buffer.from(bytes));
    if (key === undefined) return { fits: false, came: describeBytes(bytes) };
    const came = findFault(key, keySpec);
    return came === undefined ? { fits: true, key: new WrappingPublicKey(key, keySpec) } : { fits: false, came };
  }

  /**
   * Gives the public half of Keyferry's published test pair, only for samples: everyone who has this program can unwrap
   * what it wraps.
   */
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

  /** Length of the modulus in bytes: 256 for RSA_2048, 384 for RSA_3072, 512 for RSA_4096. A wrapped key is as long. */
  get modulusBytes(): number {
    return modulusBytesOf[this.#keySpec];
  }

  /** The SHA-256 of the SubjectPublicKeyInfo: see {@link sha256Fingerprint}. */
  get sha256(): string {
    return sha256Fingerprint(this.der);
  }
}

/** Gives the SHA-256 of the DER SubjectPublicKeyInfo as lower-case hex: `sha256sum` prints the same for the file. */
export function sha256Fingerprint(publicKeyDer: Uint8Array): string {
  return createHash('sha256').update(publicKeyDer).digest('hex');
}

/** Only bytes that are a key's DER form and nothing more: OpenSSL also reads other forms, and overlooks what comes behind. */
function readPublicKey(der: Buffer): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    return exportDer(key).equals(der) ? key : undefined;
  } catch {
    // OpenSSL's text tells a person nothing.
    return undefined;
  }
}

function describeBytes({ length }: Uint8Array): string {
  return length === 0 ? 'an empty one' : `${length} bytes that are not a public key in DER form`;
}

/** Why this public key must not be used, as the end of a sentence. */
function findFault(key: KeyObject, keySpec: WrappingKeySpec): string | undefined {
  if (key.asymmetricKeyType !== 'rsa') return `a key of the type ${key.asymmetricKeyType}`;
  const { modulusLength, publicExponent = 0n } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== modulusBytesOf[keySpec] * 8) return `an RSA key of ${modulusLength} bits`;
  if (publicExponent !== requiredExponent)
    return `an RSA key of ${modulusLength} bits with the exponent ${shortNumber(publicExponent)}`;
  if (key.equals(publicTestKey(keySpec))) return 'a published test key, under which nothing stays secret';
  return undefined;
}

/** An exponent may be as long as the modulus, and fills a screen then. */
function shortNumber(number: bigint): string {
  const digits = String(number);
  return digits.length > 20 ? `${digits.slice(0, 20)}...` : digits;
}

function publicTestKey(keySpec: WrappingKeySpec): KeyObject {
  return createPublicKey(createPrivateKey({ key: testKey(keySpec), format: 'der', type: 'pkcs8' }));
}

function exportDer(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' });
}
