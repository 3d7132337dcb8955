import type { ChoiceQuestion, Option } from '../source/ceremony/question.ts';

/** The rows of a question, also of one that loads them while the person reads. */
export async function rowsOf({ options }: Pick<ChoiceQuestion, 'options'>): Promise<readonly Option[]> {
  if (typeof options !== 'function') return options;
  const rows: Option[] = [];
  for await (const page of options()) rows.push(...page);
  return rows;
}
