import type { Key } from 'ink';
import type { EditAction } from './fields/editing.ts';
import type { Journey } from './journey.ts';

/** What a key asks for. */
export type Action =
  | EditAction
  | { readonly type: 'move'; readonly by: number }
  | { readonly type: 'scroll'; readonly by: 'line' | 'page' | 'all'; readonly way: 1 | -1 }
  | { readonly type: 'way'; readonly key: string }
  | {
      readonly type:
        | 'toggle'
        | 'accept'
        | 'back'
        | 'why'
        | 'commands'
        | 'close'
        | 'stop'
        | 'leave'
        | 'stay'
        | 'copy'
        | 'suspend';
    };

/** A key and what it does. `action` is missing where the list component acts on the key itself. */
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
