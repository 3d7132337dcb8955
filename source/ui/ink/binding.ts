import type { Key } from 'ink';
import type { Action } from './action.ts';
import type { Journey } from './journey.ts';

/** A key and its effect. */
export type Binding = {
  /** True when this key was pressed. The arguments are those of Ink's `useInput`. */
  readonly isPressed: (input: string, key: Key) => boolean;
  /** Absent when the list component itself handles the key. */
  readonly action?: Action | ((input: string) => Action);
  /** The name of the key, for footer and help. */
  readonly key: string;
  /** The effect of the key in a few words, for footer and help. */
  readonly does: string;
  /** A narrow footer leaves out the lowest ranks first. A key without a rank is shown only in the help. */
  readonly rank?: number;
  /** True when the key works now; absent when it always works. */
  readonly isActive?: (journey: Journey) => boolean;
};

/** Makes the test for a key: true for this letter, pressed without Ctrl and Alt. */
export const isLetter = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;
/** Makes the test for a key: true for this letter, pressed with Ctrl. */
export const isCtrl = (letter: string) => (input: string, key: Key) => key.ctrl && input === letter;
