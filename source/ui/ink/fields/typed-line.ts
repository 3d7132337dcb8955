import type { Completion } from '../../../disk/complete-path.ts';
import { hasControls } from '../../../terminal/printable.ts';
import type { Action } from '../action.ts';
import { applyEdit, type Edit, fitInto, isEdit, longestLine } from './editing.ts';
import type { FieldResult } from './field-result.ts';

/** A line of text in a field. */
type TypedLine<State> = {
  readonly edit: Edit;
  /** The greatest length in UTF-16 units. */
  readonly longest?: number | undefined;
  /** Gives the field with another line. */
  readonly put: (edit: Edit) => State;
};

/** Applies an edit to a line. Drops characters beyond the greatest length, and says so. Other actions change nothing. */
export function editLine<State>(line: TypedLine<State>, action: Action): FieldResult<State> {
  if (!isEdit(action)) return {};
  const { edit, longest = longestLine, put } = line;
  if (action.type !== 'insert') return { field: put(applyEdit(edit, action)) };
  const text = fitInto(action.text, longest - edit.text.length);
  const field = put(applyEdit(edit, { type: 'insert', text }));
  return text === action.text ? { field } : { field, problem: `It takes ${most(longest)}.` };
}

/** Pastes text into a line. Refuses a text completely when it is too long, has several lines, or has a control character. */
export function pasteIntoLine<State>(line: TypedLine<State>, pasted: string): FieldResult<State> {
  const { edit, longest = longestLine, put } = line;
  const text = withoutNewline(pasted);
  if (hasControls(text))
    return { problem: 'The pasted text has more than one line or a control character. It was left out.' };
  if (edit.text.length + text.length > longest)
    return { problem: `The pasted text is too long: ${most(longest)}. It was left out.` };
  return { field: put(applyEdit(edit, { type: 'insert', text })) };
}

/**
 * Completes the path before the cursor, as far as the names of all matching files agree.
 * @returns `names`: the names of these files, when there are several; an empty list when there is none and the text is as it was.
 */
export function completeEdit(
  { text, cursor }: Edit,
  complete: (text: string) => Completion,
): { readonly edit: Edit; readonly names?: readonly string[] } {
  const before = text.slice(0, cursor);
  const { text: longer, names } = complete(before);
  const edit = { text: longer + text.slice(cursor), cursor: longer.length };
  // The home folder `~` gets a slash without any names.
  const isOneFile = names.length === 1 || (names.length === 0 && longer !== before);
  return isOneFile ? { edit } : { edit, names };
}

/** Gives a pasted text without a newline at its end, so that a pasted line is not sent as the answer at once. */
export function withoutNewline(pasted: string): string {
  return pasted.replace(/\r?\n$|\r$/u, '');
}

const most = (longest: number) => `at most ${longest} characters`;
