import type { Option, Options } from '../../../ceremony/question.ts';

/** The options of a question that were read so far. `loading`: more may follow. `refused`: the others could not be read. */
export type OptionList = {
  readonly options: readonly Option[];
  readonly state: 'loading' | 'complete' | 'refused';
  /** Why the list could not be read. */
  readonly why?: string;
};

/** Says how many options there are, or how many of them are shown; "so far" while more may be read. */
export function countText({ state }: OptionList, { shown, all }: { readonly shown: number; readonly all: number }) {
  const isLoading = state === 'loading';
  if (shown === all) return `${all} ${isLoading ? 'so far' : 'in all'}`;
  return `${shown} of ${all} ${isLoading ? 'so far' : 'shown'}`;
}

/** Says how many rows are above and below the visible part of a list; "or more" while more may be read. */
export function hiddenText({
  above,
  below,
  state,
}: {
  above: number;
  below: number;
  state: OptionList['state'];
}): string {
  // The word "more" is not repeated: "3 more above, 5 below".
  const completeWord = above > 0 ? '' : ' more';
  const more = state === 'loading' ? ' or more' : completeWord;
  const parts = [...(above > 0 ? [`${above} more above`] : []), ...(below > 0 ? [`${below}${more} below`] : [])];
  return parts.join(', ');
}

/** Makes the list of a question: complete, or empty when the options come in pages. */
export function listOf(options: Options): OptionList {
  return typeof options === 'function' ? { options: [], state: 'loading' } : { options, state: 'complete' };
}

/** The next page is read when at most this number of rows is left after the cursor. */
const readAhead = 16;

/**
 * True when the next page should be read, because few of the rows that match come after the cursor.
 * @param rowCount the number of rows that match.
 */
export function nearsEnd(
  { state }: OptionList,
  { rowIndex, rowCount }: { readonly rowIndex: number; readonly rowCount: number },
): boolean {
  return state === 'loading' && rowCount - rowIndex <= readAhead;
}

/**
 * Gives the index of the first row of the page that contains the row `rowIndex`. Long lists turn page by page. Over a slow
 * connection this sends a tenth of the bytes of a list that scrolls with the cursor. The last page is full, and so may begin
 * with rows of the page before.
 * @param window the number of rows of a page. `count` is the number of all rows.
 */
export function pageTop(
  rowIndex: number,
  { window, count }: { readonly window: number; readonly count: number },
): number {
  return Math.max(0, Math.min(Math.floor(rowIndex / Math.max(1, window)) * window, count - window));
}

/** How many options a list shows on a terminal of usual height. */
const usualOptions = 5;

/** The rows of a list field that show no option: the filter, a blank row, and two rows for the hidden options and a note. */
const otherRows = 4;

/**
 * Gives the wanted and the greatest number of rows for a list field with this number of options. On a terminal of usual height
 * both are equal and small, because a key may change all rows, and each row costs bytes.
 */
export function listHeight(options: number, isTall: boolean): { readonly want: number; readonly most: number } {
  const all = options + otherRows;
  const want = Math.min(all, usualOptions + otherRows);
  return { want, most: isTall ? all : want };
}
