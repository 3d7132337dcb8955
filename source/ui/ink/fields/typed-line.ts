import { hasControls } from '../../../terminal/printable.ts';
import type { Action } from '../action.ts';
import { applyEdit, type Edit, fitInto, isEdit, longestLine } from './editing.ts';
import type { FieldResult } from './field-result.ts';

/** A line of text in a field, its greatest length in UTF-16 units, and a function that gives the field with another text. */
type TypedLine<State> = {
  readonly edit: Edit;
  readonly longest?: number | undefined;
  readonly put: (edit: Edit) => State;
};

/** Applies one edit to a line, which accepts text up to its limit. Other actions change nothing. */
export function editLine<State>(line: TypedLine<State>, action: Action): FieldResult<State> {
  if (!isEdit(action)) return {};
  const { edit, longest = longestLine, put } = line;
  if (action.type !== 'insert') return { field: put(applyEdit(edit, action)) };
  const text = fitInto(action.text, longest - edit.text.length);
  const field = put(applyEdit(edit, { type: 'insert', text }));
  return text === action.text ? { field } : { field, problem: `It takes ${most(longest)}.` };
}

/** Pastes text into a line. A text that is too long, has more lines or holds a control character is refused as a whole. */
export function pasteIntoLine<State>(line: TypedLine<State>, pasted: string): FieldResult<State> {
  const { edit, longest = longestLine, put } = line;
  const text = withoutNewline(pasted);
  if (hasControls(text))
    return { problem: 'The pasted text has more than one line or a control character. It was left out.' };
  if (edit.text.length + text.length > longest)
    return { problem: `The pasted text is too long: ${most(longest)}. It was left out.` };
  return { field: put(applyEdit(edit, { type: 'insert', text })) };
}

/** Gives a pasted text without the newline at its end, if it has one, so that pasting a whole line gives no answer yet. */
export function withoutNewline(pasted: string): string {
  return pasted.replace(/\r?\n$|\r$/u, '');
}

const most = (longest: number) => `at most ${longest} characters`;
