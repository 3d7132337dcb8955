import type { ManyQuestion, Option } from '../../../ceremony/question.ts';
import { matching } from '../../option-pages.ts';
import { type Edit, emptyEdit } from './editing.ts';
import type { OptionList } from './option-list.ts';

/** Several of several, with a filter that is also where values that are not listed are typed. */
export type Many = {
  readonly kind: 'many';
  readonly list: OptionList;
  readonly filter: Edit;
  /** The row under the cursor, among those that match. */
  readonly at: number;
  readonly chosen: readonly string[];
  /** True after Enter was explained for a filter that has ticked nothing. */
  readonly warned: boolean;
};

/** All rows: what was typed by hand first, then the list. */
export function allRows({ list, chosen }: Many): readonly Option[] {
  const listed = new Set(list.options.map(({ value }) => value));
  const typed = chosen.filter((value) => !listed.has(value)).map((value) => ({ value, label: value }));
  return [...typed, ...list.options];
}

/** The rows that match what was typed. */
export function shownRows(field: Many): readonly Option[] {
  return matching(allRows(field), field.filter.text);
}

/** The cursor moved by `by` rows, not past either end. */
export function moved(field: Many, by: number): Many {
  const last = Math.max(0, shownRows(field).length - 1);
  return { ...field, at: Math.min(last, Math.max(0, field.at + by)) };
}

/** The field with another filter; the cursor goes to the first match. */
export function filtered(field: Many, filter: Edit): Many {
  return filter.text === field.filter.text ? { ...field, filter } : { ...field, filter, at: 0, warned: false };
}

/** The value that Space or Enter would add because nothing listed matches it. */
export function typedValue(field: Many, { typed }: ManyQuestion): string | undefined {
  const text = field.filter.text.trim();
  return typed !== undefined && text !== '' && shownRows(field).length === 0 ? text : undefined;
}

/** The field with one more value, and the filter empty for the next. */
export function added(field: Many, value: string): Many {
  return { ...field, chosen: [...field.chosen.filter((other) => other !== value), value], filter: emptyEdit, at: 0 };
}

/** Ticks the row under the cursor, or takes its tick away. @returns why not, where it cannot be chosen. */
export function toggled(field: Many): Many | string {
  const row = shownRows(field)[field.at];
  if (row === undefined) return field;
  if (field.chosen.includes(row.value))
    return { ...field, chosen: field.chosen.filter((value) => value !== row.value), warned: true };
  if (row.disabled !== undefined) return `${row.label} cannot be chosen: ${row.disabled}.`;
  return { ...field, chosen: [...field.chosen, row.value], warned: true };
}
