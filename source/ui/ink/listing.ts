import type { Question } from '../../ceremony/question.ts';
import { OptionPages } from '../option-pages.ts';
import type { FieldState } from './fields/field.ts';
import { shownRows } from './fields/many.ts';
import type { OptionList } from './fields/option-list.ts';
import { pickRows } from './fields/pick.ts';

/** The pages of a question's options: one is read each time that another is wanted. */
export type Listing = { readonly readOn: () => void };

const nothingToRead: Listing = { readOn: () => {} };

/** Opens the options of a question that come in pages, and shows what has come after each. `signal` closes them. */
export function openListing(question: Question, signal: AbortSignal, show: (list: OptionList) => void): Listing {
  if ((question.kind !== 'choice' && question.kind !== 'many') || typeof question.options !== 'function')
    return nothingToRead;
  const pages = new OptionPages(question.options);
  let isReading = false;
  const read = async () => {
    isReading = true;
    await pages.readOn();
    isReading = false;
    if (!signal.aborted) show(listOf(pages));
  };
  signal.addEventListener('abort', () => pages.close(), { once: true });
  return { readOn: () => void (!isReading && !pages.isComplete && !signal.aborted && read()) };
}

function listOf({ read: options, isComplete, refusal: why }: OptionPages): OptionList {
  return why === undefined
    ? { options, state: isComplete ? 'complete' : 'loading' }
    : { options, state: 'refused', why };
}

/** Rows below the cursor that are read before anyone has come to them. */
const readAhead = 16;

/**
 * True where a field should have the next page of its list: the cursor nears the end of what matches, too little matches
 * so far, or the option that was chosen before has not come.
 */
export function wantsPage(field: FieldState): boolean {
  if (field.kind !== 'many' && field.kind !== 'pick') return false;
  const rows = field.kind === 'many' ? shownRows(field) : pickRows(field);
  const awaited = field.kind === 'pick' && field.wanted !== undefined;
  return field.list.state === 'loading' && (awaited || rows.length - field.at <= readAhead);
}
