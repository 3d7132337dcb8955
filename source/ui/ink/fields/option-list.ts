import type { Option } from '../../../ceremony/question.ts';

/** The options of a question as far as they have come. */
export type OptionList = {
  readonly options: readonly Option[];
  readonly state: 'loading' | 'complete' | 'refused';
  /** Why the list could not be read. */
  readonly why?: string;
};

/** A list before its first page. */
export const loading: OptionList = { options: [], state: 'loading' };

/** Options whose label, value or hint holds what was typed; all of them when nothing was. */
export function matching(options: readonly Option[], filter: string): readonly Option[] {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return options;
  return options.filter(({ label, value, hint = '' }) => `${label}\n${value}\n${hint}`.toLowerCase().includes(wanted));
}
