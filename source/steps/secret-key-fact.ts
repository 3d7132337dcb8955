import { keyCheckValue, type StatedCheckValue, zeroBlockCheckValue } from '../material/check-value.ts';
import type { SecretBytes } from '../material/secret-bytes.ts';

/** The secret key of a ceremony. Nothing in this fact is secret. */
export type SecretKey = KeyHere | KeyElsewhere;

/** A key that Keyferry made or read. */
export type KeyHere = {
  readonly origin: 'generated' | 'file';
  /** The length of the key. */
  readonly bytes: number;
  readonly checkValue: { readonly method: string; readonly value: string };
  /** The check value that HSMs print. Absent in ceremonies of earlier versions. */
  readonly zeroBlockCheckValue?: string;
  /** The name of the plain key file in the ceremony's folder. Absent when the key is only in memory. */
  readonly file?: string;
  /** The absolute path of the person's own file from which the key was read. */
  readonly source?: string;
};

/**
 * A key in an HSM or another key manager. Keyferry has never seen its bytes. So this fact has only what the person stated, and
 * nothing of it was checked.
 */
export type KeyElsewhere = {
  readonly origin: 'elsewhere';
  /** Who or what keeps the key, in the person's words. */
  readonly keeper: string;
  /** The check value that the keeper shows. Absent when the person stated none. */
  readonly statedCheckValue?: StatedCheckValue;
};

/** The check values of a key whose bytes are here. */
export type CheckValues = Pick<KeyHere, 'checkValue' | 'zeroBlockCheckValue'>;

/** Computes both check values of a key. */
export const checkValuesOf = (secret: SecretBytes): CheckValues => ({
  checkValue: keyCheckValue(secret),
  zeroBlockCheckValue: zeroBlockCheckValue(secret),
});

/** Gives the fact about the key when Keyferry has seen its bytes; `undefined` for a key elsewhere and before there is a key. */
export function keyHere(secret: SecretKey | undefined): KeyHere | undefined {
  return secret === undefined || secret.origin === 'elsewhere' ? undefined : secret;
}

/** Gives the fact about a key whose bytes were never here; `undefined` for any other key. */
export function keyElsewhere(secret: SecretKey | undefined): KeyElsewhere | undefined {
  return secret?.origin === 'elsewhere' ? secret : undefined;
}

/** Gives the check value with its method, because people can compare only values of the same method. */
export function checkValueText({ checkValue }: KeyHere): string {
  return `key check value ${checkValue.value} (${checkValue.method})`;
}

/** Says that something is known only from the keeper of a key. */
export const statedBy = ({ keeper }: KeyElsewhere) => `stated by ${keeper}, not checked`;

/** Gives the stated check value with its method and who stated it, or says that there is none. */
export function statedCheckValueText(secret: KeyElsewhere): string {
  const { statedCheckValue } = secret;
  if (statedCheckValue === undefined) return 'no key check value was stated';
  return `key check value ${statedCheckValue.value} (${statedCheckValue.method}), ${statedBy(secret)}`;
}
