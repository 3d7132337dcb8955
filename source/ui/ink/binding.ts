import type { Key } from 'ink';
import type { Action } from './action.ts';
import type { Journey } from './journey.ts';

/** A key and what it does. `action` is missing where the list component moves its cursor itself. */
export type Binding = {
  readonly pressed: (input: string, key: Key) => boolean;
  readonly action?: Action | ((input: string) => Action);
  readonly key: string;
  readonly does: string;
  /** Of the footer's hints the lowest go first when it is narrow; without one the key stands in the help alone. */
  readonly rank?: number;
  readonly when?: (journey: Journey) => boolean;
};

/** A letter by itself. */
export const typed = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;
/** A letter with Ctrl. */
export const ctrl = (letter: string) => (input: string, key: Key) => key.ctrl && input === letter;
