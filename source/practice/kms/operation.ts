import type { Call } from '../exchange.ts';
import type { Keys } from '../policy-conditions.ts';
import type { InputOf, Shape } from './shape.ts';

/**
 * Who must allow a KMS operation. `account`: IAM, for the whole account. `key`: the policy of the key, together with IAM.
 * `none`: nobody.
 */
export type KeyAuthority = {
  readonly on: 'account' | 'key' | 'none';
  /** Gives the condition keys that come from the request, for an operation that IAM must allow for the whole account. */
  readonly conditionsOf?: (request: Readonly<Record<string, unknown>>) => Keys;
};

/** A KMS operation: who must allow it, which members its request may have, and what it does. The result is sent as JSON. */
export type Operation = {
  readonly authority: KeyAuthority;
  readonly shape: Shape;
  readonly act: (call: Call, input: never) => object | undefined;
};

/**
 * Makes an operation.
 * @param shape the members that a request may have.
 * @param act gets these members after they were checked.
 */
export function operation<const S extends Shape>(
  authority: KeyAuthority,
  shape: S,
  act: (call: Call, input: InputOf<S>) => object | undefined,
): Operation {
  return { authority, shape, act };
}
