import type { Option, Options } from '../../../ceremony/question.ts';

/** The options of a question as far as they have come. `loading` while there may be further pages. */
export type OptionList = {
  readonly options: readonly Option[];
  readonly state: 'loading' | 'complete' | 'refused';
  /** Why the list could not be read. */
  readonly why?: string;
};

/** How many options there are, or of how many some are shown; "so far" while pages are still to come. */
export function countText({ state }: OptionList, { shown, all }: { readonly shown: number; readonly all: number }) {
  const known = state === 'loading' ? 'so far' : 'in all';
  return shown === all ? `${all} ${known}` : `${shown} of ${all} ${state === 'loading' ? known : 'shown'}`;
}

/** How many rows stand outside a window of a list: until the last page has come, at least so many. */
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

/** The options of a question before anything is read. */
export function listOf(options: Options): OptionList {
  return typeof options === 'function' ? { options: [], state: 'loading' } : { options, state: 'complete' };
}

/** Rows below the cursor that are read before anyone has come to them. */
const readAhead = 16;

/** True where the next page should be read: the cursor nears the end of what matches, or too little matches so far. */
export function nearsEnd(
  { state }: OptionList,
  { at, shown }: { readonly at: number; readonly shown: number },
): boolean {
  return state === 'loading' && shown - at <= readAhead;
}

/**
 * The first row of the page on which a row stands. A long list is turned page by page: over a slow line it costs a tenth
 * of a list that scrolls under the cursor.
 */
export function pageTop(at: number, { window, count }: { readonly window: number; readonly count: number }): number {
  return Math.max(0, Math.min(Math.floor(at / Math.max(1, window)) * window, count - window));
}

const usualRows = 5;

/**
 * Rows for a list of so many options, with its filter, a blank row and a note. Of a terminal of the usual height it takes
 * no more than it likes to have, so that a key which changes all of them costs few bytes; a taller one shows what it can.
 */
export function listHeight(options: number, tall: boolean): { readonly want: number; readonly most: number } {
  const all = options + 4;
  const want = Math.min(all, usualRows + 4);
  return { want, most: tall ? all : want };
}
