import type { Given } from '../source/ceremony/interviewer.ts';
import type { Step } from '../source/ceremony/step.ts';

/** A step that asks nothing, does nothing and gives no facts, but for what `more` changes. */
export const bareStep = <Facts, Services>(
  id: string,
  more: Partial<Step<Facts, Services>> = {},
): Step<Facts, Services> => ({
  id,
  title: id,
  done: id,
  why: '',
  goesWrong: [],
  place: 'you',
  lasting: false,
  asks: [],
  needs: [],
  provides: [],
  questions: () => [],
  commands: () => [],
  act: async () => ({}),
  receipt: () => id,
  ...more,
});

/** What an interviewer is given of a step that was never asked, and from which nobody can go back. */
export const nothingGiven: Given = { start: {}, drafts: {}, canGoBack: false };
