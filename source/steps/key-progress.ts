import type { Progress } from '../ceremony/progress.ts';

/** With fewer keys than this, the search is over before anybody could read a count. */
const leastKeysToCount = 200;

/**
 * Gives a function that shows in a line of progress how many keys of a Region were looked at so far. The function gets this
 * number and the number of all keys. It shows the line anew at most once in each tenth of the keys. When there are fewer keys than
 * {@link leastKeysToCount}, it shows the line once, without the numbers.
 * @param line the id and the label of the line of progress.
 */
export function makeKeyCounter(
  report: (progress: Progress) => void,
  line: Pick<Progress, 'id' | 'label'>,
): (looked: number, all: number) => void {
  let lastTenth = -1;
  return (looked, all) => {
    const tenth = all < leastKeysToCount ? 0 : Math.floor((looked / all) * 10);
    if (tenth === lastTenth) return;
    lastTenth = tenth;
    const note = all < leastKeysToCount ? {} : { note: `${withCommas(looked)} of ${withCommas(all)} keys` };
    report({ ...line, ...note, state: 'working' });
  };
}

/** Writes a number as people read it: `12,345`. */
const withCommas = (count: number) => count.toLocaleString('en-US');
