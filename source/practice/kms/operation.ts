import type { Call } from '../exchange.ts';
import type { InputOf, Shape } from './shape.ts';

/** A KMS operation: which members its request may have, and what it does. The result is sent as JSON. */
export type Operation = {
  readonly shape: Shape;
  readonly act: (call: Call, input: never) => object | undefined;
};

/** Ties an operation to the shape of its request, so that `act` gets the members typed and checked. */
export function operation<const S extends Shape>(
  shape: S,
  act: (call: Call, input: InputOf<S>) => object | undefined,
): Operation {
  return { shape, act };
}
