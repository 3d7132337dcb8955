import type { Run } from './run.ts';
import { type Ending, StepsOfRun } from './steps-of-run.ts';

export type { Ceremony, Course, Start } from './course.ts';
export { factsOf } from './run.ts';
export { type Ending, nextStep } from './steps-of-run.ts';

/**
 * Runs a ceremony from the first step that its journal does not have as done, until all steps are done or the person stops
 * at a problem.
 * @throws the reason of `run.signal` once that signal has aborted.
 */
export async function runCeremony<Facts extends object, Services>(run: Run<Facts, Services>): Promise<Ending<Facts>> {
  return new StepsOfRun(run).runToEnd();
}
