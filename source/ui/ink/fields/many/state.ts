import type { Answer, ManyQuestion, Option } from '../../../../ceremony/question.ts';
import { filterOptions } from '../../../option-pages.ts';
import type { Action } from '../../action.ts';
import { type Edit, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { listOf, type OptionList } from '../option-list.ts';
import { editLine, pasteIntoLine } from '../typed-line.ts';

/** A choice of several options. Where the question allows typed values, the filter also takes values that no option has. */
export type ManyField = {
  readonly kind: 'many';
  readonly question: ManyQuestion;
  readonly list: OptionList;
  readonly filter: Edit;
  /** The index of the row under the cursor, among the rows that match the filter. */
  readonly rowIndex: number;
  readonly chosen: readonly string[];
  /**
   * True when Enter may end the question although the filter has text: since the filter changed, a row was ticked, or the
   * person was told that Space ticks.
   */
  readonly mayLeaveFilter: boolean;
};

/** Opens the list with the options chosen before, or with the question's default. */
export function openMany(question: ManyQuestion, draft: Answer | undefined): ManyField {
  const chosen = Array.isArray(draft) ? (draft as readonly string[]) : (question.default ?? []);
  return {
    kind: 'many',
    question,
    list: listOf(question.options),
    filter: emptyEdit,
    rowIndex: 0,
    chosen,
    mayLeaveFilter: false,
  };
}

/** Gives all rows: first the chosen values that the person typed, then the list. */
export function allRows({ list, chosen }: ManyField): readonly Option[] {
  const listed = new Set(list.options.map(({ value }) => value));
  const typed = chosen.filter((value) => !listed.has(value)).map((value) => ({ value, label: value }));
  return [...typed, ...list.options];
}

/** Gives the rows that match the filter. */
export function shownRows(field: ManyField): readonly Option[] {
  return filterOptions(allRows(field), field.filter.text);
}

/** Moves the cursor by `by` rows, at most to the first or the last row. */
export function moveCursor(field: ManyField, by: number): ManyField {
  const last = Math.max(0, shownRows(field).length - 1);
  return { ...field, rowIndex: Math.min(last, Math.max(0, field.rowIndex + by)) };
}

/** Changes the filter; when its text changes, the cursor goes to the first match. */
export function changeFilter(field: ManyField, filter: Edit): ManyField {
  return filter.text === field.filter.text
    ? { ...field, filter }
    : { ...field, filter, rowIndex: 0, mayLeaveFilter: false };
}

/** Gives the typed value that Space or Enter would add. Gives `undefined` when a row matches the text, or none may be typed. */
export function typedValue(field: ManyField): string | undefined {
  const text = field.filter.text.trim();
  return field.question.typed !== undefined && text !== '' && shownRows(field).length === 0 ? text : undefined;
}

/** Adds a value to the chosen ones and empties the filter for the next value. */
export function addValue(field: ManyField, value: string): ManyField {
  return {
    ...field,
    chosen: [...field.chosen.filter((other) => other !== value), value],
    filter: emptyEdit,
    rowIndex: 0,
  };
}

/** Ticks or unticks the row under the cursor. @returns the field, or a sentence that says why the row cannot be chosen. */
export function toggleRow(field: ManyField): ManyField | string {
  const row = shownRows(field)[field.rowIndex];
  if (row === undefined) return field;
  if (field.chosen.includes(row.value))
    return { ...field, chosen: field.chosen.filter((value) => value !== row.value), mayLeaveFilter: true };
  if (row.disabled !== undefined) return `${row.label} cannot be chosen: ${row.disabled}.`;
  return { ...field, chosen: [...field.chosen, row.value], mayLeaveFilter: true };
}

/** Applies one action. Space ticks a row or adds the typed value; Enter adds the typed value or ends the question. */
export function actOnMany(field: ManyField, action: Action): FieldResult<ManyField> {
  if (action.type === 'move') return { field: moveCursor(field, action.by) };
  if (action.type !== 'toggle' && action.type !== 'accept') return editLine(lineOf(field), action);
  const typed = typedValue(field);
  if (typed !== undefined) {
    const problem = field.question.check?.(typed);
    return problem === undefined ? { field: addValue(field, typed) } : { problem };
  }
  if (action.type === 'toggle') {
    const result = toggleRow(field);
    return typeof result === 'string' ? { problem: result } : { field: result };
  }
  // A person who filters and presses Enter often wants to tick the row under the cursor. So they are told once that Space ticks.
  if (field.filter.text !== '' && !field.mayLeaveFilter) {
    const problem = `Space ticks the row. Enter again goes on as it is: ${field.chosen.length} chosen.`;
    return { field: { ...field, mayLeaveFilter: true }, problem };
  }
  return { answer: field.chosen };
}

/** Pastes text into the filter. */
export function pasteIntoMany(field: ManyField, text: string): FieldResult<ManyField> {
  return pasteIntoLine(lineOf(field), text);
}

/** Gives the filter as a line that can be edited. */
const lineOf = (field: ManyField) => ({ edit: field.filter, put: (filter: Edit) => changeFilter(field, filter) });
