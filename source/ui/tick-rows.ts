import type { Option } from '../ceremony/question.ts';

/** Gives the chosen values with or without those of all these rows. A row that cannot be chosen changes nothing. */
export function tickRows(rows: readonly Option[], chosen: readonly string[], isTicked: boolean): readonly string[] {
  const values = new Set(rows.flatMap(({ value, disabled }) => (disabled === undefined ? [value] : [])));
  return isTicked ? [...new Set([...chosen, ...values])] : chosen.filter((value) => !values.has(value));
}
