import type { Question } from '../../ceremony/question.ts';
import { OptionPages } from '../option-pages.ts';
import type { OptionList } from './fields/option-list.ts';

/** Reads options page by page. `readOn` starts to read the next page, unless a page is being read or no page is left. */
export type Listing = { readonly readOn: () => void };

const nothingToRead: Listing = { readOn: () => {} };

/**
 * Prepares to read the options of a question that come in pages. Calls `show` with the list after each page. `signal` ends the
 * reading. For all other questions there is nothing to read.
 */
export function openListing(question: Question, signal: AbortSignal, show: (list: OptionList) => void): Listing {
  if (!('options' in question) || typeof question.options !== 'function') return nothingToRead;
  const pages = new OptionPages(question.options);
  let isReading = false;
  const read = async () => {
    isReading = true;
    await pages.readOn();
    isReading = false;
    if (!signal.aborted) show(listOf(pages));
  };
  signal.addEventListener('abort', () => pages.close(), { once: true });
  const readOn = () => {
    if (!isReading && !pages.isComplete && !signal.aborted) void read();
  };
  return { readOn };
}

/** Gives the list of the options that were read so far. */
function listOf({ options, isComplete, refusal: why }: OptionPages): OptionList {
  return why === undefined
    ? { options, state: isComplete ? 'complete' : 'loading' }
    : { options, state: 'refused', why };
}
