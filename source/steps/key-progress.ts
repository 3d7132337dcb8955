import type { Progress } from '../ceremony/progress.ts';

/** With fewer keys than this, the look is over before anybody could read how far it has come. */
const worthTelling = 200;

/**
 * Gives a function that tells how many keys of a Region were looked at so far, once in each tenth of them.
 * @param line the id and the words of the line of progress.
 */
export function tellKeys(
  report: (progress: Progress) => void,
  line: Pick<Progress, 'id' | 'label'>,
): (looked: number, all: number) => void {
  let told = -1;
  return (looked, all) => {
    const tenth = all < worthTelling ? 0 : Math.floor((looked / all) * 10);
    if (tenth === told) return;
    told = tenth;
    const note = all < worthTelling ? {} : { note: `${inWords(looked)} of ${inWords(all)} keys` };
    report({ ...line, ...note, state: 'working' });
  };
}

const inWords = (count: number) => count.toLocaleString('en-US');
