import type { Key } from 'ink';
import type { Action } from './action.ts';
import type { Journey } from './journey.ts';

/** A key and what it does. `action` is missing where the list component moves its cursor itself. */
export type Binding = {
  readonly pressed: (input: string, key: Key) => boolean;
  readonly action?: Action | ((input: string) => Action);
  readonly key: string;
  readonly does: string;
  /** Hints of the lowest rank leave a narrow footer first. A key without a rank is shown only in the help. */
  readonly rank?: number;
  readonly when?: (journey: Journey) => boolean;
};

/** Gives a test that is true for this letter without Ctrl or Alt. */
export const isLetter = (letter: string) => (input: string, key: Key) => input === letter && !key.ctrl && !key.meta;
/** Gives a test that is true for this letter with Ctrl. */
export const isCtrl = (letter: string) => (input: string, key: Key) => key.ctrl && input === letter;
