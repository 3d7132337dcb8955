import type { Option, Options } from '../../../ceremony/question.ts';

/** The options of a question that were read so far: `loading` while more may follow, `refused` when reading failed. */
export type OptionList = {
  readonly options: readonly Option[];
  readonly state: 'loading' | 'complete' | 'refused';
  /** Why the list could not be read. */
  readonly why?: string;
};

/** Says how many options there are, or how many of them are shown; "so far" until the last page was read. */
export function countText({ state }: OptionList, { shown, all }: { readonly shown: number; readonly all: number }) {
  const known = state === 'loading' ? 'so far' : 'in all';
  return shown === all ? `${all} ${known}` : `${shown} of ${all} ${state === 'loading' ? known : 'shown'}`;
}

/** Says how many rows are above and below the visible part of a list; "or more" until the last page was read. */
export function hiddenText({
  above,
  below,
  state,
}: {
  above: number;
  below: number;
  state: OptionList['state'];
}): string {
  const further = state === 'loading';
  const parts = [
    ...(above > 0 ? [`${above} more above`] : []),
    ...(below > 0 ? [`${below}${further ? ' or more' : above > 0 ? '' : ' more'} below`] : []),
  ];
  return parts.join(', ');
}

/** Makes the list of a question before any page was read. */
export function listOf(options: Options): OptionList {
  return typeof options === 'function' ? { options: [], state: 'loading' } : { options, state: 'complete' };
}

/** The next page is read when at most this many rows are left, counted from the cursor. */
const readAhead = 16;

/** True when the next page should be read, because the cursor nears the end of the matching rows or few rows match. */
export function nearsEnd(
  { state }: OptionList,
  { rowIndex, rowCount }: { readonly rowIndex: number; readonly rowCount: number },
): boolean {
  return state === 'loading' && rowCount - rowIndex <= readAhead;
}

/**
 * Gives the first row of the page that contains the row `at`. Long lists turn page by page: over a slow line this sends a
 * tenth of the bytes of a list that scrolls with the cursor.
 */
export function pageTop(
  rowIndex: number,
  { window, count }: { readonly window: number; readonly count: number },
): number {
  return Math.max(0, Math.min(Math.floor(rowIndex / Math.max(1, window)) * window, count - window));
}

const usualRows = 5;

/**
 * Gives the wanted and the greatest number of rows for a list with this number of options, its filter, a blank row and a
 * note. On a terminal of usual height both are equal, so that a key that changes all rows costs few bytes.
 */
export function listHeight(options: number, tall: boolean): { readonly want: number; readonly most: number } {
  const all = options + 4;
  const want = Math.min(all, usualRows + 4);
  return { want, most: tall ? all : want };
}
