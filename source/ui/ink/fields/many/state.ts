import { takenText } from '../../../../ceremony/interview.ts';
import type { Answer, ManyQuestion, Option } from '../../../../ceremony/question.ts';
import { hasControls } from '../../../../terminal/printable.ts';
import { filterOptions } from '../../../option-pages.ts';
import { tickRows } from '../../../tick-rows.ts';
import type { Action } from '../../action.ts';
import { indexOf } from '../choice-row.tsx';
import { type Edit, emptyEdit } from '../editing.ts';
import type { FieldResult } from '../field-result.ts';
import { listOf, type OptionList } from '../option-list.ts';
import { completeEdit, editLine, pasteIntoLine } from '../typed-line.ts';

/** A choice of several options. When the question allows typed values, the filter also takes values that no option has. */
export type ManyField = {
  readonly kind: 'many';
  readonly question: ManyQuestion;
  readonly list: OptionList;
  readonly filter: Edit;
  /** The names of the files that can complete the typed path. Tab sets them, and the next key removes them. */
  readonly names?: readonly string[];
  /** The index of the row under the cursor, among the rows that match the filter. */
  readonly rowIndex: number;
  readonly chosen: readonly string[];
  /** The values whose rows come first: those that were chosen when the list opened, and those that were typed since. */
  readonly firstValues: readonly string[];
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
    firstValues: chosen,
  };
}

/** Gives all rows: first `firstValues`, then chosen values that the list does not have, then the other options of the list. */
export function allRows({ list, chosen, firstValues }: ManyField): readonly Option[] {
  const listed = new Map(list.options.map((option) => [option.value, option]));
  const first = new Set([...firstValues, ...chosen.filter((value) => !listed.has(value))]);
  const firstRows = [...first].map((value) => listed.get(value) ?? { value, label: value });
  return [...firstRows, ...list.options.filter(({ value }) => !first.has(value))];
}

/** Gives the rows that match the filter. */
export function shownRows(field: ManyField): readonly Option[] {
  return filterOptions(allRows(field), field.filter.text);
}

/** Gives the row under the cursor, or `undefined` when no row matches the filter. */
export function rowAtCursor(field: ManyField): Option | undefined {
  return shownRows(field)[field.rowIndex];
}

/** True when the filter has text. Blanks alone cannot be seen, so that they are no text. */
export function isFiltered({ filter }: ManyField): boolean {
  return filter.text.trim() !== '';
}

/** True when the list has rows, whether or not they match the filter. */
export function hasRows({ list, chosen, firstValues }: ManyField): boolean {
  return list.options.length + chosen.length + firstValues.length > 0;
}

/** True when values may be typed and there is nothing to filter: no row, and none still to be read. Then all text is a value. */
export function isOnlyTyped(field: ManyField): boolean {
  return field.question.typed !== undefined && field.list.state !== 'loading' && !hasRows(field);
}

/** Moves the cursor by `by` rows, at most to the first or the last row. */
export function moveCursor(field: ManyField, by: number): ManyField {
  const last = Math.max(0, shownRows(field).length - 1);
  return { ...field, rowIndex: Math.min(last, Math.max(0, field.rowIndex + by)) };
}

/** Changes the filter; when its text changes, the cursor goes to the row with exactly this value, or to the first match. */
export function changeFilter(field: ManyField, filter: Edit): ManyField {
  if (filter.text === field.filter.text) return { ...field, filter };
  const changed = { ...field, filter };
  return { ...changed, rowIndex: indexOf(shownRows(changed), filter.text.trim()) };
}

/**
 * Gives the typed value that Enter would add; `undefined` when there is no text, when it only filters, or when no value may be
 * typed. A text that matches no row is always a value. A text that matches rows is a value when all of this holds: it is valid, it
 * is not the value of a row, and no label or hint in the list contains it.
 */
export function typedValue(field: ManyField): string | undefined {
  const { question, list } = field;
  if (question.typed === undefined || !isFiltered(field)) return undefined;
  const text = takenText(question, field.filter.text);
  const rows = shownRows(field);
  if (rows.length === 0) return text;
  if (rows.some(({ value }) => value === text) || question.check?.(text) !== undefined) return undefined;
  // The rows have no values here, so that the filter looks only in what a person sees.
  const withoutValues = list.options.map(({ label, hint }) => ({
    value: '',
    label,
    ...(hint === undefined ? {} : { hint }),
  }));
  return filterOptions(withoutValues, text).length === 0 ? text : undefined;
}

/** Adds a value to the chosen ones and empties the filter for the next value. */
export function addValue(field: ManyField, value: string): ManyField {
  const added = {
    ...field,
    chosen: [...field.chosen.filter((other) => other !== value), value],
    firstValues: [...field.firstValues.filter((other) => other !== value), value],
  };
  return leaveFilter(added, value);
}

/** Empties the filter. The cursor stays on the row with this value. */
function leaveFilter(field: ManyField, value: string): ManyField {
  return { ...field, filter: emptyEdit, rowIndex: indexOf(allRows(field), value) };
}

/** Ticks or unticks the row under the cursor. @returns the field, or a sentence that says why the row cannot be chosen. */
export function toggleRow(field: ManyField): ManyField | string {
  const row = rowAtCursor(field);
  if (row === undefined) return field;
  if (field.chosen.includes(row.value))
    return { ...field, chosen: field.chosen.filter((value) => value !== row.value) };
  if (row.disabled !== undefined) return `${row.label} cannot be chosen: ${row.disabled}.`;
  return { ...field, chosen: [...field.chosen, row.value] };
}

/**
 * Tells what Enter does. `accept`: it ends the question, because the filter has no text. `add`: it adds the typed value. `tick`:
 * it ticks the row under the cursor, or is refused when nothing matches. `show in the list`: that row has its tick already, and
 * keeps it. When Enter is not refused, the last three empty the filter.
 */
export function enterDoes(field: ManyField): 'accept' | 'add' | 'tick' | 'show in the list' {
  if (!isFiltered(field)) return 'accept';
  if (typedValue(field) !== undefined) return 'add';
  const row = rowAtCursor(field);
  return row !== undefined && field.chosen.includes(row.value) ? 'show in the list' : 'tick';
}

/** Applies one action. A field that an action has changed no longer has the names that Tab showed before. */
export function actOnMany({ names: _, ...field }: ManyField, action: Action): FieldResult<ManyField> {
  switch (action.type) {
    case 'move':
      return { field: moveCursor(field, action.by) };
    case 'toggle':
      return asResult(toggleRow(field));
    case 'complete':
      return completeFilter(field);
    case 'tick-all':
    case 'tick-none':
      return { field: { ...field, chosen: tickRows(shownRows(field), field.chosen, action.type === 'tick-all') } };
    case 'accept':
      return takeEnter(field);
    default:
      return editLine(lineOf(field), action);
  }
}

/** Applies Enter: see {@link enterDoes}. Does not end the question while too few values are chosen, unless the list has no rows. */
function takeEnter(field: ManyField): FieldResult<ManyField> {
  const does = enterDoes(field);
  if (does === 'accept')
    return field.chosen.length < field.question.least && hasRows(field)
      ? { problem: 'Space ticks a row; Enter goes on.' }
      : { answer: field.chosen };
  if (does === 'add') {
    const typed = takenText(field.question, field.filter.text);
    const problem = field.question.check?.(typed);
    return problem === undefined ? { field: addValue(field, typed) } : { problem };
  }
  const row = rowAtCursor(field);
  if (row === undefined) return { problem: 'Nothing matches. Change the text, or delete it to go on.' };
  const ticked = does === 'tick' ? toggleRow(field) : field;
  return asResult(typeof ticked === 'string' ? ticked : leaveFilter(ticked, row.value));
}

const asResult = (result: ManyField | string): FieldResult<ManyField> =>
  typeof result === 'string' ? { problem: result } : { field: result };

/** Completes the typed path, as far as the names of all matching files agree. */
function completeFilter(field: ManyField): FieldResult<ManyField> {
  const { complete } = field.question;
  if (complete === undefined) return {};
  const { edit, names } = completeEdit(field.filter, complete);
  return { field: { ...changeFilter(field, edit), ...(names === undefined ? {} : { names }) } };
}

/** Pastes text into the filter; when values may be typed, adds each of several lines to the chosen ones. */
export function pasteIntoMany({ names: _, ...field }: ManyField, text: string): FieldResult<ManyField> {
  const values = text.split(/\r\n|[\r\n]/u).filter((line) => line.trim() !== '');
  if (field.question.typed === undefined || values.length < 2) return pasteIntoLine(lineOf(field), text);
  return addLines(field, values);
}

/**
 * Adds each line that is a value to the chosen values. When others are left out, says which the first one is and why, and how many
 * more there are.
 */
function addLines(field: ManyField, lines: readonly string[]): FieldResult<ManyField> {
  const { question } = field;
  const rows = allRows(field);
  const refused: string[] = [];
  let added = field;
  for (const line of lines) {
    const value = takenText(question, line);
    const disabled = rows.find((row) => row.value === value)?.disabled;
    const problem = hasControls(value) ? 'It has a control character.' : (disabled ?? question.check?.(value));
    if (problem === undefined) added = addValue(added, value);
    else refused.push(`${value}: ${problem}`);
  }
  if (refused.length === 0) return { field: added };
  const first = refused[0] ?? '';
  const more = refused.length - 1;
  const others = more === 0 ? '' : ` ${more} more ${more === 1 ? 'line was' : 'lines were'} left out too.`;
  return { field: added, problem: `Left out: ${first}${others}` };
}

/** Gives the filter as a line that can be edited. */
const lineOf = (field: ManyField) => ({ edit: field.filter, put: (filter: Edit) => changeFilter(field, filter) });
