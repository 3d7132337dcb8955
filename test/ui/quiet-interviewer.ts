import type { Interviewer } from '../../source/ceremony/interviewer.ts';

/** An interviewer that shows nothing, goes back from each step and stops at each problem, but for what `does` changes. */
export const quietInterviewer = <Facts, Services>(
  does: Partial<Interviewer<Facts, Services>>,
): Interviewer<Facts, Services> => ({
  interview: async () => 'back',
  acting: () => {},
  progress: () => {},
  noticed: () => {},
  done: () => {},
  trouble: async () => ({ action: 'stop' }),
  ...does,
});
