import type { Call } from '../exchange.ts';
import type { InputOf, Shape } from './shape.ts';

/**
 * Who must allow a KMS operation: IAM alone, for the whole account; the policy of the key that it works on, with IAM; or
 * nobody.
 */
export type KeyAuthority = { readonly on: 'account' | 'key' | 'none' };

/** A KMS operation: who must allow it, which members its request may have, and what it does. The result is sent as JSON. */
export type Operation = {
  readonly authority: KeyAuthority;
  readonly shape: Shape;
  readonly act: (call: Call, input: never) => object | undefined;
};

/** Ties an operation to its authority and to the shape of its request, so that `act` gets the members typed and checked. */
export function operation<const S extends Shape>(
  authority: KeyAuthority,
  shape: S,
  act: (call: Call, input: InputOf<S>) => object | undefined,
): Operation {
  return { authority, shape, act };
}
