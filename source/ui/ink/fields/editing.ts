import { graphemes } from '../../../terminal/cells.ts';

/**
 * One line of text being typed. `cursor` is an index into the text. It is always between two graphemes, which are the
 * characters as a person sees them.
 */
export type Edit = { readonly text: string; readonly cursor: number };

/** What a key can do to a line. The names are those of readline. */
export type EditAction =
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'left' | 'right' | 'home' | 'end' }
  | { readonly type: 'backspace' | 'delete' | 'kill-before' | 'kill-after' | 'kill-word' };

/**
 * The greatest length of a text in any field, in UTF-16 units: a description of a KMS key has at most 8192 characters
 * (KMS API, CreateKey), and paths, ARNs and names are shorter.
 */
export const longestLine = 8192;

export const emptyEdit: Edit = { text: '', cursor: 0 };

/** Makes a line with the cursor after its last character. */
export const editOf = (text: string): Edit => ({ text, cursor: text.length });

/** Gives the line for the screen, with the text that `shown` gives. When `shown` changes the text, the cursor is at the end. */
export function shownEdit(edit: Edit, shown: ((text: string) => string) | undefined): Edit {
  const text = shown?.(edit.text) ?? edit.text;
  return text === edit.text ? edit : editOf(text);
}

/** Applies one action to a line and gives the new line. */
export function applyEdit(edit: Edit, action: EditAction): Edit {
  const { text, cursor } = edit;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  switch (action.type) {
    case 'insert':
      return { text: before + action.text + after, cursor: cursor + action.text.length };
    case 'left':
      return { text, cursor: cursor - last(before).length };
    case 'right':
      return { text, cursor: cursor + first(after).length };
    case 'home':
      return { text, cursor: 0 };
    case 'end':
      return { text, cursor: text.length };
    case 'backspace':
      return cutBefore(edit, cursor - last(before).length);
    case 'delete':
      return { text: before + after.slice(first(after).length), cursor };
    case 'kill-before':
      return cutBefore(edit, 0);
    case 'kill-after':
      return { text: before, cursor };
    case 'kill-word':
      // The expression matches the last word, with the space after it.
      return cutBefore(edit, before.replace(/\S+\s*$/u, '').length);
  }
}

/** Removes the text from the index `start` up to the cursor. */
const cutBefore = ({ text, cursor }: Edit, start: number): Edit => ({
  text: text.slice(0, start) + text.slice(cursor),
  cursor: start,
});

// These functions get the text on one side of the cursor, never the whole text. In the whole text, a combining mark after the
// cursor would be one grapheme with the letter before the cursor, and one key would delete on both sides.
const first = (text: string) => graphemes(text)[0] ?? '';
const last = (text: string) => graphemes(text).at(-1) ?? '';

/** Gives the text without the characters for which there is no room. @param room the number of UTF-16 units that are free. */
export function fitInto(text: string, room: number): string {
  let kept = '';
  for (const character of text) if (kept.length + character.length <= room) kept += character;
  return kept;
}

const edits: ReadonlySet<string> = new Set<EditAction['type']>([
  'insert',
  'left',
  'right',
  'home',
  'end',
  'backspace',
  'delete',
  'kill-before',
  'kill-after',
  'kill-word',
]);

/** True for an action that edits a line. */
export function isEdit(action: { readonly type: string }): action is EditAction {
  return edits.has(action.type);
}
