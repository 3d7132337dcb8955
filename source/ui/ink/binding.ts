import type { Key } from 'ink';
import type { Action } from './action.ts';
import type { Journey } from './journey.ts';

/** A key and what it does. Without `action`, the list component itself handles the key. */
export type Binding = {
  /** True when this key was pressed. */
  readonly isPressed: (input: string, key: Key) => boolean;
  readonly action?: Action | ((input: string) => Action);
  /** The name of the key and its effect, for footer and help. */
  readonly key: string;
  readonly does: string;
  /** A narrow footer leaves out the lowest ranks first. A key without a rank is shown only in the help. */
  readonly rank?: number;
  /** True when the key works now; absent when it always works. */
  readonly isActive?: (journey: Journey) => boolean;
};

/** Gives a test that is true for this letter without Ctrl or Alt. */
export const isLetter = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;
/** Gives a test that is true for this letter with Ctrl. */
export const isCtrl = (letter: string) => (input: string, key: Key) => key.ctrl && input === letter;
