import type { ChoiceQuestion, Option } from '../../../../ceremony/question.ts';
import { matching } from '../../../option-pages.ts';
import type { Action } from '../../action.ts';
import { type Edit, editOf, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { listOf, type OptionList } from '../option-list.ts';
import type { TextField } from '../text/state.ts';
import { editLine, pasteIntoLine } from '../typed-line.ts';

/** One of a long list, which letters filter. */
export type PickField = {
  readonly kind: 'pick';
  readonly question: ChoiceQuestion;
  readonly list: OptionList;
  readonly filter: Edit;
  /** The row under the cursor, among those that match. */
  readonly at: number;
  /** The option that the cursor goes to when its page comes, until a key moves it. */
  readonly wanted?: string | undefined;
};

/** A long list as it opens, the cursor on the option that was chosen before or is recommended. */
export function openPick(question: ChoiceQuestion, wanted: string | undefined): PickField {
  const list = listOf(question.options);
  return withPage({ kind: 'pick', question, list, filter: emptyEdit, at: 0, wanted }, list);
}

/** The rows that match what was typed. */
export function pickRows({ list, filter }: PickField): readonly Option[] {
  return matching(list.options, filter.text);
}

/** The option under the cursor. */
export function picked(field: PickField): Option | undefined {
  return pickRows(field)[field.at];
}

/** What was typed, where it is in no row and the question can check it by itself. */
export function typedName(field: PickField): string | undefined {
  const text = field.filter.text.trim();
  return field.question.check !== undefined && text !== '' && pickRows(field).length === 0 ? text : undefined;
}

/**
 * The field with what has come of its list. Without a list, what can be checked can still be typed; else a refused listing
 * would be the end of the road.
 */
export function withList(field: PickField, list: OptionList): PickField | TextField {
  const { question, filter, wanted } = field;
  const isEmpty = list.options.length === 0 && list.state !== 'loading';
  if (!isEmpty || question.check === undefined) return withPage(field, list);
  return { kind: 'text', question, edit: editOf(filter.text === '' ? (wanted ?? '') : filter.text), instead: list };
}

/** The cursor stays on its row. */
function withPage(field: PickField, list: OptionList): PickField {
  const read = { ...field, list };
  const found = field.wanted === undefined ? -1 : pickRows(read).findIndex(({ value }) => value === field.wanted);
  if (found !== -1) return { ...read, at: found, wanted: undefined };
  // The first row that can be chosen, as long as nobody has moved.
  const first = field.list.options.length === 0 ? pickRows(read).findIndex((row) => row.disabled === undefined) : -1;
  return first === -1 ? read : { ...read, at: first };
}

/** Enter takes the row under the cursor, or what was typed where no row has it. */
export function actOnPick(field: PickField, action: Action): FieldResult<PickField> {
  if (action.type === 'move') return { field: moved(field, action.by) };
  if (action.type !== 'accept') return editLine(lineOf(field), action);
  const row = picked(field);
  if (row !== undefined) return { chosen: row };
  const name = typedName(field);
  return name === undefined ? {} : { answer: name };
}

/** A paste into the filter. */
export function pasteIntoPick(field: PickField, text: string): FieldResult<PickField> {
  return pasteIntoLine(lineOf(field), text);
}

/** The cursor moved by `by` rows, not past either end. */
function moved(field: PickField, by: number): PickField {
  const last = Math.max(0, pickRows(field).length - 1);
  return { ...field, wanted: undefined, at: Math.min(last, Math.max(0, field.at + by)) };
}

/** The field with another filter; the cursor goes to the first match. */
function filtered(field: PickField, filter: Edit): PickField {
  return filter.text === field.filter.text ? { ...field, filter } : { ...field, filter, wanted: undefined, at: 0 };
}

const lineOf = (field: PickField) => ({ edit: field.filter, put: (filter: Edit) => filtered(field, filter) });
