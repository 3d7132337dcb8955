import type { ChoiceQuestion, Option } from '../../../ceremony/question.ts';
import { matching } from '../../option-pages.ts';
import { type Edit, emptyEdit } from './editing.ts';
import type { OptionList } from './option-list.ts';

/** One of a long list, which letters filter. */
export type Pick = {
  readonly kind: 'pick';
  readonly list: OptionList;
  readonly filter: Edit;
  /** The row under the cursor, among those that match. */
  readonly at: number;
  /** The option that the cursor goes to when its page comes, until a key moves it. */
  readonly wanted?: string | undefined;
};

/** Lists longer than this are looked through by typing; in shorter ones letters are commands. */
const longList = 12;

/** True where a choice is one of so many that letters filter them. */
export function isLong({ options }: ChoiceQuestion): boolean {
  return typeof options === 'function' || options.length > longList;
}

/** A long list as it opens, the cursor on the option that was chosen before or is recommended. */
export function openPick(list: OptionList, wanted: string | undefined): Pick {
  return withPage({ kind: 'pick', list, filter: emptyEdit, at: 0, wanted }, list);
}

/** The rows that match what was typed. */
export function pickRows({ list, filter }: Pick): readonly Option[] {
  return matching(list.options, filter.text);
}

/** The option under the cursor. */
export function picked(field: Pick): Option | undefined {
  return pickRows(field)[field.at];
}

/** What was typed, where it is in no row and the question can check it by itself. */
export function typedName(field: Pick, { check }: ChoiceQuestion): string | undefined {
  const text = field.filter.text.trim();
  return check !== undefined && text !== '' && pickRows(field).length === 0 ? text : undefined;
}

/** The field with what has come of its list: the cursor stays on its row. */
export function withPage(field: Pick, list: OptionList): Pick {
  const read = { ...field, list };
  const found = field.wanted === undefined ? -1 : pickRows(read).findIndex(({ value }) => value === field.wanted);
  if (found !== -1) return { ...read, at: found, wanted: undefined };
  // The first row that can be chosen, as long as nobody has moved.
  const first = field.list.options.length === 0 ? pickRows(read).findIndex((row) => row.disabled === undefined) : -1;
  return first === -1 ? read : { ...read, at: first };
}

/** The cursor moved by `by` rows, not past either end. */
export function movedPick(field: Pick, by: number): Pick {
  const last = Math.max(0, pickRows(field).length - 1);
  return { ...field, wanted: undefined, at: Math.min(last, Math.max(0, field.at + by)) };
}

/** The field with another filter; the cursor goes to the first match. */
export function filteredPick(field: Pick, filter: Edit): Pick {
  return filter.text === field.filter.text ? { ...field, filter } : { ...field, filter, wanted: undefined, at: 0 };
}
