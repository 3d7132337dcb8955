import type { Run } from './run.ts';
import { type Ending, StepsOfRun } from './steps-of-run.ts';

export type { Ceremony, Course, Start } from './course.ts';
export { factsOf } from './run.ts';
export { type Ending, nextStep } from './steps-of-run.ts';

/**
 * Restores the steps that the journal of a ceremony has as done, and runs the others, until all are done or the person stops at a
 * problem.
 * @throws ProblemError when the run cannot begin; the reason of `run.signal` once that signal has aborted.
 */
export async function runCeremony<Facts extends object, Services>(run: Run<Facts, Services>): Promise<Ending<Facts>> {
  return new StepsOfRun(run).runToEnd();
}
