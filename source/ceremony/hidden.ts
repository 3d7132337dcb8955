import { inspect } from 'node:util';

/** A base class for secrets. Code that prints, inspects, logs or serialises such an object shows only its `toString`. */
export abstract class Hidden {
  abstract toString(): string;

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/**
 * Makes a zero-filled buffer with its own memory. An explicit ArrayBuffer is outside both Node's shared pool and the
 * JavaScript heap, where V8 keeps small typed arrays and may copy them while it collects garbage. Nobody could overwrite
 * such copies.
 */
export function zeroedBuffer(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}
