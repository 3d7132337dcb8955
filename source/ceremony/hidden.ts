import { inspect } from 'node:util';

/** What is shown nowhere by accident: printed, inspected, logged or serialised, it is the words of `toString`. */
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
 * A zero-filled buffer of its own. An explicit ArrayBuffer lies outside both Node's shared pool and the JavaScript heap,
 * where V8 keeps small typed arrays and may copy them while it collects garbage, out of reach of any zeroing.
 */
export function zeroedBuffer(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}
