import { type Binding, isCtrl } from './binding.ts';
import type { EditAction } from './fields/editing.ts';

/** All keys that type a character into a text: those without Ctrl and Alt that send no control character. */
export const typing: Binding = {
  isPressed: (input, key) => input !== '' && !key.ctrl && !key.meta && !/\p{Cc}/u.test(input),
  action: (input) => ({ type: 'insert', text: input }),
  key: 'letters',
  does: 'type',
};
/** The same keys where they type into the filter of a list. */
export const filtering: Binding = { ...typing, key: 'type', does: 'to filter', rank: 5 };

/** The same keys where there is no list to filter, and a value is typed. */
export const adding: Binding = { ...typing, key: 'type', does: 'a value', rank: 5 };

/** Keys that edit a line. They are the same as in readline. */
export const edits: readonly Binding[] = [
  edit((_, key) => key.leftArrow, 'left', 'left', 'one character left'),
  edit((_, key) => key.rightArrow, 'right', 'right', 'one character right'),
  edit((input, key) => key.home || isCtrl('a')(input, key), 'home', 'home, ctrl+a', 'to the beginning'),
  edit((input, key) => key.end || isCtrl('e')(input, key), 'end', 'end, ctrl+e', 'to the end'),
  edit((_, key) => key.backspace, 'backspace', 'backspace', 'delete before the cursor'),
  edit((_, key) => key.delete, 'delete', 'delete', 'delete under the cursor'),
  edit(isCtrl('w'), 'kill-word', 'ctrl+w', 'delete the word before the cursor'),
  edit(isCtrl('u'), 'kill-before', 'ctrl+u', 'delete to the beginning'),
  edit(isCtrl('k'), 'kill-after', 'ctrl+k', 'delete to the end'),
];

/** Keys that edit a hidden text. They delete only its last character or all of it. */
export const secretEdits: readonly Binding[] = [
  edit((_, key) => key.backspace, 'backspace', 'backspace', 'delete the last character'),
  edit(
    (input, key) => isCtrl('u')(input, key) || isCtrl('w')(input, key),
    'kill-before',
    'ctrl+u, ctrl+w',
    'delete all',
  ),
];

/** Makes a binding that carries out one edit. */
function edit(
  isPressed: Binding['isPressed'],
  type: Exclude<EditAction['type'], 'insert'>,
  key: string,
  does: string,
): Binding {
  return { isPressed, action: { type }, key, does };
}
