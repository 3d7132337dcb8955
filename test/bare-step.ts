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
