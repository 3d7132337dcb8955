import type { Option } from '../ceremony/question.ts';

/** Ticks or unticks all these rows, except those that cannot be chosen. @returns the chosen values after that. */
export function tickRows(rows: readonly Option[], chosen: readonly string[], isTicked: boolean): readonly string[] {
  const values = new Set(rows.flatMap(({ value, disabled }) => (disabled === undefined ? [value] : [])));
  return isTicked ? [...new Set([...chosen, ...values])] : chosen.filter((value) => !values.has(value));
}
