import type { ChoiceQuestion, Option } from '../../../../ceremony/question.ts';
import { filterOptions } from '../../../option-pages.ts';
import type { Action } from '../../action.ts';
import { type Edit, editOf, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { listOf, type OptionList } from '../option-list.ts';
import type { TextField } from '../text/state.ts';
import { editLine, pasteIntoLine } from '../typed-line.ts';

/** A choice of one option from a long list. The person types letters to filter the list. */
export type PickField = {
  readonly kind: 'pick';
  readonly question: ChoiceQuestion;
  readonly list: OptionList;
  readonly filter: Edit;
  /** The index of the row under the cursor, among the rows that match the filter. */
  readonly rowIndex: number;
  /** The value of the option to which the cursor goes once its page is read. Absent after that, or when a key came first. */
  readonly wanted?: string | undefined;
};

/** Opens a long list. {@link withPage} puts the cursor on `wanted`: the option that was chosen before or is recommended. */
export function openPick(question: ChoiceQuestion, wanted: string | undefined): PickField {
  const list: OptionList = { options: [], state: 'loading' };
  const empty: PickField = { kind: 'pick', question, list, filter: emptyEdit, rowIndex: 0, wanted };
  return withPage(empty, listOf(question.options));
}

/** Gives the rows that match the filter. */
export function pickRows({ list, filter }: PickField): readonly Option[] {
  return filterOptions(list.options, filter.text);
}

/** Gives the option under the cursor, or `undefined` when no row matches the filter. */
export function optionAtCursor(field: PickField): Option | undefined {
  return pickRows(field)[field.rowIndex];
}

/** Gives the typed text when no row matches it and the question has a `check` for it; otherwise `undefined`. */
export function typedName(field: PickField): string | undefined {
  const text = field.filter.text.trim();
  return field.question.check !== undefined && text !== '' && pickRows(field).length === 0 ? text : undefined;
}

/**
 * Gives the field with the options that were read so far. When the list has ended without options, a question that can check a
 * typed answer gets a text field. So the person can continue although AWS refused to list the options. The text field begins with
 * the text of the filter or, when that is empty, with the value that was wanted.
 */
export function withList(field: PickField, list: OptionList): PickField | TextField {
  const { question, filter, wanted } = field;
  const isEmpty = list.options.length === 0 && list.state !== 'loading';
  if (!isEmpty || question.check === undefined) return withPage(field, list);
  return { kind: 'text', question, edit: editOf(filter.text === '' ? (wanted ?? '') : filter.text), instead: list };
}

/**
 * Takes the options that were read so far. When the wanted option is among them, the cursor goes to it. Otherwise, when the
 * first options come, the cursor goes to the first option that can be chosen. After that it stays on its row.
 */
function withPage(field: PickField, list: OptionList): PickField {
  const read = { ...field, list };
  const rows = pickRows(read);
  const wantedIndex = field.wanted === undefined ? -1 : rows.findIndex(({ value }) => value === field.wanted);
  if (wantedIndex !== -1) return { ...read, rowIndex: wantedIndex, wanted: undefined };
  const hadOptions = field.list.options.length > 0;
  const firstIndex = hadOptions ? -1 : rows.findIndex((row) => row.disabled === undefined);
  return firstIndex === -1 ? read : { ...read, rowIndex: firstIndex };
}

/** Applies one action. Enter takes the row under the cursor, or what {@link typedName} gives when no row matches. */
export function actOnPick(field: PickField, action: Action): FieldResult<PickField> {
  if (action.type === 'move') return { field: moveCursor(field, action.by) };
  if (action.type !== 'accept') return editLine(lineOf(field), action);
  const row = optionAtCursor(field);
  if (row !== undefined) return { chosen: row };
  const name = typedName(field);
  return name === undefined ? {} : { answer: name };
}

/** Pastes text into the filter. */
export function pasteIntoPick(field: PickField, text: string): FieldResult<PickField> {
  return pasteIntoLine(lineOf(field), text);
}

/** Moves the cursor by `by` rows, at most to the first or the last row. */
function moveCursor(field: PickField, by: number): PickField {
  const last = Math.max(0, pickRows(field).length - 1);
  return { ...field, wanted: undefined, rowIndex: Math.min(last, Math.max(0, field.rowIndex + by)) };
}

/** Changes the filter; when its text changes, the cursor goes to the first match. */
function changeFilter(field: PickField, filter: Edit): PickField {
  return filter.text === field.filter.text
    ? { ...field, filter }
    : { ...field, filter, wanted: undefined, rowIndex: 0 };
}

/** Gives the filter as a line that can be edited. */
const lineOf = (field: PickField) => ({ edit: field.filter, put: (filter: Edit) => changeFilter(field, filter) });
