import type { Interview } from './interviewer.ts';
import { interviewOn, type Run } from './run.ts';

/**
 * Asks questions of an earlier step again. Meanwhile that step and the later ones stay done, so that a person who goes back
 * finds everything as it was.
 * @returns what the interview gave: the new answers of the step, `back` when the old ones stay, or what else the person wants.
 * `undefined` when the journal does not have the step as done: then its turn comes by itself.
 */
export async function askEarlier<Facts extends object, Services>(
  run: Run<Facts, Services>,
  id: string,
): Promise<Interview | undefined> {
  const { ceremony, journal } = run;
  const { done, offers } = journal.state;
  const index = ceremony.steps.findIndex((step) => step.id === id);
  const step = ceremony.steps[index];
  if (step === undefined || !done.has(id)) return undefined;
  const facts: Facts = Object.assign({}, ...ceremony.steps.slice(0, index).map((before) => done.get(before.id)));
  // A step that is done has no drafts. Its last answers are offered in their place.
  return interviewOn(run, step, facts, { start: {}, drafts: offers.get(id) ?? {}, canGoBack: true });
}
