import type { Question } from '../../ceremony/question.ts';
import { OptionPages } from '../option-pages.ts';
import type { OptionList } from './fields/option-list.ts';

/** The pages of a question's options: one is read each time that another is wanted. */
export type Listing = { readonly readOn: () => void };

const nothingToRead: Listing = { readOn: () => {} };

/** Opens the options of a question that come in pages, and shows what has come after each. `signal` closes them. */
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
  return { readOn: () => void (!isReading && !pages.isComplete && !signal.aborted && read()) };
}

function listOf({ read: options, isComplete, refusal: why }: OptionPages): OptionList {
  return why === undefined
    ? { options, state: isComplete ? 'complete' : 'loading' }
    : { options, state: 'refused', why };
}
